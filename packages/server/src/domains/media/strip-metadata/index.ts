import { stripAvif } from './avif.ts'
import { stripGif } from './gif.ts'
import { stripJpeg } from './jpeg.ts'
import { stripPng } from './png.ts'
import { stripWebp } from './webp.ts'

export { MalformedPicture } from './malformed-picture.ts'

export type PictureFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'

const strippers: Record<PictureFormat, (bytes: Buffer) => Buffer> = {
  jpeg: stripJpeg,
  png: stripPng,
  gif: stripGif,
  webp: stripWebp,
  avif: stripAvif,
}

/**
 * Removes where, when and by whom a picture was taken, without touching its pixels: EXIF, XMP, IPTC, comments,
 * embedded previews, whatever an encoder appended. What the pixels need to look right stays: colour profile,
 * transparency, animation, orientation. Takes linear time, and stripping twice changes nothing more.
 *
 * Only the container is checked. Whether the pixels decode is for the decoder to say.
 *
 * ```ts
 * await writeFile(path, stripMetadata(upload, 'jpeg'))
 * ```
 *
 * @param bytes the whole file, which is left as it is
 * @param format what the file is, found by its content rather than its name
 * @returns a new file of the same format, at most 64 bytes longer
 * @throws MalformedPicture when the container is cut short or breaks its format's rules
 */
export function stripMetadata(bytes: Buffer, format: PictureFormat): Buffer {
  return strippers[format](bytes)
}
