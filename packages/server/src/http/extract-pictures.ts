import { setImmediate as othersTurn } from 'node:timers/promises'
import { contentHash } from '../core/content-hash.ts'

/** A text that is shorter is parsed as any other. */
const leastLength = 64 * 1024
/** A body with pictures has few other texts; what stands behind so many quotes is parsed as it is. */
const mostQuotes = 1000

/** So much is decoded at a time, as a text that is too short to outlive the next minor garbage collection. */
const pieceLength = 64 * 1024
/** After so much of it, others are answered. */
const turnLength = 16 * pieceLength

const keyOfPicture = /"(?:cover_image_)?data"\s*:\s*$/
const [quote, backslash] = [0x22, 0x5c]

/** A body whose pictures were taken out of it. */
export interface ExtractedBody {
  /** The JSON; in place of each picture's base64 is the SHA-256 of its bytes, in hex. */
  json: Buffer
  /** The pictures by that. */
  pictures: Map<string, Buffer>
}

/**
 * Takes the pictures in base64 out of a JSON body before it is parsed: as texts they would be copied and searched
 * several times, and each copy would be the garbage collector's, while nobody else is answered.
 * What is no base64 stays, for validation to refuse.
 */
export async function extractPictures(body: Buffer): Promise<ExtractedBody> {
  const pictures = new Map<string, Buffer>()
  const kept: Buffer[] = []
  let keptTo = 0
  for (const { start, end } of texts(body)) {
    if (end - start < leastLength || !keyOfPicture.test(body.toString('latin1', Math.max(0, start - 40), start - 1)))
      continue
    const bytes = await decode(body.subarray(start, end))
    if (!bytes) continue
    const name = await contentHash(bytes)
    pictures.set(name, bytes)
    kept.push(body.subarray(keptTo, start), Buffer.from(name))
    keptTo = end
  }
  return { json: keptTo === 0 ? body : Buffer.concat([...kept, body.subarray(keptTo)]), pictures }
}

/** Where the first texts of a JSON are, without their quotes. */
function* texts(json: Buffer): Generator<{ start: number; end: number }> {
  let start: number | undefined
  let at = json.indexOf(quote)
  for (let count = 0; at !== -1 && count < mostQuotes; count++) {
    if (start === undefined) start = at + 1
    else if (!isEscaped(json, at)) {
      yield { start, end: at }
      start = undefined
    }
    at = json.indexOf(quote, at + 1)
  }
}

function isEscaped(json: Buffer, at: number): boolean {
  let before = at
  while (json[before - 1] === backslash) before--
  return (at - before) % 2 === 1
}

/** What a base64 text stands for, or undefined if it is none (RFC 4648, 4; the padding may be left out). */
async function decode(text: Buffer): Promise<Buffer | undefined> {
  let length = text.length
  while (length > text.length - 2 && text[length - 1] === 0x3d) length--
  // Node takes the alphabet for addresses too, and passes over what belongs to neither.
  if (length % 4 === 1 || text.includes('-') || text.includes('_')) return undefined
  const bytes = Buffer.allocUnsafeSlow(Math.floor((length * 3) / 4))
  let written = 0
  for (let at = 0; at < length; at += pieceLength) {
    if (at % turnLength === 0 && at > 0) await othersTurn()
    written += bytes.write(text.toString('latin1', at, Math.min(at + pieceLength, length)), written, 'base64')
  }
  return written === bytes.length ? bytes : undefined
}
