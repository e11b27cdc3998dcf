import type { Paint } from '../artwork.ts'
import { darken, lighten } from '../colour.ts'
import { repeat, svg } from '../markup.ts'

/** Blue and white tiles: a star, its petals and quarter flowers that meet across the joints. */
export const azulejos: Paint = (canvas, random) => {
  const side = canvas.width / 4
  canvas.wash('#b9b4a6')
  const petals = (reach: number, wide: number) =>
    repeat(
      8,
      (index) =>
        svg`<path d="M0 0C${wide} ${-reach * 0.35} ${wide} ${-reach * 0.7} 0 ${-reach}C${-wide} ${-reach * 0.7} ${-wide} ${-reach * 0.35} 0 0Z" transform="rotate(${index * 45})"/>`,
    )
  const corner = svg`<path d="M0 0H${side * 0.36}A${side * 0.36} ${side * 0.36} 0 0 1 0 ${side * 0.36}Z" fill="#1f4e8c"/><path d="M0 0H${side * 0.27}A${side * 0.27} ${side * 0.27} 0 0 1 0 ${side * 0.27}Z" fill="#f4efe2"/><path d="M0 0H${side * 0.19}A${side * 0.19} ${side * 0.19} 0 0 1 0 ${side * 0.19}Z" fill="#e0a63f"/><path d="M0 0L${side * 0.3} ${side * 0.1}L${side * 0.17} ${side * 0.17}L${side * 0.1} ${side * 0.3}Z" fill="#1f4e8c"/>`
  for (let index = 0; index < 16; index++) {
    const [x, y] = [(index % 4) * side, Math.floor(index / 4) * side]
    const white = random.pick(['#f6f1e6', '#f1ecdf', '#f8f4ea', '#ece8dc'])
    const blue = random.pick(['#1f4e8c', '#235597', '#1b4680', '#2a5da0'])
    const corners = repeat(4, (turn) => svg`<g transform="rotate(${turn * 90} ${side / 2} ${side / 2})">${corner}</g>`)
    canvas.add(
      svg`<g transform="translate(${x} ${y})"><svg x="2" y="2" width="${side - 4}" height="${side - 4}" viewBox="0 0 ${side} ${side}"><rect width="${side}" height="${side}" fill="${white}"/>${corners}<g transform="translate(${side / 2} ${side / 2})"><path d="M0 ${-side * 0.5}L${side * 0.5} 0L0 ${side * 0.5}L${-side * 0.5} 0Z" fill="none" stroke="#7fa6cf" stroke-width="7"/><g fill="${blue}">${petals(side * 0.4, side * 0.13)}</g><g fill="#a9c6e2">${petals(side * 0.28, side * 0.07)}</g><circle r="${side * 0.085}" fill="#e0a63f"/><circle r="${side * 0.045}" fill="${white}"/></g></svg></g>`,
    )
  }
  const sheen = canvas.linear(
    [
      [0, '#ffffff', 0.35],
      [0.45, '#ffffff', 0],
      [1, '#0d2244', 0.22],
    ],
    [0, 0],
    [1, 1],
  )
  canvas.wash(sheen)
}

/** Hand-cut green tiles, no two quite the same, with light on their bevels. */
export const zellige: Paint = (canvas, random) => {
  const [columns, gap] = [7, 7]
  const side = canvas.width / columns
  const glazes = ['#1f5a4c', '#2a6e5c', '#3b8570', '#184a40', '#4f9a80', '#2f7763', '#6fae92', '#216152'] as const
  canvas.wash('#cfc4ae')
  for (let row = 0; row * side < canvas.height; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * side, row * side]
      const glaze = random.pick(glazes)
      const jitter = () => random.between(-3.5, 3.5)
      const corners = [
        [x + gap + jitter(), y + gap + jitter()],
        [x + side - gap + jitter(), y + gap + jitter()],
        [x + side - gap + jitter(), y + side - gap + jitter()],
        [x + gap + jitter(), y + side - gap + jitter()],
      ]
      const points = corners.map(([px = 0, py = 0]) => svg`${px},${py} `)
      const angle = random.between(0, 1)
      const paint = canvas.linear(
        [lighten(glaze, random.between(0.1, 0.42)), glaze, darken(glaze, 0.22)],
        [angle * 0.5, 0],
        [1 - angle * 0.5, 1],
      )
      const glint = random.between(0.12, 0.5)
      canvas.add(
        svg`<polygon points="${points}" fill="#6d614c" opacity=".45" transform="translate(3 4)"/><polygon points="${points}" fill="${paint}" stroke="${paint}" stroke-width="6" stroke-linejoin="round"/>`,
        svg`<path d="M${x + gap + 12} ${y + gap + 12 + random.between(0, 16)}q${side * 0.3} ${-8} ${side * 0.62} 4" stroke="#f2fff6" stroke-width="${random.between(3, 8)}" stroke-linecap="round" fill="none" opacity="${glint}"/>`,
      )
    }
  }
  canvas.wash(
    canvas.linear(
      [
        [0, '#fff8e0', 0.3],
        [0.5, '#fff8e0', 0],
        [1, '#06201c', 0.3],
      ],
      [0, 0],
      [1, 1],
    ),
  )
}
