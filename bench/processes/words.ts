/** How many words there are; the one at place n comes about 1/n as often as the first, as in any language. */
const vocabulary = 20_000
const syllables = [
  'ka',
  'lo',
  'mi',
  'ter',
  'san',
  'vel',
  'dro',
  'fen',
  'gu',
  'ril',
  'pa',
  'nox',
  'be',
  'shi',
  'tum',
  'wa',
]

/** The word at a place, beginning with 1. */
export function wordAt(place: number): string {
  let word = ''
  for (let left = place + syllables.length; left > 0; left = Math.floor(left / syllables.length))
    word = (syllables[left % syllables.length] ?? '') + word
  return word
}

/** Some words, common ones more often than others. */
export const someWords = (count: number, next: () => number): string =>
  Array.from({ length: count }, () => wordAt(Math.floor(vocabulary ** next()))).join(' ')
