import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Database, Written } from '../../db/database.ts'
import { notificationStore } from './store.ts'

export { newestNotificationId } from './store.ts'

/** What partners send. It is kept for a day, for whoever runs the server to look at; nothing follows from it. */
export interface Notifications {
  /** Keeps what an account sent at once; of what it sent before, the newest hundred requests at most. */
  receive(accountId: number, notifications: readonly object[], written?: Written<Received>): Promise<Received>
  /** Deletes what is older than a day. */
  forgetOld(): Promise<void>
}

/** What was received. */
export interface Received {
  /** When it came, in milliseconds since 1970. */
  receivedAt: number
}

/** How many requests are kept of each account. */
const mostRequests = 100
const keptMs = 24 * 60 * 60 * 1000

/** Makes the notifications over `db`. */
export function notificationsOf({ db, clock, ids }: { db: Database; clock: Clock; ids: IdMaker }): Notifications {
  return {
    async receive(accountId, notifications, written) {
      const now = clock.now()
      const row = { id: ids.next(), account_id: accountId, body: JSON.stringify(notifications), received_at: now }
      await db.write(async (tx) => {
        await notificationStore.insert(tx, row)
        await notificationStore.keepNewest(tx, accountId, mostRequests)
        await written?.(tx, { receivedAt: now })
      })
      return { receivedAt: now }
    },
    forgetOld: () => db.write((tx) => notificationStore.deleteUntil(tx, clock.now() - keptMs)),
  }
}
