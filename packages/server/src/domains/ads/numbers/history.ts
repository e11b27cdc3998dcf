import { reportColumns } from '@pinfold/contract'
import { parseId } from '../../../core/ids.ts'
import type { AdCounter } from '../../../db/ad-counters.ts'
import { type HistoryDays, readDay, readRows, readValue, shown } from '../../analytics/history.ts'
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
export const readAdHistory = (rows: readonly unknown[], days: HistoryDays) =>
  readRows(rows, (given) => readRow(given as Record<string, unknown>, days))

/** Returns the content of a row, or what is wrong with it. */
function readRow(
  { date, ad_id: ad, pin_id: pin, metric, value }: Record<string, unknown>,
  days: HistoryDays,
): Omit<AdHistoryChange, 'row'> | string {
  const day = readDay(date, days)
  if (typeof day === 'string') return day
  const adId = typeof ad === 'string' ? parseId(ad) : undefined
  if (adId === undefined) return `'ad_id': ${shown(ad)} is not the id of an ad, a string of digits.`
  if (pin !== undefined) return `'pin_id': a row is of a Pin or of an ad. Leave one of both ids out.`
  const metrics = metricsOfHistory()
  const place = typeof metric === 'string' ? metrics.get(metric) : undefined
  if (place === undefined)
    return `'metric': ${shown(metric)} is not one of ${[...metrics.keys()].join(', ')}. Totals and rates follow from those.`
  const count = readValue(value)
  return typeof count === 'string' ? count : { adId, day, ...place, value: count }
}
