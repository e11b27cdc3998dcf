import type { ShownPicture } from './tool.ts'

const cell = { width: 180, height: 220, gap: 6 }
/** A sheet has at most this many pictures: what they show can still be seen. */
export const mostOnSheet = 24
/** Pictures with more pixels are not decoded. */
export const mostPixels = 50_000_000

/**
 * Draws pictures on one sheet, in rows, each with its number from 1 on. One that is missing, or is none, leaves its place
 * empty.
 */
export async function contactSheet(pictures: readonly (Uint8Array | undefined)[]): Promise<ShownPicture> {
  const { default: sharp } = await import('sharp')
  const { drawNumber } = await import('./digits.ts')
  const columns = Math.min(pictures.length, pictures.length > 12 ? 6 : 4)
  const rows = Math.ceil(pictures.length / columns)
  const placed = pictures.map(async (bytes, index) => {
    const left = cell.gap + (index % columns) * (cell.width + cell.gap)
    const top = cell.gap + Math.floor(index / columns) * (cell.height + cell.gap)
    const label = { input: drawNumber(index + 1), left: left + 4, top: top + 4 }
    const small = bytes && (await shrunk(bytes))
    if (!small) return [label]
    const { data, info } = small
    const middle = { left: left + ((cell.width - info.width) >> 1), top: top + ((cell.height - info.height) >> 1) }
    return [{ input: data, ...middle }, label]
  })

  async function shrunk(bytes: Uint8Array) {
    try {
      const small = sharp(bytes, { limitInputPixels: mostPixels }).rotate()
      const { width, height } = cell
      return await small.resize({ width, height, fit: 'inside' }).png().toBuffer({ resolveWithObject: true })
    } catch {
      return undefined
    }
  }

  const sheet = sharp({
    create: {
      width: cell.gap + columns * (cell.width + cell.gap),
      height: cell.gap + rows * (cell.height + cell.gap),
      channels: 3,
      background: '#e8e6e1',
    },
  })
  const layers = (await Promise.all(placed)).flat()
  return { mimeType: 'image/jpeg', bytes: await sheet.composite(layers).jpeg({ quality: 72 }).toBuffer() }
}

/** Returns a picture as a client can show it: a JPEG with its longer side of `most` pixels at most. */
export async function shownPicture(bytes: Uint8Array, most = 800): Promise<ShownPicture> {
  const { default: sharp } = await import('sharp')
  const small = sharp(bytes, { limitInputPixels: mostPixels }).rotate()
  const jpeg = small.resize({ width: most, height: most, fit: 'inside', withoutEnlargement: true })
  return { mimeType: 'image/jpeg', bytes: await jpeg.flatten({ background: '#fff' }).jpeg({ quality: 78 }).toBuffer() }
}
