import type { AppType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { Counts, Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { countingIn, Tally } from './counting.ts'
import { blockDays, dayAt, maxRangeDays } from './days.ts'
import { checkEvents, type EventSender, type GivenEvent } from './events.ts'
import { type RowError, readHistory } from './history.ts'
import { intakeTo, type Receipt } from './intake.ts'
import { appCodes, type Counter } from './metrics.ts'
import { readingOf } from './reading.ts'
import { analyticsStore } from './store.ts'
import { deviceOf } from './viewers.ts'

export type { PinSummary } from './reading.ts'
export type { CountedPin } from './store.ts'

type Tx = Transaction<Schema>

/** Every day that can be asked for, or that an event can be late for, is kept. */
export const leastKeptDays = maxRangeDays + 2 * blockDays

export interface AnalyticsOptions {
  db: Database
  clock: Clock
  accounts: Accounts
  /** A secret of the installation. */
  key: Buffer
  keptDays: number
}

/** What was counted of a Pin on one day, on one kind of device. */
export interface DayNumbers {
  pinId: number
  daysAgo: number
  app: AppType
  counts: Partial<Counts>
}

export type Analytics = ReturnType<typeof analyticsOf>

/** How often Pins are seen and used: counted as it happens, and told by day. */
export function analyticsOf({ db, clock, accounts, key, keptDays }: AnalyticsOptions) {
  const store = analyticsStore(db)
  const now = () => clock.now()
  const counting = countingIn({ store, now, keptDays })
  const { firstKeptDay } = counting
  const intake = intakeTo({ db, store, counting, now })
  const reading = readingOf({ store, accounts, now, firstKeptDay })
  const salt = key.toString('base64url')

  /** Counts a batch of events; it is done when they are written. Throws a 400 when one of them cannot be. */
  async function takeEvents(events: readonly GivenEvent[], sender: EventSender): Promise<Receipt> {
    return intake.take(checkEvents(events, sender, now(), salt))
  }

  /** Counts the save of a Pin, in the transaction that saves it. Its owner's own do not count. */
  async function noteSave(tx: Tx, pinId: number, by: { accountId: number; userAgent: string }): Promise<void> {
    const [pin] = await store.pins(tx, [pinId])
    if (!pin || pin.owner_id === by.accountId) return
    const tally = new Tally()
    tally.add(pin.id, dayAt(now()), deviceOf(by.userAgent).app, 'saves', 1)
    await counting.add(tx, tally, new Map([[pin.id, pin]]))
  }

  /** Puts numbers of past days in place of those that are there. `ownerId`: whose Pins they must be of. */
  async function loadHistory(
    ownerId: number,
    rows: readonly unknown[],
  ): Promise<{ loaded: number; errors: RowError[] }> {
    const { changes, errors } = readHistory(rows, { today: dayAt(now()), firstDay: firstKeptDay() })
    return db.write(async (tx) => {
      const ids = [...new Set(changes.map((change) => change.pin_id))].sort((a, b) => a - b)
      const pins = new Map((await store.pins(tx, ids)).map((pin) => [pin.id, pin]))
      const theirs = changes.filter((change) => pins.get(change.pin_id)?.owner_id === ownerId)
      const foreign = changes.filter((change) => !theirs.includes(change))
      // Of two rows for the same the later one stays.
      const wanted = new Map(theirs.map((change) => [`${dayKey(change)} ${change.counter}`, change]))
      const days = new Map(theirs.map((change) => [dayKey(change), change]))
      const present = new Map((await store.pinDays(tx, [...days.values()])).map((row) => [dayKey(row), row]))
      const tally = new Tally()
      for (const change of wanted.values()) {
        const missing = change.value - (present.get(dayKey(change))?.[change.counter] ?? 0)
        if (missing !== 0) tally.add(change.pin_id, change.day, change.app_type, change.counter, missing)
      }
      await counting.add(tx, tally, pins)
      const notTheirs = foreign.map(({ row, pin_id }) => ({ row, message: `'pin_id': ${pin_id} is no Pin of yours.` }))
      return { loaded: theirs.length, errors: [...errors, ...notTheirs].sort((a, b) => a.row - b.row) }
    })
  }

  /** Adds numbers to those that are there, as many as are given: for those that are made up, not sent. */
  async function addDays(days: readonly DayNumbers[]): Promise<void> {
    const today = dayAt(now())
    const tally = new Tally()
    for (const { pinId, daysAgo, app, counts } of days)
      for (const [counter, count] of Object.entries(counts))
        tally.add(pinId, today - daysAgo, appCodes[app], counter as Counter, count)
    const ids = [...new Set(days.map(({ pinId }) => pinId))].sort((a, b) => a - b)
    await db.write(async (tx) => {
      const pins = new Map((await store.pins(tx, ids)).map((pin) => [pin.id, pin]))
      await counting.add(tx, tally, pins)
    })
  }

  /** Sums up what is too old to be kept by day, until there is no more or `signal` ends it. Others get their turns. */
  async function expire(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await db.write((tx) => counting.expireSome(tx)))) await new Promise(setImmediate)
  }

  return {
    ...reading,
    takeEvents,
    noteSave,
    loadHistory,
    addDays,
    expire,
    /** Takes the numbers of Pins that are removed along, in the transaction that removes them. */
    forget: counting.forget,
    /** Moves the numbers of a Pin that has changed, in the transaction that changes it. */
    move: counting.move,
  }
}

const dayKey = ({ pin_id, day, app_type }: { pin_id: number; day: number; app_type: number }): string =>
  `${pin_id} ${day} ${app_type}`
