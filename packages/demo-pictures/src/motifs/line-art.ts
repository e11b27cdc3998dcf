import type { Paint } from '../artwork.ts'
import { blob, loop, type Point, polyline, smooth } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import { leaf, stemPoints } from './foliage.ts'

const ink = '#2b2a33'

/** Poppies in one pen line over loose patches of colour. */
export const poppies: Paint = (canvas, random) => {
  canvas.wash('#f7efe2')
  const patches = [
    [360, 400, 210, '#f2a48c'],
    [690, 610, 180, '#f5c878'],
    [520, 930, 230, '#b9cbb4'],
    [210, 790, 130, '#e9b9b4'],
  ] as const
  canvas.add(
    ...patches.map(
      ([x, y, size, colour]) => svg`<path d="${blob(random, x, y, size, 0.2)}" fill="${colour}" opacity=".85"/>`,
    ),
  )
  const flowers = [
    [350, 390, 165, 30],
    [680, 600, 140, -40],
    [200, 720, 96, 36],
  ] as const
  const strokes = flowers.flatMap(([x, y, size, bow]) => {
    const petals = repeat(5, (index) => {
      const turn = (index / 5) * 2 * Math.PI + 0.3
      const at = (reach: number, angle: number): Point => [
        x + Math.cos(turn + angle) * size * reach,
        y + Math.sin(turn + angle) * size * reach * 0.82,
      ]
      return loop([
        at(0.16, 0),
        at(0.6, -0.5),
        at(0.98, -0.42),
        at(random.between(0.86, 0.95), 0),
        at(1, 0.44),
        at(0.6, 0.52),
      ])
    })
    const stamens = repeat(18, () => {
      const [angle, reach] = [random.between(0, 2 * Math.PI), size * random.between(0.2, 0.34)]
      return svg`M${x} ${y}L${x + Math.cos(angle) * reach} ${y + Math.sin(angle) * reach * 0.82}h.1`
    })
    return [...petals, ...stamens, smooth(stemPoints([x, y + size * 0.84], [500 + (x - 500) * 0.12, 1300], bow, 6))]
  })
  const blades = repeat(6, (index) => {
    const way = index % 2 === 0 ? 1 : -1
    const [x, y, angle] = [500 + way * 12, 1230 - index * 62, -90 + way * (38 + index * 4)]
    const turn = (angle * Math.PI) / 180
    const length = 250 - index * 14
    return svg`${leaf(x, y, length, 84, angle)}M${x} ${y}L${x + Math.cos(turn) * length * 0.86} ${y + Math.sin(turn) * length * 0.86}`
  })
  const bud = svg`M760 330C720 300 724 240 760 222C796 240 800 300 760 330ZM760 330C756 520 640 900 512 1300M760 222V326`
  canvas.add(
    svg`<path d="${strokes}${blades}${bud}" fill="none" stroke="${ink}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>`,
    ...flowers.map(([x, y, size]) => svg`<circle cx="${x}" cy="${y}" r="${size * 0.11}" fill="${ink}"/>`),
  )
}

/** A fern frond and its curled young, pale lines on deep green. */
export const ferns: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#12382f', '#0d2b26'], [0, 0], [1, 1]))
  canvas.add(svg`<circle cx="${width * 0.5}" cy="${height * 0.42}" r="${width * 0.36}" fill="#d9a05c"/>`)
  const fronds = [
    [470, 1440, 130, 520, 110, 0.72],
    [560, 1440, 890, 600, -120, 0.68],
    [515, 1440, 545, 130, -60, 1],
  ] as const
  for (const [x0, y0, x1, y1, bow, scale] of fronds) {
    const steps = 21
    const stem = stemPoints([x0, y0], [x1, y1], bow, steps)
    const leaflets = stem.slice(6).flatMap(([x, y], index) => {
      const before = stem[index + 5] ?? [x, y + 1]
      const heading = (Math.atan2(y - before[1], x - before[0]) * 180) / Math.PI
      const length = scale * 260 * Math.sin(Math.PI * (0.16 + (index / (steps - 5)) * 0.82)) + 14
      return [-1, 1].map((way) => leaf(x, y, length, 46 * scale, heading + way * random.between(58, 66)))
    })
    canvas.add(
      svg`<path d="${leaflets}" fill="#1d5244" stroke="#eaf0d8" stroke-width="2.6"/><path d="${smooth(stem)}" fill="none" stroke="#eaf0d8" stroke-width="6" stroke-linecap="round"/>`,
    )
  }
  const curls = [
    [300, 1230, 58, 1],
    [738, 1260, 48, -1],
  ] as const
  canvas.add(
    ...curls.map(([x, y, size, way]) => {
      const spiral = Array.from({ length: 40 }, (_, index): Point => {
        const angle = (index / 39) * 4.6 * Math.PI
        const reach = size * (1 - index / 44)
        return [x + way * Math.cos(Math.PI - angle) * reach, y - Math.sin(angle) * reach]
      })
      return svg`<path d="M515 1450C${x + way * 40} 1450 ${x - way * size} 1400 ${x - way * size} ${y}${polyline(spiral).replace('M', 'L')}" fill="none" stroke="#f3d7a0" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>`
    }),
  )
}

/** Lines of a survey: rows of hills, each hiding those behind it. */
export const ridgeLines: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#1b1a2e', '#241d3a']))
  const rows = 46
  const hills = Array.from({ length: 7 }, () => ({
    x: random.between(0.25, 0.75),
    row: random.between(0.1, 0.9),
    wide: random.between(0.05, 0.12),
    tall: random.between(0.6, 1),
  }))
  const colours = canvas.linear(['#ffb27a', '#f4708a', '#8f6cf0', '#5fb8e8'], [0, 0], [1, 0])
  for (let row = 0; row < rows; row++) {
    const share = row / (rows - 1)
    const y = height * (0.2 + share * 0.64)
    const line = Array.from({ length: 61 }, (_, index): Point => {
      const along = index / 60
      const lift = hills.reduce(
        (sum, hill) =>
          sum + hill.tall * Math.exp(-(((along - hill.x) / hill.wide) ** 2) - ((share - hill.row) / 0.2) ** 2),
        0,
      )
      const calm = Math.exp(-(((along - 0.5) / 0.24) ** 4))
      return [width * (0.1 + along * 0.8), y - calm * (lift * 92 + random.between(0, 9))]
    })
    canvas.add(
      svg`<path d="${smooth(line)}" fill="#1e1b33" stroke="${colours}" stroke-width="3.6" stroke-linejoin="round"/>`,
    )
  }
}
