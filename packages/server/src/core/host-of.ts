/** The host of an address, in the form that is compared: without `www.`. Undefined if there is none. */
export function hostOf(address: string | null): string | undefined {
  return (address && URL.parse(address)?.hostname.replace(/^www\./, '')) || undefined
}
