import { hash } from 'node:crypto'

const [width, height] = [600, 900]
const margin = 48
/** The width and height of a letter's dots, in pixels. */
const point = 6
const lineHeight = 9 * point

/**
 * Letters of five rows, each a group of dots. They are defined here because a machine may have no fonts, and to look
 * the same everywhere.
 */
const alphabet = `
A .#. #.# ### #.# #.#   B ##. #.# ##. #.# ##.   C .## #.. #.. #.. .##   D ##. #.# #.# #.# ##.
E ### #.. ##. #.. ###   F ### #.. ##. #.. #..   G .## #.. #.# #.# .##   H #.# #.# ### #.# #.#
I ### .#. .#. .#. ###   J ..# ..# ..# #.# .#.   K #.# #.# ##. #.# #.#   L #.. #.. #.. #.. ###
M #...# ##.## #.#.# #...# #...#   N #..# ##.# #.## #..# #..#   O ### #.# #.# #.# ###   P ##. #.# ##. #.. #..
Q .##. #..# #..# #.#. .#.#   R ##. #.# ##. #.# #.#   S .## #.. .#. ..# ##.   T ### .#. .#. .#. .#.
U #.# #.# #.# #.# ###   V #.# #.# #.# #.# .#.   W #...# #...# #.#.# ##.## #...#   X #.# #.# .#. #.# #.#
Y #.# #.# .#. .#. .#.   Z ### ..# .#. #.. ###   0 .#. #.# #.# #.# .#.   1 .#. ##. .#. .#. ###
2 ##. ..# .#. #.. ###   3 ##. ..# .#. ..# ##.   4 #.# #.# ### ..# ..#   5 ### #.. ##. ..# ##.
6 .## #.. ### #.# ###   7 ### ..# .#. .#. .#.   8 ### #.# ### #.# ###   9 ### #.# ### ..# ##.
- ... ... ### ... ...   _ ... ... ... ... ###   . . . . . #   , .. .. .. .# #.   : . # . # .
/ ..# ..# .#. #.. #..   ? ##. ..# .#. ... .#.   = ... ### ... ### ...   + ... .#. ### .#. ...
% #.# ..# .#. #.. #.#   & .#. #.# .#. #.# .##   # .#.#. ##### .#.#. ##### .#.#.   ~ .... .#.# #.#. .... ....
( .# #. #. #. .#   ) #. .# .# .# #.   ! # # # . #   @ .##. #..# #.## #... .###   ; .# .. .# .# #.
`

const letters = new Map(
  [...alphabet.matchAll(/(\S)((?: [.#]+){5})/g)].map(([, letter = '', rows = '']) => [letter, rows.trim().split(' ')]),
)

/**
 * Draws the replacement for a picture that cannot be reached: a PNG of 600 × 900 pixels that shows the address, the
 * same for the same address.
 */
export async function drawPlaceholder(address: string): Promise<Buffer> {
  const hue = Number.parseInt(hash('sha256', address).slice(0, 6), 16) % 360
  const ink = `hsl(${hue} 45% 25%)`
  const most = Math.floor((height - 5 * margin) / lineHeight)
  const lines = wrapped(address.toUpperCase(), width - 2 * margin)
  const shown = lines.length > most ? [...lines.slice(0, most - 1), '...'] : lines
  const points = shown.flatMap((line, i) => pointsOf(line, margin, 3 * margin + i * lineHeight)).join('')
  const inner = `x="${margin / 2}" y="${margin / 2}" width="${width - margin}" height="${height - margin}"`
  const drawing =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="hsl(${hue} 45% 88%)"/>` +
    `<rect ${inner} fill="none" stroke="${ink}" stroke-width="4" stroke-dasharray="16 12"/>` +
    `<path fill="${ink}" d="${points}"/></svg>`
  const { default: sharp } = await import('sharp')
  return sharp(Buffer.from(drawing)).png().toBuffer()
}

/** Breaks a text into lines of at most `most` pixels. */
function wrapped(text: string, most: number): string[] {
  const lines = ['']
  let used = 0
  for (const letter of text) {
    const size = widthOf(letter)
    if (used + size > most) {
      lines.push('')
      used = 0
    }
    lines[lines.length - 1] += letter
    used += size
  }
  return lines
}

/** Returns the rows of a letter; an empty box for one that is not in the alphabet. */
const rowsOf = (letter: string): string[] => letters.get(letter) ?? ['###', '#.#', '#.#', '#.#', '###']
const widthOf = (letter: string): number => ((rowsOf(letter)[0]?.length ?? 0) + 1) * point

/** Returns the dots of a line of text, each a square, as parts of an SVG path. */
function pointsOf(line: string, left: number, top: number): string[] {
  const squares: string[] = []
  let x = left
  for (const letter of line) {
    for (const [row, text] of rowsOf(letter).entries())
      for (const [column, mark] of [...text].entries())
        if (mark === '#') squares.push(`M${x + column * point} ${top + row * point}h${point}v${point}h-${point}z`)
    x += widthOf(letter)
  }
  return squares
}
