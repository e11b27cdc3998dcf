import type { Database } from '../../db/database.ts'
import type { CountedPin, CountedPins } from './counted-pins.ts'
import type { Counting } from './counting/counting.ts'
import type { KeptDays } from './counting/kept-days.ts'
import { Tally } from './counting/tally.ts'
import { dayAt } from './days.ts'
import { type HistoryChange, type RowError, readHistory } from './history.ts'
import type { AnalyticsStore, Tx } from './store.ts'
import type { AnalyticsViewer } from './viewer.ts'

/** The result of loading rows of history. */
export interface HistoryReceipt {
  /** The number of rows loaded. */
  loaded: number
  /** What is wrong with the others, in order. */
  errors: RowError[]
}

/** The dependencies of loading history. */
export interface HistoryParts {
  db: Database
  store: Pick<AnalyticsStore, 'pinCounts'>
  counting: Pick<Counting, 'add'>
  pins: CountedPins
  kept: KeptDays
  now: () => number
}

/** Replaces numbers of past days, for Pins that the viewer may change. */
export async function loadHistory(
  parts: HistoryParts,
  viewer: AnalyticsViewer,
  rows: readonly unknown[],
): Promise<HistoryReceipt> {
  const { db, kept, now } = parts
  const { changes, errors } = readHistory(rows, { today: dayAt(now()), firstDay: kept.firstKeptDay() })
  return db.write(async (tx) => {
    const ids = [...new Set(changes.map((change) => change.pin_id))]
    const pins = new Map((await parts.pins.counted(tx, ids)).map((pin) => [pin.id, pin]))
    const refused = changes.flatMap((change) => {
      const why = whyNot(pins.get(change.pin_id), viewer)
      return why ? [{ row: change.row, message: `'pin_id': ${change.pin_id} ${why}` }] : []
    })
    const refusedRows = new Set(refused.map(({ row }) => row))
    const theirs = changes.filter(({ row }) => !refusedRows.has(row))
    await putInPlace(parts, tx, theirs, pins)
    return { loaded: theirs.length, errors: [...errors, ...refused].sort((a, b) => a.row - b.row) }
  })
}

/** Returns why the viewer may not set numbers of a Pin; undefined if it may. Reveals nothing about secret Pins. */
function whyNot(pin: CountedPin | undefined, { accountId, secret }: AnalyticsViewer): string | undefined {
  const isSecret = pin?.privacy === 'SECRET'
  if (pin?.owner_id !== accountId || (isSecret && secret === 'none')) return 'is no Pin of yours.'
  if (isSecret && secret !== 'write') return 'is secret: the token needs pins:write_secret for it.'
  return undefined
}

/** Counts the difference to the wanted numbers. Of two for the same day, the later one wins. */
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
