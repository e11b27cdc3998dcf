import { checkLink } from './check-link.ts'
import type { PinRow } from './store.ts'

/** The words of a Pin, as a client gives them. An empty text means none. */
export interface PinWords {
  title?: string | null
  description?: string | null
  link?: string | null
  alt_text?: string | null
}

/** Returns the words that were given, empty ones as null. Throws a 400 when the link is not one to follow. */
export function checkWords(given: PinWords): Partial<Pick<PinRow, 'title' | 'description' | 'link' | 'alt_text'>> {
  return {
    ...(given.title !== undefined && { title: given.title || null }),
    ...(given.description !== undefined && { description: given.description || null }),
    ...(given.link !== undefined && { link: checkLink(given.link) }),
    ...(given.alt_text !== undefined && { alt_text: given.alt_text || null }),
  }
}
