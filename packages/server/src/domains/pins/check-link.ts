import { invalid } from '../../core/errors.ts'

/** A link as it is kept: null for none. Throws a 400 when it is not one to follow. */
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
