import { distance, readColour } from '../looks/oklab.ts'

/** Colours this far apart have nothing to do with each other. */
const farApart = 0.35

/** Returns how alike two colours are, as `#rrggbb`: 1 the same, 0 nothing to do with each other, or one is not known. */
export function colourLikeness(one: string | null, other: string | null): number {
  const [from, to] = [readColour(one), readColour(other)]
  return from && to ? Math.max(0, 1 - distance(from, to) / farApart) : 0
}
