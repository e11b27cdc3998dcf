import type { Database } from '../../db/database.ts'
import type { CountedPin, CountedPins } from './counted-pins.ts'
import type { Counting } from './counting/counting.ts'
import type { KeptDays } from './counting/kept-days.ts'
import { Tally } from './counting/tally.ts'
import { dayAt } from './days.ts'
import { type HistoryChange, type RowError, readHistory } from './history.ts'
import type { AnalyticsStore, Tx } from './store.ts'

/** What became of rows of history. */
export interface HistoryReceipt {
  /** How many are in place. */
  loaded: number
  /** What was wrong with others, in their order. */
  errors: RowError[]
}

/** What loading history works with. */
export interface HistoryParts {
  db: Database
  store: Pick<AnalyticsStore, 'pinCounts'>
  counting: Pick<Counting, 'add'>
  pins: CountedPins
  kept: KeptDays
  now: () => number
}

/** Puts numbers of past days in place of those that are there, for Pins of the account `ownerId`. */
export async function loadHistory(
  parts: HistoryParts,
  ownerId: number,
  rows: readonly unknown[],
): Promise<HistoryReceipt> {
  const { db, kept, now } = parts
  const { changes, errors } = readHistory(rows, { today: dayAt(now()), firstDay: kept.firstKeptDay() })
  return db.write(async (tx) => {
    const ids = [...new Set(changes.map((change) => change.pin_id))]
    const pins = new Map((await parts.pins.counted(tx, ids)).map((pin) => [pin.id, pin]))
    const { theirs, foreign } = Object.groupBy(changes, ({ pin_id }) =>
      pins.get(pin_id)?.owner_id === ownerId ? 'theirs' : 'foreign',
    )
    await putInPlace(parts, tx, theirs ?? [], pins)
    const refused = (foreign ?? []).map(({ row, pin_id }) => ({
      row,
      message: `'pin_id': ${pin_id} is no Pin of yours.`,
    }))
    return { loaded: theirs?.length ?? 0, errors: [...errors, ...refused].sort((a, b) => a.row - b.row) }
  })
}

/** Counts what is missing of the numbers that are wanted. Of two for the same the later one stays. */
async function putInPlace(
  { store, counting }: HistoryParts,
  tx: Tx,
  changes: readonly HistoryChange[],
  pins: ReadonlyMap<number, CountedPin>,
): Promise<void> {
  const wanted = new Map(changes.map((change) => [`${dayKey(change)} ${change.counter}`, change]))
  const days = new Map(changes.map((change) => [dayKey(change), change]))
  const present = new Map((await store.pinCounts.days(tx, [...days.values()])).map((row) => [dayKey(row), row]))
  const tally = new Tally()
  for (const change of wanted.values()) {
    const missing = change.value - (present.get(dayKey(change))?.[change.counter] ?? 0)
    if (missing !== 0) tally.add(change.pin_id, change.day, change.app_type, change.counter, missing)
  }
  await counting.add(tx, tally, pins)
}

const dayKey = ({ pin_id, day, app_type }: { pin_id: number; day: number; app_type: number }): string =>
  `${pin_id} ${day} ${app_type}`
