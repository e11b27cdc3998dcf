import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { timeOf } from '../../db/database-time.ts'
import { insertNew } from '../../db/insert-new.ts'
import type { Schema } from '../../db/schema.ts'
import type { Lease, LeaseRule } from './rules.ts'

/** A server that shares the database. */
export type NodeRow = Schema['nodes']

/** The servers in a database. */
export interface NodeRows {
  /** Returns all, those that joined first before the others, and the time of the database. */
  all(): Promise<{ rows: NodeRow[]; now: number }>
  /** Adds one that is alive for so long; false if another has its number. */
  add(row: Omit<NodeRow, 'joined_at' | 'alive_until'>, forMs: number): Promise<boolean>
  /** Says that one is alive for so long, and returns its number; undefined if it was removed. */
  renew(name: string, forMs: number): Promise<number | undefined>
  /** Removes one that ends. */
  remove(name: string): Promise<void>
  /** Removes one; false if it is gone, or has said meanwhile that it is alive. */
  removeUnchanged(row: NodeRow): Promise<boolean>
}

/** The leases in a database. */
export interface LeaseRows {
  /** Changes the lease of some work by a rule, at once. Returns false if the rule leaves it as it is. */
  change(work: string, rule: LeaseRule): Promise<boolean>
}

/** Makes the rows of the servers that share `db`. */
export function nodeRows(db: Database): NodeRows {
  const now = timeOf(db)
  const inMs = (ms: number) => sql<number>`${now} + ${sql.lit(ms)}`
  return {
    async all() {
      const all = db.read.selectFrom('nodes').selectAll().select(now.as('read_at')).orderBy('joined_at').orderBy('name')
      const rows = await all.execute()
      return { rows: rows.map(({ read_at, ...row }): NodeRow => row), now: rows[0]?.read_at ?? 0 }
    },

    add: (row, forMs) =>
      db.write((tx) =>
        insertNew(tx.insertInto('nodes').values({ ...row, joined_at: now, alive_until: inMs(forMs) }), ['number']),
      ),

    async renew(name, forMs) {
      const renewal = (tx: Transaction<Schema>) =>
        tx
          .updateTable('nodes')
          .set({ alive_until: inMs(forMs) })
          .where('name', '=', name)
          .returning('number')
      return (await db.write((tx) => renewal(tx).executeTakeFirst()))?.number
    },

    async remove(name) {
      await db.write((tx) => tx.deleteFrom('nodes').where('name', '=', name).execute())
    },

    async removeUnchanged({ name, alive_until }) {
      const removal = (tx: Transaction<Schema>) =>
        tx.deleteFrom('nodes').where('name', '=', name).where('alive_until', '=', alive_until).returning('name')
      return (await db.write((tx) => removal(tx).executeTakeFirst())) !== undefined
    },
  }
}

/** Makes the leases in `db`. */
export function leaseRows(db: Database): LeaseRows {
  const now = timeOf(db)
  return {
    change: (work, rule) =>
      db.write(async (tx) => {
        for (;;) {
          const changed = await changeOnce(tx, work, rule, now)
          if (changed !== 'meanwhile by another') return changed === 'now'
        }
      }),
  }
}

async function changeOnce(
  tx: Transaction<Schema>,
  work: string,
  rule: LeaseRule,
  now: RawBuilder<number>,
): Promise<'now' | 'not' | 'meanwhile by another'> {
  const seen = await tx
    .selectFrom('leases')
    .selectAll()
    .select(now.as('read_at'))
    .where('work', '=', work)
    .executeTakeFirst()
  const next = rule(seen, seen?.read_at ?? (await timeIn(tx, now)))
  if (!next) return 'not'
  const isChanged = seen
    ? await replace(tx, seen, next)
    : await insertNew(tx.insertInto('leases').values({ work, ...next }), ['work'])
  return isChanged ? 'now' : 'meanwhile by another'
}

async function timeIn(tx: Transaction<Schema>, now: RawBuilder<number>): Promise<number> {
  return (await tx.selectNoFrom(now.as('time')).executeTakeFirstOrThrow()).time
}

/** Replaces a lease if it is still what was seen. */
async function replace(tx: Transaction<Schema>, seen: Lease & { work: string }, next: Lease): Promise<boolean> {
  const { holder, leased_until, done_at } = next
  const replaced = await tx
    .updateTable('leases')
    .set({ holder, leased_until, done_at })
    .where('work', '=', seen.work)
    .where('holder', '=', seen.holder)
    .where('leased_until', '=', seen.leased_until)
    .returning('work')
    .executeTakeFirst()
  return replaced !== undefined
}
