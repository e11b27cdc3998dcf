import type { Paint } from '../artwork.ts'
import { darken, lighten, mix } from '../colour.ts'
import { heightAt, type Point, smooth, swell } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import { conifer, cypress } from './trees.ts'

/** Sharp-crested dunes, one side lit and one in shade, under a low sun. */
export const dunes: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#e9b08a', '#f3c9a2', '#f9e0c0', '#f6cfa0']))
  canvas.add(
    canvas.soft(width * 0.68, height * 0.24, 420, 420, '#fff6e0', 0.8),
    svg`<circle cx="${width * 0.68}" cy="${height * 0.24}" r="105" fill="#fff4dc"/>`,
  )
  const count = 6
  for (let index = 0; index < count; index++) {
    const near = index / (count - 1)
    const x = width * (index % 2 === 0 ? random.between(0.08, 0.4) : random.between(0.6, 0.92))
    const top = height * (0.36 + near * 0.4)
    const foot = top + height * (0.2 + near * 0.3)
    const reach = width * (0.75 + near * 0.5)
    const bend = random.between(90, 200) * (0.6 + near)
    const [light, shade] = [mix('#efb98a', '#d9783f', near), mix('#cf8d6c', '#7c2f22', near)]
    const body = svg`M${x - reach} ${foot}C${x - reach * 0.5} ${foot - 40} ${x - reach * 0.28} ${top + 20} ${x} ${top}C${x + reach * 0.3} ${top + 60} ${x + reach * 0.55} ${foot - 60} ${x + reach} ${foot}V${height}H${x - reach}Z`
    const shadow = svg`M${x} ${top}C${x + bend} ${top + 110} ${x - bend * 1.3} ${top + 190} ${x + bend * 0.2} ${top + 330}S${x + bend * 1.6} ${foot + 90} ${x - bend} ${height}H${x + reach}V${foot}C${x + reach * 0.55} ${foot - 60} ${x + reach * 0.3} ${top + 60} ${x} ${top}Z`
    canvas.add(
      `<path d="${body}" fill="${canvas.linear([lighten(light, 0.18), light, darken(light, 0.08)])}"/>`,
      `<path d="${shadow}" fill="${canvas.linear([shade, mix(shade, light, 0.35), mix(shade, light, 0.6)], [0, 0], [0.6, 1])}"/>`,
    )
  }
}

/** Rolling fields in rows, with cypresses and a farmhouse. */
export const hills: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#9fc9d6', '#d5e4d4', '#f8e7bd', '#f8d79a']))
  canvas.add(canvas.soft(width * 0.76, height * 0.3, 360, 300, '#fff2c4', 0.95))
  const fields = ['#a9bfa6', '#b7bf78', '#d8b95a', '#8fa650', '#c99a3f', '#5f8142', '#3d6238']
  // By field: where the row of cypresses starts, how many there are, how far apart. Shares of the width.
  const groves: Readonly<Record<number, readonly [start: number, trees: number, step: number]>> = {
    1: [0.62, 7, 0.016],
    2: [0.385, 5, 0.02],
    3: [0.05, 3, 0.03],
    4: [0.74, 4, 0.045],
  }
  fields.forEach((field, index) => {
    const near = index / (fields.length - 1)
    const crest = swell(random, { width, y: height * (0.42 + near * 0.43), amplitude: height * (0.035 + near * 0.035) })
    const body = svg`${smooth(crest)}V${height}H${-width * 0.1}Z`
    const inside = canvas.clip(`<path d="${body}"/>`)
    canvas.add(`<path d="${body}" fill="${canvas.linear([lighten(field, 0.22), field, darken(field, 0.18)])}"/>`)
    if (index > 0) {
      const [aim, fan] = [random.between(0.1, 0.9) * width, random.between(0.8, 1.6) * width]
      const rows = repeat(22, (_, share) => {
        const far = aim + (share - 0.5) * fan * 0.9
        const close = aim + (share - 0.5) * fan * 3.2
        const y = height * (0.36 + near * 0.42)
        return svg`M${far} ${y}Q${far + (close - far) * 0.15} ${y + 90} ${close} ${y + height * 0.4}`
      })
      canvas.add(
        svg`<path clip-path="${inside}" d="${rows}" stroke="${darken(field, 0.35)}" stroke-width="${1.5 + near * 4}" fill="none" opacity=".32"/>`,
      )
    }
    const grove = groves[index]
    if (grove === undefined) return
    const [start, trees, step] = grove
    if (index === 2) canvas.add(farmhouse(width * 0.3, heightAt(crest, width * 0.33) + 14))
    canvas.add(
      ...repeat(trees, (place) => {
        const x = (start + place * step) * width
        const tall = (46 + near * 150) * random.between(0.75, 1.1)
        return cypress(
          x,
          heightAt(crest, x) + 6,
          tall,
          mix('#6d8a54', '#3c6138', near),
          mix('#48684a', '#1d3b2a', near),
        )
      }),
    )
  })
}

function farmhouse(x: number, ground: number): string {
  return svg`<g transform="translate(${x} ${ground})"><path d="M0 0V-38H62V0Z" fill="#f3dcb4"/><path d="M62 0V-38L84 -30V0Z" fill="#c69b6e"/><path d="M-5 -36L31 -58L67 -36Z" fill="#b9583a"/><path d="M31 -58L56 -53L90 -28L67 -36Z" fill="#94432f"/><path d="M12 -28h9v13h-9zM40 -28h9v13h-9zM27 -14h9v14h-9z" fill="#7a5436"/></g>`
}

/** Fir after fir fading into fog. */
export const foggyForest: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#dfe8e2', '#eef0e6', '#c9d8cf', '#a9c0b6']))
  canvas.add(canvas.soft(width * 0.62, height * 0.2, 520, 480, '#fff6da', 0.9))
  const layers = 7
  for (let layer = 0; layer < layers; layer++) {
    const near = layer / (layers - 1)
    const colour = mix('#c3d3c9', '#0f2a24', near ** 1.1)
    const tallest = height * (0.16 + near * 0.46)
    const ground = height * (0.48 + near * 0.56)
    const count = Math.round(26 - near * 17)
    const trees = repeat(count, (_, share) =>
      conifer(
        random,
        (share * 1.1 - 0.05 + random.between(-0.03, 0.03)) * width,
        ground,
        tallest * random.between(0.5, 1),
        0.72,
      ),
    )
    const trunks = mix(colour, '#e6ece2', 0.1 + 0.5 * (1 - near))
    const undergrowth = canvas.linear([
      [0, colour, 0],
      [0.8, trunks],
      [1, colour],
    ])
    canvas.add(
      `<path d="${trees.join('')}" fill="${canvas.linear([colour, trunks])}"/>`,
      svg`<rect y="${ground - tallest * 0.6}" width="${width}" height="${tallest * 0.62}" fill="${undergrowth}"/>`,
    )
    if (layer < layers - 1) {
      const fog = canvas.linear([
        [0, '#eef2e8', 0],
        [0.6, '#eef2e8', 0.85 - near * 0.5],
        [1, '#eef2e8', 0.2],
      ])
      canvas.add(svg`<rect y="${ground - tallest * 0.55}" width="${width}" height="${tallest * 0.75}" fill="${fog}"/>`)
    }
  }
  const birds: Point[] = [
    [300, 240],
    [352, 214],
    [410, 250],
    [262, 292],
  ]
  canvas.add(
    ...birds.map(
      ([x, y]) => svg`<path d="M${x} ${y}q10 -14 20 0q10 -14 20 0q-10 -6 -20 5q-10 -11 -20 -5Z" fill="#52706a"/>`,
    ),
  )
}

/** Birch trunks in autumn, the far ones pale, leaves gold. */
export const birches: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#f6d998', '#f3c46c', '#e39a4a', '#a95a33']))
  canvas.add(canvas.soft(width * 0.45, height * 0.36, 520, 560, '#fff5d2', 0.95))
  const leaves = ['#f2b53c', '#e58a2e', '#f7cf5e', '#d5692c', '#f9dd8a'] as const
  const scatter = (count: number, top: number, bottom: number, size: number, opacity: number) =>
    repeat(count, () => {
      const [x, y] = [random.between(-20, width + 20), random.between(top, bottom)]
      return svg`<ellipse cx="${x}" cy="${y}" rx="${size * random.between(0.6, 1.3)}" ry="${size * 0.6}" transform="rotate(${random.between(-60, 60)} ${x} ${y})" fill="${random.pick(leaves)}" opacity="${opacity}"/>`
    })
  canvas.add(...scatter(70, 0, height * 0.45, 46, 0.3))
  const layers = [
    { count: 13, wide: 20, fade: 0.62, ground: 0.78 },
    { count: 8, wide: 38, fade: 0.32, ground: 0.86 },
    { count: 4, wide: 76, fade: 0, ground: 0.97 },
  ]
  for (const { count, wide, fade, ground } of layers) {
    const foot = height * ground
    canvas.add(
      svg`<path d="M0 ${foot - 30}Q${width / 2} ${foot - 80} ${width} ${foot - 20}V${height}H0Z" fill="${mix('#b0562c', '#f0b566', fade)}"/>`,
    )
    for (let index = 0; index < count; index++) {
      const x = ((index + random.between(0.2, 0.8)) / count) * width
      canvas.add(...birch(x, foot + random.between(-14, 20), wide * random.between(0.8, 1.2), fade))
    }
    canvas.add(...scatter(34, foot - 40, foot + 60, 10 + wide / 6, 0.85))
  }
  canvas.add(...scatter(90, -20, height * 0.34, 24, 0.85), ...scatter(50, height * 0.3, height * 0.9, 13, 0.9))

  function birch(x: number, foot: number, wide: number, fade: number): string[] {
    const lean = random.between(-40, 40)
    const bark = canvas.linear(
      [mix('#fffaf0', '#f6d08c', fade), mix('#efe4d4', '#f2c57c', fade), mix('#a58f86', '#d99a58', fade)],
      [0, 0],
      [1, 0],
    )
    const trunk = svg`M${x + lean - wide * 0.36} -10L${x - wide * 0.5} ${foot}h${wide}L${x + lean + wide * 0.36} -10Z`
    const marks = repeat(16, (_, share) => {
      const y = share * foot + random.between(-30, 30)
      const centre = x + lean * (1 - y / foot)
      const reach = wide * random.between(0.2, 0.62)
      const from = random.next() < 0.5 ? centre - wide * 0.46 : centre + wide * 0.44 - reach
      return svg`M${from} ${y}q${reach / 2} ${wide * random.between(0.06, 0.22)} ${reach} 0q${-reach / 2} ${-wide * 0.08} ${-reach} 0Z`
    })
    return [`<path d="${trunk}" fill="${bark}"/>`, svg`<path d="${marks}" fill="${mix('#2c2226', '#b97a45', fade)}"/>`]
  }
}
