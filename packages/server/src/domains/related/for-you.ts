import { ApiError } from '../../core/errors.ts'
import type { Page, PageRequest } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Pins } from '../pins/pins.ts'
import type { ShownPin } from './pin-graph.ts'
import type { Related, RelatedPins } from './related.ts'

/** Finds Pins of others that go with what somebody pinned and saved. */
export interface ForYou {
  /**
   * Returns some Pins that go with each of the viewer's newest Pins, and with the ones before those on the next page: at
   * most `size` together. The page goes on behind the last Pin that was looked at, and may be empty before the end.
   */
  list(viewer: Viewer, page: PageRequest): Promise<Page<ShownPin>>
}

/** The Pins that a page looks at: enough for variety, few enough for the time that each takes. */
const seedsPerPage = 3

/** Makes the finder. */
export function forYouOf({ related, pins }: { related: Related; pins: Pick<Pins, 'list'> }): ForYou {
  const everything = {
    privacies: ['PUBLIC', 'PROTECTED', 'SECRET'] as const,
    repins: [false, true],
    creativeTypes: undefined,
    hosts: undefined,
  }
  return {
    async list(viewer, { before, size }) {
      const seeds = await pins.list(viewer, everything, { before, size: seedsPerPage })
      const each = Math.ceil(size / seedsPerPage)
      const found = await Promise.all(
        seeds.items.map(({ id }) => related.pins(viewer, String(id), { from: 0, size: each * 2 }).catch(asNothing)),
      )
      const lists = found.map(({ items }) => items.filter((pin) => pin.owner_id !== viewer.accountId).slice(0, each))
      return { items: inTurn(lists).slice(0, size), next: seeds.next }
    },
  }
}

/** A Pin that was deleted meanwhile, or is not open to the viewer any more, has nothing that goes with it. */
function asNothing(error: unknown): Pick<RelatedPins, 'items'> {
  if (!(error instanceof ApiError)) throw error
  return { items: [] }
}

/** Returns what is in the lists, each Pin once: the first of every list, then the second of every list, and so on. */
function inTurn(lists: readonly (readonly ShownPin[])[]): ShownPin[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  const mixed = Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? [])).flat()
  return [...new Map(mixed.map((pin) => [pin.id, pin])).values()]
}
