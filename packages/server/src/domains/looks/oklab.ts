/** A colour in Oklab (Ottosson, 2020): distances between colours are about as large as people see them. */
export type Oklab = readonly [lightness: number, a: number, b: number]

/** The channels of sRGB as light, 0 to 1, by their bytes. */
const light = Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

/** Returns a colour whose channels are bytes. */
export function oklabOf(red: number, green: number, blue: number): Oklab {
  const [r, g, b] = [light[red] ?? 0, light[green] ?? 0, light[blue] ?? 0]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

/** Returns the colour `#rrggbb`. */
export function oklabOfHex(colour: string): Oklab {
  const byte = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16)
  return oklabOf(byte(1), byte(3), byte(5))
}

/** Returns how far apart two colours are: what is closer than 0.02 looks the same, black is 1 from white. */
export const distance = (one: Oklab, other: Oklab): number =>
  Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])
