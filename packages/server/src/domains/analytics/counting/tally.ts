import { type Counts, counters } from '../../../db/counters.ts'
import { blockOf } from '../days.ts'
import type { AppCode, Counter } from '../metrics.ts'
import type { PinBlockRow, PinDayRow } from '../store.ts'

/** Counts to be added, by Pin, day and app type. A count may be negative. */
export class Tally {
  /** By Pin: most have one or two. */
  readonly #rows = new Map<number, PinDayRow[]>()

  add(pinId: number, day: number, app: AppCode, counter: Counter, count: number): void {
    const rows = rowsOf(this.#rows, pinId)
    let row = rows.find((each) => each.day === day && each.app_type === app)
    if (!row) {
      row = { pin_id: pinId, day, app_type: app, ...noCounts }
      rows.push(row)
    }
    row[counter] += count
  }

  /** Returns the rows in the fixed order of writing, so that two transactions do not deadlock. */
  days(): PinDayRow[] {
    return inOrder(this.#rows, (a, b) => a.day - b.day || a.app_type - b.app_type)
  }
}

/** Sums of counts, by Pin, block of days and app type. */
export class BlockTally {
  readonly #rows = new Map<number, PinBlockRow[]>()

  /** Adds counts to the block with a number. */
  add(pinId: number, block: number, app: number, counts: Counts): void {
    const rows = rowsOf(this.#rows, pinId)
    let row = find(rows, block, app)
    if (!row) {
      row = { pin_id: pinId, block, app_type: app, changes: 1, ...noCounts }
      rows.push(row)
    }
    for (const counter of counters) row[counter] += counts[counter]
  }

  /** Returns what was added to a block. */
  find({ pin_id, block, app_type }: Pick<PinBlockRow, 'pin_id' | 'block' | 'app_type'>): PinBlockRow | undefined {
    return find(this.#rows.get(pin_id) ?? [], block, app_type)
  }

  /** Returns the rows in the fixed order of writing. */
  blocks(): PinBlockRow[] {
    return inOrder(this.#rows, (a, b) => a.block - b.block || a.app_type - b.app_type)
  }
}

/** Adds up days by their blocks. */
export function blocksOf(days: readonly PinDayRow[]): BlockTally {
  const blocks = new BlockTally()
  for (const row of days) blocks.add(row.pin_id, blockOf(row.day), row.app_type, row)
  return blocks
}

const noCounts = Object.fromEntries(counters.map((counter) => [counter, 0])) as Counts

const find = (rows: readonly PinBlockRow[], block: number, app: number): PinBlockRow | undefined =>
  rows.find((row) => row.block === block && row.app_type === app)

function rowsOf<Row>(all: Map<number, Row[]>, pinId: number): Row[] {
  const known = all.get(pinId)
  if (known) return known
  const rows: Row[] = []
  all.set(pinId, rows)
  return rows
}

/** Returns the rows of all Pins, by Pin, those of a Pin in the order of `compare`. */
function inOrder<Row>(all: ReadonlyMap<number, Row[]>, compare: (a: Row, b: Row) => number): Row[] {
  const ids = Float64Array.from(all.keys()).sort()
  const rows: Row[] = []
  for (const id of ids) for (const row of (all.get(id) ?? []).toSorted(compare)) rows.push(row)
  return rows
}
