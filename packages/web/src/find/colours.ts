import { words } from '../words/index.ts'

/** The colours to choose from by name, as six hexadecimal digits. */
export const swatches = {
  red: 'dc2626',
  orange: 'ea7317',
  yellow: 'f2c230',
  olive: '7d8433',
  green: '2f8f46',
  teal: '14918a',
  blue: '2563cf',
  navy: '1d2f5f',
  purple: '7c3aad',
  pink: 'e2699f',
  brown: '7b4a2d',
  beige: 'dfcdb0',
  white: 'f8f7f4',
  grey: '8a8a8a',
  black: '171717',
} as const
export type SwatchName = keyof typeof swatches

const names = Object.keys(swatches) as SwatchName[]

/** Reads what somebody typed as a colour, `#rgb` or `#rrggbb`, with or without `#`; undefined if it is none. */
export function readHex(typed: string): string | undefined {
  const [, digits = ''] = /^#?((?:[\da-f]{3}){1,2})$/i.exec(typed.trim()) ?? []
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
  return long === '' ? undefined : long.toLowerCase()
}

/** Returns what people call a colour: the name of one of the swatches, and which one it is exactly. */
export function nameOfColour(hex: string): string {
  const [nearest = 'grey'] = names.toSorted((a, b) => apart(swatches[a], hex) - apart(swatches[b], hex))
  const name = words.find.colours[nearest]
  return swatches[nearest] === hex ? name : words.find.colourLike(name, `#${hex}`)
}

/** Returns how far apart two colours look, about: a weighted distance that needs no other space than sRGB ("redmean"). */
function apart(one: string, other: string): number {
  const [a, b] = [Number.parseInt(one, 16), Number.parseInt(other, 16)]
  const difference = (shift: number) => ((a >> shift) & 255) - ((b >> shift) & 255)
  const [red, green, blue] = [difference(16), difference(8), difference(0)]
  const mean = ((a >> 16) + (b >> 16)) / 2
  return (2 + mean / 256) * red ** 2 + 4 * green ** 2 + (2 + (255 - mean) / 256) * blue ** 2
}

/** Returns the colours that what somebody typed may mean: by the beginning of a name, or by its digits. */
export function coloursTyped(typed: string): string[] {
  const text = typed.trim().toLowerCase()
  if (text.length < 3) return []
  const named = names.filter((name) => words.find.colours[name].toLowerCase().startsWith(text))
  // Digits alone may be any number, and "add" a word: `#` makes them a colour.
  const hex = text.startsWith('#') || /^(?=.*\d)[\da-f]{6}$/.test(text) ? readHex(text) : undefined
  return [...named.map((name) => swatches[name]), ...(hex === undefined ? [] : [hex])]
}
