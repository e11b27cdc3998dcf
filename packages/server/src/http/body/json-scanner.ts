import { contentHash } from '../../core/content-hash.ts'
import { invalid } from '../../core/errors.ts'
import { Base64Decoder } from './base64-decoder.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { tooLarge } from './read-body.ts'

/** Lists and objects in a body may be nested this deep. */
const mostDepth = 32
/** A body may hold this many values, those in lists and objects counted. A thousand events with everything have a third. */
const mostValues = 30_000
/** A picture's text that is shorter is parsed as any other. */
const leastPicture = 4096

const keyOfPicture = /"((?:cover_image_)?data)"\s*:\s*$/
/** The longest that `keyOfPicture` matches, with some blanks. */
const longestKey = 60
const dataUrl = /^data:[\w.+-]+\\?\/[\w.+-]+;base64,/i
/** The same where the text was too short to be taken out. */
const shortDataUrl = /"((?:cover_image_)?data)"\s*:\s*"(data:[\w.+-]+\\?\/[\w.+-]+;base64,)/i

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/** A body of JSON whose pictures were taken out of it. */
export interface ScannedJson {
  /** The JSON; in place of each picture's base64 is the SHA-256 of its bytes, in hex. */
  json: Buffer
  /** The pictures by that. */
  pictures: Map<string, Buffer>
}

/**
 * Reads a body of JSON while it comes, before it is parsed: how much, how deep and how many values it is, so that what
 * would hold everybody up is refused as soon as that shows. Pictures in base64 are taken out and decoded on the way: as
 * texts they would be copied and searched several times, and each copy would be the garbage collector's.
 */
export class JsonScanner {
  readonly #mostBytes: number
  readonly #takesPictures: boolean
  readonly #json = new GrowingBuffer()
  #depth = 0
  #values = 1
  /** How much of a text has come, or -1 outside of texts. */
  #textLength = -1
  #isEscaped = false
  #picture: { name: string; decoder: Base64Decoder } | undefined
  /** Each with where it was in the JSON. */
  readonly #pictures: { at: number; bytes: Buffer }[] = []

  /** `mostBytes`: how much JSON there may be besides pictures. */
  constructor({ mostBytes, takesPictures }: { mostBytes: number; takesPictures: boolean }) {
    this.#mostBytes = mostBytes
    this.#takesPictures = takesPictures
  }

  /** Takes the next part. Throws a 400 or 413 when there is too much, or what should be a picture is no base64. */
  push(part: Buffer): void {
    for (let at = 0; at < part.length; ) at = this.#picture ? this.#pushPicture(part, at) : this.#pushJson(part, at)
  }

  /** What came. Throws a 400 for a picture with words before its base64. */
  async end(): Promise<ScannedJson> {
    const json = this.#json.bytes
    if (this.#takesPictures) {
      const [, name, prefix] = shortDataUrl.exec(json.toString('latin1')) ?? []
      if (name && prefix) throw notAlone(name, prefix)
    }
    const pictures = new Map<string, Buffer>()
    const parts: Buffer[] = []
    let from = 0
    for (const { at, bytes } of this.#pictures) {
      const hash = await contentHash(bytes)
      pictures.set(hash, bytes)
      parts.push(json.subarray(from, at), Buffer.from(hash))
      from = at
    }
    return { json: parts.length === 0 ? json : Buffer.concat([...parts, json.subarray(from)]), pictures }
  }

  /** Takes JSON until a picture begins; returns where that is. */
  #pushJson(part: Buffer, from: number): number {
    for (let at = from; at < part.length; at++) {
      const byte = part[at]
      if (this.#textLength < 0) this.#countByte(byte)
      else if (this.#isEscaped || byte === backslash) this.#isEscaped = !this.#isEscaped
      else if (byte === quote) this.#textLength = -1
      if (this.#textLength >= 0 && this.#textLength++ === leastPicture && this.#takesPictures) {
        this.#keep(part.subarray(from, at + 1))
        this.#beginPicture()
        return at + 1
      }
    }
    this.#keep(part.subarray(from))
    return part.length
  }

  #countByte(byte: number | undefined): void {
    if (byte === quote) this.#textLength = 0
    else if (byte === openList || byte === openObject) this.#open()
    else if (byte === closeList || byte === closeObject) this.#depth--
    else if (byte === comma) this.#count()
  }

  #open(): void {
    if (++this.#depth > mostDepth) throw invalid(`The body is nested more than ${mostDepth} levels deep.`)
    this.#count()
  }

  #count(): void {
    if (++this.#values > mostValues) throw invalid(`The body holds more than ${mostValues} values.`)
  }

  #keep(part: Buffer): void {
    if (this.#json.length + part.length > this.#mostBytes)
      throw tooLarge(this.#mostBytes, this.#takesPictures ? ', besides pictures in base64' : '')
    this.#json.add(part)
  }

  /** Takes the text that has come so far out of the JSON again, if it is a picture's. */
  #beginPicture(): void {
    const json = this.#json.bytes
    const start = json.length - leastPicture
    const [, name] = keyOfPicture.exec(json.toString('latin1', Math.max(0, start - longestKey), start - 1)) ?? []
    if (!name) return
    const text = json.subarray(start)
    const [prefix] = dataUrl.exec(text.toString('latin1', 0, 100)) ?? []
    if (prefix) throw notAlone(name, prefix)
    const decoder = new Base64Decoder()
    decoder.push(text)
    this.#json.cutTo(start)
    this.#isEscaped = false
    this.#picture = { name, decoder }
  }

  /** Takes a picture's text until its end; returns where that is. */
  #pushPicture(part: Buffer, from: number): number {
    const end = part.indexOf(quote, from)
    this.#picture?.decoder.push(part.subarray(from, end === -1 ? part.length : end))
    if (end === -1) return part.length
    this.#endPicture()
    return end
  }

  #endPicture(): void {
    const bytes = this.#picture?.decoder.end()
    if (!bytes) throw invalid(`'${this.#picture?.name}' is not base64, which is A to Z, a to z, 0 to 9, + and / alone.`)
    this.#pictures.push({ at: this.#json.length, bytes })
    this.#picture = undefined
  }
}

const notAlone = (name: string, prefix: string) =>
  invalid(`'${name}' must be the base64 alone: leave out '${prefix.replace('\\', '').slice(0, 60)}' before it.`)
