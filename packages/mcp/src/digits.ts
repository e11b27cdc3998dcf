/** The digits as seven strokes: top, upper left, upper right, middle, lower left, lower right, bottom. */
const strokes = [
  0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011,
]
const lines = ['M1 0H5', 'M0 1V5', 'M6 1V5', 'M1 6H5', 'M0 7V11', 'M6 7V11', 'M1 12H5']
const advance = 10

/** Draws a number as an SVG, white on dark: without a font, since a server may have none. */
export function drawNumber(number: number): Buffer {
  const digits = [...String(number)].map(Number)
  const paths = digits.map((digit, place) => {
    const drawn = lines.filter((_, line) => ((strokes[digit] ?? 0) >> (6 - line)) & 1).join('')
    return `<path transform="translate(${place * advance} 0)" d="${drawn}"/>`
  })
  const width = digits.length * advance + 6
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * 1.5}" height="30" viewBox="0 0 ${width} 20">` +
      `<rect width="${width}" height="20" rx="4" fill="#111" fill-opacity=".85"/>` +
      `<g transform="translate(5 4)" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round">${paths.join('')}</g></svg>`,
  )
}
