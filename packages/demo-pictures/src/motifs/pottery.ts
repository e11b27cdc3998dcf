import type { Canvas } from '../canvas.ts'
import { darken, lighten, mix } from '../colour.ts'
import { type Point, smooth } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import type { Random } from '../random.ts'

/** Silhouettes from foot to rim: (share of the height, half width as a share of the height). */
export const profiles = {
  bottle: [
    [0, 0.2],
    [0.18, 0.25],
    [0.42, 0.22],
    [0.6, 0.1],
    [0.74, 0.055],
    [0.92, 0.055],
    [1, 0.075],
  ],
  amphora: [
    [0, 0.13],
    [0.25, 0.28],
    [0.52, 0.36],
    [0.76, 0.26],
    [0.88, 0.13],
    [1, 0.17],
  ],
  moon: [
    [0, 0.2],
    [0.07, 0.31],
    [0.22, 0.44],
    [0.48, 0.5],
    [0.76, 0.4],
    [0.93, 0.17],
    [1, 0.17],
  ],
  cylinder: [
    [0, 0.3],
    [0.04, 0.33],
    [0.5, 0.335],
    [0.96, 0.34],
    [1, 0.34],
  ],
  bowl: [
    [0, 0.36],
    [0.1, 0.4],
    [0.4, 0.86],
    [0.75, 1.04],
    [1, 1.1],
  ],
  cup: [
    [0, 0.3],
    [0.12, 0.42],
    [0.45, 0.5],
    [1, 0.52],
  ],
  gourd: [
    [0, 0.2],
    [0.06, 0.28],
    [0.24, 0.36],
    [0.44, 0.3],
    [0.58, 0.17],
    [0.7, 0.19],
    [0.81, 0.2],
    [0.93, 0.12],
    [1, 0.13],
  ],
} as const satisfies Record<string, readonly Point[]>

export interface Pot {
  readonly profile: keyof typeof profiles
  /** The middle of the foot. */
  readonly x: number
  readonly y: number
  readonly height: number
  readonly clay: string
  /** Glaze dipped from the rim down to `depth`, a share of the height. */
  readonly glaze?: { readonly colour: string; readonly depth: number }
  /** Turned bands at these shares of the height. */
  readonly bands?: { readonly colour: string; readonly at: readonly number[] }
  readonly handle?: 'right' | 'left'
}

/** A pot with its shadow on the table. */
export function pot(canvas: Canvas, random: Random, shape: Pot): string {
  const { profile, x, y, height } = shape
  const belly = bellyOf(profile) * height
  const foot = (profiles[profile][0]?.[1] ?? 0) * height
  return [
    canvas.soft(x + belly * 0.75, y + height * 0.01, belly * 1.75, Math.max(belly * 0.26, 14), '#2a1520', 0.42),
    canvas.soft(x, y + foot * 0.08, foot * 1.25, foot * 0.3 + 5, '#20101a', 0.6),
    vessel(canvas, random, shape),
  ].join('')
}

/** A thrown pot lit from the left, by itself. */
export function vessel(
  canvas: Canvas,
  random: Random,
  { profile, x, y, height, clay, glaze, bands, handle }: Pot,
): string {
  const widths: readonly Point[] = profiles[profile]
  const left = widths.map(([share, half]): Point => [x - half * height, y - share * height])
  const right = widths.map(([share, half]): Point => [x + half * height, y - share * height]).reverse()
  const foot = (widths[0]?.[1] ?? 0) * height
  const rim = (widths.at(-1)?.[1] ?? 0) * height
  const belly = bellyOf(profile) * height
  const top = y - height
  const body = svg`${smooth(left)}L${x + rim} ${top}${smooth(right).replace(/^M[^C]*/, '')}A${foot} ${foot * 0.16} 0 0 1 ${x - foot} ${y}Z`
  const inside = canvas.clip(`<path d="${body}"/>`)
  const box = svg`x="${x - belly}" width="${belly * 2}"`
  const light = canvas.linear(
    [
      [0, '#2a1a20', 0.26],
      [0.14, '#fff6e4', 0.1],
      [0.3, '#fff6e4', 0.4],
      [0.48, '#fff6e4', 0],
      [0.78, '#1e1420', 0.34],
      [0.94, '#1e1420', 0.52],
      [1, '#1e1420', 0.42],
    ],
    [0, 0],
    [1, 0],
  )
  const specks = repeat(42, () => {
    const [sx, sy] = [x + random.between(-belly, belly), y - random.next() * height]
    const size = 0.8 + random.next() ** 3 * 2.4
    return svg`M${sx} ${sy}h${size}v${size}h${-size}Z`
  })
  return [
    handle ? drawHandle(handle, x, y, height, belly, clay) : '',
    `<path d="${body}" fill="${clay}"/><g clip-path="${inside}">`,
    glaze ? dip(random, x, top, belly, height * glaze.depth, glaze.colour) : '',
    ...(bands?.at ?? []).map(
      (share) =>
        svg`<path d="M${x - belly} ${y - share * height}q${belly} ${belly * 0.16} ${belly * 2} 0" stroke="${bands?.colour ?? clay}" stroke-width="${height * 0.022}" fill="none"/>`,
    ),
    svg`<path d="${specks}" fill="${darken(clay, 0.55)}" opacity=".45"/><rect ${box} y="${top - 10}" height="${height + 40}" fill="${light}"/></g>`,
    mouth(canvas, x, top, rim, glaze?.colour ?? clay),
  ].join('')
}

/** A lemon lying on the table. */
export function lemon(canvas: Canvas, x: number, y: number, size: number, tilt: number): string {
  const skin = canvas.radial(['#ffe680', '#f5c93a', '#d3952a'], [0.36, 0.3], 0.75)
  const outline = svg`M${-size} 0C${-size * 0.86} ${-size * 0.14} ${-size * 0.7} ${-size * 0.64} 0 ${-size * 0.64}S${size * 0.84} ${-size * 0.16} ${size * 1.04} ${-size * 0.04}C${size * 0.86} ${size * 0.14} ${size * 0.7} ${size * 0.64} 0 ${size * 0.64}S${-size * 0.84} ${size * 0.14} ${-size} 0Z`
  return svg`${fruitShadow(canvas, x, y, size)}<path d="${outline}" transform="translate(${x} ${y - size * 0.6}) rotate(${tilt})" fill="${skin}"/>`
}

/** A pear standing up, its stalk leaning. */
export function pear(canvas: Canvas, x: number, y: number, size: number, skin: string): string {
  const paint = canvas.radial([lighten(skin, 0.45), skin, darken(skin, 0.3)], [0.34, 0.45], 0.72)
  const outline = svg`M0 0C${-size * 0.66} 0 ${-size * 0.82} ${-size * 0.5} ${-size * 0.62} ${-size * 0.9}C${-size * 0.46} ${-size * 1.22} ${-size * 0.34} ${-size * 1.3} ${-size * 0.28} ${-size * 1.62}C${-size * 0.2} ${-size * 1.92} ${size * 0.2} ${-size * 1.92} ${size * 0.27} ${-size * 1.62}C${size * 0.34} ${-size * 1.3} ${size * 0.48} ${-size * 1.22} ${size * 0.63} ${-size * 0.9}C${size * 0.82} ${-size * 0.5} ${size * 0.66} 0 0 0Z`
  const stalk = svg`M0 ${-size * 1.82}q${size * 0.04} ${-size * 0.2} ${size * 0.18} ${-size * 0.36}`
  return svg`${fruitShadow(canvas, x, y, size * 0.8)}<g transform="translate(${x} ${y})"><path d="${stalk}" stroke="#5a3a26" stroke-width="${size * 0.07}" stroke-linecap="round" fill="none"/><path d="${outline}" fill="${paint}"/></g>`
}

/** Wall and table, light falling in from a window on the left. */
export function tabletop(canvas: Canvas, wall: string, table: string, edge: number): void {
  const { width, height } = canvas
  canvas.wash(canvas.linear([lighten(wall, 0.28), wall, darken(wall, 0.16)], [0, 0], [1, 1]))
  canvas.add(
    svg`<rect y="${edge}" width="${width}" height="${height - edge}" fill="${canvas.linear([mix(table, darken(wall, 0.2), 0.25), table, lighten(table, 0.14)])}"/>`,
    svg`<rect y="${edge - 3}" width="${width}" height="6" fill="${lighten(table, 0.3)}" opacity=".5"/>`,
  )
}

/** The slanting patch of sun a window throws on the wall, in four panes. */
export function sunPatch(canvas: Canvas, x: number, y: number, width: number, height: number, colour: string): string {
  const paint = canvas.linear([
    [0, colour, 0.75],
    [1, colour, 0.3],
  ])
  const panes = [0, 1].flatMap((column) =>
    [0, 1].map(
      (row) => svg`M${column * width * 0.53} ${row * height * 0.53}h${width * 0.47}v${height * 0.47}h${-width * 0.47}Z`,
    ),
  )
  return svg`<path transform="translate(${x} ${y}) skewX(-14) skewY(9)" d="${panes}" fill="${paint}"/>`
}

function bellyOf(profile: Pot['profile']): number {
  return Math.max(...profiles[profile].map(([, half]) => half))
}

function dip(random: Random, x: number, top: number, belly: number, depth: number, colour: string): string {
  const edge = Array.from(
    { length: 9 },
    (_, index): Point => [
      x - belly + (index / 8) * belly * 2,
      top + depth * (1 + random.between(-0.1, 0.12)) + Math.sin((index / 8) * Math.PI) * belly * 0.14,
    ],
  )
  const outline = svg`${smooth(edge)}V${top - 20}H${x - belly}Z`
  return svg`<path d="${outline}" fill="${colour}" stroke="${lighten(colour, 0.35)}" stroke-width="3"/>`
}

function mouth(canvas: Canvas, x: number, y: number, rim: number, colour: string): string {
  const inside = canvas.linear([darken(colour, 0.72), darken(colour, 0.4)], [0, 0], [1, 0.4])
  const lip = Math.max(rim * 0.09, 3)
  return svg`<ellipse cx="${x}" cy="${y}" rx="${rim}" ry="${rim * 0.2}" fill="${lighten(colour, 0.28)}"/><ellipse cx="${x}" cy="${y + 1}" rx="${rim - lip}" ry="${rim * 0.2 - lip * 0.4}" fill="${inside}"/>`
}

function drawHandle(side: 'right' | 'left', x: number, y: number, height: number, belly: number, clay: string): string {
  const way = side === 'right' ? 1 : -1
  const [near, out] = [x + way * belly * 0.55, x + way * belly * 1.6]
  const curve = svg`M${near} ${y - height * 0.86}C${out} ${y - height * 0.96} ${out} ${y - height * 0.4} ${near} ${y - height * 0.28}`
  const thick = Math.max(height * 0.075, 9)
  return svg`<path d="${curve}" stroke="${darken(clay, 0.3)}" stroke-width="${thick}" fill="none"/><path d="${curve}" stroke="${darken(clay, 0.06)}" stroke-width="${thick * 0.62}" fill="none"/>`
}

function fruitShadow(canvas: Canvas, x: number, y: number, size: number): string {
  return (
    canvas.soft(x + size * 0.55, y + 3, size * 1.6, size * 0.3, '#2a1520', 0.45) +
    canvas.soft(x, y + 2, size * 0.8, size * 0.16, '#20101a', 0.5)
  )
}
