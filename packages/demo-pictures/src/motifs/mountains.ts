import type { Paint } from '../artwork.ts'
import type { Canvas, Stop } from '../canvas.ts'
import { mix } from '../colour.ts'
import { heightAt, type Point, polyline, skyline } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import type { Random } from '../random.ts'
import { conifer } from './trees.ts'

interface Range {
  readonly sky: readonly Stop[]
  readonly far: string
  readonly near: string
  /** What the feet of the mountains fade into. */
  readonly haze: string
  readonly sun: { readonly x: number; readonly y: number; readonly radius: number; readonly colour: string }
}

/** Ridge behind ridge, each paler than the one before it, conifers on the nearest. */
export function mountains({ sky, far, near, haze, sun }: Range): Paint {
  return (canvas, random) => {
    const { width, height } = canvas
    canvas.wash(canvas.linear(sky))
    const [x, y, radius] = [sun.x * width, sun.y * height, sun.radius * width]
    canvas.add(
      canvas.soft(x, y, radius * 5, radius * 5, sun.colour, 0.55),
      svg`<circle cx="${x}" cy="${y}" r="${radius}" fill="${sun.colour}"/>`,
    )
    const layers = 7
    for (let layer = 0; layer < layers; layer++) {
      const depth = layer / (layers - 1)
      const ridge = skyline(random, {
        width,
        y: height * (0.42 + 0.44 * depth ** 1.15),
        amplitude: height * (0.075 - 0.03 * depth),
        roughness: 0.5,
      })
      const colour = mix(far, near, depth ** 1.2)
      const paint = canvas.linear([
        colour,
        [0.55, mix(colour, haze, 0.6 * (1 - depth * 0.85))],
        mix(colour, haze, 0.3 * (1 - depth)),
      ])
      canvas.add(`<path d="${land(canvas, ridge)}" fill="${paint}"/>`)
      if (depth > 0.8) canvas.add(forest(random, ridge, width, height * (0.03 + (depth - 0.8) * 0.35), colour))
    }
  }
}

/** Stars and a moon over black firs. */
export const starryNight: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#0a1030', '#1a2760', '#453f86', [0.58, '#a0608f'], [0.68, '#eda088']]))
  canvas.add(...repeat(190, () => star(random, width, height * 0.7)))
  const [x, y] = [width * 0.68, height * 0.2]
  canvas.add(
    canvas.soft(x, y, 330, 330, '#fdf3d0', 0.5),
    svg`<circle cx="${x}" cy="${y}" r="78" fill="#fdf3d6"/><g fill="#e8d9b4" opacity=".7"><circle cx="${x - 22}" cy="${y - 18}" r="17"/><circle cx="${x + 26}" cy="${y + 8}" r="11"/><circle cx="${x - 8}" cy="${y + 34}" r="13"/></g>`,
  )
  const shades: readonly string[] = ['#4a3f73', '#2c2a5a', '#171a3d', '#090c22']
  shades.forEach((shade, index) => {
    const depth = index / (shades.length - 1)
    const ridge = skyline(random, {
      width,
      y: height * (0.66 + depth * 0.26),
      amplitude: height * 0.03,
      roughness: 0.48,
    })
    canvas.add(`<path d="${land(canvas, ridge)}" fill="${canvas.linear([shade, mix(shade, '#6b5a94', 0.25)])}"/>`)
    if (index > 0) canvas.add(forest(random, ridge, width, height * (0.025 + depth ** 2 * 0.14), shade))
  })
}

/** Bare peaks, lit from one side, reflected in a lake. */
export const alpineLake: Paint = (canvas, random) => {
  const { width, height } = canvas
  const shore = height * 0.6
  canvas.wash(canvas.linear(['#f7c9a0', '#f9dcc0', '#cfe0e4', '#8fb9c6', '#3d7587']))
  const scene = [
    canvas.soft(width * 0.2, height * 0.26, 420, 420, '#fff3d6', 0.9),
    peak(random, width * 0.86, shore, 470, '#a9b6c4', '#8b9db3'),
    peak(random, width * 0.12, shore, 400, '#a9b6c4', '#8b9db3'),
    peak(random, width * 0.5, shore, 640, '#e8e2da', '#5f7f9b'),
    peak(random, width * 0.98, shore, 330, '#7f98a8', '#4a6a84'),
    svg`<path d="M0 ${shore}V${shore - 70}Q${width * 0.3} ${shore - 120} ${width * 0.52} ${shore - 30}T${width} ${shore - 66}V${shore}Z" fill="#2f5a58"/>`,
    `<path fill="#1d4446" d="${repeat(64, (_, share) => {
      const x = share * width
      const tree = random.between(46, 120) * (0.45 + 1.1 * Math.abs(share - 0.52))
      return conifer(random, x, shore, tree)
    }).join('')}"/>`,
  ].join('')
  const water = canvas.clip(svg`<rect y="${shore}" width="${width}" height="${height - shore}"/>`)
  const tint = canvas.linear([
    [0, '#f3d3b8', 0.15],
    [0.4, '#4f8a9b', 0.45],
    [1, '#123f55', 0.92],
  ])
  canvas.add(
    scene,
    svg`<rect y="${shore}" width="${width}" height="${height - shore}" fill="#c4d6d8"/>`,
    svg`<g clip-path="${water}"><g transform="matrix(1 0 0 -0.86 0 ${shore * 1.86})" opacity=".75">${scene}</g></g>`,
    svg`<rect y="${shore}" width="${width}" height="${height - shore}" fill="${tint}"/>`,
    ...repeat(46, (_, share) => {
      const y = shore + 8 + share ** 1.6 * (height - shore - 20)
      const length = random.between(60, 240) * (0.5 + share)
      const x = random.between(-60, width - 60)
      return svg`<path d="M${x} ${y}q${length / 2} ${-3 - 4 * share} ${length} 0q${-length / 2} ${3 + 4 * share} ${-length} 0" fill="#f6e3d0" opacity="${random.between(0.12, 0.45)}"/>`
    }),
  )
}

function land({ width, height }: Canvas, ridge: readonly Point[]): string {
  return svg`${polyline(ridge)}L${width} ${height}L0 ${height}Z`
}

function forest(random: Random, ridge: readonly Point[], width: number, tallest: number, colour: string): string {
  const trees = repeat(Math.round((width / tallest) * 3.2), (_, share) => {
    const x = (share + random.between(-0.012, 0.012)) * width
    return conifer(random, x, heightAt(ridge, x) + 8, tallest * random.between(0.35, 1) ** 1.3)
  })
  return `<path d="${trees.join('')}" fill="${colour}"/>`
}

function star(random: Random, width: number, lowest: number): string {
  const y = random.next() ** 1.3 * lowest
  return svg`<circle cx="${random.next() * width}" cy="${y}" r="${1.1 + random.next() ** 4 * 3}" fill="#fff6e0" opacity="${random.between(0.5, 1) * (1 - y / lowest)}"/>`
}

/** A mountain of two faces: one in light, one in shade, meeting along a broken spine. */
function peak(random: Random, x: number, base: number, height: number, light: string, shade: string): string {
  const steps = 7
  const jag = (from: Point, to: Point, size: number): Point[] =>
    Array.from({ length: steps + 1 }, (_, index): Point => {
      const share = index / steps
      const swing = index === 0 || index === steps ? 0 : random.between(-size, size)
      return [from[0] + (to[0] - from[0]) * share + swing, from[1] + (to[1] - from[1]) * share + swing * 0.4]
    })
  const top: Point = [x, base - height]
  const left = jag([x - height * 0.85, base], top, height * 0.045)
  const right = jag(top, [x + height * 0.8, base], height * 0.045)
  const spine = jag(top, [x - height * 0.12, base], height * 0.07)
  const ribs = repeat(4, (_, share) => {
    const [sx, sy] = [x + height * (0.02 + share * 0.16), base - height * (0.86 - share * 0.34)]
    const drop = height * random.between(0.22, 0.4)
    return svg`<path d="M${sx} ${sy}l${drop * 0.34} ${drop * 0.55}l${-drop * 0.1} ${drop * 0.1}l${drop * 0.2} ${drop * 0.5}l${-drop * 0.38} ${-drop * 0.62}l${drop * 0.06} ${-drop * 0.12}Z" fill="${light}" opacity="${0.55 - share * 0.3}"/>`
  })
  return svg`<path d="${polyline([...left, ...right.slice(1)])}Z" fill="${shade}"/><path d="${polyline([...left, ...spine.slice(1)])}Z" fill="${light}"/>${ribs}`
}
