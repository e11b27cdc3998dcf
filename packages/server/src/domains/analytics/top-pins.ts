import type { TopPinsOrder, VideoMetric } from '@pinfold/contract'
import type { Counts } from '../../db/counters.ts'
import { blockOf, type DayRange, partsOf } from './days.ts'
import { type Counter, metricValue } from './metrics.ts'
import type { AppRange } from './reports.ts'
import type { ListSlice } from './slices.ts'
import type { AnalyticsStore, TopList, TopPlace } from './store.ts'
import { mostIn, rankOf } from './top-buckets.ts'

type Store = Pick<AnalyticsStore, 'pinSums' | 'topPins'>

export interface TopQuery {
  accountId: number
  slices: readonly ListSlice[]
  range: DayRange
  apps: AppRange
  /** The metric that the Pins are sorted by, from their counts over the range. */
  order: TopPinsOrder | VideoMetric
  columns: readonly Counter[]
  count: number
  /** Returns which of these Pins may be shown. */
  visible: (ids: readonly number[]) => Promise<readonly number[]>
  /** Only Pins with ids from this one on. */
  firstId: number
}

export interface TopPin {
  id: number
  value: number
  counts: Partial<Counts>
}

/** A list, and how far it has been read. */
interface Cursor {
  list: TopList
  after: TopPlace
  isRead: boolean
}

/** Returns the counts of Pins over a range of days, from whole blocks and the days around them. */
export async function sumsOver(
  store: Store,
  ids: readonly number[],
  range: DayRange,
  apps: AppRange,
  columns: readonly Counter[],
): Promise<Map<number, Partial<Counts>>> {
  const { days, blocks } = partsOf(range)
  const sums = new Map<number, Partial<Counts>>(ids.map((id) => [id, {}]))
  const add = (rows: readonly ({ pin_id: number } & Partial<Counts>)[]) => {
    for (const row of rows) {
      const sum = sums.get(row.pin_id)
      if (sum) for (const column of columns) sum[column] = (sum[column] ?? 0) + (row[column] ?? 0)
    }
  }
  for (const part of days) add(await store.pinSums.overDays(ids, { ...part, ...apps }, columns))
  if (blocks) add(await store.pinSums.overBlocks(ids, { ...blocks, ...apps }, columns))
  return sums
}

/**
 * Finds the top Pins over a range of days, without looking at every Pin (Fagin's threshold algorithm). Each block of
 * days that the range touches has a list of the Pins by their count in it, in buckets. The lists are read from their
 * tops, and the Pins found are summed up over the range. A Pin that has not been found in any list can have no more
 * than the sum of the next entries of all lists; when that is less than the last of the top Pins has, no other can be
 * among them.
 */
export async function findTopPins(store: Store, query: TopQuery): Promise<TopPin[]> {
  const cursors = cursorsOf(query)
  const seen = new Set<number>()
  let top: TopPin[] = []
  let open = cursors
  while (open.length > 0) {
    const found: number[] = []
    for (const cursor of open)
      for (const id of await readMore(store, cursor, query.count)) {
        if (seen.has(id)) continue
        seen.add(id)
        if (id >= query.firstId) found.push(id)
      }
    for (const [id, counts] of await sumsOver(
      store,
      await query.visible(found),
      query.range,
      query.apps,
      query.columns,
    )) {
      const value = metricValue(query.order, counts)
      if (value > 0) top.push({ id, value, counts })
    }
    top = top.sort((a, b) => b.value - a.value || b.id - a.id).slice(0, query.count)
    open = stillOpen(open, query, top)
  }
  return top
}

function cursorsOf({ accountId, slices, range, apps, order }: TopQuery): Cursor[] {
  const cursors: Cursor[] = []
  for (const slice of slices)
    for (let block = blockOf(range.first); block <= blockOf(range.last); block++)
      for (let app = apps.firstApp; app <= apps.lastApp; app++)
        cursors.push({
          list: { account_id: accountId, slice, metric: listOf(order), app_type: app, block },
          after: { bucket: 32_767, pin_id: 0 },
          isRead: false,
        })
  return cursors
}

/** Returns the number of the list to read. The average watch time has none: every Pin that has one was started. */
const listOf = (order: TopQuery['order']): number => rankOf(order === 'VIDEO_AVG_WATCH_TIME' ? 'VIDEO_START' : order)

async function readMore(store: Store, cursor: Cursor, count: number): Promise<number[]> {
  const rows = await store.topPins.next(cursor.list, cursor.after, count)
  const last = rows.at(-1)
  if (last) cursor.after = last
  cursor.isRead = rows.length < count
  return rows.map((row) => row.pin_id)
}

/** Returns the lists that may still contain one of the top Pins. */
function stillOpen(cursors: readonly Cursor[], { order, count }: TopQuery, top: readonly TopPin[]): Cursor[] {
  const unread = cursors.filter((cursor) => !cursor.isRead)
  const least = top.length < count ? 0 : (top.at(-1)?.value ?? 0)
  // An average can exceed the number that orders its list, so the whole list must be read.
  if (order === 'VIDEO_AVG_WATCH_TIME') return unread
  const most = new Map<number, number>()
  for (const { list, after } of unread) most.set(list.slice, (most.get(list.slice) ?? 0) + mostIn(after.bucket))
  return unread.filter(({ list }) => (most.get(list.slice) ?? 0) >= least)
}
