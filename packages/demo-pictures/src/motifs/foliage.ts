import { darken, lighten } from '../colour.ts'
import { type Point, smooth } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import type { Random } from '../random.ts'

/** Returns the outline of a pointed leaf growing from (x, y). `angle` in degrees, 0 to the right, -90 up. */
export function leaf(x: number, y: number, length: number, width: number, angle: number): string {
  const turn = (angle * Math.PI) / 180
  const at = (along: number, across: number) =>
    svg`${x + Math.cos(turn) * along - Math.sin(turn) * across} ${y + Math.sin(turn) * along + Math.cos(turn) * across}`
  return `M${at(0, 0)}C${at(length * 0.28, -width * 0.72)} ${at(length * 0.7, -width * 0.6)} ${at(length, 0)}C${at(length * 0.7, width * 0.6)} ${at(length * 0.28, width * 0.72)} ${at(0, 0)}Z`
}

interface Sprig {
  readonly from: Point
  readonly to: Point
  /** How far the stem bows sideways, in pixels. */
  readonly bow: number
  readonly leaves: number
  /** Length and width of the largest leaf. */
  readonly size: readonly [length: number, width: number]
  readonly colour: string
}

/** A stem with leaves in pairs, lighter on one side, smaller towards the tip. */
export function sprig(random: Random, { from, to, bow, leaves, size, colour }: Sprig): string {
  const stem = stemPoints(from, to, bow, leaves)
  const heading = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI
  const side = (way: 1 | -1) =>
    stem.slice(1).map(([x, y], index) => {
      const scale = (1 - (index / leaves) * 0.55) * random.between(0.85, 1.12)
      return leaf(x, y, size[0] * scale, size[1] * scale, heading + way * random.between(42, 64))
    })
  return svg`<path d="${smooth(stem)}" stroke="${darken(colour, 0.3)}" stroke-width="4" stroke-linecap="round" fill="none"/><path d="${side(-1)}" fill="${lighten(colour, 0.2)}"/><path d="${side(1)}" fill="${darken(colour, 0.12)}"/><path d="${leaf(to[0], to[1], size[0] * 0.5, size[1] * 0.45, heading)}" fill="${colour}"/>`
}

/** A feathery plume of dried grass. */
export function plume(random: Random, from: Point, to: Point, bow: number, fluff: number, colour: string): string {
  const stem = stemPoints(from, to, bow, 40)
  const heading = Math.atan2(to[1] - from[1], to[0] - from[0])
  const strands = (low: number, high: number) =>
    stem.slice(17).flatMap(([x, y], index) =>
      repeat(4, (strand) => {
        const share = index / 24
        const length = fluff * Math.sin(Math.PI * (0.12 + share * 0.8)) * random.between(low, high)
        const angle = heading + (strand % 2 === 0 ? 1 : -1) * random.between(0.25, 0.75)
        const [dx, dy] = [Math.cos(angle) * length, Math.sin(angle) * length]
        return svg`M${x} ${y}q${dx * 0.6} ${dy * 0.4} ${dx} ${dy + length * 0.16}`
      }),
    )
  return svg`<g fill="none" stroke-linecap="round"><path d="${smooth(stem)}" stroke="${darken(colour, 0.35)}" stroke-width="3.5"/><path d="${strands(0.7, 1.2)}" stroke="${darken(colour, 0.16)}" stroke-width="3"/><path d="${strands(0.4, 1)}" stroke="${lighten(colour, 0.3)}" stroke-width="2.2"/></g>`
}

/** A tulip on its stem, the head at `to`. */
export function tulip(from: Point, to: Point, bow: number, size: number, colour: string): string {
  const petals = svg`M0 ${size * 0.5}C${-size * 0.62} ${size * 0.5} ${-size * 0.6} ${-size * 0.3} ${-size * 0.36} ${-size * 0.66}C${-size * 0.2} ${-size * 0.5} ${-size * 0.14} ${-size * 0.4} 0 ${-size * 0.78}C${size * 0.14} ${-size * 0.4} ${size * 0.2} ${-size * 0.5} ${size * 0.36} ${-size * 0.66}C${size * 0.6} ${-size * 0.3} ${size * 0.62} ${size * 0.5} 0 ${size * 0.5}Z`
  const front = svg`M0 ${size * 0.5}C${-size * 0.42} ${size * 0.3} ${-size * 0.3} ${-size * 0.3} 0 ${-size * 0.7}C${size * 0.3} ${-size * 0.3} ${size * 0.42} ${size * 0.3} 0 ${size * 0.5}Z`
  const tilt = Math.max(-30, Math.min(30, (to[0] - from[0]) * 0.16))
  return svg`<path d="${smooth(stemPoints(from, to, bow, 6))}" stroke="#56783f" stroke-width="6" fill="none"/><g transform="translate(${to[0]} ${to[1]}) rotate(${tilt})"><path d="${petals}" fill="${darken(colour, 0.14)}"/><path d="${front}" fill="${lighten(colour, 0.14)}"/></g>`
}

/** A split leaf of a Swiss cheese plant, its tip pointing along `angle`. */
export function monsteraLeaf(x: number, y: number, size: number, angle: number, colour: string, vein: string): string {
  const half = (way: 1 | -1) =>
    repeat(5, (index) => {
      const along = 0.12 + index * 0.16
      const reach = [0.5, 0.6, 0.58, 0.46, 0.28][index] ?? 0
      return svg`L${size * (along - 0.06)} ${way * size * 0.12}Q${size * (along - 0.22)} ${way * size * reach} ${size * (along + 0.02)} ${way * size * (reach + 0.02)}Q${size * (along + 0.22)} ${way * size * reach * 0.95} ${size * (along + 0.12)} ${way * size * 0.12}`
    }).join('')
  const veins = repeat(5, (index) => {
    const along = 0.1 + index * 0.15
    const reach = ([0.42, 0.5, 0.48, 0.38, 0.22][index] ?? 0) * size
    return svg`M${size * along} 0L${size * (along + 0.06)} ${reach}M${size * along} 0L${size * (along + 0.06)} ${-reach}`
  })
  return svg`<g transform="translate(${x} ${y}) rotate(${angle})"><path d="M0 0${half(-1)}L${size} 0Z" fill="${lighten(colour, 0.12)}"/><path d="M0 0${half(1)}L${size} 0Z" fill="${darken(colour, 0.12)}"/><path d="M0 0H${size * 0.97}${veins}" stroke="${vein}" stroke-width="${size * 0.014}" fill="none" opacity=".7"/></g>`
}

export function stemPoints(from: Point, to: Point, bow: number, steps: number): Point[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  return Array.from({ length: steps + 1 }, (_, index): Point => {
    const share = index / steps
    const aside = Math.sin(share * Math.PI * 0.9) * bow
    return [from[0] + dx * share - (dy / length) * aside, from[1] + dy * share + (dx / length) * aside]
  })
}
