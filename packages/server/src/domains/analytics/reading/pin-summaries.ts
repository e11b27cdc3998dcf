import { type Counts, counters } from '../../../db/counters.ts'
import { dayAt, everyBlock } from '../days.ts'
import { type AppRange, appRangeOf } from '../reports.ts'
import type { AnalyticsStore } from '../store.ts'
import { sumsOver } from '../top-pins.ts'
import type { ReadingParts } from './parts.ts'

/** The value of a Pin's `pin_metrics`. */
export type PinSummary = Record<'90d' | 'lifetime_metrics', Record<string, number>>

/** The short summaries within Pins. The caller must have checked that the viewer may see them. */
export interface PinSummaries {
  /** Returns the `pin_metrics` of Pins by id: over the last 90 days, and over their lifetime. */
  summaries(ids: readonly number[]): Promise<Map<number, PinSummary>>
}

/** The metrics in `pin_metrics`, by their names there. */
const summaryNames = {
  impression: 'impressions',
  pin_click: 'pin_clicks',
  clickthrough: 'outbound_clicks',
  save: 'saves',
} as const
const lifetimeNames = { ...summaryNames, reaction: 'reactions', comment: 'comments' } as const

/** Makes the summaries of Pins. */
export function pinSummaries({ store, now }: Pick<ReadingParts, 'store' | 'now'>): PinSummaries {
  return {
    async summaries(ids) {
      const today = dayAt(now())
      const apps = appRangeOf()
      const days = { first: today - 89, last: today }
      const lately = await sumsOver(store, ids, days, apps, Object.values(summaryNames))
      const ever = await sumsOverLife(store, ids, apps)
      return new Map(
        ids.map((id) => [
          id,
          { '90d': named(summaryNames, lately.get(id)), lifetime_metrics: named(lifetimeNames, ever.get(id)) },
        ]),
      )
    },
  }
}

/** Returns the lifetime sums of those Pins that have counts. */
export async function sumsOverLife(
  { pinSums }: Pick<AnalyticsStore, 'pinSums'>,
  ids: readonly number[],
  apps: AppRange,
): Promise<Map<number, Partial<Counts>>> {
  const rows = await pinSums.overBlocks(ids, { ...everyBlock, ...apps }, counters)
  return new Map(rows.map((row) => [row.pin_id, row]))
}

function named(names: Record<string, keyof Counts>, counts: Partial<Counts> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(names).map(([name, counter]) => [name, counts[counter] ?? 0]))
}
