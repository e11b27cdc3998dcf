import type { Logger } from 'pino'
import type { Clock } from '../core/clock.ts'
import { abandonedMs, type MediaStorage } from '../storage/storage.ts'
import { type Domains, hourMs } from './domains.ts'

/**
 * Removes what is no longer needed: at once, for what expired while the server was stopped, and every hour. Returns a
 * function that stops it and resolves when no removal is in progress.
 */
export function startUpkeep(
  {
    accounts,
    analytics,
    idempotency,
    lookBackfill,
    notifications,
    pictures,
    pins,
    searchBackfill,
    tokens,
    trends,
    videos,
    webhooks,
    websites,
  }: Domains,
  { storage, clock, log }: { storage: MediaStorage; clock: Clock; log: Logger },
): () => Promise<void> {
  const ending = new AbortController()
  // Not every service supports it, and not every key permits it.
  const forgetUnfinished = () =>
    storage
      .forgetUnfinished(clock.now() - abandonedMs)
      .catch((error) => log.debug({ err: error }, 'could not remove parts of files that were never finished'))
  const tidyUp = async (): Promise<void> => {
    const work = [
      tokens.forgetExpired(),
      accounts.forgetExpiredSessions(),
      idempotency.forgetOld(),
      notifications.forgetOld(),
      pins.forgetTrashed(ending.signal),
      pictures.sweepLeftovers(hourMs),
      pictures.shareEqualFiles(),
      analytics.expire(ending.signal),
      searchBackfill.run(ending.signal),
      trends.settle(),
      videos.removeUnused(),
      webhooks.forgetOld(ending.signal),
      websites.finishMarking(ending.signal),
      forgetUnfinished(),
    ]
    await Promise.all(work).catch((error) => log.error({ err: error }, 'could not remove what is no longer needed'))
  }
  // It may take hours after an upgrade, and nothing else waits for it.
  const look = () =>
    lookBackfill.run(ending.signal).catch((error) => log.error({ err: error }, 'could not look at older pictures'))
  let tidying = tidyUp()
  let looking = look()
  const everyHour = setInterval(() => {
    tidying = tidying.then(tidyUp)
    looking = looking.then(look)
  }, hourMs)
  everyHour.unref()
  return () => {
    clearInterval(everyHour)
    ending.abort()
    return Promise.all([tidying, looking]).then(() => {})
  }
}
