import type { AiDisclosure } from '@pinfold/contract'
import { checkLink } from './check-link.ts'
import type { PinRow } from './store.ts'

/** What a Pin says, as a client gives it. An empty text or list means nothing. */
export interface PinWords {
  title?: string | null
  description?: string | null
  link?: string | null
  alt_text?: string | null
  /** What is said of AI in what it shows. */
  ai_disclosures?: { values?: readonly AiDisclosure[] }
}

/** The columns that say what a Pin says. */
type WordColumns = Pick<PinRow, 'title' | 'description' | 'link' | 'alt_text' | 'ai_disclosures'>

/** Returns what was given, empty texts as null. Throws a 400 when the link is not one to follow. */
export function checkWords(given: PinWords): Partial<WordColumns> {
  const disclosures = given.ai_disclosures?.values
  return {
    ...(given.title !== undefined && { title: given.title || null }),
    ...(given.description !== undefined && { description: given.description || null }),
    ...(given.link !== undefined && { link: checkLink(given.link) }),
    ...(given.alt_text !== undefined && { alt_text: given.alt_text || null }),
    ...(disclosures && { ai_disclosures: disclosures.length > 0 ? JSON.stringify([...new Set(disclosures)]) : null }),
  }
}
