/** EXIF's code for turning or mirroring a picture before it is shown; 1, upright, is left out. */
export type Orientation = 2 | 3 | 4 | 5 | 6 | 7 | 8

const orientationTag = 0x0112
const shortType = 3
const entryLength = 12

/** Returns the orientation in a TIFF block, the format of EXIF; undefined when it is upright, absent or unreadable. */
export function readOrientation(tiff: Buffer): Orientation | undefined {
  const byteOrder = tiff.toString('latin1', 0, 4)
  if (tiff.length < 8 || (byteOrder !== 'II*\0' && byteOrder !== 'MM\0*')) return undefined

  const littleEndian = byteOrder === 'II*\0'
  const uint16 = (at: number) => (littleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const uint32 = (at: number) => (littleEndian ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))

  const directory = uint32(4)
  if (directory + 2 > tiff.length) return undefined

  const firstEntry = directory + 2
  const end = Math.min(firstEntry + uint16(directory) * entryLength, tiff.length)
  for (let entry = firstEntry; entry + entryLength <= end; entry += entryLength) {
    if (uint16(entry) !== orientationTag) continue
    const isOneShort = uint16(entry + 2) === shortType && uint32(entry + 4) === 1
    return isOneShort ? asOrientation(uint16(entry + 8)) : undefined
  }
  return undefined
}

/** Returns a TIFF block with nothing but the orientation. */
export function orientationTiff(orientation: Orientation): Buffer {
  // Big-endian, directory at 8; one entry: Orientation, SHORT, one of them, its value; no further directory.
  const tiff = Buffer.from('4d4d002a00000008' + '0001' + '0112000300000001' + '00000000' + '00000000', 'hex')
  tiff.writeUInt16BE(orientation, 18)
  return tiff
}

function asOrientation(value: number): Orientation | undefined {
  switch (value) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return value
    default:
      return undefined
  }
}
