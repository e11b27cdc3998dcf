/** Shorter words have too many neighbours to guess from. */
const leastLength = 4
const mostLength = 24

/** Returns whether typing errors are forgiven in a word of this kind. */
export const isForgiven = (word: string): boolean =>
  word.length >= leastLength && word.length <= mostLength && /^[\p{L}]+$/u.test(word)

/**
 * Returns a word and its variants with any one letter left out. Two words that differ by one typing error share one of
 * these, so that looking for variants finds the one by the other (the method of SymSpell).
 */
export function variantsOf(word: string): string[] {
  const letters = [...word]
  return [...new Set([word, ...letters.map((_, i) => letters.toSpliced(i, 1).join(''))])]
}

/**
 * Returns whether one typing error turns one word into the other: a letter too many, missing or wrong, or two swapped.
 */
export function isOneErrorAway(one: string, other: string): boolean {
  const [a, b] = [[...one], [...other]]
  if (Math.abs(a.length - b.length) > 1 || one === other) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const [inA, inB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (inA.length <= 1 && inB.length <= 1) return true
  return inA.length === 2 && inB.length === 2 && inA[0] === inB[1] && inA[1] === inB[0]
}
