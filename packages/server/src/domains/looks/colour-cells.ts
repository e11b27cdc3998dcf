import type { MainColour } from './main-colours.ts'
import { type Oklab, oklabOfHex } from './oklab.ts'

/**
 * Oklab is divided into cells, and a Pin stands in those of its main colours. A cell is higher than it is wide: a colour
 * that is darker is still called by its name, one of another hue is not.
 */
const size = { lightness: 0.08, chroma: 0.05 }
/** A search looks into the cells whose middles are within so many cells of the colour: 50 or so. */
const reach = 2.3
/** The steps of each axis, from the lowest: there is no colour beyond. */
const axis = 32
const lowest = axis / 2

type Place = readonly [lightness: number, a: number, b: number]

const placeOf = ([lightness, a, b]: Oklab): Place => [lightness / size.lightness, a / size.chroma, b / size.chroma]
const cellAt = ([lightness, a, b]: Place): number => (lightness * axis + a + lowest) * axis + b + lowest

/** Returns the cells of the main colours of a picture. */
export const cellsOf = (colours: readonly MainColour[]): number[] => [
  ...new Set(colours.map(({ hex }) => cellOf(placeOf(oklabOfHex(hex))))),
]

const cellOf = ([lightness, a, b]: Place): number => cellAt([Math.floor(lightness), Math.floor(a), Math.floor(b)])

/** A colour that Pins are searched by. */
export interface WantedColour {
  /** The cells that its neighbours stand in. */
  cells: readonly number[]
  /**
   * Returns how far a picture with these colours is from it, in thousandths of a unit of Oklab: less for one that has more
   * of it. Undefined if none of the colours is near.
   */
  farness(colours: readonly MainColour[]): number | undefined
}

/** A picture with hardly any of a colour counts as if the colour were so much farther away, in cells. */
const farForTrace = 1.2

/** Returns the search for a colour, `#rrggbb`. */
export function wantedColour(hex: string): WantedColour {
  const middle = placeOf(oklabOfHex(hex))
  const cells = cellsAround(middle)
  const known = new Set(cells)
  return {
    cells,
    farness(colours) {
      const places = colours.map(({ hex: own, share }) => ({ place: placeOf(oklabOfHex(own)), share }))
      const near = places.filter(({ place }) => known.has(cellOf(place)))
      if (near.length === 0) return undefined
      const fars = near.map(({ place, share }) => apart(middle, place) + (1 - share / 100) * farForTrace)
      return Math.round(Math.min(...fars) * size.chroma * 1000)
    },
  }
}

/** Returns the cells whose middles are near a place. */
function cellsAround(middle: Place): number[] {
  const [lightnesses, as, bs] = middle.map(stepsAround)
  const cells: number[] = []
  for (const lightness of lightnesses ?? [])
    for (const a of as ?? [])
      for (const b of bs ?? [])
        if (lightness >= 0 && apart(middle, [lightness + 0.5, a + 0.5, b + 0.5]) <= reach)
          cells.push(cellAt([lightness, a, b]))
  return cells
}

function stepsAround(at: number): number[] {
  const first = Math.floor(at - reach)
  return Array.from({ length: Math.ceil(at + reach) - first }, (_, i) => first + i)
}

const apart = (one: Place, other: Place): number => Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])
