import sharp from 'sharp'
import type { Canvas } from './canvas.ts'
import { svg } from './markup.ts'
import { createRandom } from './random.ts'

const side = 256
const strongest = 16 // of 255: enough to feel like paper and to hide banding, too little to be seen as noise

/** What the grain depends on. */
export const grainSettings = JSON.stringify({ side, strongest })

let tile: Promise<string> | undefined

/**
 * Returns markup that covers a canvas with fine paper grain. It repeats one small tile: feTurbulence takes ten times as
 * long.
 */
export async function grain(canvas: Canvas): Promise<string> {
  tile ??= drawTile()
  const image = svg`<image width="${side}" height="${side}" href="${await tile}"/>`
  const pattern = svg`<pattern id="grain" width="${side}" height="${side}" patternUnits="userSpaceOnUse">${image}</pattern>`
  return svg`<defs>${pattern}</defs><rect width="${canvas.width}" height="${canvas.height}" fill="url(#grain)"/>`
}

async function drawTile(): Promise<string> {
  const random = createRandom(7)
  const pixels = new Uint8Array(side * side * 2)
  for (let index = 0; index < pixels.length; index += 2) {
    pixels[index] = random.next() < 0.5 ? 0 : 255
    pixels[index + 1] = random.between(0, strongest)
  }
  const png = await sharp(pixels, { raw: { width: side, height: side, channels: 2 } })
    .png()
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
