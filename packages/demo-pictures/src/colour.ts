/** Returns the colour (`#rrggbb`) at `share` of the way between two: 0 is `from`, 1 is `to`. */
export function mix(from: string, to: string, share: number): string {
  const start = channels(from)
  const end = channels(to)
  const blended = start.map((value, index) => Math.round(value + ((end[index] ?? value) - value) * share))
  return `#${blended.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

export const darken = (colour: string, share: number): string => mix(colour, '#1a1420', share)

export const lighten = (colour: string, share: number): string => mix(colour, '#fffaf0', share)

function channels(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
