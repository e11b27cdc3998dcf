import { readUntil } from '../../core/page.ts'
import type { PinIndex, SearchedPin } from './pin-index.ts'
import type { WantedWord } from './pin-search-store.ts'
import type { SearchablePins } from './searchable-pins.ts'

/** What finds public Pins by words. */
export interface PublicPinsOptions {
  /** Finds Pins by words, whoever may see them. */
  index: Pick<PinIndex, 'newest'>
  /** Knows which of them are public. */
  pins: Pick<SearchablePins, 'publicAmong'>
}

/** This many of the newest public Pins count: a common word is in many more. */
const mostPins = 1000

/**
 * Returns the newest public Pins that match, newest first: a thousand at most. The index does not know who may see a
 * Pin, so it is read on while there are too few public ones.
 */
export function newestPublic(
  { index, pins }: PublicPinsOptions,
  wanted: readonly WantedWord[],
): Promise<SearchedPin[]> {
  const among = { ownerId: undefined, withoutBoardIds: [], wanted, count: mostPins }
  return readUntil(mostPins, async (before) => {
    const ids = await index.newest({ ...among, before })
    return { items: await pins.publicAmong(ids), next: ids.length < mostPins ? null : (ids.at(-1) ?? null) }
  })
}
