import { reportColumns } from '@pinfold/contract'
import { parseId } from '../../../core/ids.ts'
import type { AdCounter } from '../../../db/ad-counters.ts'
import { dayAt, dayText, parseTime } from '../../analytics/days.ts'
import { type SideCode, sideCodes } from './ad-tally.ts'
import { counterOfCount } from './counted-columns.ts'

/** A number of an ad to set. */
export interface AdHistoryChange {
  /** The index of its row, from 0. */
  row: number
  adId: number
  day: number
  side: SideCode
  counter: AdCounter
  value: number
}

/** What is wrong with a row. */
export interface AdRowError {
  /** Its index, from 0. */
  row: number
  /** What is wrong, and what would be right. */
  message: string
}

/** Where a metric is stored. */
interface Place {
  counter: AdCounter
  side: SideCode
}

let known: ReadonlyMap<string, Place> | undefined

/** Returns the metrics of history: the columns that are a count as it is stored. */
function metricsOfHistory(): ReadonlyMap<string, Place> {
  known ??= new Map(placesOfColumns())
  return known
}

const placesOfColumns = () =>
  [...reportColumns().values()].flatMap(({ name, source }): [string, Place][] => {
    if (!('tally' in source) || 'per' in source || source.times !== 1 || 'of' in source.tally) return []
    const counter = counterOfCount(source.tally.count)
    // Others are the same under a further name.
    if (counter === undefined || name === 'PAID_IMPRESSION' || name.endsWith('_GROSS')) return []
    if ('side' in source.tally && source.tally.side) return [[name, { counter, side: sideCodes[source.tally.side] }]]
    return counter === 'spend' || counter === 'ads_credit_spend' || counter === 'leads'
      ? [[name, { counter, side: sideCodes.paid }]]
      : []
  })

/** Reads rows of the history of ads; reports those that are wrong, and returns the others. */
export function readAdHistory(
  rows: readonly unknown[],
  days: { today: number; firstDay: number },
): { changes: AdHistoryChange[]; errors: AdRowError[] } {
  const changes: AdHistoryChange[] = []
  const errors: AdRowError[] = []
  for (const [row, given] of rows.entries()) {
    const read = readRow(given as Record<string, unknown>, days)
    if (typeof read === 'string') errors.push({ row, message: read })
    else changes.push({ row, ...read })
  }
  return { changes, errors }
}

/** Returns the content of a row, or what is wrong with it. */
function readRow(
  { date, ad_id: ad, pin_id: pin, metric, value }: Record<string, unknown>,
  { today, firstDay }: { today: number; firstDay: number },
): Omit<AdHistoryChange, 'row'> | string {
  const at = typeof date === 'string' && date.length <= 40 ? parseTime(date) : undefined
  if (at === undefined) return `'date': ${shown(date)} is not a date. Use YYYY-MM-DD.`
  const day = dayAt(at)
  if (day > today) return `'date': ${dayText(day)} is in the future.`
  if (day < firstDay) return `'date': ${dayText(day)} is before ${dayText(firstDay)}, from which on days are kept.`
  const adId = typeof ad === 'string' ? parseId(ad) : undefined
  if (adId === undefined) return `'ad_id': ${shown(ad)} is not the id of an ad, a string of digits.`
  if (pin !== undefined) return `'pin_id': a row is of a Pin or of an ad. Leave one of both ids out.`
  const metrics = metricsOfHistory()
  const place = typeof metric === 'string' ? metrics.get(metric) : undefined
  if (place === undefined)
    return `'metric': ${shown(metric)} is not one of ${[...metrics.keys()].join(', ')}. Totals and rates follow from those.`
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 1e12)
    return `'value': ${shown(value)} is not a whole number from 0 to 1000000000000.`
  return { adId, day, ...place, value: Number(value) }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
