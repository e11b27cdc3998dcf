/** Pages with more tags than this have none that is theirs to find: reading them takes time. */
const mostTags = 1000

/** What ends the head of a page. */
const afterHead = /^<(?:\/head|body)\b/i
/** Elements whose content is text, whatever it looks like. */
const textElement = /^<(script|style|title|noscript|template|textarea)\b/i
const attribute =
  /[\s/]*([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'=<>`]{1,2000})))?/y

/**
 * Returns the contents of the `<meta>` tags called `name` in the head of a page, as a browser would find them: not in
 * comments or scripts. Takes time that grows with the page and no faster, whatever is in it.
 */
export function metaContents(html: string, name: string): string[] {
  const contents: string[] = []
  let tags = 0
  for (let at = html.indexOf('<'); at !== -1 && tags < mostTags; at = html.indexOf('<', at)) {
    const start = html.slice(at, at + 12)
    if (afterHead.test(start)) break
    const end = endOfText(html, at, start)
    if (end === undefined) break
    if (/^<meta[\s/]/i.test(start)) {
      tags++
      const attributes = attributesAt(html, at + 5)
      if (attributes.get('name')?.toLowerCase() === name) contents.push(attributes.get('content') ?? '')
    }
    at = Math.max(end, at + 1)
  }
  return contents
}

/** Where a comment or an element of text that begins at `at` ends; `at` for anything else, undefined if it does not end. */
function endOfText(html: string, at: number, start: string): number | undefined {
  const [, element] = textElement.exec(start) ?? []
  if (!start.startsWith('<!--') && element === undefined) return at
  const closing = element === undefined ? /-->/g : new RegExp(`</${element}`, 'gi')
  closing.lastIndex = at + 4
  return closing.exec(html)?.index
}

function attributesAt(html: string, from: number): Map<string, string> {
  const attributes = new Map<string, string>()
  attribute.lastIndex = from
  for (let match = attribute.exec(html); match && attributes.size < 20; match = attribute.exec(html)) {
    const [, key = '', quoted, single, bare] = match
    // Of two with one name, browsers take the first.
    if (!attributes.has(key.toLowerCase())) attributes.set(key.toLowerCase(), quoted ?? single ?? bare ?? '')
  }
  return attributes
}
