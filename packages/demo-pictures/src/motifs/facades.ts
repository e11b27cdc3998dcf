import type { Paint } from '../artwork.ts'
import { darken, lighten } from '../colour.ts'
import { repeat, svg } from '../markup.ts'

/** A slab of balconies in hard midday sun, a blind down here and there. */
export const balconies: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#e8846a', '#e2735c']))
  const [columns, rows] = [4, 6]
  const [wide, tall] = [width / columns, height / rows]
  const blinds = ['#f3c25b', '#f6e7d0', '#2f7f86', '#f2a9a0'] as const
  for (let index = 0; index < columns * rows; index++) {
    const [x, y] = [(index % columns) * wide, Math.floor(index / columns) * tall]
    const drop = random.next() < 0.55 ? random.between(0.2, 0.8) : 0
    const blind = random.pick(blinds)
    const plant = random.next() < 0.32
    canvas.add(
      svg`<rect x="${x + 26}" y="${y + 24}" width="${wide - 52}" height="${tall - 44}" fill="#8f3f3c"/><rect x="${x + 40}" y="${y + 24}" width="${wide - 66}" height="${tall - 44}" fill="${canvas.linear(['#3d5f78', '#7fa6b5', '#d9c7b4'], [0, 0], [0.6, 1])}"/><path d="M${x + wide / 2 + 8} ${y + 24}v${tall - 44}" stroke="#f6e7d0" stroke-width="8"/>`,
      drop > 0
        ? svg`<rect x="${x + 40}" y="${y + 24}" width="${wide - 66}" height="${(tall - 44) * drop}" fill="${blind}"/><path d="${repeat(Math.ceil(drop * 8), (line) => svg`M${x + 40} ${y + 24 + (line + 1) * 18}h${wide - 66}`)}" stroke="${darken(blind, 0.18)}" stroke-width="2.5"/>`
        : '',
      svg`<path d="M${x + 26} ${y + 24}h${wide - 52}l0 26l-${wide - 66} 0l-14 -26Z" fill="#5a2630" opacity=".45"/>`,
      plant
        ? svg`<path d="${repeat(9, (leafIndex) => svg`M${x + wide - 78} ${y + tall - 80}q${(leafIndex - 4) * 6} -40 ${(leafIndex - 4) * 13} ${-52 + Math.abs(leafIndex - 4) * 8}q${(4 - leafIndex) * 2} 30 ${(4 - leafIndex) * 13} 52Z`)}" fill="#2f6a4f"/>`
        : '',
      svg`<path d="M${x + 10} ${y + tall - 78}h${wide - 20}l22 92h${-wide + 20}Z" fill="#5a2630" opacity=".32"/><rect x="${x + 10}" y="${y + tall - 84}" width="${wide - 20}" height="72" fill="${canvas.linear(['#fff3e2', '#f3d9c4'], [0, 0], [1, 0.4])}"/><rect x="${x + 10}" y="${y + tall - 84}" width="${wide - 20}" height="9" fill="#fffaf2"/><rect x="${x + 10}" y="${y + tall - 84}" width="16" height="72" fill="#dba58e"/>`,
    )
  }
  const shade = canvas.linear([
    [0, '#4a1f38', 0.42],
    [1, '#4a1f38', 0.28],
  ])
  canvas.add(svg`<path d="M0 0H${width * 0.34}L0 ${height * 0.62}Z" fill="${shade}"/>`)
}

/** White cubes, blue doors and stairs against a deep sky. */
export const whiteVillage: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#1d5fa8', '#3f8ccb', '#9fcbe4']))
  const lit = (x: number, y: number, wide: number) =>
    svg`<rect x="${x}" y="${y}" width="${wide}" height="${height - y}" fill="${canvas.linear(['#fffdf6', '#f6ede0', '#efdfce'])}"/><rect x="${x + wide}" y="${y}" width="${wide * 0.3}" height="${height - y}" fill="${canvas.linear(['#a9bfd8', '#c3cede', '#d9d0cc'])}"/><rect x="${x - 6}" y="${y - 12}" width="${wide * 1.3 + 12}" height="16" fill="#ffffff"/>`
  const door = (x: number, y: number, wide: number, tall: number, colour: string) =>
    svg`<path d="M${x - 8} ${y}v${-tall + wide / 2}a${wide / 2 + 8} ${wide / 2 + 8} 0 0 1 ${wide + 16} 0V${y}Z" fill="#d9cdbf"/><path d="M${x} ${y}v${-tall + wide / 2}a${wide / 2} ${wide / 2} 0 0 1 ${wide} 0V${y}Z" fill="${canvas.linear([lighten(colour, 0.1), colour])}"/><path d="M${x + wide / 2} ${y}v${-tall + 6}" stroke="${darken(colour, 0.35)}" stroke-width="4"/>`
  const shutter = (x: number, y: number, colour: string) =>
    svg`<rect x="${x}" y="${y}" width="66" height="92" fill="#27466b"/><path d="M${x - 30} ${y}h30v92h-30ZM${x + 66} ${y}h30v92h-30Z" fill="${colour}"/><path d="${repeat(7, (line) => svg`M${x - 26} ${y + 12 + line * 12}h22M${x + 70} ${y + 12 + line * 12}h22`)}" stroke="${darken(colour, 0.3)}" stroke-width="3"/><rect x="${x - 6}" y="${y + 92}" width="78" height="8" fill="#d9cdbf"/>`
  const blossom = (x: number, y: number, spread: number) =>
    repeat(60, () => {
      const [angle, reach] = [random.between(0, 6.28), spread * Math.sqrt(random.next())]
      return svg`<circle cx="${x + Math.cos(angle) * reach}" cy="${y + Math.sin(angle) * reach * 0.8}" r="${random.between(7, 17)}" fill="${random.pick(['#d6336c', '#e8588f', '#f283ab', '#b8265a', '#4f7d4a'])}"/>`
    })
  canvas.add(
    canvas.soft(800, 240, 300, 300, '#ffffff', 0.28),
    svg`<path d="M420 470A170 170 0 0 1 760 470Z" fill="${canvas.linear(['#2f7fc4', '#1a5596'], [0, 0], [1, 0.3])}"/><path d="M562 308v-36a28 28 0 0 1 56 0v36Z" fill="#fffdf6"/><path d="M576 308v-30a14 14 0 0 1 28 0v30Z" fill="#2f6fae"/>`,
    lit(400, 470, 300),
    shutter(520, 560, '#3a86c0'),
    lit(-60, 640, 340),
    shutter(90, 760, '#2f77b4'),
    lit(640, 760, 420),
    shutter(780, 860, '#3a86c0'),
    lit(180, 940, 330),
    door(292, 1240, 112, 220, '#1f5f9f'),
    ...blossom(452, 1010, 110),
    ...blossom(506, 1120, 62),
  )
  for (let step = 0; step < 10; step++) {
    const y = 1180 + step * 34
    const x = 560 - step * 26
    canvas.add(
      svg`<rect x="${x}" y="${y}" width="${width}" height="14" fill="#ffffff"/><rect x="${x}" y="${y + 14}" width="${width}" height="22" fill="#c6d0de"/>`,
    )
  }
  canvas.add(
    svg`<path d="M-10 1500V1240H560L300 1500Z" fill="#f6ede0"/><path d="M560 1180L300 1530" stroke="#a9bfd8" stroke-width="8"/><path d="M0 1240H520L500 1262H0Z" fill="#c9c3c4" opacity=".6"/>`,
    svg`<path d="M96 1400h112l-16 -118h-80Z" fill="#c4643f"/><rect x="90" y="1272" width="124" height="22" rx="5" fill="#d97b52"/>${repeat(40, () => svg`<ellipse cx="${random.between(86, 218)}" cy="${random.between(1170, 1276)}" rx="18" ry="9" transform="rotate(${random.between(-70, 70)} 150 1230)" fill="${random.pick(['#3f7a4a', '#5b955a', '#2f6340', '#e8588f'])}"/>`)}`,
  )
}

/** A row of gabled houses on a canal, and their reflection. */
export const canalHouses: Paint = (canvas, random) => {
  const { width, height } = canvas
  const quay = height * 0.68
  canvas.wash(canvas.linear(['#f7d9c4', '#fbe9d8', '#f6e3d0']))
  canvas.add(canvas.soft(980, 150, 260, 260, '#fff6e0', 0.9))
  const fronts = ['#c8553d', '#2d5d6b', '#e9a94a', '#7d9b84', '#8b3f4d', '#dfc7a2', '#4b6a94', '#d9826b'] as const
  const count = 9
  const wide = (width - 60) / count
  const row = repeat(count, (index) => {
    const colour = fronts[(index * 3) % fronts.length] ?? fronts[0]
    const x = 30 + index * wide
    const top = quay - random.between(270, 370)
    const gable = random.pick([
      svg`L${x} ${top}L${x + wide / 2} ${top - 70}L${x + wide} ${top}`,
      svg`L${x} ${top}h${wide * 0.16}v-26h${wide * 0.16}v-26h${wide * 0.36}v26h${wide * 0.16}v26h${wide * 0.16}`,
      svg`L${x} ${top}Q${x + wide * 0.3} ${top - 4} ${x + wide * 0.32} ${top - 52}Q${x + wide / 2} ${top - 84} ${x + wide * 0.68} ${top - 52}Q${x + wide * 0.7} ${top - 4} ${x + wide} ${top}`,
    ])
    const panes = repeat(3, (storey) =>
      repeat(3, (column) => {
        const lamp = random.next() < 0.24 ? '#ffd98a' : '#fff6e6'
        return svg`<rect x="${x + 14 + column * ((wide - 22) / 3)}" y="${top + 20 + storey * 74}" width="${(wide - 22) / 3 - 7}" height="52" fill="${lamp}"/><rect x="${x + 18 + column * ((wide - 22) / 3)}" y="${top + 24 + storey * 74}" width="${(wide - 22) / 3 - 15}" height="44" fill="${lamp === '#fff6e6' ? darken(colour, 0.62) : '#f7b95c'}"/>`
      }).join(''),
    )
    return svg`<path d="M${x} ${quay}${gable}V${quay}Z" fill="${canvas.linear([lighten(colour, 0.12), colour])}" stroke="#fff6e6" stroke-width="5"/><circle cx="${x + wide / 2}" cy="${top - 22}" r="10" fill="#fff6e6"/>${panes}<rect x="${x + wide * 0.4}" y="${quay - 52}" width="${wide * 0.22}" height="52" fill="${darken(colour, 0.55)}"/>`
  }).join('')
  const water = canvas.linear([
    [0, '#5f8fa0', 0.5],
    [1, '#24485e', 0.94],
  ])
  canvas.add(
    row,
    svg`<rect y="${quay}" width="${width}" height="16" fill="#6d5a56"/><rect y="${quay + 16}" width="${width}" height="${height - quay}" fill="#e6d3c3"/><g transform="matrix(1 0 0 -0.8 0 ${quay * 1.8 + 16})" opacity=".7">${row}</g><rect y="${quay + 16}" width="${width}" height="${height - quay}" fill="${water}"/>`,
    ...repeat(34, (_, share) => {
      const length = random.between(50, 170)
      return svg`<rect x="${random.between(-40, width)}" y="${quay + 28 + share * (height - quay - 36)}" width="${length}" height="${2 + share * 3}" rx="2" fill="#fbe9d8" opacity="${random.between(0.16, 0.45)}"/>`
    }),
    svg`<path d="M560 ${quay + 96}h230q-14 46 -50 46H610q-40 0 -50 -46Z" fill="#8b3f4d"/><path d="M560 ${quay + 96}h230l-4 12H562Z" fill="#fff6e6"/><rect x="612" y="${quay + 62}" width="92" height="34" rx="4" fill="#f3e0c4"/><rect x="622" y="${quay + 70}" width="20" height="16" fill="#2d5d6b"/><rect x="652" y="${quay + 70}" width="20" height="16" fill="#2d5d6b"/>`,
  )
}
