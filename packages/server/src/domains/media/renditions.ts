import { setFlagsFromString } from 'node:v8'
import type { ResizeOptions } from 'sharp'
import { ApiError } from '../../core/errors.ts'
import { releaseBuffer } from '../../core/release-buffer.ts'
import type { NewFile } from '../../storage/storage.ts'
import { dominantColour } from '../looks/main-colours.ts'
import { lookOf, lookSide, type PictureLook } from '../looks/picture-look.ts'
import { pictureLimits } from './limits.ts'
import { MalformedPicture, type PictureFormat, stripMetadata } from './strip-metadata/index.ts'

export const renditionNames = ['150x150', '400x300', '600x', '1200x', 'originals'] as const
export type RenditionName = (typeof renditionNames)[number]

/** Width and height in pixels of each rendition. */
export type RenditionSizes = Record<RenditionName, [width: number, height: number]>

export interface Renditions {
  format: PictureFormat
  sizes: RenditionSizes
  files: Record<RenditionName, Buffer>
  /** `#rrggbb` */
  dominantColor: string
  look: PictureLook
}

const jpegQuality = 82

/** Returns sharp, loaded with the first picture: a server that only serves reads saves the time and the memory. */
export async function loadSharp() {
  const { default: sharp } = await import('sharp')
  // One thread per picture: several pictures at a time use the cores better than one picture on all of them.
  sharp.concurrency(1)
  sharp.cache(false)
  // By default V8 goes through its whole heap for every 32 MB of pictures' bytes, which are outside it: once per
  // picture.
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  return sharp
}

/**
 * Makes every rendition of a picture. The 1200 px one is decoded from the bytes, turned upright and converted to sRGB;
 * the smaller ones are made from its pixels; the original only loses its metadata. Throws `imageInvalid` when the bytes
 * are not a usable picture.
 */
export async function makeRenditions(bytes: Buffer): Promise<Renditions> {
  const format = formatOf(bytes)
  if (!format) throw unusable('It is none of JPEG, PNG, GIF, WebP and AVIF.')
  try {
    const upright = await uprightSize(bytes)
    const { look, ...scaled } = await scaledPictures(bytes)
    return {
      format,
      sizes: { ...mapScaled(scaled, ({ info }) => [info.width, info.height]), originals: upright },
      files: { ...mapScaled(scaled, ({ data }) => data), originals: stripMetadata(bytes, format) },
      dominantColor: dominantColour(look),
      look: lookOf(look),
    }
  } catch (error) {
    if (error instanceof ApiError) throw error
    if (error instanceof MalformedPicture) throw unusable('It is damaged.', error)
    throw unusable('It is damaged, cut off or not what it says it is.', error)
  }
}

/** The whole picture as a square, whatever its shape: all of it counts, and none of it is seen by anybody. */
const lookSize = { width: lookSide, height: lookSide, fit: 'fill', kernel: 'linear' } as const

/** Looks at a rendition that is stored already. Throws sharp's error when it is damaged. */
export async function lookAt(jpeg: Buffer): Promise<PictureLook> {
  const sharp = await loadSharp()
  return lookOf(await sharp(jpeg).resize(lookSize).toColourspace('srgb').raw().toBuffer())
}

/** The renditions that are scaled; the original is only stripped. */
type ScaledName = Exclude<RenditionName, 'originals'>
interface Jpeg {
  data: Buffer
  info: { width: number; height: number }
}

/**
 * Decodes a picture once and scales it, also to the few pixels that tell what it looks like. Throws sharp's error when it
 * is damaged.
 */
async function scaledPictures(bytes: Buffer): Promise<Record<ScaledName, Jpeg> & { look: Buffer }> {
  const sharp = await loadSharp()
  const { data, info } = await sharp(bytes, { limitInputPixels: pictureLimits.pixels, failOn: 'error' })
    .autoOrient()
    .resize({ width: 1200, height: pictureLimits.side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const jpeg = (resize?: ResizeOptions) => {
    const pixels = sharp(data, { raw: info })
    return (resize ? pixels.resize(resize) : pixels)
      .jpeg({ quality: jpegQuality })
      .toBuffer({ resolveWithObject: true })
  }
  const [look, large, medium, landscape, small] = await Promise.all([
    sharp(data, { raw: info }).resize(lookSize).raw().toBuffer(),
    jpeg(),
    jpeg({ width: 600, height: pictureLimits.side, fit: 'inside', withoutEnlargement: true }),
    jpeg({ width: 400, height: 300, fit: 'cover' }),
    jpeg({ width: 150, height: 150, fit: 'cover' }),
  ])
  releaseBuffer(data)
  return { look, '150x150': small, '400x300': landscape, '600x': medium, '1200x': large }
}

function mapScaled<T>(scaled: Record<ScaledName, Jpeg>, of: (jpeg: Jpeg) => T): Record<ScaledName, T> {
  return {
    '150x150': of(scaled['150x150']),
    '400x300': of(scaled['400x300']),
    '600x': of(scaled['600x']),
    '1200x': of(scaled['1200x']),
  }
}

/** Returns the files of a picture as they are stored. */
export function filesOf({ format, files }: Pick<Renditions, 'format' | 'files'>): NewFile[] {
  return renditionNames.map((name) => ({ name: `${name}.${extensionOf(name, format)}`, bytes: files[name] }))
}

/** Returns the extension of a rendition's file. Every rendition is a JPEG; the original keeps its format. */
export function extensionOf(rendition: RenditionName, format: string): string {
  return rendition !== 'originals' || format === 'jpeg' ? 'jpg' : format
}

/** Returns width and height as a viewer sees them. Throws when they are too large, before decoding any pixel. */
async function uprightSize(bytes: Buffer): Promise<[number, number]> {
  const sharp = await loadSharp()
  const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata()
  const { width, height } = autoOrient
  if (!(width > 0 && height > 0)) throw unusable('It has no pixels.')
  if (width * height > pictureLimits.pixels)
    throw unusable(`It has ${width} × ${height} pixels; ${pictureLimits.pixels} are the most.`)
  if (Math.max(width, height) > pictureLimits.side)
    throw unusable(`It is ${width} × ${height} pixels; a side may have ${pictureLimits.side} at most.`)
  return [width, height]
}

function unusable(detail: string, cause?: unknown): ApiError {
  return new ApiError('imageInvalid', { detail, cause })
}

/** Decodes every pixel, and returns width and height as a viewer sees them. Throws when the picture is damaged. */
export async function uprightPixels(bytes: Buffer): Promise<{ width: number; height: number }> {
  const sharp = await loadSharp()
  await sharp(bytes, { failOn: 'error' }).stats()
  return (await sharp(bytes).metadata()).autoOrient
}

/** Returns the format by the first bytes, whatever else was declared. */
export function formatOf(bytes: Buffer): PictureFormat | undefined {
  const text = (start: number, end: number) => bytes.toString('latin1', start, end)
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (text(4, 8) === 'ftyp' && /avi[fs]/.test(text(8, 64))) return 'avif'
  return undefined
}
