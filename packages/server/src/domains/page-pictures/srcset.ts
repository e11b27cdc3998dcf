/** One of the pictures of a `srcset`. */
export interface Candidate {
  address: string
  /** In pixels; null unless it says so. */
  width: number | null
  /** How many of its pixels one of the page has. */
  density: number
}

/** No more of a `srcset` is read. */
const mostCharacters = 20_000
const mostCandidates = 50

/**
 * Reads a `srcset` as HTML describes it: an address may have commas in it, so a candidate ends with a comma after white
 * space or after its descriptor. Takes time that grows with the text and no faster.
 */
export function readSrcset(text: string): Candidate[] {
  const cut = text.slice(0, mostCharacters)
  const candidates: Candidate[] = []
  let at = 0
  const next = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const [found = ''] = pattern.exec(cut) ?? []
    at += found.length
    return found
  }
  while (candidates.length < mostCandidates) {
    next(/[\s,]*/y)
    const word = next(/\S+/y)
    if (word === '') break
    const address = withoutCommas(word)
    const [, number, unit] = /^\s*(\d{1,6}(?:\.\d{1,6})?)([wx])/.exec(address === word ? next(/[^,]*/y) : '') ?? []
    const size = Number(number)
    candidates.push({ address, width: unit === 'w' ? Math.round(size) : null, density: unit === 'x' ? size : 1 })
  }
  return candidates
}

function withoutCommas(word: string): string {
  let end = word.length
  while (word[end - 1] === ',') end--
  return word.slice(0, end)
}
