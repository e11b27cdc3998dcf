import type { Paint } from '../artwork.ts'
import { blob, loop, type Point } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import { leaf } from './foliage.ts'

/** Half circles and discs balanced on thin rods, as from 1956. */
export const mobile: Paint = (canvas) => {
  canvas.wash('#f3e6cd')
  const rods = svg`M500 0V250M190 330Q500 190 820 300M190 330V520M820 300V430M60 585Q190 480 360 560M60 585V720M360 560V760M640 500Q820 380 930 470M640 500V700M930 470V640M220 840Q360 720 520 800M220 840V1000M520 800V940M900 735V990M400 1010Q520 900 650 980M400 1010V1120M650 980V1180`
  canvas.add(
    '<path d="M0 1500V1010C200 900 330 1120 560 1090S860 900 1000 960V1500Z" fill="#e9b44c"/><path d="M0 1500V1230C260 1120 420 1330 640 1290S900 1180 1000 1230V1500Z" fill="#d9603b"/><path d="M0 1500V1400C300 1330 600 1460 1000 1380V1500Z" fill="#23474f"/>',
    `<path d="${rods}" stroke="#2a2a30" stroke-width="6" fill="none" stroke-linecap="round"/>`,
    '<path d="M-30 720A90 90 0 0 0 150 720Z" fill="#d9603b"/><path d="M360 760C430 800 430 900 360 960C290 900 290 800 360 760Z" fill="#23474f"/><circle cx="640" cy="770" r="72" fill="#e9b44c"/><path d="M830 640H1030A100 100 0 0 1 830 640Z" fill="#3f8288"/><path d="M220 1000C270 1030 280 1110 220 1160C160 1110 170 1030 220 1000Z" fill="#e58f73"/><circle cx="900" cy="1040" r="56" fill="#2a2a30"/><circle cx="900" cy="1040" r="24" fill="#f3e6cd"/><path d="M346 1120H454A54 54 0 0 1 346 1120Z" fill="#3f8288"/><path d="M650 1180L704 1270H596Z" fill="#f3e6cd"/><path d="M500 176L560 240L500 304L440 240Z" fill="#d9603b"/><circle cx="500" cy="240" r="18" fill="#f3e6cd"/>',
    '<path d="M820 350C880 380 880 440 820 470C760 440 760 380 820 350Z" fill="#e9b44c" /><circle cx="190" cy="450" r="44" fill="#3f8288"/>',
  )
}

/** A grid of quarter circles, half circles and discs in five colours. */
export const bauhausGrid: Paint = (canvas, random) => {
  const cells = 5
  const side = canvas.width / cells
  const colours = ['#e4572e', '#f3a712', '#29335c', '#76b7b2', '#f1e3cb', '#db9d87'] as const
  const shapes: readonly [string, ...string[]] = [
    'M0 0H100A100 100 0 0 1 0 100Z',
    'M0 0H100V100A100 100 0 0 1 0 0Z',
    'M0 50A50 50 0 0 1 100 50Z M0 100A50 50 0 0 1 100 100Z',
    'M50 0A50 50 0 1 1 49.9 0Z',
    'M0 0H100L0 100Z',
    'M0 0A50 50 0 0 0 100 0Z M0 100A50 50 0 0 1 100 100Z',
  ]
  for (let index = 0; index < cells * cells; index++) {
    const ground = random.pick(colours)
    const rest = colours.filter((colour) => colour !== ground)
    const figure = rest[Math.floor(random.next() * rest.length)] ?? colours[0]
    const accent = rest[Math.floor(random.next() * rest.length)] ?? colours[1]
    const dot =
      random.next() < 0.3 ? svg`<circle cx="50" cy="50" r="19" fill="${accent === figure ? ground : accent}"/>` : ''
    canvas.add(
      svg`<g transform="translate(${(index % cells) * side} ${Math.floor(index / cells) * side}) scale(${side / 100})"><rect width="100.4" height="100.4" fill="${ground}"/><g transform="rotate(${Math.floor(random.next() * 4) * 90} 50 50)"><path d="${random.pick(shapes)}" fill="${figure}"/></g>${dot}</g>`,
    )
  }
}

/** A gradient sun over rainbow arches. */
export const gradientSun: Paint = (canvas) => {
  const { height } = canvas
  canvas.wash('#fbe9d7')
  const sun = canvas.linear(['#ff5f6d', '#ff9068', '#ffc371', '#fbe9d7'])
  const slits = repeat(
    9,
    (_, share) => svg`<rect x="150" y="${560 + share * 300}" width="700" height="${5 + share * 26}" fill="#fbe9d7"/>`,
  )
  canvas.add(
    canvas.soft(500, 560, 480, 480, '#ffb199', 0.45),
    svg`<circle cx="500" cy="560" r="330" fill="${sun}"/>${slits}`,
  )
  const bands = ['#7a3b69', '#b5446e', '#e26d5c', '#f2a65a', '#f7d08a', '#fbe9d7']
  for (const [x, reach] of [
    [110, 400],
    [890, 400],
    [500, 450],
  ] as const) {
    canvas.add(
      ...bands.map(
        (band, index) =>
          svg`<circle cx="${x}" cy="${height}" r="${reach * (1 - index * 0.155)}" fill="${canvas.linear([band, index === 5 ? '#f6d9c0' : '#4f2b5c'], [0, 0], [0, 0.9])}"/>`,
      ),
    )
  }
}

/** Chips of stone in pale plaster. */
export const terrazzo: Paint = (canvas, random) => {
  canvas.wash('#f2ebe3')
  const stones = ['#d98c7a', '#8fa89b', '#e3b873', '#3f5660', '#c9b8a8', '#b4605a', '#a9bcc2', '#6d5a56'] as const
  const placed: (readonly [x: number, y: number, size: number])[] = []
  for (let attempt = 0; attempt < 900; attempt++) {
    const size = attempt < 220 ? random.between(34, 72) : random.between(6, 22)
    const [x, y] = [random.between(-20, canvas.width + 20), random.between(-20, canvas.height + 20)]
    if (placed.some(([px, py, other]) => Math.hypot(px - x, py - y) < (other + size) * 0.92)) continue
    placed.push([x, y, size])
    const count = 5 + Math.floor(random.next() * 3)
    const turn = random.between(0, 6)
    const corners = repeat(count, (index) => {
      const angle = turn + ((index + random.between(-0.25, 0.25)) / count) * 2 * Math.PI
      const reach = size * random.between(0.65, 1)
      return svg`${x + Math.cos(angle) * reach},${y + Math.sin(angle) * reach * 0.85} `
    })
    const colour = random.pick(stones)
    canvas.add(
      svg`<polygon points="${corners}" fill="${colour}" stroke="${colour}" stroke-width="5" stroke-linejoin="round"/>`,
    )
  }
}

/** Seaweed and stones cut from painted paper. */
export const cutOuts: Paint = (canvas, random) => {
  const { width, height } = canvas
  const papers = ['#f4ede0', '#2a5ea8', '#f2b632', '#e8574a', '#1f7a6c', '#f7c6b9'] as const
  const [columns, rows] = [3, 4]
  const [wide, tall] = [width / columns, height / rows]
  for (let index = 0; index < columns * rows; index++) {
    const [column, row] = [index % columns, Math.floor(index / columns)]
    const paper = papers[(column * 2 + row * 5) % papers.length] ?? papers[0]
    const cut = papers[(column * 2 + row * 5 + 1 + (index % 4)) % papers.length] ?? papers[1]
    const [x, y] = [column * wide, row * tall]
    canvas.add(
      svg`<rect x="${x}" y="${y}" width="${wide + 1}" height="${tall + 1}" fill="${paper}"/>`,
      index % 5 === 4
        ? svg`<path d="${blob(random, x + wide / 2, y + tall / 2, wide * 0.34, 0.24)}" fill="${cut}"/><path d="${blob(random, x + wide / 2, y + tall / 2, wide * 0.15, 0.2)}" fill="${paper}"/>`
        : svg`<path d="${seaweed(x + wide / 2, y + tall / 2, wide * 0.42, random.between(-35, 35))}" fill="${cut}" stroke="${cut}" stroke-width="10" stroke-linejoin="round"/>`,
    )
  }

  function seaweed(x: number, y: number, reach: number, tilt: number): string {
    const turn = (tilt * Math.PI) / 180
    const at = (along: number, across: number): Point => [
      x + (across * Math.cos(turn) - along * Math.sin(turn)) * reach,
      y + (across * Math.sin(turn) + along * Math.cos(turn)) * reach,
    ]
    const side = (way: 1 | -1) =>
      Array.from({ length: 4 }, (_, lobe): Point[] => {
        const along = 0.78 - lobe * 0.44
        const out = random.between(0.62, 0.84) * (1 - lobe * 0.1)
        return [
          at(along + 0.06, way * 0.12),
          at(along - 0.12, way * out),
          at(along - 0.28, way * (out + 0.04)),
          at(along - 0.24, way * 0.14),
        ]
      }).flat()
    return loop([at(1.08, 0), ...side(1), at(-1.05, 0), ...side(-1).reverse()])
  }
}

/** Broad overlapping leaves in see-through inks. */
export const overprint: Paint = (canvas, random) => {
  canvas.wash('#f5ecd9')
  const inks = ['#e4573d', '#2b8a8f', '#f0b13a', '#28406b', '#e993a0', '#7da453'] as const
  canvas.add('<circle cx="640" cy="430" r="270" fill="#f0b13a" opacity=".9"/>')
  const leaves = [
    [500, 1420, 1050, 330, -92],
    [500, 1420, 900, 300, -122],
    [500, 1420, 900, 310, -62],
    [500, 1420, 720, 250, -150],
    [500, 1420, 720, 250, -31],
  ] as const
  leaves.forEach(([x, y, length, wide, angle], index) => {
    const turn = (angle * Math.PI) / 180
    const at = (along: number, across: number) =>
      svg`${x + Math.cos(turn) * along - Math.sin(turn) * across} ${y + Math.sin(turn) * along + Math.cos(turn) * across}`
    const veins = repeat(9, (_, share) => {
      const along = length * (0.16 + share * 0.66)
      const reach = wide * 0.42 * Math.sin(Math.PI * (0.22 + share * 0.62)) * random.between(0.9, 1.05)
      return `M${at(along, 0)}L${at(along + 60, reach)}M${at(along, 0)}L${at(along + 60, -reach)}`
    })
    canvas.add(
      svg`<path d="${leaf(x, y, length, wide, angle)}" fill="${inks[index] ?? inks[0]}" opacity=".84"/><path d="M${at(0, 0)}L${at(length * 0.95, 0)}${veins}" stroke="#f5ecd9" stroke-width="5" stroke-linecap="round" fill="none"/>`,
    )
  })
}
