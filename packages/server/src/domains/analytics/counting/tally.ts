import { type Counts, counters } from '../../../db/counters.ts'
import { blockOf } from '../days.ts'
import type { AppCode, Counter } from '../metrics.ts'
import type { PinBlockRow, PinDayRow } from '../store.ts'

/** Counts to be added, by Pin, day and app type. A count may be negative. */
export class Tally {
  readonly #rows = new Map<string, PinDayRow>()

  add(pinId: number, day: number, app: AppCode, counter: Counter, count: number): void {
    const key = `${pinId} ${day} ${app}`
    let row = this.#rows.get(key)
    if (!row) {
      row = { pin_id: pinId, day, app_type: app, ...noCounts }
      this.#rows.set(key, row)
    }
    row[counter] += count
  }

  /** Returns the rows in the fixed order of writing, so that two transactions do not deadlock. */
  days(): PinDayRow[] {
    return [...this.#rows.values()].sort((a, b) => a.pin_id - b.pin_id || a.day - b.day || a.app_type - b.app_type)
  }
}

const noCounts = Object.fromEntries(counters.map((counter) => [counter, 0])) as Counts

export const blockKey = (row: PinBlockRow): string => `${row.pin_id} ${row.block} ${row.app_type}`

/** Returns the blocks of days by key, in the fixed order of writing. */
export function blocksOf(days: readonly PinDayRow[]): Map<string, PinBlockRow> {
  const blocks = new Map<string, PinBlockRow>()
  for (const { day, ...rest } of days) addBlock(blocks, { ...rest, block: blockOf(day), changes: 1 })
  return new Map([...blocks].sort(([, a], [, b]) => compareBlocks(a, b)))
}

/** Adds a row to the block of the same Pin, number and app type. */
export function addBlock(blocks: Map<string, PinBlockRow>, row: PinBlockRow): void {
  const key = blockKey(row)
  const sum = blocks.get(key)
  if (!sum) blocks.set(key, row)
  else for (const counter of counters) sum[counter] += row[counter]
}

export const compareBlocks = (a: PinBlockRow, b: PinBlockRow): number =>
  a.pin_id - b.pin_id || a.block - b.block || a.app_type - b.app_type
