import { hostOf } from '../../core/host-of.ts'

/** Whether `link` leads to the website at `website`: to its host, with or without `www.`, or to one below it. */
export function isOnWebsite(link: string | null, website: string): boolean {
  const host = hostOf(link)
  const own = hostOf(website)
  return host !== undefined && own !== undefined && (host === own || host.endsWith(`.${own}`))
}
