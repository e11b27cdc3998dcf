import type { AppRow } from './store.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Returns why an address cannot be a redirect URI; undefined if it can. */
export function redirectUriProblem(uri: string): string | undefined {
  // Programs on the way read these in different ways, so that the code could be sent somewhere else.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(uri)) return 'it has a control character'
  if (uri.includes('\\')) return 'it has a backslash'
  if (uri.includes('#')) return 'it has a fragment'
  const url = URL.parse(uri)
  if (!url) return 'it is no absolute address'
  // The app would read a parameter that somebody else has put there.
  const taken = ['code', 'state'].find((name) => url.searchParams.has(name))
  return taken && `its query has '${taken}', which the answer adds`
}

/**
 * Returns whether an app accepts its answer at `uri`: exactly a registered address, except for the port of a loopback
 * address (RFC 9700, 2.1; RFC 8252, 7.3), or any loopback address if the app has chosen that.
 */
export function acceptsRedirect(app: Pick<AppRow, 'redirect_uris' | 'loopback_redirects'>, uri: string): boolean {
  if (redirectUriProblem(uri) !== undefined) return false
  const registered: string[] = JSON.parse(app.redirect_uris)
  if (registered.includes(uri)) return true
  const portless = withoutLoopbackPort(uri)
  if (portless !== undefined && registered.some((each) => withoutLoopbackPort(each) === portless)) return true
  return app.loopback_redirects === 1 && isLoopback(uri)
}

/** Returns a loopback address without its port; undefined if it is another address. */
function withoutLoopbackPort(uri: string): string | undefined {
  const [, origin, rest] = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?((?:[/?].*)?)$/.exec(uri) ?? []
  return origin === undefined ? undefined : `${origin}${rest}`
}

function isLoopback(uri: string): boolean {
  const url = URL.parse(uri)
  if (!url || url.username || url.password) return false
  return (url.protocol === 'http:' || url.protocol === 'https:') && loopbackHosts.has(url.hostname)
}
