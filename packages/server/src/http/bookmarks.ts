import { hash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../core/errors.ts'
import { JsonText } from '../core/json-text.ts'
import type { Page, PageRequest } from '../core/page.ts'

const macBytes = 9
const idBytes = 8

/**
 * Bookmarks: opaque, URL-safe, and bound to the query they came from, so that one cannot be used elsewhere.
 * A bookmark holds the id of the last item seen, and what follows is what has a smaller id: inserts and deletes
 * between two pages neither repeat nor skip an item.
 */
export class Bookmarks {
  readonly #key: Buffer

  /** `key`: a secret of the installation. */
  constructor(key: Buffer) {
    this.#key = key
  }

  /** The page that a query asks for. `list` names the list with everything that narrows it. Throws a 400. */
  read(list: string, query: { bookmark?: string; page_size?: number }): PageRequest {
    const size = query.page_size ?? 25
    if (query.bookmark === undefined || query.bookmark === '') return { before: Number.MAX_SAFE_INTEGER, size }
    const bytes = Buffer.from(query.bookmark, 'base64url')
    const genuine =
      bytes.length === idBytes + macBytes &&
      timingSafeEqual(this.#mac(list, bytes.subarray(0, idBytes)), bytes.subarray(idBytes))
    if (!genuine) throw new ApiError('invalidBookmark')
    return { before: Number(bytes.readBigUInt64BE(0)), size }
  }

  /** The bookmark of the page after the item with id `last`. */
  write(list: string, last: number): string {
    const id = Buffer.alloc(idBytes)
    id.writeBigUInt64BE(BigInt(last))
    return Buffer.concat([id, this.#mac(list, id)]).toString('base64url')
  }

  /** SHA-512/256 cannot be continued from its result, so with the key in front it is a MAC: for a third of an HMAC's time. */
  #mac(list: string, id: Buffer): Buffer {
    return hash('sha512-256', Buffer.concat([this.#key, id, Buffer.from(list)]), 'buffer').subarray(0, macBytes)
  }

  /** The answer: `items` as JSON texts, joined. */
  render(list: string, page: Page<string>): JsonText {
    const bookmark = page.next === null ? 'null' : `"${this.write(list, page.next)}"`
    return new JsonText(`{"items":[${page.items.join(',')}],"bookmark":${bookmark}}`)
  }
}
