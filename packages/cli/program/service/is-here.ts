/** Returns whether an address is of this machine. */
export const isHere = (url: string | URL): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
