import type { PlainCount, ReportColumn, SidedCount, Tally } from '@pinfold/contract'
import { type AdCounter, adCounters } from '../../../db/ad-counters.ts'

const names: ReadonlySet<string> = new Set(adCounters)
const isCounter = (name: string): name is AdCounter => names.has(name)

type Count = SidedCount | PlainCount | Extract<Tally, { of: unknown }>['count']

/** Returns the counter that a count is stored in; nothing for what is not counted. */
export function counterOfCount(count: Count): AdCounter | undefined {
  // Milliseconds are stored, so that they add up.
  if (count === 'video_watch_seconds') return 'video_watch_ms'
  return isCounter(count) ? count : undefined
}

/** Returns the counters that a column is made of; undefined where one of its counts is not counted. */
export function countersOf({ source }: ReportColumn): AdCounter[] | undefined {
  if ('entity' in source) return []
  const tallies = 'per' in source ? [source.tally, source.per] : [source.tally]
  const counters = tallies.map((tally) => ('of' in tally ? 'none' : counterOfCount(tally.count)))
  if (counters.includes(undefined)) return undefined
  return counters.filter((counter) => counter !== undefined && counter !== 'none') as AdCounter[]
}
