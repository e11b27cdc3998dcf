/** A picture like a camera's, as far as the work of decoding it goes: detail at every scale, and grain. */
import sharp from 'sharp'

/** Returns a JPEG; one of 12 megapixels has three to five megabytes. */
export async function photo(width: number, height: number): Promise<Buffer> {
  /** Returns noise with this many points from left to right, enlarged to the whole picture. */
  const layer = async (points: number, sigma: number) => {
    const small = await noise(points, Math.round((points * height) / width), sigma)
    return sharp(small).resize({ width, height, kernel: 'cubic', fit: 'fill' }).png({ compressionLevel: 0 }).toBuffer()
  }
  const shapes = await layer(8, 70)
  const layers = await Promise.all([layer(40, 40), layer(250, 26), layer(1000, 14), layer(width, 9)])
  return sharp(shapes)
    .composite(layers.map((input) => ({ input, blend: 'overlay' as const })))
    .jpeg({ quality: 90 })
    .toBuffer()
}

async function noise(width: number, height: number, sigma: number): Promise<Buffer> {
  const grain = { type: 'gaussian', mean: 128, sigma } as const
  return sharp({ create: { width, height, channels: 3, background: 'grey', noise: grain } })
    .png()
    .toBuffer()
}

/** Returns the same picture with a comment in front: other bytes, so that it counts as another picture. */
export function commented(jpeg: Buffer, text: string): Buffer {
  const comment = Buffer.from(`\xff\xfe\0\0${text}`, 'latin1')
  comment.writeUInt16BE(comment.length - 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])
}
