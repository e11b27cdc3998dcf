import { hash, timingSafeEqual } from 'node:crypto'
import { BoundedCache } from '../core/bounded-cache.ts'
import { ApiError } from '../core/errors.ts'
import { JoinedText, JsonText } from '../core/json-text.ts'
import type { Order, OrderedPageRequest, Page, PageRequest, Position, PositionOf, PositionTypes } from '../core/page.ts'

const macBytes = 9
const idBytes = 8
const defaultSize = 25
const mostWritten = 1000

/** The parameters of a query for a page. */
interface PageQuery {
  bookmark?: string
  page_size?: number
}

/**
 * Bookmarks: opaque, URL-safe, and bound to the query they came from, so that one cannot be used elsewhere. A bookmark
 * contains the position of the last item seen, and the next page begins after it: inserts and deletes between two pages
 * neither repeat nor skip an item. In a list by id, newest first, the position is the id; in any other, the values that
 * it is ordered by.
 */
export class Bookmarks {
  readonly #key: Buffer
  /** Those of pages that were answered lately: most are asked for again, and to make one takes as long as reading its page. */
  readonly #written = new BoundedCache<string, string>(mostWritten, () => 1)

  /** `key`: a secret of the installation. */
  constructor(key: Buffer) {
    this.#key = key
  }

  /** Returns the requested page. `list` names the list with everything that narrows it. Throws a 400. */
  read(list: string, query: PageQuery): PageRequest {
    const size = query.page_size ?? defaultSize
    if (query.bookmark === undefined || query.bookmark === '') return { before: Number.MAX_SAFE_INTEGER, size }
    const bytes = Buffer.from(query.bookmark, 'base64url')
    const genuine =
      bytes.length === idBytes + macBytes &&
      timingSafeEqual(this.#mac(list, bytes.subarray(0, idBytes)), bytes.subarray(idBytes))
    if (!genuine) throw new ApiError('invalidBookmark')
    return { before: Number(bytes.readBigUInt64BE(0)), size }
  }

  /**
   * Returns the requested page of a list that is ordered by values of these `types` or runs both ways. `list` names the
   * list with everything that narrows or orders it. `order`: its default direction. Throws a 400.
   */
  readOrdered<const Types extends PositionTypes>(
    list: string,
    query: PageQuery & { order?: Order },
    types: Types,
    order: Order = 'ASCENDING',
  ): OrderedPageRequest<PositionOf<Types>> {
    const page = { order: query.order ?? order, size: query.page_size ?? defaultSize }
    if (query.bookmark === undefined || query.bookmark === '') return { ...page, after: undefined }
    const bytes = Buffer.from(query.bookmark, 'base64url')
    const mac = bytes.subarray(0, macBytes)
    const text = bytes.subarray(macBytes)
    if (bytes.length <= macBytes || !timingSafeEqual(this.#mac(list, text, text.length), mac))
      throw new ApiError('invalidBookmark')
    const after: unknown = JSON.parse(text.toString())
    // It is ours, but an older version may have ordered the list differently.
    if (!isPosition(after, types)) throw new ApiError('invalidBookmark')
    return { ...page, after }
  }

  /** Returns the bookmark of the page after the item with this id, or at this position. */
  write(list: string, last: number | Position): string {
    if (typeof last !== 'number') {
      const text = Buffer.from(JSON.stringify(last))
      return Buffer.concat([this.#mac(list, text, text.length), text]).toString('base64url')
    }
    const name = `${last} ${list}`
    const known = this.#written.get(name)
    if (known !== undefined) return known
    const id = Buffer.alloc(idBytes)
    id.writeBigUInt64BE(BigInt(last))
    const bookmark = Buffer.concat([id, this.#mac(list, id)]).toString('base64url')
    this.#written.set(name, bookmark)
    return bookmark
  }

  /**
   * Returns a MAC. SHA-512/256 cannot be continued from its result, so prefixing the key makes it a MAC, in a third of
   * an HMAC's time. Values of any length are prefixed with their length, so that nothing can move from them into the
   * list's name.
   */
  #mac(list: string, position: Buffer, length?: number): Buffer {
    const rest = Buffer.from(length === undefined ? list : `${length}:${list}`)
    return hash('sha512-256', Buffer.concat([this.#key, position, rest]), 'buffer').subarray(0, macBytes)
  }

  /** Renders the answer: `items` are JSON texts. */
  render(list: string, { items, next }: Page<string, number | Position>): JsonText {
    return new JsonText(`{"items":[${items.join()}],"bookmark":${this.#end(list, next)}}`)
  }

  /** Renders the answer from the bytes of JSON texts. */
  join(list: string, { items, next }: Page<Uint8Array, number | Position>): JoinedText {
    return new JoinedText('{"items":[', items, `],"bookmark":${this.#end(list, next)}}`)
  }

  #end(list: string, next: number | Position | null): string {
    return next === null ? 'null' : `"${this.write(list, next)}"`
  }
}

function isPosition<Types extends PositionTypes>(value: unknown, types: Types): value is PositionOf<Types> {
  return (
    Array.isArray(value) && value.length === types.length && types.every((type, index) => typeof value[index] === type)
  )
}
