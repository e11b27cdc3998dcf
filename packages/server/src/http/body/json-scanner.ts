import { contentHash } from '../../core/content-hash.ts'
import { invalid } from '../../core/errors.ts'
import { Base64Decoder } from './base64-decoder.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { tooLarge } from './read-body.ts'

/** Lists and objects in a body may be nested at most this deep. */
const mostDepth = 32
/**
 * A body may have at most this many values, including those in lists and objects. A thousand events with every field
 * have a third of it.
 */
const mostValues = 30_000
/** Shorter texts of pictures are parsed like any other. */
const leastPicture = 4096

const keyOfPicture = /"((?:cover_image_)?data)"\s*:\s*$/
/** The longest text that `keyOfPicture` matches, with some blanks. */
const longestKey = 60
const dataUrl = /^data:[\w.+-]+\\?\/[\w.+-]+;base64,/i
/** The same for a text that was too short to be extracted. */
const shortDataUrl = /"((?:cover_image_)?data)"\s*:\s*"(data:[\w.+-]+\\?\/[\w.+-]+;base64,)/i

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/** A JSON body whose pictures were extracted. */
export interface ScannedJson {
  /** The JSON, with the hex SHA-256 of each picture's bytes in place of its base64. */
  json: Buffer
  /** The pictures by that hash. */
  pictures: Map<string, Buffer>
}

/**
 * Reads a JSON body as it arrives, before parsing: counts its bytes, depth and values, so that a body that would block
 * the server is refused as soon as that shows. Extracts and decodes pictures in base64 on the way: as texts they would
 * be copied and searched several times, and each copy would be garbage to collect.
 */
export class JsonScanner {
  readonly #mostBytes: number
  readonly #takesPictures: boolean
  readonly #json = new GrowingBuffer()
  #depth = 0
  #values = 1
  /** The length of the current text so far, or -1 outside of texts. */
  #textLength = -1
  #isEscaped = false
  #picture: { name: string; decoder: Base64Decoder } | undefined
  /** Each with its position in the JSON. */
  readonly #pictures: { at: number; bytes: Buffer }[] = []

  /** `mostBytes`: the largest JSON without its pictures. */
  constructor({ mostBytes, takesPictures }: { mostBytes: number; takesPictures: boolean }) {
    this.#mostBytes = mostBytes
    this.#takesPictures = takesPictures
  }

  /** Scans the next part. Throws a 400 or 413 when there is too much, or a picture is not base64. */
  push(part: Buffer): void {
    for (let at = 0; at < part.length; ) at = this.#picture ? this.#pushPicture(part, at) : this.#pushJson(part, at)
  }

  /** Returns the scanned body. Throws a 400 for a picture with a prefix before its base64. */
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

  /** Scans JSON until a picture begins; returns that position. */
  #pushJson(part: Buffer, from: number): number {
    // In local variables: this loop sees each byte of every body.
    let [textLength, isEscaped] = [this.#textLength, this.#isEscaped]
    const pictureAt = this.#takesPictures ? leastPicture : Number.POSITIVE_INFINITY
    for (let at = from; at < part.length; at++) {
      const byte = part[at]
      if (textLength < 0) {
        if (byte === quote) textLength = 0
        else if (byte === openList || byte === openObject) this.#open()
        else if (byte === closeList || byte === closeObject) this.#depth--
        else if (byte === comma) this.#count()
      } else if (isEscaped || byte === backslash) isEscaped = !isEscaped
      else if (byte === quote) textLength = -1
      if (textLength >= 0 && textLength++ === pictureAt) {
        this.#textLength = textLength
        this.#isEscaped = isEscaped
        this.#keep(part.subarray(from, at + 1))
        this.#beginPicture()
        return at + 1
      }
    }
    this.#textLength = textLength
    this.#isEscaped = isEscaped
    this.#keep(part.subarray(from))
    return part.length
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

  /** Removes the text so far from the JSON again, if it is a picture's. */
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

  /** Scans a picture's text until its end; returns that position. */
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
