import type { Paint } from '../artwork.ts'
import { mix } from '../colour.ts'
import { repeat, svg } from '../markup.ts'

/** A large sun going down into a sea of long flat waves. */
export const seaSunset: Paint = (canvas, random) => {
  const { width, height } = canvas
  const horizon = height * 0.58
  const [x, radius] = [width * 0.5, width * 0.23]
  canvas.wash(canvas.linear(['#31346e', '#8a4a86', '#e06a6e', '#f9a66c', '#fbd08d']))
  canvas.add(
    canvas.soft(x, horizon - 40, radius * 2.6, radius * 2.2, '#ffe2a0', 0.75),
    svg`<circle cx="${x}" cy="${horizon - radius * 0.42}" r="${radius}" fill="${canvas.linear(['#fff0b8', '#ffc169', '#f5735f'])}"/>`,
  )
  canvas.add(
    ...repeat(9, (_, share) => {
      const y = horizon - 60 - share * horizon * 0.72
      const length = random.between(180, 460)
      const left = random.between(-120, width - 160)
      const depth = random.between(7, 20)
      return svg`<rect x="${left}" y="${y}" width="${length}" height="${depth}" rx="${depth / 2}" fill="${mix('#ffc79a', '#7d4a8e', share)}" opacity=".55"/>`
    }),
    svg`<rect y="${horizon}" width="${width}" height="${height - horizon}" fill="${canvas.linear(['#d3666f', '#7b4180', '#2b2f66', '#191f4a'])}"/>`,
  )
  const rows = 26
  for (let row = 0; row < rows; row++) {
    const near = row / rows
    const y = horizon + 6 + near ** 1.35 * (height - horizon)
    const thick = 3 + near * 9
    const half = radius * (1.05 - near * 0.75) * random.between(0.55, 1.1)
    const glint = mix('#ffe0a0', '#f0706a', near)
    canvas.add(
      svg`<rect x="${x - half + random.between(-24, 24)}" y="${y}" width="${half * 2}" height="${thick}" rx="${thick / 2}" fill="${glint}" opacity="${0.95 - near * 0.3}"/>`,
      ...repeat(2, () => {
        const length = random.between(60, 220)
        return svg`<rect x="${random.between(-80, width)}" y="${y + thick}" width="${length}" height="${thick * 0.7}" rx="${thick / 3}" fill="${mix('#f39a86', '#5a4a96', near)}" opacity=".4"/>`
      }),
    )
  }
}

/** A beach seen from above: deep water, shallows, surf, sand and parasols. */
export const coast: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#0d4f6b', '#1b7f93', '#2a9aa6'], [0, 0], [1, 0.6]))
  const phases = [random.between(0, 6), random.between(0, 6), random.between(0, 6)]
  const edge = (offset: number): string => {
    const points = repeat(19, (_, share) => {
      const wave =
        Math.sin(share * 5.2 + (phases[0] ?? 0)) * 120 +
        Math.sin(share * 11 + (phases[1] ?? 0)) * 38 +
        Math.sin(share * 23 + (phases[2] ?? 0) + offset * 0.01) * 12
      return svg`${width * 0.46 + wave + offset + (share - 0.5) * -160},${share * (height + 80) - 40} `
    })
    return svg`${points}${width + 400},${height + 40} ${width + 400},-40`
  }
  const bands: readonly (readonly [offset: number, colour: string, opacity: number])[] = [
    [-230, '#2fa5ad', 0.55],
    [-160, '#4fbdb9', 0.6],
    [-95, '#7fd3c8', 0.65],
    [-52, '#ffffff', 0.85],
    [-34, '#8fd6cb', 0.9],
    [-12, '#ffffff', 0.9],
    [6, '#c9a877', 1],
    [30, '#e3c795', 1],
    [60, '#f0dbb0', 1],
  ]
  for (const [offset, colour, opacity] of bands) {
    canvas.add(
      svg`<polygon points="${edge(offset)}" fill="${colour}" opacity="${opacity}" stroke="${colour}" stroke-width="14" stroke-linejoin="round"/>`,
    )
  }
  const colours = ['#d9543f', '#3f9a8f', '#2f6f8f', '#e9b13b', '#f08a6b'] as const
  for (let index = 0; index < 24; index++) {
    const [column, row] = [index % 3, Math.floor(index / 3)]
    const x = width * 0.7 + column * 104 + random.between(-18, 18) + Math.sin(row + (phases[0] ?? 0)) * 30
    const y = 90 + row * (height / 8) + random.between(-34, 34)
    canvas.add(parasol(x, y, random.between(28, 40), random.pick(colours)))
  }
  canvas.add(
    ...repeat(22, () => {
      const y = random.between(0, height)
      const x = random.between(0, width * 0.2)
      return svg`<path d="M${x} ${y}q30 -12 60 0t60 0" stroke="#bfe8e4" stroke-width="4" stroke-linecap="round" fill="none" opacity=".35"/>`
    }),
  )
}

function parasol(x: number, y: number, radius: number, colour: string): string {
  const slices = repeat(4, (index) => {
    const [from, to] = [index * 2, index * 2 + 1].map((step) => (step * Math.PI) / 4)
    if (from === undefined || to === undefined) return ''
    return svg`M0 0L${Math.cos(from) * radius} ${Math.sin(from) * radius}A${radius} ${radius} 0 0 1 ${Math.cos(to) * radius} ${Math.sin(to) * radius}Z`
  })
  return svg`<g transform="translate(${x} ${y})"><circle cx="12" cy="16" r="${radius}" fill="#8a6a44" opacity=".35"/><circle r="${radius}" fill="#fdf6e6"/><path d="${slices}" fill="${colour}"/><circle r="3.5" fill="#fffaf0"/></g>`
}
