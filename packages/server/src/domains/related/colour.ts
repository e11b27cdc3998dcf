/** A colour in Oklab (Ottosson, 2020): distances between colours are about as large as people see them. */
type Oklab = readonly [lightness: number, a: number, b: number]

/** Colours this far apart have nothing to do with each other. */
const farApart = 0.35

/** Returns how alike two colours are, as `#rrggbb`: 1 the same, 0 nothing to do with each other, or one is not known. */
export function colourLikeness(one: string | null, other: string | null): number {
  const [from, to] = [oklab(one), oklab(other)]
  if (!from || !to) return 0
  return Math.max(0, 1 - Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]) / farApart)
}

function oklab(colour: string | null): Oklab | undefined {
  if (colour === null || !/^#[\da-f]{6}$/i.test(colour)) return undefined
  const [r, g, b] = [linear(colour.slice(1, 3)), linear(colour.slice(3, 5)), linear(colour.slice(5, 7))]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** One channel of sRGB as light: 0 to 1. */
function linear(hex: string): number {
  const value = Number.parseInt(hex, 16) / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}
