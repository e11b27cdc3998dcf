import { MalformedPicture } from './malformed-picture.ts'
import { type Orientation, orientationTiff, readOrientation } from './orientation.ts'
import { PictureWriter } from './picture-writer.ts'
import { readAscii, readUint } from './read.ts'

// Markers: ITU-T T.81, table B.1.
const startOfImage = 0xd8
const endOfImage = 0xd9
const startOfScan = 0xda
const app0 = 0xe0
const app1 = 0xe1
const app2 = 0xe2
const app14 = 0xee
const app15 = 0xef
const comment = 0xfe

const jfifSignature = 'JFIF\0'
const exifSignature = 'Exif\0'
const iccSignature = 'ICC_PROFILE\0'
const adobeSignature = 'Adobe'

/** `start` is at its 0xFF, `payload` after its length; a scan's segment extends to the end of the scan's data. */
type Segment = { marker: number; start: number; payload: number; end: number }

export function stripJpeg(bytes: Buffer): Buffer {
  const output = new PictureWriter(bytes)
  output.write(Buffer.from([0xff, startOfImage]))

  const { jfif, orientation } = readHeader(bytes)
  if (jfif) writeJfif(output, bytes, jfif)
  if (orientation) writeOrientation(output, orientation)

  let hasScan = false
  for (const segment of segments(bytes)) {
    if (segment.marker === app14) writeAdobe(output, bytes, segment)
    else if (isKeptWhole(bytes, segment)) output.write(bytes, segment.start, segment.end)
    hasScan ||= segment.marker === startOfScan
  }
  if (!hasScan) throw new MalformedPicture('a JPEG has at least one scan, this one has none')

  output.write(Buffer.from([0xff, endOfImage]))
  return output.finish()
}

/** Reads what is written first wherever it was: before the first scan, where decoders look for it. */
function readHeader(bytes: Buffer): { jfif: Segment | undefined; orientation: Orientation | undefined } {
  let jfif: Segment | undefined
  let exif: Segment | undefined
  for (const segment of segments(bytes)) {
    if (segment.marker === startOfScan) break
    if (segment.marker === app0 && hasSignature(bytes, segment, jfifSignature, 14)) jfif ??= segment
    if (segment.marker === app1 && hasSignature(bytes, segment, exifSignature, 6)) exif ??= segment
  }
  return { jfif, orientation: exif && readOrientation(bytes.subarray(exif.payload + 6, exif.end)) }
}

/** Writes JFIF without its thumbnail, which may show parts that were cropped from the picture. */
function writeJfif(output: PictureWriter, bytes: Buffer, { payload }: Segment): void {
  output.write(Buffer.from([0xff, app0, 0, 16]))
  output.write(bytes, payload, payload + 12)
  output.write(Buffer.from([0, 0]))
}

function writeOrientation(output: PictureWriter, orientation: Orientation): void {
  const payload = Buffer.concat([Buffer.from('Exif\0\0'), orientationTiff(orientation)])
  output.write(Buffer.from([0xff, app1, 0, 2 + payload.length]))
  output.write(payload)
}

/** Writes the colour transform; the rest of the segment means nothing to a decoder. */
function writeAdobe(output: PictureWriter, bytes: Buffer, segment: Segment): void {
  if (!hasSignature(bytes, segment, adobeSignature, 12)) return
  output.write(Buffer.from([0xff, app14, 0, 14]))
  output.write(bytes, segment.payload, segment.payload + 12)
}

function isKeptWhole(bytes: Buffer, segment: Segment): boolean {
  if (segment.marker === app2) return hasSignature(bytes, segment, iccSignature, iccSignature.length)
  return segment.marker < app0
}

function hasSignature(bytes: Buffer, { payload, end }: Segment, signature: string, leastLength: number): boolean {
  return end - payload >= leastLength && readAscii(bytes, payload, signature.length) === signature
}

/** Yields the segments between the start of the image and its end; another picture may follow, or anything else. */
function* segments(bytes: Buffer): Generator<Segment> {
  if (readUint(bytes, 0, 2) !== 0xff00 + startOfImage) throw new MalformedPicture('a JPEG begins with FF D8')

  let at = 2
  while (true) {
    if (readUint(bytes, at, 1) !== 0xff) throw new MalformedPicture(`offset ${at} should hold a JPEG marker`)
    const marker = readUint(bytes, at + 1, 1)
    if (marker === endOfImage) return
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (!beginsSegment(marker)) throw new MalformedPicture(`${marker.toString(16)} is no JPEG marker of a segment`)

    const end = segmentEnd(bytes, at, marker)
    yield { marker, start: at, payload: at + 4, end }
    at = end
  }
}

/**
 * Returns whether a marker begins a segment: frames, tables, scans, APPn and COM. The rest is reserved, or has no
 * length and no place between segments.
 */
function beginsSegment(marker: number): boolean {
  const isFrameOrTable = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8
  return isFrameOrTable || (marker >= startOfScan && marker <= app15) || marker === comment
}

function segmentEnd(bytes: Buffer, start: number, marker: number): number {
  const length = readUint(bytes, start + 2, 2)
  const end = start + 2 + length
  if (length < 2 || end > bytes.length) throw new MalformedPicture(`the segment at offset ${start} has a wrong length`)
  return marker === startOfScan ? scanDataEnd(bytes, end) : end
}

/** Returns the offset of the first marker after `from` that is neither a stuffed zero, a restart nor a fill byte. */
function scanDataEnd(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from)
  while (at !== -1) {
    const next = bytes[at + 1]
    const isRestart = next !== undefined && next >= 0xd0 && next <= 0xd7
    if (next === 0xff) at += 1
    else if (next === 0x00 || isRestart) at = bytes.indexOf(0xff, at + 2)
    else return at
  }
  throw new MalformedPicture('the JPEG ends within a scan')
}
