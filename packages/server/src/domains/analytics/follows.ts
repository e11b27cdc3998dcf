import type { CountedPin } from './counted-pins.ts'
import { dayMs } from './days.ts'
import type { CheckedEvent } from './events.ts'
import type { AnalyticsStore, ProfileVisitRow, Tx } from './store.ts'

/** A follow counts for the Pin from which the follower came to the profile no longer ago than this. */
export const followedWithinMs = dayMs

type Visits = Pick<AnalyticsStore, 'profileVisits'>

/** Notes from which Pins accounts came to profiles, of events that count. */
export async function noteVisits(
  { profileVisits }: Visits,
  tx: Tx,
  events: readonly CheckedEvent[],
  pins: ReadonlyMap<number, CountedPin>,
): Promise<void> {
  const last = new Map<string, ProfileVisitRow>()
  for (const { visit, pinId } of events) {
    const owner = pins.get(pinId)?.owner_id
    if (!visit || owner === undefined) continue
    const row = { viewer_id: visit.viewerId, owner_id: owner, pin_id: pinId, visited_at: visit.at }
    const key = `${row.viewer_id} ${row.owner_id}`
    if ((last.get(key)?.visited_at ?? 0) <= row.visited_at) last.set(key, row)
  }
  // All in one order: two that write at the same time do not wait for one another forever.
  const rows = [...last.values()].sort((a, b) => a.viewer_id - b.viewer_id || a.owner_id - b.owner_id)
  await profileVisits.note(tx, rows)
}
