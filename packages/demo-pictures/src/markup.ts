/**
 * Writes SVG from a template: numbers are rounded to hundredths, lists are joined.
 *
 * @example svg`<circle cx="${x}" cy="${y}" r="4"/>`
 */
export function svg(text: TemplateStringsArray, ...values: readonly (string | number | readonly string[])[]): string {
  return text.reduce((written, part, index) => written + show(values[index - 1] ?? '') + part)
}

function show(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  return typeof value === 'string' ? value : value.join('')
}

/** Returns `count` pieces of markup; `draw` gets the index of each and its share of the way (0 to 1). */
export function repeat(count: number, draw: (index: number, share: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => draw(index, count > 1 ? index / (count - 1) : 0))
}
