import type { EntityStatus } from '@pinfold/contract'
import { ApiError, invalid } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { type Refused, refused } from './batch.ts'
import type { EntityFilter, NarrowedBy } from './store/entities.ts'

export { newestEntityId } from './store/entities.ts'

/** The query of a list of campaigns, ad groups or ads, beside the ids. */
export interface EntityListQuery {
  entity_statuses?: readonly EntityStatus[]
}

/** What is listed unless it is asked for. */
const usual: readonly EntityStatus[] = ['ACTIVE', 'PAUSED']

/**
 * Returns the id that a text names: also with the letters before it that reports show, such as `C123` and `AG123`. 0, which
 * nothing has, if it names none.
 */
export const entityIdOf = (text: string): number => parseId(text.replace(/^(?:C|AG|A)(?=\d)/, '')) ?? 0

/** The error for something that is not in the ad account, wherever else it may be. */
export const missing = (what: string, id: string): ApiError =>
  new ApiError('adEntityNotFound', { detail: `It has no ${what} ${id}.` })

/** Returns when something was made and changed last, as the API has it: in Unix seconds. */
export const timesOf = ({ created_at: made, updated_at: changed }: { created_at: number; updated_at: number }) => ({
  created_time: Math.floor(made / 1000),
  updated_time: Math.floor(changed / 1000),
})

/** What refuses an item that would be one too many. */
export const tooMany = (most: number, things: string, owner = 'An ad account'): Refused =>
  refused(`${owner} has ${most} ${things} at most, with those that are archived.`)

/** Returns which things a list has. `narrowed`: the ids that were sent, by their column. Throws a 400 for two kinds of ids. */
export function entityFilter(
  adAccountId: number,
  { entity_statuses: statuses = usual }: EntityListQuery,
  narrowed: Partial<Record<NarrowedBy, readonly string[] | undefined>>,
): EntityFilter {
  const among = Object.entries(narrowed).flatMap(([column, ids]) =>
    ids ? [{ column: column as NarrowedBy, ids: ids.map(entityIdOf) }] : [],
  )
  if (among.length > 1) throw invalid('A list is narrowed by one kind of ids at a time: leave the others out.')
  return { adAccountId, statuses, among: among[0] }
}

/** Returns the name of a list, for its bookmarks. */
export const entityListName = (
  operation: string,
  { adAccountId, statuses, among }: EntityFilter,
  order: string | undefined,
): string =>
  `${operation} ${adAccountId} ${statuses.toSorted().join()} ${among?.column ?? ''} ${among?.ids.join() ?? ''} ${order ?? ''}`
