import type { Canvas } from '../canvas.ts'
import { darken, lighten } from '../colour.ts'
import { repeat, svg } from '../markup.ts'
import type { Random } from '../random.ts'
import { leaf, monsteraLeaf } from './foliage.ts'

// Everything is placed by (x, y): the middle of its foot on the floor, or of its lower edge on the wall.

export function place(x: number, y: number, scale: number, markup: string): string {
  return svg`<g transform="translate(${x} ${y}) scale(${scale})">${markup}</g>`
}

/** A floor of boards running across the picture. */
export function floorboards(canvas: Canvas, random: Random, top: number, wood: string): string {
  const { width, height } = canvas
  const rows = 6
  const seams = repeat(rows, (row) => {
    const y = top + (row / rows) ** 1.25 * (height - top)
    const next = top + ((row + 1) / rows) ** 1.25 * (height - top)
    const cuts = repeat(3, () => svg`M${random.between(0, width)} ${y}V${next}`)
    return svg`M0 ${y}H${width}${cuts}`
  })
  const paint = canvas.linear([darken(wood, 0.16), wood, lighten(wood, 0.12)])
  return svg`<rect y="${top}" width="${width}" height="${height - top}" fill="${paint}"/><path d="${seams}" stroke="${darken(wood, 0.32)}" stroke-width="2.5" fill="none" opacity=".5"/>`
}

export function skirting(canvas: Canvas, floor: number, colour: string): string {
  return svg`<rect y="${floor - 30}" width="${canvas.width}" height="30" fill="${colour}"/><rect y="${floor - 4}" width="${canvas.width}" height="4" fill="${darken(colour, 0.3)}" opacity=".5"/>`
}

/** A two-seat sofa, 560 wide and 250 high, with two cushions. */
export function sofa(canvas: Canvas, colour: string, cushions: readonly [string, string]): string {
  const [light, dark] = [lighten(colour, 0.12), darken(colour, 0.22)]
  return svg`${canvas.soft(10, 0, 340, 34, '#1a1014', 0.5)}
    <path d="M-236 -40l-14 40h14l20 -40ZM236 -40l14 40h-14l-20 -40Z" fill="#5a3a24"/>
    <rect x="-240" y="-250" width="480" height="190" rx="44" fill="${canvas.linear([light, colour])}"/>
    <path d="M0 -244V-120" stroke="${dark}" stroke-width="4" opacity=".6"/>
    <rect x="-232" y="-132" width="232" height="70" rx="24" fill="${light}"/><rect x="0" y="-132" width="232" height="70" rx="24" fill="${light}"/>
    <rect x="-250" y="-82" width="500" height="52" rx="16" fill="${dark}"/>
    <rect x="-284" y="-172" width="76" height="144" rx="36" fill="${canvas.linear([lighten(colour, 0.2), colour])}"/><rect x="208" y="-172" width="76" height="144" rx="36" fill="${canvas.linear([colour, dark])}"/>
    <rect x="-186" y="-214" width="104" height="100" rx="20" transform="rotate(-9 -134 -164)" fill="${canvas.linear([lighten(cushions[0], 0.15), cushions[0]])}"/>
    <rect x="88" y="-208" width="100" height="96" rx="20" transform="rotate(10 138 -160)" fill="${canvas.linear([lighten(cushions[1], 0.15), cushions[1]])}"/>`
}

/** A wing chair, 300 wide and 380 high. */
export function armchair(canvas: Canvas, colour: string, cushion: string): string {
  const [light, dark] = [lighten(colour, 0.16), darken(colour, 0.24)]
  return svg`${canvas.soft(14, 0, 220, 28, '#140c14', 0.55)}
    <path d="M-112 -50l-26 50h14l34 -50ZM112 -50l26 50h-14l-34 -50Z" fill="#5b3820"/>
    <path d="M-124 -70C-150 -200 -142 -330 -84 -368C-40 -392 40 -392 84 -368C142 -330 150 -200 124 -70Z" fill="${canvas.linear([light, colour, dark])}"/>
    <path d="M-60 -340C-74 -270 -76 -210 -70 -160M60 -340C74 -270 76 -210 70 -160M0 -354V-160" stroke="${dark}" stroke-width="3.5" fill="none" opacity=".55"/>
    <rect x="-70" y="-236" width="124" height="108" rx="24" transform="rotate(-7)" fill="${canvas.linear([lighten(cushion, 0.2), cushion])}"/>
    <rect x="-118" y="-142" width="236" height="64" rx="26" fill="${light}"/><rect x="-126" y="-96" width="252" height="54" rx="18" fill="${dark}"/>
    <path d="M-160 -40C-176 -120 -172 -190 -140 -200C-106 -206 -98 -180 -102 -140L-106 -40Z" fill="${canvas.linear([lighten(colour, 0.26), colour])}"/>
    <path d="M160 -40C176 -120 172 -190 140 -200C106 -206 98 -180 102 -140L106 -40Z" fill="${canvas.linear([colour, dark])}"/>`
}

/** A low cabinet on tapered legs with sliding doors. */
export function sideboard(canvas: Canvas, width: number, wood: string): string {
  const half = width / 2
  const slats = repeat(22, (_, share) => svg`M${-half + 24 + share * (half - 48)} -196V-84`)
  const grain = repeat(
    4,
    (_, share) => svg`M${24} ${-186 + share * 92}q${half * 0.4} ${-12 + share * 18} ${half - 48} 0`,
  )
  return svg`${canvas.soft(12, 0, half * 1.16, 30, '#100c0a', 0.55)}
    <path d="M${-half + 40} -60L${-half + 26} 0h13l24 -60ZM${half - 40} -60L${half - 26} 0h-13l-24 -60Z" fill="${darken(wood, 0.4)}"/>
    <rect x="${-half}" y="-220" width="${width}" height="160" rx="10" fill="${canvas.linear([lighten(wood, 0.14), wood, darken(wood, 0.14)])}"/>
    <rect x="${-half + 14}" y="-206" width="${half - 22}" height="132" fill="${darken(wood, 0.2)}"/><rect x="8" y="-206" width="${half - 22}" height="132" fill="${lighten(wood, 0.06)}"/>
    <path d="${slats}" stroke="${lighten(wood, 0.12)}" stroke-width="5"/><path d="${grain}" stroke="${darken(wood, 0.22)}" stroke-width="3" fill="none" opacity=".6"/>
    <circle cx="${half - 40}" cy="-140" r="9" fill="#e0b872"/><circle cx="-26" cy="-140" r="9" fill="#e0b872"/>`
}

/** A plant in a pot: big split leaves on long stalks, 420 high. */
export function monstera(canvas: Canvas, random: Random, clay: string, green: string): string {
  const leaves = [
    [-150, -300, 150, -150],
    [130, -330, 160, -40],
    [-60, -400, 170, -110],
    [60, -430, 150, -70],
    [-170, -200, 130, 170],
    [170, -220, 140, 5],
    [10, -300, 150, -95],
  ] as const
  return svg`${canvas.soft(8, 0, 130, 22, '#140e10', 0.5)}${leaves.map(
    ([x, y]) =>
      svg`<path d="M0 -110Q${x * 0.2} ${y * 0.7} ${x} ${y}" stroke="${darken(green, 0.2)}" stroke-width="6" fill="none"/>`,
  )}${leaves.map(([x, y, size, angle]) => monsteraLeaf(x, y, size, angle + random.between(-8, 8), green, lighten(green, 0.35)))}${planter(canvas, clay)}`
}

/** Upright pointed leaves in a pot, 330 high. */
export function snakePlant(canvas: Canvas, random: Random, clay: string, green: string): string {
  const blades = repeat(9, (index, share) => {
    const angle = -90 + (share - 0.5) * 46
    const tone = index % 2 === 0 ? green : darken(green, 0.22)
    return `<path d="${leaf((share - 0.5) * 70, -96, random.between(170, 270), 44, angle)}" fill="${tone}" stroke="${lighten(green, 0.5)}" stroke-width="2.5"/>`
  })
  return svg`${canvas.soft(8, 0, 110, 20, '#140e10', 0.5)}${blades}${planter(canvas, clay)}`
}

function planter(canvas: Canvas, clay: string): string {
  const paint = canvas.linear([lighten(clay, 0.2), clay, darken(clay, 0.3)], [0, 0], [1, 0])
  return svg`<path d="M-70 -124H70L54 -8Q52 0 44 0H-44Q-52 0 -54 -8Z" fill="${paint}"/><rect x="-76" y="-132" width="152" height="24" rx="6" fill="${paint}"/>`
}

/** A standing lamp with a cone shade, 620 high, lit. */
export function floorLamp(canvas: Canvas, shade: string): string {
  return svg`${canvas.soft(0, -520, 330, 330, '#ffe6a8', 0.7)}${canvas.soft(0, 0, 90, 14, '#140e10', 0.5)}<path d="M-4 -520h8V-6h-8Z" fill="#2d2622"/><ellipse cy="-5" rx="56" ry="9" fill="#2d2622"/><path d="M-52 -620H52L96 -490H-96Z" fill="${canvas.linear([lighten(shade, 0.25), lighten(shade, 0.6)])}"/>`
}

/** A lamp hanging from the top of the picture to (x, y). */
export function pendant(canvas: Canvas, x: number, y: number, size: number, shade: string): string {
  return svg`${canvas.soft(x, y + size * 0.6, size * 2.6, size * 2.4, '#fff0c0', 0.6)}<path d="M${x} 0V${y - size * 0.7}" stroke="#2b2522" stroke-width="4"/><path d="M${x - size} ${y}C${x - size} ${y - size * 0.9} ${x + size} ${y - size * 0.9} ${x + size} ${y}Z" fill="${canvas.linear([lighten(shade, 0.2), shade, darken(shade, 0.3)], [0, 0], [1, 0])}"/><ellipse cx="${x}" cy="${y}" rx="${size}" ry="${size * 0.12}" fill="#fff3cf"/>`
}

/** A framed print of a sun over two hills, or whatever its colours make of it. */
export function print(
  x: number,
  y: number,
  width: number,
  height: number,
  colours: readonly [string, string, string, string],
): string {
  const [paper, sun, back, front] = colours
  const mat = width * 0.09
  return svg`<rect x="${x + 8}" y="${y + 12}" width="${width}" height="${height}" fill="#1a1014" opacity=".28"/><rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#3a2a20"/><rect x="${x + 8}" y="${y + 8}" width="${width - 16}" height="${height - 16}" fill="#faf4e8"/>
    <svg x="${x + mat}" y="${y + mat}" width="${width - mat * 2}" height="${height - mat * 2}" viewBox="0 0 100 140" preserveAspectRatio="xMidYMid slice"><rect width="100" height="140" fill="${paper}"/><circle cx="58" cy="52" r="26" fill="${sun}"/><path d="M-5 150V92C20 60 40 70 60 96S100 110 110 84V150Z" fill="${back}"/><path d="M-5 150V122C24 96 60 130 110 104V150Z" fill="${front}"/></svg>`
}

const spines = [
  '#b4513a',
  '#e8d6b0',
  '#2f5a66',
  '#d79a3c',
  '#6a7f5c',
  '#8c3d4a',
  '#f1e6d2',
  '#445079',
  '#c98a6a',
] as const

/** A row of books standing on `y`, from `x` for `width`; now and then one leans or a few lie flat. */
export function books(random: Random, x: number, y: number, width: number, tallest: number): string {
  const drawn: string[] = []
  let at = x
  while (at < x + width - 40) {
    const chance = random.next()
    const height = tallest * random.between(0.62, 0.95)
    if (chance < 0.12 && at < x + width - 130) {
      drawn.push(
        ...repeat(
          3,
          (index) =>
            svg`<rect x="${at + random.between(0, 8)}" y="${y - (index + 1) * 20}" width="${random.between(86, 100)}" height="18" rx="2" fill="${random.pick(spines)}"/>`,
        ),
      )
      at += 112
    } else {
      const thick = random.between(15, 32)
      const colour = random.pick(spines)
      drawn.push(
        svg`<rect x="${at}" y="${y - height}" width="${thick}" height="${height}" rx="2" fill="${colour}"/><path d="M${at} ${y - height * 0.84}h${thick}M${at} ${y - height * 0.16}h${thick}" stroke="${lighten(colour, 0.4)}" stroke-width="3"/>`,
      )
      at += thick + (chance > 0.93 ? 34 : 1.5)
    }
  }
  return drawn.join('')
}

/** A cat asleep, 190 wide. */
export function cat(canvas: Canvas, colour: string): string {
  const dark = darken(colour, 0.3)
  return svg`${canvas.soft(6, 0, 130, 18, '#140e10', 0.5)}<path d="M-84 0C-110 -50 -60 -92 0 -88C62 -86 100 -46 84 0Z" fill="${canvas.linear([lighten(colour, 0.14), colour])}"/><path d="M-96 -6C-104 -40 -96 -58 -92 -72L-74 -56Q-60 -60 -50 -56L-34 -70C-28 -50 -26 -30 -34 -10Q-64 10 -96 -6Z" fill="${colour}"/><path d="M-82 -28q8 7 15 0M-56 -28q8 7 15 0M-66 -18q4 4 8 0" stroke="${dark}" stroke-width="3" fill="none" stroke-linecap="round"/><path d="M84 -6C96 8 20 14 -28 2" stroke="${dark}" stroke-width="17" fill="none" stroke-linecap="round"/>`
}
