import type { Logger } from 'pino'
import type { Clock } from '../core/clock.ts'
import type { AdReviews } from '../domains/ads/ad-reviews.ts'
import { ownLeases, sharedLeases } from '../domains/nodes/leases.ts'
import type { Membership } from '../domains/nodes/nodes.ts'
import { abandonedMs, type MediaStorage } from '../storage/storage.ts'
import { type Domains, hourMs } from './domains.ts'

/** Servers that share the data look this often whether it is time: the one that does it for all may have died. */
const sharedEveryMs = 60_000
/** How often to look whether there is work: the clock may be moved at any time. Several servers ask one database. */
const lookEveryMs = { alone: 250, shared: 1000 }

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
    jobs,
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
      jobs.forgetOld(signal),
      boards.finishRemovals(),
      notifications.forgetOld(),
      pins.forgetTrashed(signal),
      pictures.sweepLeftovers(hourMs),
      pictures.shareEqualFiles(),
      analytics.expire(signal),
      trends.settle(),
      videos.removeUnused(),
      webhooks.forgetOld(signal),
      websites.finishMarking(signal),
      forgetUnfinished(),
    ]
    await Promise.all(work)
  }
  /**
   * Does work now and every hour, unless another server does it or did within the hour; `always`: the first time though another
   * did, since a server that starts may be of the version that brings the work. What is cut off is taken up by the next. Returns
   * what ends it.
   */
  const hourly = (
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
    { problem, always = false }: { problem: string; always?: boolean },
  ) => {
    const turn = (betweenMs: number) =>
      leases
        .run(name, betweenMs, async (lost) => {
          await work(AbortSignal.any([ending.signal, lost]))
          ending.signal.throwIfAborted()
        })
        .catch((error) => {
          if (error !== ending.signal.reason) log.error({ err: error }, problem)
        })
    const betweenMs = hourMs - sharedEveryMs
    let doing = turn(always ? 0 : betweenMs)
    const timer = setInterval(() => {
      doing = doing.then(() => turn(betweenMs))
    }, everyMs)
    timer.unref()
    return async () => {
      clearInterval(timer)
      await doing
    }
  }
  /** Looks again and again whether there is work, and does it. */
  const lookingFor = (name: string, work: Pick<AdReviews, 'areDue' | 'run'>) => {
    const doDue = async () => {
      if (!ending.signal.aborted && (await work.areDue()))
        await leases.run(name, 0, (lost) => work.run(AbortSignal.any([ending.signal, lost])))
    }
    let doing: Promise<void> | undefined
    const look = () => {
      doing ??= doDue()
        .catch((error) => log.error({ err: error }, `could not ${name}`))
        .finally(() => {
          doing = undefined
        })
    }
    const timer = setInterval(look, node ? lookEveryMs.shared : lookEveryMs.alone)
    timer.unref()
    const end = async () => {
      clearInterval(timer)
      await doing
    }
    return { look, end }
  }
  const endTidying = hourly('tidy up', tidy, { problem: 'could not remove what is no longer needed' })
  // Both may take hours after an upgrade, and nothing else waits for them.
  const endLooking = hourly('look at pictures', lookBackfill.run, {
    problem: 'could not look at older pictures',
    always: true,
  })
  const endFilling = hourly('fill the search', searchBackfill.run, {
    problem: 'could not add older Pins to the search',
    always: true,
  })
  // Who dies with it leaves it to whoever looks next.
  const reviewing = lookingFor('review ads', adReviews)
  const making = lookingFor('make files', jobs)
  jobs.whenBegun(making.look)
  node?.whenOthersDie(async () => {
    await boards.finishRemovals()
  })
  return () => {
    ending.abort()
    return Promise.all([endTidying(), endLooking(), endFilling(), reviewing.end(), making.end()]).then(() => {})
  }
}
