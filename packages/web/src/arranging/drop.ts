import { queries, queryClient } from '../api/queries.ts'
import { movePins } from '../pinning/change.ts'
import { readPins } from './arrange.ts'
import { moveIntoSection } from './into-section.ts'
import type { Place } from './place.ts'
import type { Target } from './targets.ts'

/** Drops Pins of a board on a section of it, out of its sections, or on another board. */
export async function dropPins({ boardId, sectionId }: Place, ids: readonly string[], target: Target): Promise<void> {
  const pins = readPins(boardId, sectionId).filter(({ id }) => ids.includes(id))
  if (target.kind === 'board') return movePins(pins, { id: target.id, name: target.name })
  if (target.kind === 'out') return moveIntoSection(pins, undefined)
  if (target.kind !== 'section') return
  const pages = queryClient.getQueryData(queries.sections(boardId).queryKey)?.pages ?? []
  const section = pages.flatMap(({ items }) => items).find(({ id }) => id === target.id)
  if (section) await moveIntoSection(pins, section)
}
