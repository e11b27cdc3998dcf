import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'

/** A server that shares the database. */
export type NodeRow = Schema['nodes']
type Tx = Transaction<Schema>

/** The SQL of servers that share a database, and of the work that one of them does for all. */
export interface NodeStore {
  /** Returns the servers that are alive, those that joined first before the others. */
  alive(): Promise<NodeRow[]>
  /** Takes a number that no other has; false if another took it meanwhile. */
  take(tx: Tx, row: Omit<NodeRow, 'joined_at' | 'alive_until'>, forMs: number): Promise<boolean>
  /** Says that a server is alive, and returns its number; undefined when another was given it meanwhile. */
  renew(tx: Tx, name: string, forMs: number): Promise<number | undefined>
  /** Removes a server that ends. */
  remove(tx: Tx, name: string): Promise<void>
  /** Removes those that are not alive any more, and returns them. */
  removeDead(tx: Tx): Promise<NodeRow[]>

  /** Takes work that nobody does, and that was not done within `everyMs`; false if it is not to be done now. */
  takeWork(tx: Tx, work: string, holder: string, times: { forMs: number; everyMs: number }): Promise<boolean>
  /** Keeps work that takes long; false when another has it. */
  renewWork(tx: Tx, work: string, holder: string, forMs: number): Promise<boolean>
  /** Leaves work, done or not. */
  leaveWork(tx: Tx, work: string, holder: string, isDone: boolean): Promise<void>
}

/** Makes the store over `db`. */
export function nodeStore(db: Database): NodeStore {
  // The clocks of several machines differ, and jump. An embedded database has one.
  const now: RawBuilder<number> =
    db.dialect === 'postgres'
      ? sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`
      : sql`CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`
  const inMs = (ms: number) => sql<number>`${now} + ${sql.lit(ms)}`
  const alive = sql<boolean>`alive_until > ${now}`

  return {
    alive: () => db.read.selectFrom('nodes').selectAll().where(alive).orderBy('joined_at').orderBy('name').execute(),

    async take(tx, row, forMs) {
      const taken = await tx
        .insertInto('nodes')
        .values({ ...row, joined_at: now, alive_until: inMs(forMs) })
        .onConflict((c) => c.column('number').doNothing())
        .executeTakeFirst()
      return Number(taken.numInsertedOrUpdatedRows) > 0
    },

    async renew(tx, name, forMs) {
      const row = await tx
        .updateTable('nodes')
        .set({ alive_until: inMs(forMs) })
        .where('name', '=', name)
        .returning('number')
        .executeTakeFirst()
      return row?.number
    },

    async remove(tx, name) {
      await tx.deleteFrom('nodes').where('name', '=', name).execute()
    },

    removeDead: (tx) => tx.deleteFrom('nodes').where(sql<boolean>`NOT (${alive})`).returningAll().execute(),

    async takeWork(tx, work, holder, { forMs, everyMs }) {
      const row = { work, holder, leased_until: inMs(forMs), done_at: 0 }
      const taken = await tx
        .insertInto('leases')
        .values(row)
        .onConflict((c) =>
          c
            .column('work')
            .doUpdateSet({ holder, leased_until: row.leased_until })
            .where(sql<boolean>`leases.leased_until <= ${now} AND leases.done_at <= ${inMs(-everyMs)}`),
        )
        .executeTakeFirst()
      return Number(taken.numInsertedOrUpdatedRows) > 0
    },

    async renewWork(tx, work, holder, forMs) {
      const renewed = await tx
        .updateTable('leases')
        .set({ leased_until: inMs(forMs) })
        .where('work', '=', work)
        .where('holder', '=', holder)
        .executeTakeFirst()
      return renewed.numUpdatedRows > 0n
    },

    async leaveWork(tx, work, holder, isDone) {
      await tx
        .updateTable('leases')
        .set({ leased_until: 0, ...(isDone && { done_at: now }) })
        .where('work', '=', work)
        .where('holder', '=', holder)
        .execute()
    },
  }
}
