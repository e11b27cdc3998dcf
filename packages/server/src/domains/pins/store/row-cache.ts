import { BoundedCache } from '../../../core/bounded-cache.ts'
import type { Database } from '../../../db/database.ts'
import { prepareNow } from '../../../db/prepared.ts'
import { type ListedPin, type ListItem, type ReadPin, readColumns } from './read-row.ts'

/**
 * Rows of Pins by id, in memory. Each is as the last commit left it: what a commit changes is dropped with it. Who may see
 * a Pin is decided anew at each read, from its row.
 */
export interface PinRowCache {
  /** Returns the row of a Pin. */
  read(id: number): ReadPin | undefined
  /** Returns the rows of Pins, in their order; what does not exist is left out. */
  listed(items: readonly ListItem[]): ListedPin[]
}

/** What a row takes beside its text, which is there once more as it is sent. */
const overheadBytes = 600

/** At most this many rows are read at a time. */
const batchSize = 32

/** Makes the cache; undefined where another process may write at any time, or if it may hold nothing. */
export function pinRowCache(db: Database, mostBytes: number): PinRowCache | undefined {
  const { runNow, watchRows } = db
  if (!runNow || !watchRows || mostBytes === 0) return undefined
  const rows = new BoundedCache<number, ReadPin>(mostBytes, ({ rendered }) => 2 * rendered.length + overheadBytes)
  const watched = watchRows('pins', readColumns, (ids) => {
    if (ids === 'all') rows.clear()
    else for (const id of ids) rows.delete(id)
  })
  const pins = db.read.selectFrom('pins').select(readColumns)
  const byId = prepareNow({ runNow }, ({ id }: { id: number }) => pins.where('id', '=', id))
  const byIds = prepareNow({ runNow }, (ids: Record<number, number>) =>
    pins.where(
      'id',
      'in',
      Array.from({ length: batchSize }, (_, i) => ids[i] ?? 0),
    ),
  )

  /** Reads the rows that are missing among these, and keeps them too. */
  function readMissing(ids: readonly number[], found: Map<number, ReadPin>): void {
    const missing = ids.filter((id) => !found.has(id))
    for (let from = 0; from < missing.length; from += batchSize) {
      const some = Array.from({ length: batchSize }, (_, i) => missing[from + i] ?? 0)
      for (const row of byIds(some)) {
        rows.set(row.id, row)
        found.set(row.id, row)
      }
    }
  }

  return {
    read(id) {
      watched.refresh()
      const kept = rows.get(id)
      if (kept) return kept
      const [row] = byId({ id })
      if (row) rows.set(id, row)
      return row
    },

    listed(items) {
      watched.refresh()
      const kept = items.map(({ id }) => rows.get(id))
      if (kept.every((row) => row !== undefined)) return kept
      const found = new Map(kept.flatMap((row) => (row ? [[row.id, row] as const] : [])))
      const ids = items.map(({ id }) => id)
      readMissing(ids, found)
      return ids.flatMap((id) => found.get(id) ?? [])
    },
  }
}
