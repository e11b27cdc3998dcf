import type { DataStatus, Metric, TopPinsOrder, VideoMetric } from '@pinfold/contract'
import { firstIdAt } from '../../../core/ids.ts'
import { type DayRange, dayAt, dayMs, readRange } from '../days.ts'
import { countersFor, valuesOf } from '../metrics.ts'
import { appRangeOf } from '../reports.ts'
import { readFilter, type SliceFilter, slicesOf } from '../slices.ts'
import { findTopPins, type TopPin } from '../top-pins.ts'
import type { AnalyticsViewer } from '../viewer.ts'
import type { ReadingParts } from './parts.ts'
import type { TopQuery } from './queries.ts'

/** The top Pins of an account, best first. */
export interface TopPinsReport<Order extends Metric> {
  /** The time up to which events are counted, in milliseconds since 1970. Empty if there are no Pins. */
  date_availability: { is_realtime?: boolean; latest_available_timestamp?: number }
  pins: { pin_id: string; data_status: Record<string, DataStatus>; metrics: Record<string, number> }[]
  sort_by: Order
}

/** Reports the top Pins of an account. */
export interface TopPinsReports {
  /**
   * Returns the top Pins of the viewer's account. `allMetrics`: the metrics to return if the query names none. Throws a
   * 400 for an invalid query.
   */
  topPins<Order extends TopPinsOrder>(
    viewer: AnalyticsViewer,
    query: TopQuery<Order>,
    allMetrics: readonly Metric[],
  ): Promise<TopPinsReport<Order>>
  /** Returns the same for its video Pins only. */
  topVideoPins<Order extends VideoMetric>(
    viewer: AnalyticsViewer,
    query: TopQuery<Order>,
    allMetrics: readonly Metric[],
  ): Promise<TopPinsReport<Order>>
}

type Parts = Pick<ReadingParts, 'store' | 'pins' | 'now'>

/** Makes the reports on top Pins. */
export function topPinsReports(parts: Parts): TopPinsReports {
  return {
    topPins: (viewer, query, allMetrics) => report(parts, viewer, query, readFilter(query), allMetrics),
    topVideoPins: (viewer, query, allMetrics) =>
      report(parts, viewer, query, onlyVideos(readFilter(query)), allMetrics),
  }
}

async function report<Order extends TopPinsOrder | VideoMetric>(
  { store, pins, now }: Parts,
  { accountId, secret }: AnalyticsViewer,
  query: TopQuery<Order>,
  filter: SliceFilter | undefined,
  allMetrics: readonly Metric[],
): Promise<TopPinsReport<Order>> {
  const range = readRange(query, now())
  const metrics = query.metric_types?.length ? query.metric_types : allMetrics
  const { sort_by: order, created_in_last_n_days: since } = query
  const found = await findTopPins(store, {
    accountId,
    slices: filter ? slicesOf(filter) : [],
    range,
    apps: appRangeOf(query.app_types),
    order,
    columns: countersFor([...metrics, order]),
    count: query.num_of_pins ?? 10,
    visible: secret === 'none' ? pins.withoutSecret : async (ids) => ids,
    firstId: since === undefined ? 0 : firstIdAt(now() - since * dayMs),
  })
  const status = range.last < dayAt(now()) ? 'READY' : 'PROCESSING'
  return {
    date_availability:
      found.length === 0 ? {} : { is_realtime: true, latest_available_timestamp: countedUntil(range, now()) },
    pins: found.map((pin) => entry(pin, metrics, status)),
    sort_by: order,
  }
}

const entry = ({ id, counts }: TopPin, metrics: readonly Metric[], status: DataStatus) => ({
  pin_id: String(id),
  data_status: Object.fromEntries(metrics.map((metric) => [metric, status])),
  metrics: valuesOf(metrics, counts),
})

/** Returns the last second of a range that is over, or else the current second. */
function countedUntil({ last }: DayRange, now: number): number {
  const end = Math.min((last + 1) * dayMs - 1000, now)
  return end - (end % 1000)
}

/** Returns the filter restricted to video Pins. */
function onlyVideos(filter: SliceFilter | undefined): SliceFilter | undefined {
  return filter && filter.video !== false ? { ...filter, video: true } : undefined
}
