import { machineTimers, type Timers } from '../../core/timers.ts'
import type { Database } from '../../db/database.ts'
import { leaseMs, leave, renew, take, trustMs } from './rules.ts'
import { type LeaseRows, leaseRows } from './store.ts'

/** Work that one server does for all that share the database. */
export interface Leases {
  /**
   * Does `work` unless another server is doing it, or did within `everyMs`. When a server dies doing it, another does it anew.
   * `signal` is aborted when this server no longer has it, or cannot know: before another may take it.
   */
  run(name: string, everyMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void>
}

/** Makes the work of a server that has the data for itself: it does everything, whenever it is asked to. */
export function ownLeases(): Leases {
  return { run: (_name, _everyMs, work) => work(new AbortController().signal) }
}

/** Makes the work of a server named `holder`, which shares the database with others. */
export const sharedLeases = (db: Database, holder: string): Leases => leasesOver(leaseRows(db), holder)

/** Makes the work of a server named `holder` over leases that are a database's, or simulated. */
export function leasesOver(rows: LeaseRows, holder: string, timers: Timers = machineTimers): Leases {
  let runs = 0
  return {
    async run(name, everyMs, work) {
      // What was said of an earlier run may arrive late, and must not end this one.
      const self = `${holder} ${runs++}`
      const askedAt = timers.now()
      if (!(await rows.change(name, take(self, everyMs)))) return
      const hold = heldSince(askedAt, () => rows.change(name, renew(self)), timers)
      let isDone = false
      try {
        if (hold.signal.aborted) return // The answer came too late.
        await work(hold.signal)
        isDone = !hold.signal.aborted
      } finally {
        hold.end()
        await rows.change(name, leave(self, isDone)).catch(() => {})
      }
    },
  }
}

/** Keeps a lease that was asked for at a time, until it is lost or nothing is heard of it: then `signal` is aborted. */
function heldSince(askedAt: number, again: () => Promise<boolean>, timers: Timers) {
  const losing = new AbortController()
  const lose = () => losing.abort()
  let heardAt = askedAt
  let stopTrusting = () => {}
  let hasEnded = false
  const trustSince = (time: number) => {
    heardAt = Math.max(heardAt, time)
    stopTrusting()
    if (hasEnded) return
    const leftMs = heardAt + trustMs - timers.now()
    if (leftMs <= 0) return lose()
    stopTrusting = timers.after(leftMs, lose)
  }
  trustSince(askedAt)
  const stopRenewing = timers.every(leaseMs / 4, () => {
    const time = timers.now()
    again().then(
      (isOurs) => (isOurs ? trustSince(time) : lose()),
      () => {}, // The database is away; maybe the next renewal finds it.
    )
  })
  return {
    signal: losing.signal,
    end() {
      hasEnded = true
      stopRenewing()
      stopTrusting()
    },
  }
}
