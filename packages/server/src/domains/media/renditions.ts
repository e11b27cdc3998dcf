import { setFlagsFromString } from 'node:v8'
import type { ResizeOptions, Sharp } from 'sharp'
import { ApiError } from '../../core/errors.ts'
import { releaseBuffer } from '../../core/release-buffer.ts'
import type { NewFile } from '../../storage/storage.ts'
import { dominantColour } from '../looks/main-colours.ts'
import { lookOf, lookSide, type PictureLook } from '../looks/picture-look.ts'
import { pictureLimits } from './limits.ts'
import { MalformedPicture, type PictureFormat, stripMetadata } from './strip-metadata/index.ts'

/** The renditions that Pins name, as at Pinterest. */
export const renditionNames = ['150x150', '400x300', '600x', '1200x', 'originals'] as const
export type RenditionName = (typeof renditionNames)[number]

/** The rendition for the columns of the web app's walls. No answer of the API names it; docs/decisions/picture-formats.md. */
export const columnRendition = '360x'
export const columnFile = `${columnRendition}.webp`

/** Every rendition that is made of a new picture. */
export const madeNames = [...renditionNames, columnRendition] as const
export type MadeName = (typeof madeNames)[number]

type Size = [width: number, height: number]

/** Width and height in pixels of each rendition. Older pictures may lack the one for columns. */
export type RenditionSizes = Record<RenditionName, Size> & Partial<Record<typeof columnRendition, Size>>

export interface Renditions {
  format: PictureFormat
  sizes: Record<MadeName, Size>
  files: Record<MadeName, Buffer>
  /** `#rrggbb` */
  dominantColor: string
  look: PictureLook
}

/** Huffman tables made for each picture would save 3 % of the bytes, and take as long as the rest of the encoding. */
const jpegOptions = { quality: 82, optimiseCoding: false } as const
/** As good as the JPEGs, and about a third smaller: docs/decisions/picture-formats.md. */
const webpOptions = { quality: 80, effort: 2 } as const

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
    const { look, scaled } = await scalePicture(bytes)
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
export type ScaledName = Exclude<MadeName, 'originals'>

/** A rendition that was made, and its size in pixels. */
export interface Scaled {
  data: Buffer
  info: { width: number; height: number }
}

/** A picture in all sizes, and the pixels that tell what it looks like: a square with sides of `lookSide`. */
export interface ScaledPicture {
  scaled: Record<ScaledName, Scaled>
  look: Buffer
}

/**
 * Decodes a picture once and scales it, also to the few pixels that tell what it looks like. Throws sharp's error when it
 * is damaged.
 */
export async function scalePicture(bytes: Buffer): Promise<ScaledPicture> {
  const sharp = await loadSharp()
  const limits = { limitInputPixels: pictureLimits.pixels, failOn: 'error' } as const
  const large = await sharp(bytes, limits)
    .autoOrient()
    .resize(noWiderThan(1200))
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const from = ({ data, info }: typeof large) => sharp(data, { raw: info })
  const jpeg = (pixels: Sharp) => pixels.jpeg(jpegOptions).toBuffer({ resolveWithObject: true })
  // Smaller ones are made from it where it has enough pixels: there are a quarter of them to read.
  const medium = await from(large).resize(noWiderThan(600)).raw().toBuffer({ resolveWithObject: true })
  const scaling = allNamed({
    '1200x': jpeg(from(large)),
    '600x': jpeg(from(medium)),
    '400x300': jpeg(from(medium.info.height < 300 ? large : medium).resize({ width: 400, height: 300, fit: 'cover' })),
    '150x150': jpeg(from(medium).resize({ width: 150, height: 150, fit: 'cover' })),
    [columnRendition]: from(medium).resize(withinColumn).webp(webpOptions).toBuffer({ resolveWithObject: true }),
  })
  const [scaled, look] = await Promise.all([scaling, from(medium).resize(lookSize).raw().toBuffer()])
  for (const { data } of [large, medium]) releaseBuffer(data)
  return { scaled, look }
}

const noWiderThan = (width: number): ResizeOptions => ({
  width,
  height: pictureLimits.side,
  fit: 'inside',
  withoutEnlargement: true,
})

/** Walls cut off what is taller; and a WebP has 16,383 pixels a side at most. */
const withinColumn: ResizeOptions = { width: 360, height: 2400, fit: 'inside', withoutEnlargement: true }

async function allNamed<Name extends string, T>(promises: Record<Name, Promise<T>>): Promise<Record<Name, T>> {
  const names = Object.keys(promises) as Name[]
  const values = await Promise.all(names.map(async (name) => [name, await promises[name]] as const))
  return Object.fromEntries(values) as Record<Name, T>
}

function mapScaled<T>(scaled: Record<ScaledName, Scaled>, of: (file: Scaled) => T): Record<ScaledName, T> {
  const entries = Object.entries(scaled).map(([name, file]) => [name, of(file)])
  return Object.fromEntries(entries) as Record<ScaledName, T>
}

/** Returns the files of a picture as they are stored. */
export function filesOf({ format, files }: Pick<Renditions, 'format' | 'files'>): NewFile[] {
  return madeNames.map((name) => ({ name: `${name}.${extensionOf(name, format)}`, bytes: files[name] }))
}

/** Returns the extension of a rendition's file. Those that Pins name are JPEGs; the original keeps its format. */
export function extensionOf(rendition: MadeName, format: string): string {
  if (rendition === columnRendition) return 'webp'
  return rendition !== 'originals' || format === 'jpeg' ? 'jpg' : format
}

/** Returns width and height as a viewer sees them. Throws when they are too large, before decoding any pixel. */
export async function uprightSize(bytes: Buffer): Promise<[number, number]> {
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

/** Returns the error of a picture that cannot be used. */
export function unusable(detail: string, cause?: unknown): ApiError {
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
