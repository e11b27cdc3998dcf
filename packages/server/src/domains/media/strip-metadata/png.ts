import { crc32 } from 'node:zlib'
import { MalformedPicture } from './malformed-picture.ts'
import { type Orientation, orientationTiff, readOrientation } from './orientation.ts'
import { PictureWriter } from './picture-writer.ts'
import { readAscii, readUint } from './read.ts'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')
const headerStart = signature.length

/**
 * The chunks that change what is seen (PNG, third edition, chapter 11), each with its largest size: a decoder ignores a
 * longer one, which could hold anything. `mDCv` and `cLLi` are the spellings of `mDCV` and `cLLI` in drafts.
 */
const keptChunks = new Map([
  ['IHDR', 13],
  ['PLTE', 768],
  ['IDAT', Number.POSITIVE_INFINITY],
  ['IEND', 0],
  ['tRNS', 256],
  ['gAMA', 4],
  ['cHRM', 32],
  ['sRGB', 1],
  ['iCCP', Number.POSITIVE_INFINITY],
  ['sBIT', 4],
  ['pHYs', 9],
  ['bKGD', 6],
  ['hIST', 512],
  ['sPLT', Number.POSITIVE_INFINITY],
  ['cICP', 4],
  ['mDCV', 24],
  ['mDCv', 24],
  ['cLLI', 8],
  ['cLLi', 8],
  ['acTL', 8],
  ['fcTL', 26],
  ['fdAT', Number.POSITIVE_INFINITY],
])

/** From its length at `start` past its CRC to `end`; `end - 4` is where the payload ends. */
type Chunk = { type: string; start: number; payload: number; end: number }

export function stripPng(bytes: Buffer): Buffer {
  const output = new PictureWriter(bytes)
  output.write(signature)

  const orientation = findOrientation(bytes)
  let hasImage = false
  for (const chunk of chunks(bytes)) {
    if (isKept(chunk)) output.write(bytes, chunk.start, chunk.end)
    if (chunk.start === headerStart && orientation) output.write(orientationChunk(orientation))
    hasImage ||= chunk.type === 'IDAT'
  }
  if (!hasImage) throw new MalformedPicture('a PNG has at least one IDAT chunk, this one has none')
  return output.finish()
}

function isKept({ type, payload, end }: Chunk): boolean {
  const mostBytes = keptChunks.get(type)
  const fits = mostBytes !== undefined && end - 4 - payload <= mostBytes
  if (!fits && isCritical(type)) throw new MalformedPicture(`no decoder can show a PNG with this ${type} chunk`)
  return fits
}

/**
 * Returns whether a chunk is critical, so that the picture cannot be shown without it: its name begins with a capital.
 */
function isCritical(type: string): boolean {
  return type < 'a'
}

function findOrientation(bytes: Buffer): Orientation | undefined {
  for (const { type, payload, end } of chunks(bytes)) {
    if (type === 'eXIf') return readOrientation(bytes.subarray(payload, end - 4))
  }
  return undefined
}

function orientationChunk(orientation: Orientation): Buffer {
  const tiff = orientationTiff(orientation)
  const chunk = Buffer.alloc(12 + tiff.length)
  chunk.writeUInt32BE(tiff.length, 0)
  chunk.write('eXIf', 4, 'latin1')
  tiff.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4)
  return chunk
}

/** Yields the chunks from IHDR to IEND. */
function* chunks(bytes: Buffer): Generator<Chunk> {
  if (!bytes.subarray(0, headerStart).equals(signature)) {
    throw new MalformedPicture('a PNG begins with 89 50 4E 47 0D 0A 1A 0A')
  }
  if (readAscii(bytes, headerStart + 4, 4) !== 'IHDR') throw new MalformedPicture('the first chunk of a PNG is IHDR')

  let at = headerStart
  let type = ''
  while (type !== 'IEND') {
    const end = at + 12 + readUint(bytes, at, 4)
    type = readAscii(bytes, at + 4, 4)
    if (!/^[A-Za-z]{4}$/.test(type)) throw new MalformedPicture(`offset ${at + 4} should hold the name of a PNG chunk`)
    if (end > bytes.length) throw new MalformedPicture(`the PNG ends within its ${type} chunk`)
    yield { type, start: at, payload: at + 8, end }
    at = end
  }
}
