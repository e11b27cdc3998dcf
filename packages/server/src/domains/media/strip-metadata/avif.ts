import { eraseMetadataItems } from './avif-items.ts'
import { type Box, boxes, freeBox, type Span } from './boxes.ts'
import { MalformedPicture } from './malformed-picture.ts'
import { readAscii, readUint } from './read.ts'

/**
 * The boxes to keep in the file and in each box that holds boxes, since they say how to show the picture (AVIF 1.2,
 * ISO/IEC 23008-12, ISO/IEC 14496-12). None may hold its own kind, so no file can cause deep recursion.
 */
const keptBoxes = new Map([
  ['file', new Set(['ftyp', 'meta', 'mdat', 'moov', 'moof'])],
  ['meta', new Set(['hdlr', 'pitm', 'iinf', 'iloc', 'iprp', 'iref', 'idat', 'dinf', 'grpl'])],
  ['iprp', new Set(['ipco', 'ipma'])],
  ['moov', new Set(['mvhd', 'trak', 'mvex'])],
  ['trak', new Set(['tkhd', 'tref', 'edts', 'mdia'])],
  ['mdia', new Set(['mdhd', 'hdlr', 'elng', 'minf'])],
  ['moof', new Set(['mfhd', 'traf'])],
  ['traf', new Set(['tfhd', 'tfdt', 'trun', 'sbgp', 'sgpd', 'subs'])],
])

/** Descriptions, spoken text and times. Unknown properties are kept: the picture may need them. */
const droppedProperties = new Set(['udes', 'altt', 'crtt', 'mdft', 'uuid', 'free', 'skip'])

/** Boxes that contain the file's creation and modification times. */
const timedBoxes = new Set(['mvhd', 'tkhd', 'mdhd'])

/** Many times what any picture has, and few enough to bound the cost of a hostile one. */
const mostBoxes = 65_536

/**
 * Works in place, since an AVIF refers to its data by offset: dropped boxes become free space, dropped items zeros.
 * Orientation needs no care: AVIF has properties for it (`irot`, `imir`), and readers ignore that of EXIF.
 */
export function stripAvif(original: Buffer): Buffer {
  if (readAscii(original, 4, 4) !== 'ftyp') throw new MalformedPicture('an AVIF begins with an ftyp box')

  const bytes = Buffer.from(original)
  const kept = cleanBoxes(bytes)
  const metaBoxes = kept.filter(({ type }) => type === 'meta')
  const mediaData = kept.filter(({ type }) => type === 'mdat')
  if (metaBoxes.length === 0 && !kept.some(({ type }) => type === 'moov')) {
    throw new MalformedPicture('an AVIF has a meta or a moov box, this one has neither')
  }
  if (metaBoxes.length > 1) throw new MalformedPicture('an AVIF has one meta box, this one has more')

  for (const meta of metaBoxes) eraseMetadataItems(bytes, meta, mediaData)
  return bytes
}

/** Frees every box that is not kept, and returns the others. */
function cleanBoxes(bytes: Buffer): Box[] {
  const kept: Box[] = []
  const pending: ({ holder: string } & Span)[] = [{ holder: 'file', start: 0, end: bytes.length }]
  for (let region = pending.pop(); region; region = pending.pop()) {
    for (const box of boxes(bytes, region)) {
      if (!isKept(region.holder, box.type)) {
        freeBox(bytes, box)
        continue
      }
      if (region.holder === 'ipco') continue // A property with the name of a box above is still a property.

      kept.push(box)
      if (kept.length > mostBoxes) throw new MalformedPicture(`an AVIF of more than ${mostBoxes} boxes is refused`)
      if (timedBoxes.has(box.type)) eraseTimes(bytes, box)
      if (box.type === 'ipco' || keptBoxes.has(box.type)) pending.push({ holder: box.type, ...contents(box) })
    }
  }
  return kept
}

function isKept(holder: string, type: string): boolean {
  if (holder === 'ipco') return !droppedProperties.has(type)
  return keptBoxes.get(holder)?.has(type) ?? false
}

/** Returns the range of the boxes within a box: of these, only `meta` has a version and flags before them. */
function contents({ type, payload, end }: Box): Span {
  return { start: type === 'meta' ? payload + 4 : payload, end }
}

/**
 * Erases creation and modification time, which follow version and flags, in 32 bits each or, from version 1 on, in 64.
 */
function eraseTimes(bytes: Buffer, { payload, end }: Box): void {
  const length = readUint(bytes, payload, 1) === 0 ? 8 : 16
  if (payload + 4 + length > end) throw new MalformedPicture(`too short for its times: the box up to offset ${end}`)
  bytes.fill(0, payload + 4, payload + 4 + length)
}
