import { type Box, boxes } from './boxes.ts'
import { MalformedPicture } from './malformed-picture.ts'
import { readAscii, readUint } from './read.ts'

/** Coded pictures and ways to combine them. Any other item, known (`Exif`, `mime`, `uri `) or not, is erased. */
const pictureTypes = new Set(['av01', 'grid', 'iovl', 'iden', 'tmap', 'sato'])

/** Many times what any picture has, and few enough to bound the cost of a hostile one. */
const mostExtents = 65_536

/** A range of an item's data in the file; a length of 0 means up to the end of its box. */
type Extent = { start: number; length: number; isPicture: boolean }

/** The width in bytes of each number in `iloc`. */
type Widths = Record<'id' | 'method' | 'base' | 'index' | 'offset' | 'length', 0 | 2 | 4 | 8>

/** Fills the data of all items other than pictures with zeros. ISO/IEC 14496-12, clause 8.11. */
export function eraseMetadataItems(bytes: Buffer, meta: Box, mediaData: Box[]): void {
  const itemInfo = onlyBox(bytes, meta, 'iinf')
  const itemLocation = onlyBox(bytes, meta, 'iloc')
  const itemData = onlyBox(bytes, meta, 'idat')
  if (!itemLocation) return

  const pictures = itemInfo ? separatePictures(bytes, itemInfo) : new Set<number>()
  const extents = readExtents(bytes, itemLocation, itemData?.payload, pictures)
  eraseExtents(bytes, extents, itemData ? [...mediaData, itemData] : mediaData)
}

function onlyBox(bytes: Buffer, meta: Box, type: string): Box | undefined {
  let found: Box | undefined
  for (const box of boxes(bytes, { start: meta.payload + 4, end: meta.end })) {
    if (box.type !== type) continue
    if (found) throw new MalformedPicture(`an AVIF has one ${type} box, this one has more`)
    found = box
  }
  return found
}

/**
 * Returns the items that are pictures, from `iinf`, whose entries have an item's type from version 2 on. The others
 * lose type, name and content type, so that no reader takes the zeros in their data for EXIF or XMP.
 */
function separatePictures(bytes: Buffer, { payload, end }: Box): Set<number> {
  const countWidth = readUint(bytes, payload, 1) === 0 ? 2 : 4
  const items = new Set<number>()
  const pictures = new Set<number>()
  for (const entry of boxes(bytes, { start: payload + 4 + countWidth, end })) {
    const version = readUint(bytes, entry.payload, 1)
    const idWidth = version === 3 ? 4 : 2
    const id = readUint(bytes, entry.payload + 4, idWidth)
    const typeStart = entry.payload + 4 + idWidth + 2
    const type = readAscii(bytes, typeStart, 4)
    if (typeStart + 4 > entry.end) throw new MalformedPicture(`the entry of AVIF item ${id} is too short for its type`)
    if (items.has(id)) throw new MalformedPicture(`an AVIF has one item ${id}, this one has more`)
    items.add(id)
    if (version >= 2 && pictureTypes.has(type)) {
      pictures.add(id)
    } else {
      bytes.write('free', typeStart, 'latin1')
      bytes.fill(0, typeStart + 4, entry.end)
    }
  }
  return pictures
}

function readExtents(bytes: Buffer, iloc: Box, itemData: number | undefined, pictures: Set<number>): Extent[] {
  const read = reader(bytes.subarray(0, iloc.end), iloc.payload)
  const width = readWidths(read)
  const extents: Extent[] = []
  for (let items = read(width.id); items > 0; items -= 1) {
    const isPicture = pictures.has(read(width.id))
    const origin = originOf(read(width.method), itemData)
    read(2) // The file with the data, of which there is only this one.
    const base = origin + read(width.base)
    for (let left = read(2); left > 0; left -= 1) {
      read(width.index)
      const start = base + read(width.offset)
      extents.push({ start, length: read(width.length), isPicture })
      if (extents.length > mostExtents) throw new MalformedPicture(`more than ${mostExtents} extents are refused`)
    }
  }
  return extents
}

function readWidths(read: Read): Widths {
  const version = read(1)
  if (version > 2) throw new MalformedPicture(`an iloc box has version 0, 1 or 2, this one has ${version}`)
  read(1)
  read(2)
  const sizes = read(2)
  return {
    id: version === 2 ? 4 : 2,
    method: version === 0 ? 0 : 2,
    base: asWidth((sizes >> 4) & 0xf),
    index: version === 0 ? 0 : asWidth(sizes & 0xf),
    offset: asWidth(sizes >> 12),
    length: asWidth((sizes >> 8) & 0xf),
  }
}

function asWidth(value: number): 0 | 4 | 8 {
  if (value !== 0 && value !== 4 && value !== 8) throw new MalformedPicture(`a size in iloc is 0, 4 or 8, not ${value}`)
  return value
}

/**
 * Returns what an item's offsets are relative to, by its construction method: the start of the file, or of `idat`'s
 * data.
 */
function originOf(method: number, itemData: number | undefined): number {
  if ((method & 0xf) === 0) return 0
  if ((method & 0xf) === 1 && itemData !== undefined) return itemData
  throw new MalformedPicture('the data of an AVIF item is in the file or in its idat box')
}

/** Erases all extents other than of pictures, in one pass over the file. */
function eraseExtents(bytes: Buffer, extents: Extent[], holders: Box[]): void {
  const byStart = (a: { start: number }, b: { start: number }) => a.start - b.start
  const remainingHolders = holders.toSorted(byStart).values()
  let holder = remainingHolders.next().value
  let pictureEnd = 0
  let erasedEnd = 0
  for (const { start, length, isPicture } of extents.toSorted(byStart)) {
    while (holder && holder.end <= start) holder = remainingHolders.next().value
    if (!holder || start < holder.payload || start + length > holder.end) {
      throw new MalformedPicture(`the item data at offset ${start} is in no mdat or idat box`)
    }
    if (start < (isPicture ? erasedEnd : pictureEnd)) {
      throw new MalformedPicture(`the data at offset ${start} belongs to a picture and to metadata`)
    }
    const end = length === 0 ? holder.end : start + length
    if (isPicture) {
      pictureEnd = Math.max(pictureEnd, end)
    } else {
      bytes.fill(0, Math.max(start, erasedEnd), Math.max(end, erasedEnd))
      erasedEnd = Math.max(end, erasedEnd)
    }
  }
}

type Read = (width: 0 | 1 | 2 | 4 | 8) => number

/** Returns a function that reads one number after another, from `at` on. */
function reader(bytes: Buffer, at: number): Read {
  let next = at
  return (width) => {
    const value = readUint(bytes, next, width)
    next += width
    return value
  }
}
