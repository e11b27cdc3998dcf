import { type Point, polyline } from '../curve.ts'
import { svg } from '../markup.ts'
import type { Random } from '../random.ts'

/** Returns the outline of a conifer on (x, ground) as path data; a `girth` of 1 is a stout one. */
export function conifer(random: Random, x: number, ground: number, height: number, girth = 1): string {
  const tiers = 7
  const side = (direction: 1 | -1): Point[] =>
    Array.from({ length: tiers }, (_, tier): Point[] => {
      const reach = girth * height * (0.05 + 0.2 * ((tier + 1) / tiers)) * random.between(0.75, 1.1)
      const y = ground - height + (height * 0.92 * (tier + 1)) / tiers
      return [
        [x + direction * reach, y],
        [x + direction * reach * 0.5, y - height * 0.035],
      ]
    }).flat()
  const points: Point[] = [
    [x, ground - height],
    ...side(1),
    [x + height * 0.02, ground + 10],
    [x - height * 0.02, ground + 10],
    ...side(-1).reverse(),
  ]
  return `${polyline(points)}Z`
}

/** A cypress lit from the left. */
export function cypress(x: number, ground: number, height: number, light: string, dark: string): string {
  const half = height * 0.1
  const outline = (right: number) =>
    svg`M${x} ${ground - height}C${x - half * 1.5} ${ground - height * 0.5} ${x - half} ${ground} ${x} ${ground}C${x + right} ${ground} ${x + right * 1.5} ${ground - height * 0.5} ${x} ${ground - height}Z`
  const shade = svg`M${x} ${ground - height}C${x + half * 0.3} ${ground - height * 0.5} ${x - half * 0.2} ${ground - 20} ${x} ${ground}C${x + half} ${ground} ${x + half * 1.5} ${ground - height * 0.5} ${x} ${ground - height}Z`
  return `<path d="${outline(half)}" fill="${light}"/><path d="${shade}" fill="${dark}"/>`
}
