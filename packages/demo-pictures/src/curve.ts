import { svg } from './markup.ts'
import type { Random } from './random.ts'

export type Point = readonly [x: number, y: number]

/** Returns the path data of straight lines through the points, beginning with a move. */
export function polyline(points: readonly Point[]): string {
  return points.map(([x, y], index) => svg`${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}

/** Returns the path data of a Catmull-Rom curve through the points, beginning with a move. */
export function smooth(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1]
      if (before === undefined) return svg`M${point[0]} ${point[1]}`
      const [earlier, after] = [points[index - 2] ?? before, points[index + 1] ?? point]
      return svg`C${before[0] + (point[0] - earlier[0]) / 6} ${before[1] + (point[1] - earlier[1]) / 6} ${
        point[0] - (after[0] - before[0]) / 6
      } ${point[1] - (after[1] - before[1]) / 6} ${point[0]} ${point[1]}`
    })
    .join('')
}

/** Returns a smooth closed curve through the points. */
export function loop(points: readonly Point[]): string {
  const [first, second] = points
  const last = points.at(-1)
  if (first === undefined || second === undefined || last === undefined) return ''
  const open = smooth([last, ...points, first, second])
  // The extra ends only bend the curve: the first and last segments are dropped.
  const segments = open.split('C')
  return svg`M${first[0]} ${first[1]}C${segments.slice(2, -1).join('C')}Z`
}

/** Returns a roundish shape with a soft, uneven outline. */
export function blob(random: Random, x: number, y: number, radius: number, unevenness: number): string {
  const count = 8
  const turn = random.between(0, Math.PI)
  return loop(
    Array.from({ length: count }, (_, index): Point => {
      const angle = turn + (index / count) * 2 * Math.PI
      const reach = radius * random.between(1 - unevenness, 1 + unevenness)
      return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach]
    }),
  )
}

export interface Ridge {
  readonly width: number
  /** Mean height of the ridge, in pixels from the top. */
  readonly y: number
  readonly amplitude: number
  /** The share of the amplitude that each finer level keeps: 0.4 is worn hills, 0.6 is broken rock. */
  readonly roughness: number
}

/** Returns a mountain skyline by midpoint displacement, from left to right. */
export function skyline(random: Random, { width, y, amplitude, roughness }: Ridge): Point[] {
  let heights = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)]
  for (let spread = 0.8; heights.length < 120; spread *= roughness) {
    heights = heights.flatMap((height, index) => {
      const next = heights[index + 1]
      return next === undefined ? [height] : [height, (height + next) / 2 + random.between(-spread, spread)]
    })
  }
  return heights.map((height, index): Point => [(index / (heights.length - 1)) * width, y + height * amplitude])
}

/** Returns a few long swells, from left to right and somewhat beyond both edges. */
export function swell(random: Random, { width, y, amplitude }: Omit<Ridge, 'roughness'>): Point[] {
  const count = 5
  return Array.from(
    { length: count + 1 },
    (_, index): Point => [width * (-0.1 + (1.2 * index) / count), y + random.between(-amplitude, amplitude)],
  )
}

/** Returns the height at `x` of a line of points from left to right. */
export function heightAt(points: readonly Point[], x: number): number {
  const right = points.findIndex((point) => point[0] >= x)
  const end = points[right]
  const start = points[right - 1] ?? end
  if (end === undefined || start === undefined) return points.at(-1)?.[1] ?? 0
  const span = end[0] - start[0] || 1
  return start[1] + ((x - start[0]) / span) * (end[1] - start[1])
}
