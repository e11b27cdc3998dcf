import type { Paint } from '../artwork.ts'
import { darken, lighten } from '../colour.ts'
import { blob } from '../curve.ts'
import { repeat, svg } from '../markup.ts'
import { sprig, tulip } from './foliage.ts'
import {
  armchair,
  books,
  cat,
  floorboards,
  floorLamp,
  monstera,
  pendant,
  place,
  print,
  sideboard,
  skirting,
  snakePlant,
  sofa,
} from './furniture.ts'
import { pot, sunPatch } from './pottery.ts'

/** A rust sofa under a painted arch, with an arc lamp and a big plant. */
export const archLiving: Paint = (canvas, random) => {
  const floor = 1110
  canvas.wash(canvas.linear(['#f4e6d3', '#ecd8c0'], [0, 0], [1, 1]))
  canvas.add(
    svg`<path d="M190 ${floor}V560A330 330 0 0 1 850 560V${floor}Z" fill="${canvas.linear(['#dd9f80', '#cf8a6b'])}"/>`,
    sunPatch(canvas, 90, 240, 420, 560, '#fff8e6'),
    skirting(canvas, floor, '#faf1e2'),
    floorboards(canvas, random, floor, '#b98a5e'),
    svg`<ellipse cx="520" cy="1310" rx="440" ry="110" fill="#efe2cb"/><ellipse cx="520" cy="1310" rx="400" ry="94" fill="none" stroke="#c9765a" stroke-width="7"/><ellipse cx="520" cy="1310" rx="372" ry="84" fill="none" stroke="#5f7a6c" stroke-width="4"/>`,
    print(410, 470, 220, 300, ['#f3d9b4', '#d9653f', '#7d9a86', '#34584f']),
    place(130, 1175, 1.18, monstera(canvas, random, '#e8ddca', '#3f7350')),
    place(540, 1240, 1.2, sofa(canvas, '#b2502f', ['#f0dfc2', '#4f7267'])),
    svg`<path d="M935 1190V480C935 250 700 220 640 420" stroke="#2b2522" stroke-width="9" fill="none"/><ellipse cx="935" cy="1192" rx="74" ry="14" fill="#2b2522"/>${canvas.soft(640, 500, 260, 240, '#ffeebc', 0.75)}<path d="M556 468A84 84 0 0 1 724 468Z" fill="#d9a441"/><ellipse cx="640" cy="468" rx="84" ry="10" fill="#fff4cf"/>`,
    canvas.soft(530, 1392, 230, 26, '#2a1a12', 0.5),
    svg`<path d="M400 1330L372 1390h12l36 -60ZM650 1330L678 1390h-12l-36 -60Z" fill="#6d4a2c"/><ellipse cx="525" cy="1326" rx="190" ry="36" fill="#8a6240"/><ellipse cx="525" cy="1319" rx="190" ry="36" fill="#a97c52"/><rect x="430" y="1294" width="120" height="17" rx="3" fill="#2f5a66"/><rect x="440" y="1279" width="104" height="15" rx="3" fill="#e8d6b0"/>`,
    pot(canvas, random, { profile: 'gourd', x: 622, y: 1318, height: 96, clay: '#f3eadb' }),
  )
}

/** A walnut sideboard on a bottle-green wall, lamp lit. */
export const greenLiving: Paint = (canvas, random) => {
  const floor = 1010
  canvas.wash(canvas.linear(['#33564a', '#28463d', '#1f3932'], [0, 0], [1, 1]))
  const panels = repeat(4, (index) => svg`M${30 + index * 245} 60h205v640h-205ZM${30 + index * 245} 750h205v200h-205Z`)
  canvas.add(
    svg`<path d="${panels}" fill="none" stroke="#436b5c" stroke-width="5" opacity=".7"/>`,
    skirting(canvas, floor, '#1b332c'),
    floorboards(canvas, random, floor, '#8d6239'),
    svg`<path d="M150 1250L240 1085H800L890 1250Z" fill="#d9c3a0"/><path d="M196 1230L270 1100H770L844 1230Z" fill="none" stroke="#a5492f" stroke-width="6"/>`,
    canvas.soft(280, 570, 420, 400, '#ffdf9a', 0.62),
    print(420, 210, 330, 420, ['#f1dcc0', '#e2a33d', '#c65d3c', '#2d4a57']),
    place(500, 1060, 1.15, sideboard(canvas, 640, '#9a6236')),
    pot(canvas, random, { profile: 'moon', x: 266, y: 806, height: 130, clay: '#e8dcc6' }),
    svg`<rect x="260" y="620" width="12" height="60" fill="#c9a25e"/><path d="M206 520H326L366 640H166Z" fill="${canvas.linear(['#fff0c8', '#ffdf9c'])}"/>`,
    svg`<rect x="430" y="768" width="190" height="40" rx="5" fill="#5a3622"/><ellipse cx="516" cy="768" rx="74" ry="13" fill="#1a1618"/><ellipse cx="516" cy="766" rx="22" ry="4" fill="#c65d3c"/><path d="M600 764L570 756L544 766" stroke="#d8d0c0" stroke-width="5" fill="none"/>`,
    sprig(random, { from: [736, 690], to: [690, 470], bow: -26, leaves: 6, size: [74, 30], colour: '#87a37c' }),
    sprig(random, { from: [738, 690], to: [830, 500], bow: 26, leaves: 6, size: [70, 28], colour: '#9db48c' }),
    pot(canvas, random, { profile: 'bottle', x: 736, y: 808, height: 150, clay: '#c98a5e' }),
    place(920, 1090, 1.2, snakePlant(canvas, random, '#c65d3c', '#5f8f62')),
  )
}

/** Blue hour: a long low sofa in front of the lights of a city. */
export const blueHour: Paint = (canvas, random) => {
  const floor = 590
  canvas.wash(canvas.linear(['#1c2748', '#24345c']))
  const glass = canvas.linear(['#27417f', '#5a63a6', '#c87f98', '#f5b489'])
  const view = canvas.clip('<rect x="150" y="60" width="980" height="440"/>')
  const blocks = repeat(30, (index) => {
    const near = index / 30
    const [x, wide] = [random.between(120, 1120), random.between(36, 90)]
    const tall = random.between(90, 270) * (1.1 - near * 0.4)
    const lights = repeat(
      9,
      () => svg`M${x + random.between(6, wide - 12)} ${500 - random.between(10, tall - 10)}h6v8h-6Z`,
    )
    return svg`<rect x="${x}" y="${500 - tall}" width="${wide}" height="${tall}" fill="${near > 0.5 ? '#1b2650' : '#37407c'}"/><path d="${lights}" fill="#ffd98c" opacity=".9"/>`
  })
  canvas.add(
    svg`<rect x="136" y="46" width="1008" height="468" fill="#101830"/><rect x="150" y="60" width="980" height="440" fill="${glass}"/><g clip-path="${view}">${blocks}</g><path d="M395 60V500M640 60V500M885 60V500" stroke="#101830" stroke-width="10"/>`,
    svg`<path d="M60 30H190Q170 300 204 ${floor - 4}H60Z" fill="#3a4d80"/><path d="M1220 30H1090Q1110 300 1076 ${floor - 4}H1220Z" fill="#3a4d80"/><path d="M92 30Q84 300 96 ${floor - 4}M130 30Q120 300 142 ${floor - 4}M1188 30Q1196 300 1184 ${floor - 4}M1150 30Q1160 300 1138 ${floor - 4}" stroke="#2a3a68" stroke-width="7" fill="none"/>`,
    floorboards(canvas, random, floor, '#4a3f5e'),
    svg`<ellipse cx="620" cy="664" rx="470" ry="46" fill="#7a4f78"/><ellipse cx="620" cy="664" rx="430" ry="36" fill="none" stroke="#e0a08c" stroke-width="4"/>`,
    place(560, 650, 1.06, sofa(canvas, '#2f6f84', ['#f0a868', '#d96a6a'])),
    place(980, 640, 0.8, floorLamp(canvas, '#f0b070')),
    place(170, 655, 0.86, snakePlant(canvas, random, '#d98a6a', '#4f8f80')),
    pendant(canvas, 330, 150, 52, '#e0a45c'),
  )
}

/** Open shelves above a run of cabinets, three lamps, small blue tiles. */
export const shelfKitchen: Paint = (canvas, random) => {
  const [counter, floor] = [950, 1370]
  canvas.wash('#f6efe2')
  const tones = ['#7fa9b8', '#8db5c0', '#6f9cae', '#9cc0c8', '#86afbd'] as const
  const [wide, tall] = [100, 50]
  for (let row = 0; row < 9; row++) {
    for (let column = -1; column < 10; column++) {
      canvas.add(
        svg`<rect x="${column * wide + (row % 2) * 50 + 2}" y="${counter - (row + 1) * tall + 2}" width="${wide - 4}" height="${tall - 4}" rx="3" fill="${random.pick(tones)}"/>`,
      )
    }
  }
  const glow = canvas.linear([
    [0, '#fff6dc', 0.5],
    [0.6, '#fff6dc', 0],
    [1, '#1d3a4a', 0.2],
  ])
  canvas.add(svg`<rect y="${counter - 450}" width="1000" height="450" fill="${glow}"/>`)
  for (const y of [430, 690]) {
    canvas.add(
      svg`<rect x="60" y="${y + 26}" width="880" height="34" fill="#23404c" opacity=".16"/><rect x="50" y="${y}" width="900" height="28" rx="3" fill="${canvas.linear(['#c99560', '#a4713f'])}"/><path d="M140 ${y + 28}v44h-10v-44ZM870 ${y + 28}v44h-10v-44Z" fill="#2b2522"/>`,
    )
  }
  const clays = ['#e8dcc6', '#d98f5e', '#2f5a66', '#f7f2e6', '#e0b04f'] as const
  const cups = (y: number, from: number, count: number, height: number) =>
    repeat(count, (index) =>
      pot(canvas, random, {
        profile: 'cup',
        x: from + index * height * 1.35,
        y,
        height,
        clay: random.pick(clays),
        handle: 'right',
      }),
    )
  canvas.add(
    ...cups(442, 130, 4, 76),
    pot(canvas, random, { profile: 'bowl', x: 560, y: 442, height: 62, clay: '#e8dcc6' }),
    pot(canvas, random, { profile: 'bowl', x: 560, y: 408, height: 56, clay: '#2f5a66' }),
    pot(canvas, random, { profile: 'bottle', x: 724, y: 442, height: 200, clay: '#d98f5e' }),
    place(856, 436, 0.56, snakePlant(canvas, random, '#f7f2e6', '#5f8f62')),
    pot(canvas, random, { profile: 'amphora', x: 170, y: 702, height: 170, clay: '#f7f2e6', handle: 'left' }),
    ...repeat(3, (index) =>
      pot(canvas, random, {
        profile: 'cylinder',
        x: 330 + index * 112,
        y: 702,
        height: 128 - index * 14,
        clay: '#efe3cd',
        bands: { colour: '#2f5a66', at: [0.5, 0.58] },
      }),
    ),
    ...repeat(
      5,
      (index) =>
        svg`<rect x="${668 - index * 3}" y="${690 - (index + 1) * 13}" width="${150 + index * 6}" height="11" rx="5" fill="${index % 2 ? '#e8dcc6' : '#86afbd'}"/>`,
    ),
    pot(canvas, random, { profile: 'cup', x: 876, y: 702, height: 84, clay: '#e0b04f' }),
    svg`<rect x="0" y="${counter}" width="1000" height="46" fill="${canvas.linear(['#d9a875', '#b9814c'])}"/><rect y="${counter + 46}" width="1000" height="${floor - counter - 46}" fill="${canvas.linear(['#2f4f5c', '#284552'])}"/>`,
    ...repeat(
      4,
      (index) =>
        svg`<rect x="${22 + index * 244}" y="${counter + 74}" width="224" height="96" rx="5" fill="#375c6a"/><rect x="${22 + index * 244}" y="${counter + 188}" width="224" height="${floor - counter - 214}" rx="5" fill="#375c6a"/><rect x="${104 + index * 244}" y="${counter + 96}" width="60" height="10" rx="5" fill="#e0b872"/><rect x="${104 + index * 244}" y="${counter + 212}" width="60" height="10" rx="5" fill="#e0b872"/>`,
    ),
    svg`<rect y="${counter + 46}" width="1000" height="22" fill="#12252e" opacity=".4"/><rect y="${floor}" width="1000" height="130" fill="#c9b79c"/><path d="M0 ${floor}l-60 130M200 ${floor}l-40 130M400 ${floor}l-14 130M600 ${floor}l14 130M800 ${floor}l40 130M1000 ${floor}l60 130M0 ${floor + 52}H1000" stroke="#a8957a" stroke-width="4"/>`,
    svg`<rect x="90" y="${counter - 220}" width="150" height="222" rx="18" fill="#b9814c"/><circle cx="165" cy="${counter - 190}" r="12" fill="#6f9cae"/><rect x="170" y="${counter - 170}" width="130" height="172" rx="14" fill="#dcae7c"/>`,
    sprig(random, { from: [760, 800], to: [700, 660], bow: -20, leaves: 5, size: [54, 22], colour: '#6f8f5c' }),
    sprig(random, { from: [764, 800], to: [850, 690], bow: 20, leaves: 5, size: [54, 22], colour: '#87a36c' }),
    pot(canvas, random, { profile: 'amphora', x: 762, y: counter + 16, height: 170, clay: '#f3eadb' }),
    pot(canvas, random, { profile: 'bowl', x: 500, y: counter + 20, height: 80, clay: '#d98f5e' }),
    ...[236, 500, 764].map((x) => pendant(canvas, x, 200, 66, '#d9a441')),
  )
}

/** A round table for two by a window, tulips on it. */
export const breakfastTable: Paint = (canvas, random) => {
  const floor = 770
  canvas.wash(canvas.linear(['#f7d98c', '#f2c869'], [0, 0], [1, 1]))
  canvas.add(
    svg`<rect x="250" y="70" width="500" height="500" rx="6" fill="#fffaf0"/><rect x="278" y="98" width="444" height="444" fill="${canvas.linear(['#9fd0e4', '#d9eef0', '#f6f0d8'])}"/><path d="M278 440C360 380 430 400 500 430S660 380 722 420V542H278Z" fill="#9cc08a"/><path d="M278 500C400 440 520 500 722 460V542H278Z" fill="#6f9f6c"/>${canvas.soft(610, 200, 120, 120, '#fff6cf', 0.9)}<circle cx="610" cy="200" r="42" fill="#fff2bf"/><path d="M500 98V542M278 300H722" stroke="#fffaf0" stroke-width="16"/><rect x="226" y="566" width="548" height="26" rx="4" fill="#fff6e6"/><rect x="226" y="592" width="548" height="10" fill="#b98a3a" opacity=".35"/>`,
    svg`<path d="M236 50H330Q330 330 250 560H206Q240 320 236 50ZM764 50H670Q670 330 750 560H794Q760 320 764 50Z" fill="#f4f0e8" opacity=".94"/><rect x="190" y="40" width="620" height="12" rx="6" fill="#8a5a34"/>`,
    svg`<rect y="${floor}" width="1000" height="230" fill="#e6d5bc"/>`,
    ...repeat(40, (index) => {
      const [row, column] = [Math.floor(index / 10), index % 10]
      return (row + column) % 2
        ? svg`<path d="M${(column - 5) * (120 + row * 16) + 500} ${floor + row * 58}h${120 + row * 16}l${(column - 4) * 16} 58h${-136 - row * 16}Z" fill="#5f93a5" opacity=".85"/>`
        : ''
    }),
    ...[-1, 1].map((way) =>
      place(
        500 + way * 300,
        915,
        1,
        svg`${canvas.soft(0, 0, 130, 18, '#3a2a18', 0.45)}<g transform="scale(${way} 1)"><path d="M84 -330L96 0M-62 -150L-76 0" stroke="#7d4a2a" stroke-width="14" stroke-linecap="round"/><path d="M82 -330C96 -250 92 -200 84 -160" stroke="#7d4a2a" stroke-width="14" fill="none"/><path d="M60 -350q30 -16 44 8l-4 78q-24 12 -44 -4Z" fill="#b4643a"/><path d="M-80 -168H88Q96 -150 84 -140H-74Q-88 -150 -80 -168Z" fill="#c9764a"/></g>`,
      ),
    ),
    canvas.soft(500, 930, 260, 30, '#3a2a18', 0.5),
    svg`<path d="M484 650h32l10 250h-52Z" fill="#f4f0e8"/><ellipse cx="500" cy="918" rx="120" ry="20" fill="#e6dfd0"/><path d="M240 646C240 700 250 740 268 752L300 716L340 762L390 722L440 772L500 728L560 772L610 722L660 762L700 716L732 752C750 740 760 700 760 646Z" fill="#e2593f"/><ellipse cx="500" cy="646" rx="260" ry="48" fill="#ee6f50"/>`,
    tulip([494, 500], [440, 330], -16, 50, '#f5a3b5'),
    tulip([500, 500], [508, 290], 8, 54, '#fff0d8'),
    tulip([506, 500], [580, 340], 16, 50, '#f27d8c'),
    pot(canvas, random, { profile: 'gourd', x: 500, y: 652, height: 180, clay: '#3f7f95' }),
    pot(canvas, random, { profile: 'cup', x: 350, y: 664, height: 58, clay: '#fffaf0', handle: 'left' }),
    pot(canvas, random, { profile: 'cup', x: 640, y: 668, height: 58, clay: '#fffaf0', handle: 'right' }),
  )
}

/** A mustard armchair in front of a wall of books, lamp on, cat asleep. */
export const libraryCorner: Paint = (canvas, random) => {
  const floor = 1190
  canvas.wash(canvas.linear(['#22344f', '#1b2a42']))
  const [left, right] = [330, 960]
  canvas.add(svg`<rect x="${left - 22}" y="70" width="${right - left + 44}" height="${floor - 70}" fill="#16233a"/>`)
  for (let shelf = 0; shelf < 5; shelf++) {
    const y = 282 + shelf * 214
    canvas.add(
      svg`<rect x="${left}" y="${y - 192}" width="${right - left}" height="192" fill="${canvas.linear(['#0e1829', '#1d2d49'])}"/>`,
      books(random, left + 12, y, 296, 176),
      books(random, left + 332, y, 288, 176),
      svg`<rect x="${left - 22}" y="${y}" width="${right - left + 44}" height="20" fill="#2f4568"/>`,
    )
  }
  canvas.add(
    svg`<rect x="${(left + right) / 2 - 10}" y="70" width="20" height="${floor - 70}" fill="#2f4568"/><rect x="${left - 22}" y="70" width="22" height="${floor - 70}" fill="#2f4568"/><rect x="${right}" y="70" width="22" height="${floor - 70}" fill="#2f4568"/><rect x="${left - 34}" y="50" width="${right - left + 68}" height="26" fill="#38517a"/>`,
    print(70, 300, 190, 250, ['#e9c9a0', '#c65d3c', '#6f8f86', '#2f4a57']),
    skirting(canvas, floor, '#2a3f60'),
    floorboards(canvas, random, floor, '#7d5236'),
    svg`<ellipse cx="540" cy="1350" rx="420" ry="96" fill="#a5452f"/><ellipse cx="540" cy="1350" rx="386" ry="84" fill="none" stroke="#e8c48c" stroke-width="6"/><ellipse cx="540" cy="1350" rx="340" ry="70" fill="none" stroke="#22344f" stroke-width="10" stroke-dasharray="26 20"/>`,
    place(200, 1290, 1.25, floorLamp(canvas, '#e8b866')),
    place(550, 1330, 1.42, armchair(canvas, '#d99a2b', '#2f6a72')),
    svg`${canvas.soft(862, 1330, 110, 20, '#140c14', 0.5)}<path d="M856 1150h12v170h-12Z" fill="#5b3820"/><ellipse cx="862" cy="1324" rx="60" ry="12" fill="#5b3820"/><ellipse cx="862" cy="1150" rx="100" ry="20" fill="#8a5a34"/><ellipse cx="862" cy="1145" rx="100" ry="20" fill="#a8713f"/>`,
    pot(canvas, random, { profile: 'cup', x: 886, y: 1148, height: 56, clay: '#f3eadb', handle: 'right' }),
    svg`<rect x="786" y="1128" width="72" height="14" rx="2" fill="#b4513a"/>`,
    place(330, 1412, 1.15, cat(canvas, '#e8ddcb')),
    canvas.soft(250, 700, 640, 760, '#ffcf7a', 0.16),
  )
}

/** A cushioned seat in a deep window, shelves on both sides, an autumn tree outside. */
export const windowSeat: Paint = (canvas, random) => {
  canvas.wash(canvas.linear(['#eec9bd', '#e3b3a6']))
  const [left, right, sill] = [240, 760, 900]
  const leaves = ['#e8863a', '#d9582f', '#f2b04a', '#c9442e', '#f6c765'] as const
  const view = canvas.clip(svg`<path d="M${left} ${sill}V340A260 260 0 0 1 ${right} 340V${sill}Z"/>`)
  const crown = repeat(120, () => {
    const [angle, reach] = [random.between(0, 6.28), Math.sqrt(random.next())]
    return svg`<ellipse cx="${560 + Math.cos(angle) * reach * 230}" cy="${390 + Math.sin(angle) * reach * 200}" rx="${random.between(14, 30)}" ry="${random.between(10, 20)}" fill="${random.pick(leaves)}" opacity=".9"/>`
  })
  canvas.add(
    svg`<path d="M${left - 34} ${sill + 10}V340A294 294 0 0 1 ${right + 34} 340V${sill + 10}Z" fill="#fbf1e6"/><g clip-path="${view}"><rect x="${left}" y="60" width="520" height="860" fill="${canvas.linear(['#bcd8e0', '#e6ece4', '#f8e6c8'])}"/><path d="M${left} 790C360 720 520 760 ${right} 720V${sill}H${left}Z" fill="#b9b06a"/><path d="M${left} 850C420 800 600 850 ${right} 800V${sill}H${left}Z" fill="#939a55"/><path d="M548 830C556 700 548 600 540 500L480 400L552 470L570 380L580 480L650 410L588 540C584 640 588 740 602 830Z" fill="#5b3a2c"/><path d="${blob(random, 560, 390, 205, 0.12)}" fill="#c4502c" opacity=".75"/>${crown}</g><path d="M500 82V${sill}M${left} 400H${right}M${left} 650H${right}" stroke="#fbf1e6" stroke-width="16"/>`,
  )
  for (const x of [24, 806]) {
    canvas.add(svg`<rect x="${x}" y="120" width="170" height="850" fill="#b97f74"/>`)
    for (let y = 300; y < 1000; y += 168) {
      canvas.add(
        svg`<rect x="${x + 10}" y="${y - 150}" width="150" height="150" fill="${canvas.linear(['#8f5850', '#a56a60'])}"/>`,
        books(random, x + 16, y, 140, 138),
        svg`<rect x="${x}" y="${y}" width="170" height="16" fill="#fbf1e6"/>`,
      )
    }
    canvas.add(svg`<path d="M${x} 120h170v860h-10V132H${x + 10}V980H${x}Z" fill="#fbf1e6"/>`)
  }
  canvas.add(
    svg`<rect y="1060" width="1000" height="274" fill="#c98f7f"/><rect x="0" y="1090" width="1000" height="180" fill="#f3ded0"/>`,
    ...repeat(
      4,
      (index) =>
        svg`<rect x="${26 + index * 240}" y="1110" width="226" height="140" rx="4" fill="#fbf1e6"/><circle cx="${139 + index * 240}" cy="1134" r="9" fill="#c99a4c"/>`,
    ),
    svg`<rect y="1270" width="1000" height="64" fill="#9c6a4a"/><rect x="-10" y="1000" width="1020" height="96" rx="30" fill="${canvas.linear(['#6d8f88', '#557670'])}"/><path d="M0 1074H1000" stroke="#3f5c58" stroke-width="4" opacity=".6"/>`,
    ...(
      [
        [120, '#d9653f', -12],
        [236, '#f3dfc0', 10],
        [800, '#c99a3c', -8],
        [900, '#8c3d4a', 14],
      ] as const
    ).map(
      ([x, colour, tilt]) =>
        svg`<rect x="${x - 76}" y="862" width="152" height="146" rx="30" transform="rotate(${tilt} ${x} 936)" fill="${canvas.linear([lighten(colour, 0.22), colour, darken(colour, 0.16)])}"/>`,
    ),
    svg`<path d="M330 1000C420 960 560 970 640 1004L690 1160Q640 1190 600 1150Q540 1190 480 1150Q420 1180 372 1140Z" fill="#f6ead8"/><path d="M352 1040Q500 1000 652 1046M362 1090Q510 1060 668 1100" stroke="#d98f7f" stroke-width="8" fill="none"/>`,
    svg`<path d="M420 968L500 948L580 968L500 984Z" fill="#fffaf0"/><path d="M420 968L500 984V992L420 976ZM580 968L500 984V992L580 976Z" fill="#2f5a66"/>`,
    pot(canvas, random, { profile: 'cup', x: 690, y: 1014, height: 64, clay: '#f7f2e6', handle: 'right' }),
  )
}

/** Arches within arches in pinks, stairs leading up to a strip of sky. */
export const pinkArches: Paint = (canvas, random) => {
  const { width, height } = canvas
  canvas.wash(canvas.linear(['#f3a6a0', '#ea8b86']))
  const depths = 6
  const walls = ['#ee9b8f', '#e98778', '#f2b09c', '#dd7468', '#f4bda6', '#cf6460'] as const
  for (let depth = 0; depth < depths; depth++) {
    const share = depth / depths
    const half = width * (0.44 - share * 0.34)
    const x = width * (0.5 + share * 0.09)
    const spring = height * (0.3 + share * 0.1)
    const foot = height * (0.96 - share * 0.35)
    const arch = (inset: number) =>
      svg`M${x - half + inset} ${foot}V${spring}A${half - inset} ${half - inset} 0 0 1 ${x + half - inset} ${spring}V${foot}Z`
    const wall = walls[depth] ?? walls[0]
    canvas.add(
      svg`<path d="${arch(0)}" fill="${canvas.linear([darken(wall, 0.3), darken(wall, 0.12)], [0, 0], [1, 0])}"/>`,
      svg`<path d="${arch(16)}" transform="translate(${14 - share * 6} 0)" fill="${canvas.linear([lighten(wall, 0.28), wall, darken(wall, 0.12)])}"/>`,
    )
  }
  const [x, half, spring, foot] = [width * 0.582, width * 0.088, height * 0.392, height * 0.622]
  canvas.add(
    svg`<path d="M${x - half} ${foot}V${spring}A${half} ${half} 0 0 1 ${x + half} ${spring}V${foot}Z" fill="${canvas.linear(['#5fb4cf', '#a9dbe0', '#f6ead0'])}"/>`,
    svg`<circle cx="${x + 18}" cy="${spring + 30}" r="30" fill="#fff6dc"/>`,
  )
  const steps = 12
  for (let step = 0; step < steps; step++) {
    const share = step / steps
    const y = foot + (height - foot) * share ** 1.25
    const next = foot + (height - foot) * ((step + 1) / steps) ** 1.25
    const reach = half + (width * 0.52 - half) * share ** 1.1
    const middle = x - width * 0.09 * share
    canvas.add(
      svg`<rect x="${middle - reach}" y="${y}" width="${reach * 2}" height="${(next - y) * 0.45}" fill="#fbd3bf"/><rect x="${middle - reach}" y="${y + (next - y) * 0.45}" width="${reach * 2}" height="${(next - y) * 0.58}" fill="${canvas.linear(['#d9706a', '#c65a5e'], [0, 0], [1, 0])}"/>`,
    )
  }
  const sun = canvas.linear([
    [0, '#fff1d8', 0.5],
    [1, '#fff1d8', 0.05],
  ])
  canvas.add(
    svg`<path d="M0 ${height * 0.12}L${width} ${height * 0.4}V${height * 0.62}L0 ${height * 0.34}Z" fill="${sun}"/>`,
    place(96, height * 0.975, 0.95, snakePlant(canvas, random, '#fbe6d4', '#3f8068')),
  )
}
