import type { Database } from '../../../db/database.ts'
import { prepareBatch, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { Tx } from './rows.ts'

export type ProfileVisitRow = Schema['profile_visits']

/** From which Pin an account came to the profile of another last. */
export interface ProfileVisitsStore {
  /** Notes visits, each viewer and owner at most once; where a later one is there already, that stays. */
  note(tx: Tx, rows: readonly ProfileVisitRow[]): Promise<void>
  /** Returns the Pin from which a viewer came to an owner's profile last, if that was at `since` or later. */
  lastPin(tx: Tx, visit: Pick<ProfileVisitRow, 'viewer_id' | 'owner_id'>, since: number): Promise<number | undefined>
  /** Forgets visits from before a time. */
  forgetBefore(tx: Tx, time: number): Promise<void>
}

/** Makes the store over `db`. */
export function profileVisitsStore({ read }: Database): ProfileVisitsStore {
  const note = prepareBatch((rows: readonly ProfileVisitRow[]) =>
    read
      .insertInto('profile_visits')
      .values(rows.map(({ viewer_id, owner_id, pin_id, visited_at }) => ({ viewer_id, owner_id, pin_id, visited_at })))
      .onConflict((c) =>
        c
          .columns(['viewer_id', 'owner_id'])
          .doUpdateSet((e) => ({ pin_id: e.ref('excluded.pin_id'), visited_at: e.ref('excluded.visited_at') }))
          .whereRef('excluded.visited_at', '>=', 'profile_visits.visited_at'),
      ),
  )
  return {
    note: async (tx, rows) => {
      await note(within(tx), rows)
    },
    async lastPin(tx, { viewer_id, owner_id }, since) {
      const query = tx.selectFrom('profile_visits').select('pin_id').where('viewer_id', '=', viewer_id)
      const recent = query.where('owner_id', '=', owner_id).where('visited_at', '>=', since)
      return (await recent.executeTakeFirst())?.pin_id
    },
    async forgetBefore(tx, time) {
      await tx.deleteFrom('profile_visits').where('visited_at', '<', time).execute()
    },
  }
}
