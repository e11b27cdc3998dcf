import type { Paint } from '../artwork.ts'
import { darken } from '../colour.ts'
import { repeat, svg } from '../markup.ts'
import { leaf, plume, sprig, stemPoints } from './foliage.ts'
import { lemon, type Pot, pear, pot, sunPatch, tabletop, vessel } from './pottery.ts'

/** Three vessels in clay colours and afternoon sun. */
export const threeVessels: Paint = (canvas, random) => {
  tabletop(canvas, '#e6cdb4', '#c98f68', 1130)
  canvas.add(sunPatch(canvas, 330, 170, 520, 640, '#fff2d8'))
  canvas.add(leafShadow(560, 640))
  canvas.add(
    sprig(random, { from: [330, 560], to: [225, 130], bow: -46, leaves: 8, size: [120, 50], colour: '#7f8f63' }),
    sprig(random, { from: [334, 560], to: [470, 225], bow: 40, leaves: 6, size: [105, 46], colour: '#8e9c6e' }),
    pot(canvas, random, { profile: 'bottle', x: 332, y: 1215, height: 690, clay: '#f0e3d0' }),
    pot(canvas, random, {
      profile: 'moon',
      x: 665,
      y: 1262,
      height: 400,
      clay: '#b5583a',
      glaze: { colour: '#e7bfa0', depth: 0.4 },
    }),
    pot(canvas, random, { profile: 'cup', x: 398, y: 1360, height: 170, clay: '#5b6a63' }),
  )
}

/** One tall vase with eucalyptus against sage. */
export const eucalyptus: Paint = (canvas, random) => {
  tabletop(canvas, '#b4bfa6', '#e9e0cf', 1440)
  canvas.add(sunPatch(canvas, 330, 320, 420, 780, '#f5f2da'))
  const stems = [
    [210, 360, -60],
    [700, 300, 70],
    [460, 150, 26],
    [130, 700, -70],
    [770, 640, 60],
  ] as const
  for (const [x, y, bow] of stems) {
    const points = stemPoints([450, 1010], [x, y], bow, 11)
    const rounds = points.slice(2).flatMap(([px, py], index) =>
      [-1, 1].map((way) => {
        const size = (50 - index * 2.6) * random.between(0.85, 1.1)
        const tone = random.pick(['#6f8f80', '#86a593', '#5c7d70', '#9bb5a2'])
        return svg`<ellipse cx="${px + way * size * 0.85}" cy="${py - size * 0.25}" rx="${size}" ry="${size * 0.72}" transform="rotate(${way * random.between(10, 40)} ${px} ${py})" fill="${tone}"/>`
      }),
    )
    canvas.add(
      `<polyline points="${points.map(([px, py]) => svg`${px},${py}`).join(' ')}" stroke="#6a5a48" stroke-width="5" fill="none"/>`,
      ...rounds,
    )
  }
  canvas.add(
    pot(canvas, random, {
      profile: 'amphora',
      x: 450,
      y: 1590,
      height: 620,
      clay: '#f3ece0',
      bands: { colour: '#c7b79c', at: [0.3, 0.36, 0.42] },
    }),
  )
}

/** A tower of bowls in blues and whites. */
export const stackedBowls: Paint = (canvas, random) => {
  tabletop(canvas, '#d5dfe2', '#8fa9b5', 700)
  canvas.add(sunPatch(canvas, 210, 60, 420, 430, '#ffffff'))
  const bowls: readonly (readonly [size: number, clay: string, glaze: string])[] = [
    [228, '#e9e0d0', '#24486b'],
    [196, '#d9cbb6', '#f3efe4'],
    [170, '#e9e0d0', '#4f86a4'],
    [146, '#cdbba3', '#1d3550'],
    [124, '#e9e0d0', '#a8c8cf'],
  ]
  let y = 850
  canvas.add(canvas.soft(600, 856, 420, 60, '#1a2c40', 0.42), canvas.soft(440, 858, 130, 26, '#101c2c', 0.6))
  for (const [height, clay, colour] of bowls) {
    canvas.add(vessel(canvas, random, { profile: 'bowl', x: 440, y, height, clay, glaze: { colour, depth: 0.44 } }))
    y -= height * 0.5
  }
  canvas.add(pot(canvas, random, { profile: 'cup', x: 806, y: 890, height: 168, clay: '#24486b', handle: 'right' }))
}

/** A jug, lemons and pears on an ochre cloth. */
export const jugAndLemons: Paint = (canvas, random) => {
  tabletop(canvas, '#2f5d62', '#d9a441', 850)
  canvas.add(sunPatch(canvas, 420, 90, 480, 520, '#7fa7a0'))
  canvas.add(
    sprig(random, { from: [350, 420], to: [300, 90], bow: -30, leaves: 7, size: [92, 34], colour: '#8fa36a' }),
    sprig(random, { from: [356, 420], to: [480, 150], bow: 30, leaves: 6, size: [86, 32], colour: '#7c9160' }),
    pot(canvas, random, {
      profile: 'amphora',
      x: 352,
      y: 950,
      height: 560,
      clay: '#f1e8d8',
      bands: { colour: '#2f5d8a', at: [0.5, 0.55, 0.72] },
      handle: 'left',
    }),
    pear(canvas, 640, 990, 118, '#a9b04c'),
    pear(canvas, 822, 960, 104, '#c98a3c'),
    lemon(canvas, 540, 1110, 96, -12),
    lemon(canvas, 746, 1134, 90, 16),
    lemon(canvas, 250, 1120, 88, 24),
    `<path d="${leaf(620, 1078, 96, 40, -28)}" fill="#4f7346"/>`,
  )
}

/** Dark stoneware and dried grass against plum. */
export const blackStoneware: Paint = (canvas, random) => {
  tabletop(canvas, '#6d4257', '#c9a59a', 1010)
  canvas.add(canvas.soft(300, 330, 620, 620, '#e9a48c', 0.5))
  const stems = [
    [150, 250, -60],
    [330, 120, -20],
    [520, 160, 40],
    [690, 330, 80],
    [240, 420, -60],
  ] as const
  canvas.add(...stems.map(([x, y, bow]) => plume(random, [400, 720], [x, y], bow, 105, '#e3bd93')))
  canvas.add(
    pot(canvas, random, { profile: 'gourd', x: 400, y: 1120, height: 470, clay: '#2b2530' }),
    pot(canvas, random, {
      profile: 'moon',
      x: 690,
      y: 1156,
      height: 236,
      clay: '#443844',
      glaze: { colour: '#1f1a26', depth: 0.55 },
    }),
    pot(canvas, random, { profile: 'bowl', x: 250, y: 1226, height: 82, clay: '#8d5a55' }),
  )
}

/** A profile, about how tall it stands, and its half width as a share of that. */
type Shape = readonly [profile: Pot['profile'], height: number, wide: number]

/** Three shelves of small pots, each from the same kiln. */
export const potteryShelf: Paint = (canvas, random) => {
  canvas.wash(canvas.linear(['#f4ead8', '#ecdcc3', '#dcc3a3'], [0, 0], [1, 1]))
  canvas.add(sunPatch(canvas, 250, 120, 640, 900, '#fffaf0'))
  const clays = ['#c0603f', '#e8d9c2', '#3f5f66', '#d9a35c', '#8a9a7b', '#7d4a44', '#f3eadb'] as const
  const shapes: readonly [Shape, ...Shape[]] = [
    ['bottle', 270, 0.25],
    ['moon', 190, 0.5],
    ['cylinder', 170, 0.34],
    ['amphora', 250, 0.36],
    ['gourd', 260, 0.33],
    ['cup', 120, 0.52],
    ['bowl', 84, 1.1],
  ]
  for (const shelf of [450, 880, 1310]) {
    const board = canvas.linear(['#b98a5a', '#8d6239'])
    const shade = canvas.linear([
      [0, '#4a2c1a', 0.34],
      [1, '#4a2c1a', 0],
    ])
    canvas.add(
      svg`<rect x="60" y="${shelf + 40}" width="880" height="80" fill="${shade}"/><rect x="40" y="${shelf}" width="920" height="44" rx="4" fill="${board}"/><rect x="40" y="${shelf}" width="920" height="7" rx="3" fill="#dcb282"/>`,
    )
    let x = 90 + random.between(0, 30)
    for (let attempt = 0; attempt < 16; attempt++) {
      const [profile, tall, wide] = random.pick(shapes)
      const height = tall * random.between(0.85, 1.15)
      const half = height * wide
      if (x + half * 2 > 925) continue
      const clay = random.pick(clays)
      const glaze = { colour: random.pick(clays), depth: random.between(0.25, 0.6) }
      canvas.add(pot(canvas, random, { profile, x: x + half, y: shelf + 14, height, clay, glaze }))
      x += half * 2 + random.between(18, 46)
    }
  }
}

/** The shadow of a plant outside the picture. */
function leafShadow(x: number, y: number): string {
  const leaves = repeat(9, (index, share) =>
    leaf(x + share * 250, y - share * 330, 190 - share * 70, 60, index % 2 === 0 ? -10 : -95),
  )
  return svg`<path d="${leaves}M${x - 60} ${y + 90}L${x + 250} ${y - 330}l4 4L${x - 50} ${y + 94}Z" fill="${darken('#b07a5a', 0.2)}" opacity=".2"/>`
}
