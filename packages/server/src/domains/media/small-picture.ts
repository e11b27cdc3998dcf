import { ApiError } from '../../core/errors.ts'
import { pictureLimits } from './limits.ts'
import { formatOf, loadSharp, unusable, uprightSize } from './renditions.ts'

/** A square of a picture, in pixels of the picture as a viewer sees it. */
export interface Crop {
  /** How many pixels are left of it. */
  left: number
  /** How many are above it. */
  top: number
  /** Its width and height. */
  side: number
}

/** The small picture to make. */
export interface SmallOptions {
  /** The longer side at most, in pixels. */
  side: number
  /** `square`: the middle of the picture; a crop: that part. Default: all of it. */
  crop?: Crop | 'square'
}

/** The sizes of a small picture and of what it was made of, in pixels as a viewer sees them. */
export interface SmallSizes {
  /** The width of the small picture. */
  width: number
  /** Its height. */
  height: number
  /** Width and height of what it was made of. */
  source: [width: number, height: number]
}

/** A small picture, as a JPEG without metadata. */
export type SmallPicture = SmallSizes & {
  /** The JPEG. */
  data: Buffer
}

const jpegQuality = 82

/** Makes a small picture of some bytes. Throws `imageInvalid` for no usable picture, and for a crop beyond it. */
export async function makeSmall(bytes: Buffer, { side, crop }: SmallOptions): Promise<SmallPicture> {
  if (!formatOf(bytes)) throw unusable('It is none of JPEG, PNG, GIF, WebP and AVIF.')
  try {
    const source = await uprightSize(bytes)
    const sharp = await loadSharp()
    const picture = sharp(bytes, { limitInputPixels: pictureLimits.pixels, failOn: 'error' }).autoOrient()
    const square = crop && squareIn(source, crop)
    if (square) picture.extract({ left: square.left, top: square.top, width: square.side, height: square.side })
    const { data, info } = await picture
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .jpeg({ quality: jpegQuality })
      .toBuffer({ resolveWithObject: true })
    return { data, width: info.width, height: info.height, source }
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw unusable('It is damaged, cut off or not what it says it is.', error)
  }
}

function squareIn([width, height]: [number, number], crop: Crop | 'square'): Crop {
  if (crop === 'square') {
    const side = Math.min(width, height)
    return { side, left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2) }
  }
  if (crop.left + crop.side > width || crop.top + crop.side > height)
    throw unusable(`It is ${width} × ${height} pixels: the square sticks out.`)
  return crop
}
