import { type Counts, counters } from '../../../db/counters.ts'
import { dayAt, everyBlock } from '../days.ts'
import { type AppRange, appRangeOf } from '../reports.ts'
import type { AnalyticsStore } from '../store.ts'
import { sumsOver } from '../top-pins.ts'
import type { ReadingParts } from './parts.ts'

/** What `pin_metrics` says of a Pin. */
export type PinSummary = Record<'90d' | 'lifetime_metrics', Record<string, number>>

/** The short summaries that stand beside Pins. Whoever asks must be known to may see them. */
export interface PinSummaries {
  /** Returns what `pin_metrics` says of Pins, by their ids: over the last 90 days, and over their whole life. */
  summaries(ids: readonly number[]): Promise<Map<number, PinSummary>>
}

/** What `pin_metrics` gives, by the names it has there. */
const summaryNames = {
  impression: 'impressions',
  pin_click: 'pin_clicks',
  clickthrough: 'outbound_clicks',
  save: 'saves',
} as const
const lifetimeNames = { ...summaryNames, reaction: 'reactions', comment: 'comments' } as const

/** Makes what sums up Pins. */
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

/** Returns what Pins have over their whole life, those that have anything. */
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
