import type { Density } from '../preferences.ts'

/** The measures of a wall in one density, in pixels. */
interface Measures {
  /** The least width of a column, on phones and on wider windows. */
  min: readonly [phone: number, wide: number]
  gap: readonly [phone: number, wide: number]
  /** The height of what stands below a picture. */
  caption: number
}

const measures: Record<Density, Measures> = {
  compact: { min: [104, 148], gap: [4, 8], caption: 0 },
  regular: { min: [156, 212], gap: [10, 16], caption: 34 },
  large: { min: [320, 312], gap: [16, 24], caption: 54 },
}

/** From this width of the window on it is no phone. */
const wideFrom = 768
/** In the large density a wall narrower than this has one column. */
const oneColumnBelow = 500

/** The columns of a wall. */
export interface Frame {
  columns: number
  /** The width of a column. */
  width: number
  gap: number
  caption: number
}

/** Returns the columns of a wall of this width, in a window of that width. */
export function frameOf(wallWidth: number, windowWidth: number, density: Density): Frame {
  const { min, gap: gaps, caption } = measures[density]
  const i = windowWidth < wideFrom ? 0 : 1
  const gap = gaps[i] ?? 0
  const fitting = Math.max(2, Math.floor((wallWidth + gap) / ((min[i] ?? 1) + gap)))
  const columns = density === 'large' && wallWidth < oneColumnBelow ? 1 : fitting
  return { columns, width: (wallWidth - gap * (columns - 1)) / columns, gap, caption }
}

/** The place of one Pin in a wall, in pixels from its top and start. */
export interface Place {
  x: number
  y: number
  width: number
  /** The height of the picture, without the caption. */
  height: number
}

/** Where everything in a wall is. */
export interface Layout {
  /** In the order of the Pins; none begins above the one before. */
  places: readonly Place[]
  height: number
}

/** Places pictures of these ratios in one pass: each goes to the shortest column, the first of equals. */
export function layOut(ratios: readonly number[], { columns, width, gap, caption }: Frame): Layout {
  const tops: number[] = new Array(columns).fill(0)
  const places = ratios.map((ratio) => {
    let column = 0
    for (let i = 1; i < columns; i++) if ((tops[i] ?? 0) < (tops[column] ?? 0)) column = i
    const place = { x: column * (width + gap), y: tops[column] ?? 0, width, height: Math.round(width * ratio) }
    tops[column] = place.y + place.height + caption + gap
    return place
  })
  return { places, height: Math.max(0, Math.max(...tops) - gap) }
}

/** Returns the range of Pins of which some may be seen between two heights. */
export function between({ places }: Layout, from: number, to: number): { first: number; end: number } {
  if (places.length === 0) return { first: 0, end: 0 }
  const tallest = (places[0]?.width ?? 0) * 2.5 + 100
  return { first: firstFrom(places, from - tallest), end: firstFrom(places, to) }
}

/** Returns the first place that begins at `y` or below. */
function firstFrom(places: readonly Place[], y: number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.y ?? 0) < y) low = middle + 1
    else high = middle
  }
  return low
}

export type Direction = 'up' | 'down' | 'left' | 'right'

/** Returns the Pin that is next to one in a direction, as the eye finds it; undefined at the edge. */
export function neighbour({ places }: Layout, from: number, direction: Direction): number | undefined {
  const here = places[from]
  if (!here) return undefined
  const isVertical = direction === 'up' || direction === 'down'
  const sign = direction === 'up' || direction === 'left' ? -1 : 1
  const middle = ({ y, height }: Place) => y + height / 2
  let best: { index: number; distance: number } | undefined
  for (const [index, place] of places.entries()) {
    const isAhead = isVertical
      ? place.x === here.x && (place.y - here.y) * sign > 0
      : Math.abs(Math.abs(place.x - here.x) - stepOf(places)) < 1 && (place.x - here.x) * sign > 0
    if (!isAhead) continue
    const distance = isVertical ? Math.abs(place.y - here.y) : Math.abs(middle(place) - middle(here))
    if (!best || distance < best.distance) best = { index, distance }
  }
  return best?.index
}

/** Returns the distance of two columns. */
function stepOf(places: readonly Place[]): number {
  const first = places[0]?.x ?? 0
  return (places.find(({ x }) => x > first)?.x ?? first) - first
}
