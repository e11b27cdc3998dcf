import { useSyncExternalStore } from 'react'
import { readAgain } from '../api/cache.ts'
import { ApiFailure } from '../api/call.ts'
import { deletePin, type NewPin } from '../api/calls.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from './board-choice.tsx'
import { type LastBoard, rememberBoard } from './last-boards.ts'
import type { PinWords } from './pin-form.tsx'
import { base64Of, sendPin } from './send-pin.ts'
import { titleOf } from './title-of.ts'
import { patiently, writeAll } from './write-all.ts'

const text = words.pinning

/** Where the picture of a Pin to make comes from. */
export type Source = { file: File } | { url: string }

/** A Pin to make. */
export interface Item {
  id: string
  source: Source
  /** The address of the picture within this page; undefined if the browser does not show it. */
  preview?: string
  words: PinWords
  /**
   * `unfit`: no picture; `ready`: to be sent when somebody says so; `waiting`, `sending`; `made`; `failed`: may be sent
   * again.
   */
  state: 'unfit' | 'ready' | 'waiting' | 'sending' | 'made' | 'failed'
  /** Which part of it is sent, from 0 to 1. */
  part: number
  /** Why it is unfit or failed. */
  problem: string
  /** The Pin that was made. */
  pinId?: string
}

/** The Pins to make, and what holds for all of them. They stay while one looks at other pages. */
export interface Queue {
  items: readonly Item[]
  board: LastBoard | undefined
  section: string
  /** For those that have no link of their own. */
  link: string
}

/** What the server takes. */
const pictureTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'] as const
type PictureType = (typeof pictureTypes)[number]
export const accepted: string = pictureTypes.join()
const maxBytes = 20_000_000
/** At most this many at once: each has a preview in the memory. */
const maxItems = 500

let queue: Queue = { items: [], board: undefined, section: '', link: '' }
const listeners = new Set<() => void>()

function set(change: Partial<Queue>): void {
  queue = { ...queue, ...change }
  for (const listener of listeners) listener()
}

/** Changes what holds for all Pins to make. */
export const setForAll = (change: Partial<Omit<Queue, 'items'>>): void => set(change)

/** Changes one of the Pins to make. */
export function change(id: string, changed: Partial<Item>): void {
  set({ items: queue.items.map((item) => (item.id === id ? { ...item, ...changed } : item)) })
}

export const useQueue = (): Queue =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => queue,
  )

const noWords: PinWords = { title: '', description: '', link: '', alt: '' }
const isPicture = (type: string): type is PictureType => pictureTypes.some((each) => each === type)

function itemOf(source: Source): Item {
  const start = { id: crypto.randomUUID(), source, part: 0, problem: '', state: 'ready' as const, words: noWords }
  if ('url' in source) return start
  const { file } = source
  const named = { ...start, words: { ...noWords, title: titleOf(file.name) } }
  if (!isPicture(file.type)) return { ...named, state: 'unfit', problem: text.notAPicture }
  if (file.size > maxBytes) return { ...named, state: 'unfit', problem: text.tooLarge }
  return { ...named, preview: URL.createObjectURL(file) }
}

/** Adds pictures to the Pins to make. */
export function add(sources: readonly Source[]): void {
  const room = maxItems - queue.items.length
  if (sources.length > room) showToast(text.tooMany(maxItems))
  set({ items: [...queue.items, ...sources.slice(0, room).map(itemOf)] })
}

/** Takes some out again. What is being sent stays. */
export function leaveOut(which: (item: Item) => boolean): void {
  const out = queue.items.filter((item) => item.state !== 'sending' && item.state !== 'waiting' && which(item))
  for (const { preview } of out) if (preview) URL.revokeObjectURL(preview)
  set({ items: queue.items.filter((item) => !out.includes(item)) })
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
  const { id, source, words: said } = item
  try {
    const body: NewPin = {
      ...place,
      ...(said.title && { title: said.title }),
      ...(said.description && { description: said.description }),
      ...(said.link && { link: said.link }),
      ...(said.alt && { alt_text: said.alt }),
      media_source:
        'url' in source
          ? { source_type: 'image_url', url: source.url }
          : {
              source_type: 'image_base64',
              content_type: isPicture(source.file.type) ? source.file.type : 'image/jpeg',
              data: await base64Of(source.file),
            },
    }
    // What is said of it is in its key: once that is changed, another Pin is wanted.
    const key = `${id}-${hashOf(JSON.stringify({ ...body, media_source: 0 }))}`
    const onProgress = (part: number) => change(id, { part })
    const { id: pinId } = await patiently(() => {
      change(id, { state: 'sending', part: 0 })
      return sendPin(body, { key, onProgress })
    })
    change(id, { state: 'made', pinId })
  } catch (error) {
    const isKept = error instanceof ApiFailure
    change(id, { state: 'failed', problem: isKept ? sayFailure(error) : text.notRead })
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
    // Another id, and with it another key: the server keeps the answer of the first.
    change(id, { id: crypto.randomUUID(), state: 'ready', part: 0 })
  })
  showToast(failed.length > 0 ? text.notUndone : text.undone)
  void readAgain()
}
