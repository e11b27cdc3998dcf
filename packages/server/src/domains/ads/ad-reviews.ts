import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import { type Objection, objectionsTo } from './ad-review.ts'
import { adOf, columnsOf } from './ad-settings.ts'
import type { AdvertisedPins } from './advertised-pins.ts'
import { campaignOf } from './campaigns.ts'
import { entityStore } from './store/entities.ts'
import { type ReviewPlace, reviewStore } from './store/reviews.ts'

/** An ad is reviewed this long after it was made or changed, unless a rule says otherwise. */
export const reviewAfterMs = 10_000

/** How reviews go on: by what ads show, after a time, when somebody decides, or all with an objection. */
export type ReviewRule =
  | {
      /** By what the ad shows, or when a trigger says so. */
      mode: 'immediate' | 'manual'
    }
  | {
      /** By what the ad shows, later. */
      mode: 'time'
      /** How long after it was made or changed, in milliseconds. */
      afterMs: number
    }
  | {
      /** Each is rejected. */
      mode: 'fail'
      /** Why, in words. */
      problem: string
    }

/** The review of ads. What is pending is in the database: a server that starts, or another one, goes on with it. */
export interface AdReviews {
  /** Says that there may be something to review. */
  expect(): void
  /** Returns whether something is to be reviewed now. */
  areDue(): Promise<boolean>
  /** Reviews what is due, until `signal` is aborted. Another server may do the same: each ad is decided once. */
  run(signal: AbortSignal): Promise<void>
  /** Decides on an ad that is pending: it is approved without objections. False if it is not pending, undefined if there is none. */
  decide(id: number, objections: readonly Objection[]): Promise<boolean | undefined>
  /** Returns how many are pending, up to 1,000. */
  countPending(): Promise<number>
}

export interface AdReviewsOptions {
  db: Database
  clock: Clock
  pins: Pick<AdvertisedPins, 'byIds'>
  /** Returns how reviews go on now. */
  rule: () => ReviewRule
  /** Whether other servers, or processes, write to the database. */
  isShared: boolean
}

/** At most this many are read at once, and counted. */
const [batchSize, mostCounted] = [100, 1000]
const start: ReviewPlace = { review_at: 0, id: 0 }

/** Makes the reviews over `db`. */
export function adReviewsOf({ db, clock, pins, rule, isShared }: AdReviewsOptions): AdReviews {
  const store = reviewStore(db)
  const campaigns = entityStore(db, 'campaigns')
  /** Whether there may be something: a server that is alone need not look for what nobody has made. */
  let mayBePending = true

  /** Returns whether an ad is due at a time that it waits for. */
  function isDue(reviewAt: number): boolean {
    const now = rule()
    if (now.mode === 'fail') return true
    if (now.mode === 'manual') return false
    return reviewAt + (now.mode === 'time' ? now.afterMs - reviewAfterMs : 0) <= clock.now()
  }

  async function look(id: number): Promise<Objection[] | undefined> {
    const row = await store.byId(id)
    if (!row) return undefined
    const now = rule()
    if (now.mode === 'fail') return [{ reason: 'OTHER', label: now.problem }]
    const campaign = await campaigns.byId(row.ad_account_id, row.campaign_id)
    if (!campaign) return undefined
    const pin = (await pins.byIds([row.pin_id])).get(row.pin_id)
    return objectionsTo({ settings: adOf(row).settings, pin, objective: campaignOf(campaign).settings.objective_type })
  }

  /** Writes a decision. `reviewAt`: false if the ad does not wait for that time any more, undefined for any. */
  function write(id: number, objections: readonly Objection[], reviewAt?: number): Promise<boolean | undefined> {
    return db.write(async (tx) => {
      const row = await store.lock(tx, id)
      if (!row) return undefined
      if (row.review_at === null || (reviewAt !== undefined && row.review_at !== reviewAt)) return false
      const { settings } = adOf(row)
      const { data } = columnsOf({
        ...settings,
        rejected_reasons: [...new Set(objections.map(({ reason }) => reason))],
        rejection_labels: objections.map(({ label }) => label),
      })
      await store.decide(tx, { id, data, review_status: objections.length > 0 ? 'REJECTED' : 'APPROVED' })
      return true
    })
  }

  return {
    expect() {
      mayBePending = true
    },

    async areDue() {
      if (!mayBePending && !isShared) return false
      mayBePending = false
      const [first] = await store.next(start, 1)
      mayBePending ||= first !== undefined
      return first !== undefined && isDue(first.review_at)
    },

    async run(signal) {
      let after = start
      for (let count = batchSize; count === batchSize && !signal.aborted; ) {
        const found = await store.next(after, batchSize)
        count = found.length
        for (const each of found) {
          if (signal.aborted || !isDue(each.review_at)) return
          const objections = await look(each.id)
          if (objections) await write(each.id, objections, each.review_at)
          after = each
        }
      }
    },

    decide: (id, objections) => write(id, objections),

    countPending: async () => (await store.next(start, mostCounted)).length,
  }
}
