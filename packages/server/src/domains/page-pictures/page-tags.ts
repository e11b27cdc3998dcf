import { setImmediate as othersTurn } from 'node:timers/promises'
import type { TokenizerCallbacks } from 'htmlparser2'

/** What a page has that tells of it and of its pictures. */
export interface PageHandler {
  /** Called with each element of the names asked for; of two attributes with one name, the first counts. */
  element(name: string, attributes: ReadonlyMap<string, string>): void
  /** Called with the text of each `title`, and of each `script` of JSON-LD. */
  text(element: 'title' | 'json', text: string): void
}

/** Elements that are of interest; all others are passed over. */
const wanted = new Set(['base', 'meta', 'link', 'img', 'source', 'title', 'script', 'noscript', 'template'])
const mostAttributes = 50
const mostAttributeCharacters = 20_000
const mostTextCharacters = 200_000
/** Pages have fewer; reading more takes time that others wait for. */
const mostElements = 20_000
/** Reading so many characters takes some 5 ms; then other requests get a turn. */
const pieceCharacters = 100_000

/**
 * Reads the elements of a page, as they come. There is no tree of it: however deep a page is nested, it takes time that
 * grows with its length and no faster. What scripts and comments look like is not taken for elements.
 */
export async function readTags(html: string, { element, text }: PageHandler): Promise<void> {
  const { Tokenizer } = await import('htmlparser2')
  let name = ''
  let attributes = new Map<string, string>()
  let key = ''
  let value = ''
  let reading: 'title' | 'json' | undefined
  let content = ''
  let elements = 0
  const opened = () => {
    if (!wanted.has(name)) return
    element(name, attributes)
    reading = name === 'title' ? 'title' : name === 'script' && isJson(attributes) ? 'json' : undefined
    content = ''
    if (++elements >= mostElements) tokenizer.pause()
  }
  const add = (piece: string) => {
    if (reading && content.length < mostTextCharacters) content += piece
  }
  const ignored = () => {}
  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      name = html.slice(start, end).toLowerCase()
      attributes = new Map()
    },
    onattribname(start, end) {
      key = html.slice(start, end).toLowerCase()
      value = ''
    },
    onattribdata(start, end) {
      if (wanted.has(name)) value += html.slice(start, Math.min(end, start + mostAttributeCharacters))
    },
    onattribentity(codePoint) {
      value += String.fromCodePoint(codePoint)
    },
    onattribend() {
      if (attributes.size < mostAttributes && !attributes.has(key))
        attributes.set(key, value.slice(0, mostAttributeCharacters))
    },
    onopentagend: opened,
    onselfclosingtag: opened,
    ontext: (start, end) => add(html.slice(start, end)),
    ontextentity: (codePoint) => add(String.fromCodePoint(codePoint)),
    oncdata: ignored,
    oncomment: ignored,
    ondeclaration: ignored,
    onprocessinginstruction: ignored,
    onclosetag() {
      if (reading) text(reading, content)
      reading = undefined
    },
    onend: ignored,
  }
  const tokenizer = new Tokenizer({ decodeEntities: true }, callbacks)
  for (let at = 0; at < html.length && tokenizer.running; at += pieceCharacters) {
    if (at > 0) await othersTurn()
    tokenizer.write(html.slice(at, at + pieceCharacters))
  }
  if (tokenizer.running) tokenizer.end()
}

const isJson = (attributes: ReadonlyMap<string, string>): boolean =>
  attributes.get('type')?.trim().toLowerCase() === 'application/ld+json'
