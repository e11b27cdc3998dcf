/**
 * The work on a picture and nothing else: the same calls of sharp as packages/server/src/media/renditions.ts makes.
 * Called with the path of a picture and, if it is not one, how many at once; does it as often as the parent says, and
 * says when it is done.
 */
import { readFileSync } from 'node:fs'
import sharp from 'sharp'

sharp.concurrency(1)
sharp.cache(false)

const [file = '', atOnce = '1'] = process.argv.slice(2)
const bytes = readFileSync(file)

async function cascade(): Promise<void> {
  await sharp(bytes, { limitInputPixels: false }).metadata()
  const base = await sharp(bytes, { limitInputPixels: 50_000_000, failOn: 'error' })
    .autoOrient()
    .resize({ width: 1200, height: 30_000, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = () => sharp(base.data, { raw: base.info })
  const jpeg = { quality: 82 }
  const inside = { fit: 'inside', withoutEnlargement: true } as const
  const medium = await pixels()
    .resize({ width: 600, height: 30_000, ...inside })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const mediumPixels = () => sharp(medium.data, { raw: medium.info })
  const [small] = await Promise.all([
    mediumPixels().resize(150, 150, { fit: 'cover' }).jpeg(jpeg).toBuffer(),
    pixels().jpeg(jpeg).toBuffer(),
    mediumPixels().jpeg(jpeg).toBuffer(),
    mediumPixels().resize(400, 300, { fit: 'cover' }).jpeg(jpeg).toBuffer(),
    mediumPixels()
      .resize({ width: 360, height: 2400, ...inside })
      .webp({ quality: 80, effort: 2 })
      .toBuffer(),
  ])
  await sharp(small).stats()
}

process.on('message', async (message) => {
  if (typeof message !== 'number') return
  let left = message
  const work = async () => {
    while (left-- > 0) await cascade()
  }
  await Promise.all(Array.from({ length: Number(atOnce) }, work))
  process.send?.('done')
})
console.log('ready at nothing')
process.channel?.ref()
