import type { Database } from '../../db/database.ts'
import { nodeStore } from './store.ts'

/** Work that one server does for all that share the database. */
export interface Leases {
  /**
   * Does `work` unless another server is doing it, or did within `everyMs`. When a server dies doing it, another does it anew.
   * `signal` is aborted when this server no longer has it.
   */
  run(name: string, everyMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void>
}

/** Nobody else does it for this long; work that takes longer is renewed. */
const leaseMs = 20_000

/** Makes the work of a server that has the data for itself: it does everything, whenever it is asked to. */
export function ownLeases(): Leases {
  return { run: (_name, _everyMs, work) => work(new AbortController().signal) }
}

/** Makes the work of a server named `holder`, which shares the database with others. */
export function sharedLeases(db: Database, holder: string): Leases {
  const store = nodeStore(db)
  return {
    async run(name, everyMs, work) {
      const times = { forMs: leaseMs, everyMs }
      if (!(await db.write((tx) => store.takeWork(tx, name, holder, times)))) return
      const losing = new AbortController()
      const renewing = setInterval(() => {
        db.write((tx) => store.renewWork(tx, name, holder, leaseMs)).then(
          (isOurs) => isOurs || losing.abort(),
          () => {}, // The database is away, and so is the work.
        )
      }, leaseMs / 4).unref()
      let isDone = false
      try {
        await work(losing.signal)
        isDone = !losing.signal.aborted
      } finally {
        clearInterval(renewing)
        await db.write((tx) => store.leaveWork(tx, name, holder, isDone)).catch(() => {})
      }
    },
  }
}
