import { invalid } from '../../core/errors.ts'

/** Returns a link as it is stored: null for none. Throws a 400 unless it is an http or https address. */
export function checkLink(given: string | null | undefined): string | null {
  const link = given || null
  if (link !== null && !isWebAddress(link))
    throw invalid(`'link' must be an http or https address, such as https://example.com/page.`)
  return link
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
}
