import { MalformedPicture } from './malformed-picture.ts'
import { PictureWriter } from './picture-writer.ts'
import { readAscii, readUint } from './read.ts'

// Blocks: GIF89a specification, appendix A.
const imageDescriptor = 0x2c
const extension = 0x21
const trailer = 0x3b
const graphicControl = 0xf9
const application = 0xff

/** The application extensions for the number of repetitions of an animation. */
const loopingApplications = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0'])

export function stripGif(bytes: Buffer): Buffer {
  const version = readAscii(bytes, 0, 6)
  if (version !== 'GIF87a' && version !== 'GIF89a') throw new MalformedPicture('a GIF begins with GIF87a or GIF89a')

  const output = new PictureWriter(bytes)
  let at = 13 + colourTableLength(readUint(bytes, 10, 1))
  output.write(bytes, 0, at)

  let hasImage = false
  while (true) {
    const block = readUint(bytes, at, 1)
    if (block === trailer) break

    let end: number
    if (block === imageDescriptor) {
      end = imageEnd(bytes, at)
      output.write(bytes, at, end)
      hasImage = true
    } else if (block === extension) {
      end = subBlocksEnd(bytes, at + 2)
      writeExtension(output, bytes, at)
    } else {
      throw new MalformedPicture(`offset ${at} should hold a GIF's image, extension or trailer`)
    }
    at = end
  }
  if (!hasImage) throw new MalformedPicture('a GIF has at least one image, this one has none')

  output.write(Buffer.from([trailer]))
  return output.finish()
}

function imageEnd(bytes: Buffer, at: number): number {
  const codeSize = at + 10 + colourTableLength(readUint(bytes, at + 9, 1))
  return subBlocksEnd(bytes, codeSize + 1)
}

function colourTableLength(flags: number): number {
  const isPresent = (flags & 0x80) !== 0
  return isPresent ? 3 * 2 ** ((flags & 0x07) + 1) : 0
}

/** Returns the offset behind the list of sub-blocks that begins at `at`, which ends with an empty one. */
function subBlocksEnd(bytes: Buffer, at: number): number {
  let end = at
  let length: number
  do {
    length = readUint(bytes, end, 1)
    end += 1 + length
  } while (length > 0)
  return end
}

/** Writes the parts of an extension that change how the images are shown. */
function writeExtension(output: PictureWriter, bytes: Buffer, at: number): void {
  const label = readUint(bytes, at + 1, 1)
  const length = readUint(bytes, at + 2, 1)
  if (label === graphicControl && length === 4) {
    output.write(bytes, at, at + 7)
    output.write(Buffer.from([0]))
  }
  if (label === application && length === 11 && loopingApplications.has(readAscii(bytes, at + 3, 11))) {
    writeLoop(output, bytes, at)
  }
}

/** Writes the sub-block `03 01 count count`; others hold a streaming decoder's buffer size, or anything. */
function writeLoop(output: PictureWriter, bytes: Buffer, at: number): void {
  const loop = at + 14
  if (readUint(bytes, loop, 2) !== 0x0301) return
  output.write(bytes, at, loop + 4)
  output.write(Buffer.from([0]))
}
