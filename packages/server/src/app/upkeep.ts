import type { Logger } from 'pino'
import type { Clock } from '../core/clock.ts'
import { ownLeases, sharedLeases } from '../domains/nodes/leases.ts'
import type { Membership } from '../domains/nodes/nodes.ts'
import { abandonedMs, type MediaStorage } from '../storage/storage.ts'
import { type Domains, hourMs } from './domains.ts'

/** Servers that share the data look this often whether it is time: the one that does it for all may have died. */
const sharedEveryMs = 60_000
/** How often to look whether ads are to be reviewed: the clock may be moved at any time. Several servers ask one database. */
const reviewEveryMs = { alone: 250, shared: 1000 }

/**
 * Removes what is no longer needed: at once, for what expired while the server was stopped, and every hour. Returns a
 * function that stops it and resolves when no removal is in progress.
 */
export function startUpkeep(
  {
    accounts,
    adReviews,
    analytics,
    boards,
    db,
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
  { storage, clock, log, node }: { storage: MediaStorage; clock: Clock; log: Logger; node: Membership | undefined },
): () => Promise<void> {
  const ending = new AbortController()
  const leases = node ? sharedLeases(db, node.name) : ownLeases()
  const everyMs = node ? sharedEveryMs : hourMs
  // Not every service supports it, and not every key permits it.
  const forgetUnfinished = () =>
    storage
      .forgetUnfinished(clock.now() - abandonedMs)
      .catch((error) => log.debug({ err: error }, 'could not remove parts of files that were never finished'))
  const tidy = async (signal: AbortSignal): Promise<void> => {
    const work = [
      tokens.forgetExpired(),
      accounts.forgetExpiredSessions(),
      idempotency.forgetOld(),
      boards.finishRemovals(),
      notifications.forgetOld(),
      pins.forgetTrashed(signal),
      pictures.sweepLeftovers(hourMs),
      pictures.shareEqualFiles(),
      analytics.expire(signal),
      searchBackfill.run(signal),
      trends.settle(),
      videos.removeUnused(),
      webhooks.forgetOld(signal),
      websites.finishMarking(signal),
      forgetUnfinished(),
    ]
    await Promise.all(work)
  }
  const inTurn = (name: string, work: (signal: AbortSignal) => Promise<void>, problem: string) =>
    leases
      .run(name, hourMs - sharedEveryMs, (lost) => work(AbortSignal.any([ending.signal, lost])))
      .catch((error) => log.error({ err: error }, problem))
  const tidyUp = () => inTurn('tidy up', tidy, 'could not remove what is no longer needed')
  // It may take hours after an upgrade, and nothing else waits for it.
  const look = () => inTurn('look at pictures', lookBackfill.run, 'could not look at older pictures')
  let tidying = tidyUp()
  let looking = look()
  const again = setInterval(() => {
    tidying = tidying.then(tidyUp)
    looking = looking.then(look)
  }, everyMs)
  again.unref()
  // Who dies with it leaves it to whoever looks next.
  const review = async () => {
    if (!ending.signal.aborted && (await adReviews.areDue()))
      await leases.run('review ads', 0, (lost) => adReviews.run(AbortSignal.any([ending.signal, lost])))
  }
  let reviewing: Promise<void> | undefined
  const lookForAds = setInterval(
    () => {
      reviewing ??= review()
        .catch((error) => log.error({ err: error }, 'could not review ads'))
        .finally(() => {
          reviewing = undefined
        })
    },
    node ? reviewEveryMs.shared : reviewEveryMs.alone,
  )
  lookForAds.unref()
  node?.whenOthersDie(async () => {
    await boards.finishRemovals()
  })
  return () => {
    clearInterval(again)
    clearInterval(lookForAds)
    ending.abort()
    return Promise.all([tidying, looking, reviewing]).then(() => {})
  }
}
