import { releaseBuffer } from '../../core/release-buffer.ts'

/** Decodes this much text at a time: too little to outlive the next minor garbage collection. */
const pieceLength = 64 * 1024
/** Decoded bytes are collected in blocks that grow up to this size. */
const largestBlock = 1024 * 1024

/** An incomplete escape at the end of a JSON text. */
const unfinishedEscape = /\\(?:u[0-9a-fA-F]{0,3})?$/

/**
 * Decodes the base64 (RFC 4648, 4; padding is optional) in a JSON text as it arrives. Some programs escape its
 * characters: PHP `/`, .NET `+`, and Gson `=`.
 */
export class Base64Decoder {
  /** Received but not decoded: the last characters may be padding, or an incomplete group of four. */
  #rest = ''
  readonly #blocks: Buffer[] = []
  /** The number of bytes used in the last block. */
  #filled = 0
  #isValid = true

  /** Adds more of the text. */
  push(text: Buffer): void {
    for (let at = 0; at < text.length; at += pieceLength) {
      const piece = this.#rest + text.toString('latin1', at, Math.min(at + pieceLength, text.length))
      const unfinished = piece.includes('\\') ? (unfinishedEscape.exec(piece)?.[0] ?? '') : ''
      const characters = unescapeText(piece.slice(0, piece.length - unfinished.length))
      const whole = Math.max(0, Math.floor((characters.length - 1) / 4) * 4)
      this.#decode(characters.slice(0, whole))
      this.#rest = characters.slice(whole) + unfinished
    }
  }

  /** Returns the decoded bytes, in memory of their own; undefined if the text was not base64. */
  end(): Buffer | undefined {
    const [, characters = '', padding = ''] = /^(.*?)(={0,2})$/s.exec(this.#rest) ?? []
    const isWhole = characters.length % 4 !== 1 && (padding === '' || this.#rest.length % 4 === 0)
    this.#decode(characters)
    return this.#isValid && isWhole ? this.#gather() : undefined
  }

  #decode(characters: string): void {
    if (!this.#isValid || characters === '') return
    const size = Math.floor((characters.length * 3) / 4)
    const block = this.#blockFor(size)
    // Node also accepts the alphabet for addresses, and ignores characters of neither.
    const written = block.write(characters, this.#filled, 'base64')
    this.#isValid = written === size && !/[-_]/.test(characters)
    this.#filled += written
  }

  #blockFor(size: number): Buffer {
    const last = this.#blocks.at(-1)
    if (last && last.length - this.#filled >= size) return last
    if (last) this.#blocks[this.#blocks.length - 1] = last.subarray(0, this.#filled)
    const block = Buffer.allocUnsafeSlow(Math.max(size, Math.min(largestBlock, (last?.length ?? 0) * 2)))
    this.#blocks.push(block)
    this.#filled = 0
    return block
  }

  #gather(): Buffer {
    const parts = [
      ...this.#blocks.slice(0, -1),
      ...this.#blocks.slice(-1).map((last) => last.subarray(0, this.#filled)),
    ]
    const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      at += part.copy(bytes, at)
      releaseBuffer(part)
    }
    return bytes
  }
}

/** Returns a text with its escapes decoded; characters outside base64 become `*`, which is invalid too. */
function unescapeText(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(\/)|[\s\S])/g, (_, code?: string, slash?: string) => {
    const character = code === undefined ? slash : String.fromCharCode(Number.parseInt(code, 16))
    return character === undefined || character === '\\' ? '*' : character
  })
}
