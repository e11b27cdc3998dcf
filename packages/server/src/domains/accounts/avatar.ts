import type { AccountRow } from './store.ts'

const side = 280

const palettes = [
  ['#f4e3cf', '#d9603b', '#23474f', '#e9b44c'],
  ['#dfe7e0', '#2f7763', '#f0a868', '#12382f'],
  ['#f7d9d3', '#b5446e', '#4f2b5c', '#f2a65a'],
  ['#dbe6ee', '#24486b', '#e8574a', '#a8c8cf'],
  ['#f3ead6', '#7d4a44', '#8a9a7b', '#d9a35c'],
  ['#24345c', '#f5b489', '#5f8fd0', '#f7e2c4'],
  ['#f6e0a8', '#e4572e', '#29335c', '#76b7b2'],
  ['#e6dcec', '#6b4f9a', '#f08a8a', '#f6c765'],
] as const

/**
 * Returns the path of the picture of an account: the one that was chosen, in a square of 150 or of up to 600 pixels, or
 * else the drawn one.
 */
export function avatarPath(
  { id, avatar_key: key }: Pick<AccountRow, 'id' | 'avatar_key'>,
  side: 150 | 600 = 150,
): string {
  if (key === null) return `/media/avatars/${id}.png`
  return `/media/${side === 150 ? '150x150' : '600x'}/${key}.jpg`
}

/**
 * Draws the picture of an account without an uploaded one: a PNG of 280 × 280 pixels, the same for the same id. It
 * shows four overlapping discs, half discs and rings in a palette chosen by the id.
 */
export async function drawAvatar(accountId: number): Promise<Buffer> {
  const next = chanceOf(accountId)
  const [ground, ...inks] = palettes[Math.floor(next() * palettes.length)] ?? palettes[0]
  const turn = Math.floor(next() * 360)
  const shapes = [...inks, inks[0]].map((ink, index) => {
    const reach = Math.round(side * (0.46 - index * 0.085) * (0.85 + next() * 0.3))
    const away = Math.round(side * (0.1 + next() * 0.2))
    const angle = turn + index * 137 // the golden angle keeps neighbours apart
    const place = `rotate(${angle}) translate(${away}) rotate(${Math.floor(next() * 4) * 45})`
    return `<g transform="${place}" opacity="0.88">${figure(Math.floor(next() * 3), reach, ink)}</g>`
  })
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="${side}" height="${side}" fill="${ground}"/><g transform="translate(${side / 2} ${side / 2})">${shapes.join('')}</g></svg>`
  const { default: sharp } = await import('sharp')
  return sharp(Buffer.from(drawing)).png({ compressionLevel: 4 }).toBuffer()
}

function figure(kind: number, reach: number, ink: string): string {
  if (kind === 0) return `<circle r="${reach * 0.8}" fill="${ink}"/>`
  if (kind === 1) return `<path d="M${-reach} 0A${reach} ${reach} 0 0 1 ${reach} 0Z" fill="${ink}"/>`
  return `<circle r="${reach * 0.62}" fill="none" stroke="${ink}" stroke-width="${reach * 0.36}"/>`
}

/** Returns a generator of numbers in [0, 1) that depend on the seed alone (SplitMix32). */
function chanceOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
