import { distance, oklabOfHex } from '../looks/oklab.ts'

/** Colours this far apart have nothing to do with each other. */
const farApart = 0.35

/** Returns how alike two colours are, as `#rrggbb`: 1 the same, 0 nothing to do with each other, or one is not known. */
export function colourLikeness(one: string | null, other: string | null): number {
  if (!isColour(one) || !isColour(other)) return 0
  return Math.max(0, 1 - distance(oklabOfHex(one), oklabOfHex(other)) / farApart)
}

const isColour = (given: string | null): given is string => given !== null && /^#[\da-f]{6}$/i.test(given)
