/** Letters that Unicode does not decompose, with what people type for them. */
const plainLetters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** Scripts without spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/gu

/** A word is cut off at this length: nobody types more of it, and an index row contains many. */
const maxWordLength = 40

/**
 * Returns a text in the form that search compares: without marks, in lower case, with compatible forms unified (NFKD).
 */
export function fold(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  return plain.replace(/[ßæœøłđðþı]/g, (letter) => plainLetters[letter] ?? letter)
}

/**
 * Returns the words of a text in the form that search compares, in order. In scripts without spaces, every two adjacent
 * letters are one.
 */
export function wordsOf(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
  return words.flatMap(splitUnspaced).map((word) => [...word].slice(0, maxWordLength).join(''))
}

/** Splits the runs of scripts without spaces out of a word, as pairs of letters. */
function splitUnspaced(word: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const { 0: run, index } of word.matchAll(unspaced)) {
    if (index > from) parts.push(word.slice(from, index))
    parts.push(...pairs([...run]))
    from = index + run.length
  }
  if (from < word.length) parts.push(word.slice(from))
  return parts
}

const pairs = (letters: readonly string[]): string[] =>
  letters.length < 2 ? [...letters] : letters.slice(1).map((letter, i) => (letters[i] ?? '') + letter)
