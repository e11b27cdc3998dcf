import { invalid } from '../../core/errors.ts'

/** A website as an account names it. */
export interface SiteName {
  /** Its host, and port if it has one, with its path if it has one, as it is shown. */
  website: string
  /** The same without `www.`: what tells websites apart. */
  key: string
}

/** A host, with a port or without, and nothing before it. */
const startsWithHost = /^(?:[^\s/\\:?#@[\]]+|\[[\da-f:.]+\])(?::\d+)?(?:\/|$)/i

/** Reads the name of a website: a host with or without a path; `https://` before it is passed over. Throws a 400. */
export function readWebsite(text: string): SiteName {
  const given = text.trim().replace(/^https?:\/\//i, '')
  const url = startsWithHost.test(given) ? URL.parse(`http://${given}`) : null
  if (!url || url.search || url.hash)
    throw invalid(`'website' must be a host with or without a path, such as example.com/shop.`)
  const website = `${url.host}${url.pathname.replace(/\/+$/, '')}`
  return { website, key: website.replace(/^www\./, '') }
}

/**
 * Returns whether `link` leads to one of `sites`, which are keys of websites: to its host, with or without `www.`, or to
 * a host below it, and there to its path or a path below it.
 */
export function isOnSites(link: string | null, sites: readonly string[]): boolean {
  const url = link === null ? null : URL.parse(link)
  return url !== null && sites.some((site) => isOn(url, site))
}

function isOn(link: URL, site: string): boolean {
  const own = URL.parse(`http://${site}`)
  if (!own) return false
  const host = link.hostname.replace(/^www\./, '')
  const isHost = host === own.hostname || host.endsWith(`.${own.hostname}`)
  const path = own.pathname.replace(/\/$/, '')
  const isPath = link.pathname === path || link.pathname.startsWith(`${path}/`)
  return isHost && isPath && (own.port === '' || own.port === link.port)
}
