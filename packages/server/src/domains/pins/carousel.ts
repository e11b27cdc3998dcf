import { invalid } from '../../core/errors.ts'
import type { PictureRow } from '../media/pictures.ts'
import type { RenditionSizes } from '../media/renditions.ts'
import { checkLink } from './check-link.ts'

/** The words of one picture of a carousel, as a client gives them. An empty text means none. */
export interface SlotWords {
  title?: string
  description?: string
  link?: string
}

/** One picture of a carousel, as it is stored with the Pin. */
export interface Slot {
  /** The picture's key. */
  key: string
  title: string | null
  description: string | null
  link: string | null
}

/** Aspect ratios that differ by no more than this count as equal: half a pixel of a small picture. */
const tolerance = 0.02

/** Returns the slots of a Pin's row; undefined if it is not a carousel. */
export function readSlots(pin: { carousel: string | null }): Slot[] | undefined {
  return pin.carousel === null ? undefined : JSON.parse(pin.carousel)
}

/** Returns the key of every picture that a Pin shows, as often as it shows it. */
export function pictureKeys(pin: { picture_key: string; carousel: string | null }): string[] {
  return readSlots(pin)?.map(({ key }) => key) ?? [pin.picture_key]
}

/**
 * Returns the slots with new words; missing words stay unchanged. Throws a 400 when there are more words than slots.
 */
export function withWords(slots: readonly Slot[], words: readonly SlotWords[]): Slot[] {
  if (words.length > slots.length)
    throw invalid(`'carousel_slots' has ${words.length} entries, and the Pin has ${slots.length} pictures.`)
  return slots.map((slot, i) => ({ ...slot, ...checkSlotWords(words[i] ?? {}) }))
}

/** Returns the given words, empty ones as null. Throws a 400 when the link is invalid. */
export function checkSlotWords({ title, description, link }: SlotWords): Partial<Slot> {
  return {
    ...(title !== undefined && { title: title || null }),
    ...(description !== undefined && { description: description || null }),
    ...(link !== undefined && { link: checkLink(link) }),
  }
}

/** Throws a 400 unless the pictures have one aspect ratio, so that they do not jump when one follows another. */
export function checkSameShape(pictures: readonly PictureRow[]): void {
  const ratios = pictures.map(({ renditions }) => {
    const [width, height] = (JSON.parse(renditions) as RenditionSizes).originals
    return width / height
  })
  if (Math.max(...ratios) / Math.min(...ratios) <= 1 + tolerance) return
  const shown = ratios.map((ratio) => ratio.toFixed(2)).join(', ')
  throw invalid(`The pictures of a carousel must have the same aspect ratio; these have ${shown}.`)
}
