import { clean } from './clean.ts'

/** An answer has at most this many characters of text: about 6,000 tokens. */
export const mostCharacters = 24_000

/**
 * Writes a value as JSON, within bounds: a list with too many items ends earlier, and says so. What people wrote stays
 * inside its quotation marks, so that no title can pass for something else.
 */
export function textOf(value: object): string {
  const whole = write(value)
  if (whole.length <= mostCharacters) return whole
  const list = longestList(value)
  if (!list) return `${whole.slice(0, mostCharacters).toWellFormed()}… cut off: ${whole.length} characters in all`
  const [name, items] = list
  // Half of them as often as it takes: at most a dozen tries.
  for (let count = items.length >> 1; count > 0; count >>= 1) {
    const text = write({
      ...value,
      [name]: items.slice(0, count),
      left_out: `${items.length - count} of ${items.length} ${name}: the answer would be too long. Ask for fewer.`,
    })
    if (text.length <= mostCharacters) return text
  }
  return `${whole.slice(0, mostCharacters).toWellFormed()}… cut off: ${whole.length} characters in all`
}

const write = (value: object): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? clean(each) : each))

/** Returns the list of a value that has the most items. */
function longestList(value: object): [string, unknown[]] | undefined {
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  return lists.toSorted(([, a], [, b]) => b.length - a.length)[0]
}
