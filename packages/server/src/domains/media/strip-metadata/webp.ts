import { MalformedPicture } from './malformed-picture.ts'
import { type Orientation, orientationTiff, readOrientation } from './orientation.ts'
import { PictureWriter } from './picture-writer.ts'
import { readAscii, readUint, readUint32LittleEndian } from './read.ts'

// Chunks and flags: RFC 9649, section 2.7.
const frameTypes = new Set(['ALPH', 'VP8 ', 'VP8L'])
const extendedLength = 10
const animationLength = 6
const frameHeaderLength = 16
const exifFlag = 0x08
/** Colour profile, alpha, animation. */
const keptFlags = 0x20 | 0x10 | 0x02

type Chunk = { type: string; payload: number; end: number }

export function stripWebp(bytes: Buffer): Buffer {
  const riffEnd = readRiffEnd(bytes)
  const orientation = findOrientation(bytes, riffEnd)

  const output = new PictureWriter(bytes)
  output.write(bytes, 0, 12)
  let hasImage = false
  for (const chunk of chunks(bytes, 12, riffEnd)) {
    writeChunk(output, bytes, chunk, orientation)
    hasImage ||= chunk.type === 'VP8 ' || chunk.type === 'VP8L' || chunk.type === 'ANMF'
  }
  if (!hasImage) throw new MalformedPicture('a WebP has at least one image, this one has none')

  if (orientation) writeWhole(output, 'EXIF', orientationTiff(orientation))
  const stripped = output.finish()
  stripped.writeUInt32LE(stripped.length - 8, 4)
  return stripped
}

function readRiffEnd(bytes: Buffer): number {
  if (readAscii(bytes, 0, 4) !== 'RIFF' || readAscii(bytes, 8, 4) !== 'WEBP') {
    throw new MalformedPicture('a WebP begins with RIFF, a length and WEBP')
  }
  const end = 8 + readUint32LittleEndian(bytes, 4)
  if (end > bytes.length) throw new MalformedPicture(`the WebP should be ${end} bytes long, but is ${bytes.length}`)
  return end
}

/** Returns the orientation. EXIF counts only where the VP8X chunk, which comes first, says that there is some. */
function findOrientation(bytes: Buffer, riffEnd: number): Orientation | undefined {
  let isAnnounced = false
  for (const { type, payload, end } of chunks(bytes, 12, riffEnd)) {
    if (type === 'VP8X') isAnnounced = (readUint(bytes, payload, 1) & exifFlag) !== 0
    if (type === 'EXIF' && isAnnounced) return readOrientation(tiffOf(bytes.subarray(payload, end)))
  }
  return undefined
}

/**
 * Returns the TIFF block of an EXIF chunk. It should hold nothing else, but some writers put JPEG's prefix before it.
 */
function tiffOf(exif: Buffer): Buffer {
  return exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif
}

function writeChunk(output: PictureWriter, bytes: Buffer, chunk: Chunk, orientation: Orientation | undefined): void {
  const { type, payload, end } = chunk
  if (frameTypes.has(type) || type === 'ICCP') writeWhole(output, type, bytes, payload, end)
  if (type === 'VP8X') {
    requireLength(chunk, extendedLength)
    writeWhole(output, type, extendedHeader(bytes, payload, orientation))
  }
  if (type === 'ANIM') {
    requireLength(chunk, animationLength)
    writeWhole(output, type, bytes, payload, payload + animationLength)
  }
  if (type === 'ANMF') writeFrame(output, bytes, chunk)
}

/** Returns the VP8X chunk: flags, three reserved bytes, and the size of the canvas. */
function extendedHeader(bytes: Buffer, payload: number, orientation: Orientation | undefined): Buffer {
  const flags = (readUint(bytes, payload, 1) & keptFlags) | (orientation ? exifFlag : 0)
  return Buffer.concat([Buffer.from([flags, 0, 0, 0]), bytes.subarray(payload + 4, payload + extendedLength)])
}

/** Writes a frame of an animation. It has chunks of its own, of which unknown ones are dropped too. */
function writeFrame(output: PictureWriter, bytes: Buffer, frame: Chunk): void {
  requireLength(frame, frameHeaderLength)
  const first = frame.payload + frameHeaderLength

  let length = frameHeaderLength
  for (const { type, payload, end } of chunks(bytes, first, frame.end)) {
    if (frameTypes.has(type)) length += 8 + evenLength(end - payload)
  }
  output.write(chunkHeader(frame.type, length))
  output.write(bytes, frame.payload, first)
  for (const { type, payload, end } of chunks(bytes, first, frame.end)) {
    if (frameTypes.has(type)) writeWhole(output, type, bytes, payload, end)
  }
}

function writeWhole(output: PictureWriter, type: string, source: Buffer, start = 0, end = source.length): void {
  output.write(chunkHeader(type, end - start))
  output.write(source, start, end)
  if ((end - start) % 2 === 1) output.write(Buffer.from([0]))
}

function chunkHeader(type: string, length: number): Buffer {
  const header = Buffer.from(`${type}\0\0\0\0`, 'latin1')
  header.writeUInt32LE(length, 4)
  return header
}

function evenLength(length: number): number {
  return length + (length % 2)
}

function requireLength({ type, payload, end }: Chunk, length: number): void {
  if (end - payload < length) throw new MalformedPicture(`the ${type} chunk of a WebP has at least ${length} bytes`)
}

/** Yields chunks. The last one may lack the byte that pads it to an even length. */
function* chunks(bytes: Buffer, start: number, regionEnd: number): Generator<Chunk> {
  let at = start
  while (at < regionEnd) {
    const type = readAscii(bytes, at, 4)
    const payload = at + 8
    const end = payload + readUint32LittleEndian(bytes, at + 4)
    if (end > regionEnd) throw new MalformedPicture(`the ${type} chunk at offset ${at} is longer than what holds it`)
    yield { type, payload, end }
    at = payload + evenLength(end - payload)
  }
}
