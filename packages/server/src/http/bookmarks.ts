import { hash, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../core/errors.ts'
import { JsonText } from '../core/json-text.ts'
import type { Order, OrderedPageRequest, Page, PageRequest, Position, PositionOf, PositionTypes } from '../core/page.ts'

const macBytes = 9
const idBytes = 8
const defaultSize = 25

/** What a query says about its page. */
interface PageQuery {
  bookmark?: string
  page_size?: number
}

/**
 * Bookmarks: opaque, URL-safe, and bound to the query they came from, so that one cannot be used elsewhere.
 * A bookmark holds where the last item seen stands, and what follows is what stands behind it: inserts and deletes
 * between two pages neither repeat nor skip an item. In a list by id, newest first, that is the id; in any other the
 * values that it is ordered by.
 */
export class Bookmarks {
  readonly #key: Buffer

  /** `key`: a secret of the installation. */
  constructor(key: Buffer) {
    this.#key = key
  }

  /** The page that a query asks for. `list` names the list with everything that narrows it. Throws a 400. */
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
   * The page that a query asks for, of a list that is ordered by values of these `types` or that runs both ways.
   * `list` names the list with everything that narrows or orders it. `order`: which way it runs unless the query says.
   * Throws a 400.
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
    // It is ours; but an older version may have ordered the list by something else.
    if (!isPosition(after, types)) throw new ApiError('invalidBookmark')
    return { ...page, after }
  }

  /** The bookmark of the page after the item with this id, or at this position. */
  write(list: string, last: number | Position): string {
    if (typeof last !== 'number') {
      const text = Buffer.from(JSON.stringify(last))
      return Buffer.concat([this.#mac(list, text, text.length), text]).toString('base64url')
    }
    const id = Buffer.alloc(idBytes)
    id.writeBigUInt64BE(BigInt(last))
    return Buffer.concat([id, this.#mac(list, id)]).toString('base64url')
  }

  /**
   * SHA-512/256 cannot be continued from its result, so with the key in front it is a MAC: for a third of an HMAC's
   * time. What may be of any length comes with its length, so that nothing can move from it into the list's name.
   */
  #mac(list: string, position: Buffer, length?: number): Buffer {
    const rest = Buffer.from(length === undefined ? list : `${length}:${list}`)
    return hash('sha512-256', Buffer.concat([this.#key, position, rest]), 'buffer').subarray(0, macBytes)
  }

  /** The answer: `items` as JSON texts, joined. */
  render(list: string, page: Page<string, number | Position>): JsonText {
    const bookmark = page.next === null ? 'null' : `"${this.write(list, page.next)}"`
    return new JsonText(`{"items":[${page.items.join(',')}],"bookmark":${bookmark}}`)
  }
}

function isPosition<Types extends PositionTypes>(value: unknown, types: Types): value is PositionOf<Types> {
  return (
    Array.isArray(value) && value.length === types.length && types.every((type, index) => typeof value[index] === type)
  )
}
