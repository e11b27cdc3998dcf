import { lookAtPage } from '../api/calls.ts'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import {
  addItems,
  type ChoicePage,
  change,
  currentQueue,
  type Item,
  itemOnPage,
  leaveOut,
  onPage,
  setForAll,
} from './queue.ts'
import { patiently, writeAll } from './write-all.ts'

/**
 * Looks at the addresses of Pins to make, a few at a time: a picture is ready to be sent, and of a page its first
 * picture, with what the page says of itself. The others can be chosen; at once, if it is the only page.
 */
export async function lookAt(items: readonly Item[]): Promise<void> {
  for (const { id } of items) change(id, { state: 'looking', problem: '' })
  await writeAll(items, (item) => look(item, items.length === 1))
}

async function look({ id, source }: Item, isOnly: boolean): Promise<void> {
  if (!('url' in source)) return
  try {
    const found = await patiently(() => lookAtPage({ body: { url: source.url } }))
    const [first] = found.pictures
    // Somebody may have left it out meanwhile.
    if (!currentQueue().items.some((item) => item.id === id)) return
    if (!first) return change(id, { state: 'unfit', problem: words.pinning.noPictures })
    if (found.is_picture) return change(id, { state: 'ready', previewUrl: first.preview_url })
    const { title, description, link, pictures } = found
    const page: ChoicePage = { id, pictures, isOpen: isOnly, words: { title, description, link, alt: '' } }
    setForAll({ pages: [...currentQueue().pages.filter((each) => each.id !== id), page] })
    change(id, onPage(page, first))
  } catch (error) {
    change(id, { state: 'unreached', problem: sayFailure(error) })
  }
}

/** Shows the pictures of a page to choose from, or hides them. */
export function openPage(pageId: string, isOpen: boolean): void {
  const pages = currentQueue().pages.map((page) => (page.id === pageId ? { ...page, isOpen } : page))
  setForAll({ pages })
  if (!isOpen) leaveOut(() => false)
}

/** Returns the Pin to make of a picture on a page, if it is chosen. */
export const chosenOf = (items: readonly Item[], page: ChoicePage, url: string): Item | undefined =>
  items.find((item) => item.page === page.id && 'url' in item.source && item.source.url === url)

/** Chooses pictures of a page, or leaves them out. */
export function choose(page: ChoicePage, urls: ReadonlySet<string>, isChosen: boolean): void {
  const { items } = currentQueue()
  if (!isChosen) leaveOut((item) => item.page === page.id && 'url' in item.source && urls.has(item.source.url))
  else {
    const more = page.pictures.filter(({ url }) => urls.has(url) && !chosenOf(items, page, url))
    addItems(more.map((picture) => itemOnPage(page, picture)))
  }
}
