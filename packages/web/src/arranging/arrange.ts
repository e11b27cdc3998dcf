import type { InfiniteData } from '@tanstack/react-query'
import { arrangePins, arrangeSections, type Pin, type SectionView } from '../api/calls.ts'
import { queries, queryClient } from '../api/queries.ts'
import { patiently } from '../pinning/write-all.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { moved, type Spot, stepsBack } from './order.ts'
import { whileArranging } from './under-way.ts'

const text = words.arranging

/** A list in the order that people give to it. */
interface Arranged<Item extends { id: string }> {
  query: { queryKey: readonly unknown[] }
  send(ids: readonly string[], spot: Spot): Promise<unknown>
  said(count: number): string
  /** Only so that its type is known. */
  item?: Item
}

type Pages<Item> = InfiniteData<{ items: Item[] }>

/** Returns what is kept of a list. */
function itemsOf<Item extends { id: string }>({ query }: Arranged<Item>): Item[] {
  return queryClient.getQueryData<Pages<Item>>(query.queryKey)?.pages.flatMap(({ items }) => items) ?? []
}

/** Shows a list in another order; its pages stay as long as they are. */
function show<Item extends { id: string }>({ query }: Arranged<Item>, change: (items: Item[]) => Item[]): void {
  queryClient.setQueryData<Pages<Item>>(query.queryKey, (kept) => {
    if (!kept) return kept
    const rest = change(kept.pages.flatMap(({ items }) => items))
    const pages = kept.pages.map((page, i) => ({
      ...page,
      items: rest.splice(0, i === kept.pages.length - 1 ? rest.length : page.items.length),
    }))
    return { ...kept, pages }
  })
}

/** Moves some of a list: it is shown at once, with a way back. */
async function arrange<Item extends { id: string }>(
  list: Arranged<Item>,
  ids: readonly string[],
  spot: Spot,
): Promise<void> {
  // An answer that is on its way shows the order of before.
  await queryClient.cancelQueries({ queryKey: list.query.queryKey })
  const before = itemsOf(list)
  const restore = () =>
    show(list, (items) => stepsBack(before, ids).reduce<Item[]>((all, step) => moved(all, step.ids, step.spot), items))
  show(list, (items) => moved(items, ids, spot))
  const sending = whileArranging(patiently(() => list.send(ids, spot)))
  showToast(list.said(ids.length), () => {
    restore()
    void whileArranging(
      sending.then(async () => {
        for (const step of stepsBack(before, ids)) await patiently(() => list.send(step.ids, step.spot))
      }),
    )
      .then(
        () => showToast(words.pinning.undone),
        () => showToast(words.pinning.notUndone),
      )
      .finally(() => outdate(list))
  })
  await sending.then(
    () => outdate(list),
    () => {
      restore()
      showToast(text.notArranged)
      void queryClient.invalidateQueries({ queryKey: list.query.queryKey })
    },
  )
}

/** Has the other lists of the board read again when they are shown next; this one is as the server has it. */
const outdate = ({ query }: { query: { queryKey: readonly unknown[] } }): void =>
  void queryClient.invalidateQueries({ queryKey: query.queryKey.slice(0, 2), refetchType: 'none' })

const bodyOf = (ids: readonly string[], spot: Spot) => ({
  ids: [...ids],
  to: spot.to,
  ...('anchor' in spot && { anchor_id: spot.anchor }),
})

/** The Pins on a board, or in a section of it. */
export const pinsOn = (boardId: string, sectionId: string | undefined): Arranged<Pin> => ({
  query: queries.boardPins(boardId, sectionId),
  send: (ids, spot) =>
    arrangePins({
      params: { board_id: boardId },
      body: { ...bodyOf(ids, spot), ...(sectionId !== undefined && { section_id: sectionId }) },
    }),
  said: text.arranged,
})

const sectionsOf = (boardId: string): Arranged<SectionView> => ({
  query: queries.sections(boardId),
  send: (ids, spot) => arrangeSections({ params: { board_id: boardId }, body: bodyOf(ids, spot) }),
  said: () => text.sectionArranged,
})

/** Returns the Pins of a board that were read, in their order. */
export const readPins = (boardId: string, sectionId: string | undefined): Pin[] => itemsOf(pinsOn(boardId, sectionId))

/** Moves Pins within the order of a board. */
export const movePinsTo = (
  { boardId, sectionId }: { boardId: string; sectionId?: string | undefined },
  ids: readonly string[],
  spot: Spot,
): Promise<void> => arrange(pinsOn(boardId, sectionId), ids, spot)

/** Moves a section within the order of a board. */
export const moveSectionTo = (boardId: string, id: string, spot: Spot): Promise<void> =>
  arrange(sectionsOf(boardId), [id], spot)
