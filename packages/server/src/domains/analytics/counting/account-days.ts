import { accountCounters } from '../../../db/counters.ts'
import type { CountedPin } from '../counted-pins.ts'
import { sliceOf, unionsWith } from '../slices.ts'
import type { AccountDayRow, PinDayRow } from '../store.ts'

/** Returns what days of Pins add to their owners' accounts. `pins` contains each of these Pins. */
export function accountDaysOf(days: readonly PinDayRow[], pins: ReadonlyMap<number, CountedPin>): AccountDayRow[] {
  const ofSlices = mergeAccountDays(
    days.flatMap((row) => {
      const pin = pins.get(row.pin_id)
      if (!pin || accountCounters.every((counter) => row[counter] === 0)) return []
      const { day, app_type, impressions, saves, pin_clicks, outbound_clicks } = row
      const key = { account_id: pin.owner_id, slice: sliceOf(pin), day, app_type }
      return { ...key, impressions, saves, pin_clicks, outbound_clicks }
    }),
  )
  return mergeAccountDays(ofSlices.flatMap((row) => unionsWith(row.slice).map((slice) => ({ ...row, slice }))))
}

/**
 * Sums up rows of the same account, slice, day and app type, in the fixed order of writing, so that two transactions do
 * not deadlock.
 */
export function mergeAccountDays<Row extends AccountDayRow>(rows: readonly Row[]): Row[] {
  const sums = new Map<string, Row>()
  for (const row of rows) {
    const key = `${row.account_id} ${row.slice} ${row.day} ${row.app_type}`
    const sum = sums.get(key)
    if (!sum) sums.set(key, { ...row })
    else for (const counter of accountCounters) sum[counter] += row[counter]
  }
  return [...sums.values()].sort(
    (a, b) => a.account_id - b.account_id || a.slice - b.slice || a.day - b.day || a.app_type - b.app_type,
  )
}
