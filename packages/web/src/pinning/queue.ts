import { useSyncExternalStore } from 'react'
import { readAgain } from '../api/cache.ts'
import { ApiFailure } from '../api/call.ts'
import { deletePin, type FoundPicture, type NewPin } from '../api/calls.ts'
import { newKey } from '../api/new-key.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import { type Already, lookForAlike, lookForBytes } from './already.ts'
import { isPicture, isVideo, isWelcome } from './file-types.ts'
import { type LastBoard, rememberBoard } from './last-boards.ts'
import type { PinWords } from './pin-form.tsx'
import { base64Of, sendPin } from './send-pin.ts'
import { titleOf } from './title-of.ts'
import { patiently, writeAll } from './write-all.ts'

const text = words.pinning

type Media = NonNullable<NewPin['media_source']>

/** Where the picture or the video of a Pin to make comes from. */
export type Source = { file: File } | { url: string }

/** A Pin to make. */
export interface Item {
  id: string
  source: Source
  kind: 'picture' | 'video'
  /** The address of the picture within this page, or of the video; undefined if the browser does not show it. */
  preview?: string
  /** The address on the server of a small picture of it, if it comes from the web. */
  previewUrl?: string
  /** The id of the page of the web that it is on. */
  page?: string
  words: PinWords
  /**
   * `unfit`: no picture; `looking`: at its address; `unreached`: it could not be looked at; `ready`: to be sent when
   * somebody says so; `waiting`, `sending`; `made`; `failed`: may be sent again.
   */
  state: 'unfit' | 'looking' | 'unreached' | 'ready' | 'waiting' | 'sending' | 'made' | 'failed'
  /** Which part of it is sent, from 0 to 1. */
  part: number
  /** Why it is unfit, unreached or failed. */
  problem: string
  /** The second of a video that its cover shows. */
  coverSeconds: number
  /** The upload of a video that has come, and is ready for a Pin. */
  mediaId?: string | undefined
  /** Breaks the sending off, as long as no Pin is being made. */
  cancel?: (() => void) | undefined
  /** The Pin that was made. */
  pinId?: string
  /** The Pin that shows the same already, unless somebody said to keep both. */
  already?: Already | undefined
  /** Whether somebody said so. */
  isKept?: boolean
}

/** A page of the web whose pictures may be chosen. */
export interface ChoicePage {
  id: string
  /** What is said of each Pin made of it, to begin with. */
  words: PinWords
  pictures: readonly FoundPicture[]
  /** Whether its pictures are shown. */
  isOpen: boolean
}

/** The Pins to make, and what holds for all of them. They stay while one looks at other pages. */
export interface Queue {
  items: readonly Item[]
  pages: readonly ChoicePage[]
  board: LastBoard | undefined
  section: string
  /** For those that have no link of their own. */
  link: string
}

const maxBytes = 20_000_000
const maxVideoBytes = 2 * 1024 ** 3
/** At most this many at once: each has a preview in the memory. */
const maxItems = 500

let queue: Queue = { items: [], pages: [], board: undefined, section: '', link: '' }
const listeners = new Set<() => void>()

function set(change: Partial<Queue>): void {
  queue = { ...queue, ...change }
  for (const listener of listeners) listener()
}

/** Changes what holds for all Pins to make, or the pages that they are of. */
export const setForAll = (change: Partial<Omit<Queue, 'items'>>): void => set(change)

/** Changes one of the Pins to make. */
export function change(id: string, changed: Partial<Item>): void {
  set({ items: queue.items.map((item) => (item.id === id ? { ...item, ...changed } : item)) })
}

/** The Pins to make, as they are now. */
export const currentQueue = (): Queue => queue

export const useQueue = (): Queue =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => queue,
  )

const noWords: PinWords = { title: '', description: '', link: '', alt: '' }

function itemOf(source: Source): Item {
  const start = {
    ...{ id: newKey(), source, part: 0, problem: '', coverSeconds: 0 },
    ...({ kind: 'picture', state: 'ready', words: noWords } as const),
  }
  if ('url' in source) return { ...start, state: 'looking' }
  const { file } = source
  const named: Item = { ...start, words: { ...noWords, title: titleOf(file.name) } }
  if (!isWelcome(file)) return { ...named, state: 'unfit', problem: text.notAPicture }
  const kind = isVideo(file) ? 'video' : 'picture'
  if (file.size > (kind === 'video' ? maxVideoBytes : maxBytes))
    return { ...named, kind, state: 'unfit', problem: kind === 'video' ? text.videoTooLarge : text.tooLarge }
  return { ...named, kind, preview: URL.createObjectURL(file) }
}

/** Adds pictures and videos to the Pins to make, and looks at what is at addresses. */
export function add(sources: readonly Source[]): void {
  const added = addItems(sources.map(itemOf))
  void lookForBytes(added, noteAlready)
  const toLookAt = added.filter(({ state }) => state === 'looking')
  if (toLookAt.length > 0) void import('./look.ts').then(({ lookAt }) => lookAt(toLookAt))
}

/** Adds Pins to make, as far as there is room. Returns those that were added. */
export function addItems(items: readonly Item[]): Item[] {
  const room = maxItems - queue.items.length
  if (items.length > room) showToast(text.tooMany(maxItems))
  const added = items.slice(0, room)
  set({ items: [...queue.items, ...added] })
  return added
}

/** Makes a Pin to make of a picture on a page of the web. */
export const itemOnPage = (page: ChoicePage, picture: FoundPicture): Item => ({
  ...itemOf({ url: picture.url }),
  ...onPage(page, picture),
})

/** Returns what a picture on a page of the web changes about a Pin to make. */
export const onPage = (page: ChoicePage, { url, alt, preview_url: previewUrl }: FoundPicture): Partial<Item> => ({
  ...{ source: { url }, previewUrl, page: page.id, state: 'ready' },
  words: { ...page.words, alt },
})

/** Notes what somebody has already, unless they said to keep both. */
function noteAlready(id: string, already: Already): void {
  const item = queue.items.find((each) => each.id === id)
  if (item && !item.isKept) change(id, { already })
}

/** Keeps a picture that somebody has already. */
export const keepBoth = (id: string): void => change(id, { already: undefined, isKept: true })

/** Takes some out again. What is being sent stays. */
export function leaveOut(which: (item: Item) => boolean): void {
  const out = queue.items.filter((item) => item.state !== 'sending' && item.state !== 'waiting' && which(item))
  for (const { preview } of out) if (preview) URL.revokeObjectURL(preview)
  const items = queue.items.filter((item) => !out.includes(item))
  set({ items, pages: queue.pages.filter(({ id, isOpen }) => isOpen || items.some(({ page }) => page === id)) })
}

/** Makes the Pins that are ready or failed before, a few at a time. */
export async function makeAll(which: (item: Item) => boolean = () => true): Promise<void> {
  const { board, section, link } = queue
  if (!board) return
  const chosen = queue.items.filter((item) => (item.state === 'ready' || item.state === 'failed') && which(item))
  for (const { id } of chosen) change(id, { state: 'waiting', part: 0, problem: '' })
  rememberBoard(board)
  await writeAll(chosen, async ({ id }) => {
    const item = queue.items.find((each) => each.id === id)
    if (item) await make(item, { board_id: board.id, board_section_id: section || null, link: link || null })
  })
  void readAgain()
  const made = queue.items.filter((item) => item.state === 'made' && chosen.some(({ id }) => id === item.id))
  if (made.length > 0) showToast(text.made(made.length, board.name), () => void unmake(made))
}

async function make(item: Item, place: NewPin): Promise<void> {
  const { id, words: said } = item
  try {
    const body: NewPin = {
      ...place,
      ...(said.title && { title: said.title }),
      ...(said.description && { description: said.description }),
      ...(said.link && { link: said.link }),
      ...(said.alt && { alt_text: said.alt }),
    }
    // What is said of it is in its key: once that is changed, another Pin is wanted.
    const key = `${id}-${hashOf(JSON.stringify([body, item.coverSeconds, 'url' in item.source && item.source.url]))}`
    const onProgress = (part: number) => change(id, { part })
    const send = (media: Media) =>
      patiently(() => {
        change(id, { state: 'sending', part: item.kind === 'video' ? 1 : 0 })
        return sendPin({ ...body, media_source: media }, { key, onProgress })
      })
    const { id: pinId } = item.kind === 'video' ? await sendWithVideo(item, send) : await send(await pictureOf(item))
    change(id, { state: 'made', pinId })
    void lookForAlike(id, pinId, noteAlready)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') change(id, { state: 'ready', part: 0 })
    else change(id, { state: 'failed', problem: error instanceof ApiFailure ? sayFailure(error) : text.notRead })
  }
}

async function pictureOf({ source }: Item): Promise<Media> {
  if ('url' in source) return { source_type: 'image_url', url: source.url }
  const { file } = source
  const type = isPicture(file.type) ? file.type : 'image/jpeg'
  return { source_type: 'image_base64', content_type: type, data: await base64Of(file) }
}

/** Uploads a video unless it has come before, and makes a Pin of it with `send`. */
async function sendWithVideo<T>(item: Item, send: (media: Media) => Promise<T>): Promise<T> {
  const { id, source, coverSeconds } = item
  if ('url' in source) throw new TypeError('A video comes as a file.')
  const { coverOf, sendVideo } = await import('./send-video.ts')
  const stop = new AbortController()
  change(id, { state: 'sending', cancel: () => stop.abort() })
  try {
    const onProgress = (part: number) => change(id, { part })
    const mediaId = item.mediaId ?? (await sendVideo(source.file, { onProgress, signal: stop.signal }))
    change(id, { mediaId, cancel: undefined })
    return await coverOf(source.file, coverSeconds, (cover) =>
      send({ source_type: 'video_id', media_id: mediaId, ...cover }),
    )
  } finally {
    change(id, { cancel: undefined })
  }
}

/** A short number that tells texts apart (FNV-1a). */
function hashOf(value: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}

/** Deletes Pins that were just made. They are ready to be made again. */
async function unmake(made: readonly Item[]): Promise<void> {
  const { failed } = await writeAll(made, async ({ id, pinId }) => {
    if (pinId === undefined) return
    await deletePin({ params: { pin_id: pinId } })
    // Another id, and with it another key: the server keeps the answer of the first. The video went with the Pin.
    change(id, { id: newKey(), state: 'ready', part: 0, mediaId: undefined, already: undefined })
  })
  showToast(failed.length > 0 ? text.notUndone : text.undone)
  void readAgain()
}
