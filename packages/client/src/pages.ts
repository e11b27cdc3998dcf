/** One page of a list. */
export class Page<Item> {
  readonly items: Item[]
  /** The bookmark of the next page; null on the last one. */
  readonly bookmark: string | null
  readonly #load: (bookmark: string) => Promise<Page<Item>>

  constructor(items: Item[], bookmark: string | null, load: (bookmark: string) => Promise<Page<Item>>) {
    this.items = items
    this.bookmark = bookmark
    this.#load = load
  }

  /** Gets the next page; undefined if this is the last. */
  async next(): Promise<Page<Item> | undefined> {
    return this.bookmark === null ? undefined : this.#load(this.bookmark)
  }
}

/**
 * A list: `await` it for its first page, or loop over all items with `for await`.
 *
 * @example
 * for await (const board of client.boards.list()) console.log(board.name)
 */
export class PagePromise<Item> implements PromiseLike<Page<Item>>, AsyncIterable<Item> {
  readonly #load: (bookmark: string | undefined) => Promise<Page<Item>>
  #first: Promise<Page<Item>> | undefined

  constructor(load: (bookmark: string | undefined) => Promise<Page<Item>>) {
    this.#load = load
  }

  // biome-ignore lint/suspicious/noThenProperty: it exists to be awaited
  then<Done = Page<Item>, Failed = never>(
    done?: ((page: Page<Item>) => Done | PromiseLike<Done>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    this.#first ??= this.#load(undefined)
    return this.#first.then(done, failed)
  }

  catch<Failed = never>(failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null) {
    return this.then(undefined, failed)
  }

  finally(after?: (() => void) | null): Promise<Page<Item>> {
    return this.then().finally(after)
  }

  /** Yields the pages in order. */
  async *pages(): AsyncGenerator<Page<Item>, void, undefined> {
    for (let page: Page<Item> | undefined = await this; page; page = await page.next()) yield page
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.items
  }

  /** Returns all items in one array, at most `limit` of them. */
  async toArray(limit = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const items: Item[] = []
    for await (const item of this) {
      if (items.length >= limit) break
      items.push(item)
    }
    return items
  }
}
