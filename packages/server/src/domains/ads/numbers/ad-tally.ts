import { type AdCounter, type AdCounts, adCounters } from '../../../db/ad-counters.ts'
import type { CountedAd } from '../../analytics/counted-ads.ts'

/** The sides of numbers, as they are stored. */
export const sideCodes = { paid: 0, earned: 1 } as const
/** A side of numbers, as it is stored. */
export type SideCode = (typeof sideCodes)[keyof typeof sideCodes]

/** Counts of something in an ad account, at a time: a day or an hour. */
export interface TalliedRow extends AdCounts {
  entity_id: number
  time: number
  side: SideCode
}

const noCounts = Object.fromEntries(adCounters.map((counter) => [counter, 0])) as AdCounts

/** Counts of ads to be added, each to all that the ad is in as well. A count may be negative. */
export class AdTally {
  readonly #rows = new Map<string, TalliedRow>()

  /** Adds to the numbers of an ad, its ad group, its campaign and its ad account: so their sums agree. */
  add(
    { id, adGroupId, campaignId, adAccountId }: CountedAd,
    at: { time: number; side: SideCode },
    counts: Counted,
  ): void {
    for (const entity_id of [id, adGroupId, campaignId, adAccountId]) {
      const key = `${entity_id} ${at.time} ${at.side}`
      let row = this.#rows.get(key)
      if (!row) {
        row = { entity_id, ...at, ...noCounts }
        this.#rows.set(key, row)
      }
      for (const [counter, count] of counts) row[counter] += count
    }
  }

  /** Returns the rows where the times are days. */
  days(): (Omit<TalliedRow, 'time'> & { day: number })[] {
    return this.#sorted().map(({ time: day, ...row }) => ({ ...row, day }))
  }

  /** Returns the rows where the times are hours. */
  hours(): (Omit<TalliedRow, 'time'> & { hour: number })[] {
    return this.#sorted().map(({ time: hour, ...row }) => ({ ...row, hour }))
  }

  /** In the fixed order of writing, so that two transactions do not deadlock. */
  #sorted(): TalliedRow[] {
    return [...this.#rows.values()].sort((a, b) => a.entity_id - b.entity_id || a.time - b.time || a.side - b.side)
  }
}

/** What is added to which counters. */
type Counted = readonly (readonly [AdCounter, number])[]
