import type { AppType } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { Slices } from '../../core/slices.ts'
import { type Counts, counters } from '../../db/counters.ts'
import type { Database } from '../../db/database.ts'
import type { AccountIds } from '../accounts/account-ids.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { notesIn } from '../installation/notes.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { CountedAds } from './counted-ads.ts'
import type { CountedPin, CountedPins, PinMove } from './counted-pins.ts'
import { type Counting, countingIn } from './counting/counting.ts'
import { keptDays } from './counting/kept-days.ts'
import { Tally } from './counting/tally.ts'
import { blockDays, dayAt, maxRangeDays } from './days.ts'
import { checkEvents, type EventSender, type GivenEvent } from './events.ts'
import { followedWithinMs } from './follows.ts'
import { intakeTo } from './intake.ts'
import { type HistoryReceipt, loadHistory } from './load-history.ts'
import { appCodes } from './metrics.ts'
import { type Reading, readingOf } from './reading/reading.ts'
import type { Receipt } from './receipt.ts'
import { shownAdsOf } from './shown-ads.ts'
import { type AnalyticsStore, analyticsStore, type Tx } from './store.ts'
import type { AnalyticsViewer } from './viewer.ts'
import { deviceOf } from './viewers.ts'

export type { CountedPin } from './counted-pins.ts'
export type { PinSummary } from './reading/pin-summaries.ts'

/** The smallest setting: every day that clients can ask for, or that an event can be late for. */
export const leastKeptDays = maxRangeDays + 2 * blockDays

/** The counts of a Pin on one day, on one kind of device. */
export interface DayNumbers {
  /** The Pin. */
  pinId: number
  /** 0 for today. */
  daysAgo: number
  /** The kind of device. */
  app: AppType
  /** The numbers to add; missing counters stay unchanged. */
  counts: Partial<Counts>
}

/** Counts events of Pins and reports them by day. Days are in UTC. */
export interface Analytics extends Reading {
  /**
   * Counts a batch of events, and resolves when all of them are written. Throws a 400 when one of them is invalid, and
   * `unavailable` when too many are waiting; then none is counted.
   */
  takeEvents(events: readonly GivenEvent[], sender: EventSender): Promise<Receipt>
  /**
   * Counts the save of a Pin, in the transaction that saves it, and returns the Pin, locked until that ends; undefined if there
   * is none. Its owner's own saves do not count.
   */
  noteSave(tx: Tx, pinId: number, by: { accountId: number; userAgent: string }): Promise<CountedPin | undefined>
  /**
   * Counts that an account begins to follow another, in the transaction that writes it: for the Pin from which it came to
   * the other's profile last, if that was within a day and the Pin is not secret.
   */
  noteFollow(tx: Tx, ownerId: number, by: { accountId: number; userAgent: string }): Promise<void>
  /**
   * Replaces numbers of past days, for Pins that the viewer may change. Invalid rows are reported, and the others
   * loaded.
   */
  loadHistory(viewer: AnalyticsViewer, rows: readonly unknown[]): Promise<HistoryReceipt>
  /** Adds to the existing numbers: for generated numbers, not for events. */
  addDays(days: readonly DayNumbers[]): Promise<void>
  /** Removes the numbers of Pins, in the transaction that removes the Pins. */
  forget(tx: Tx, pins: readonly CountedPin[]): Promise<void>
  /** Moves the numbers of Pins that have changed, in the transaction that changes them. */
  move(tx: Tx, moves: readonly PinMove[]): Promise<void>
  /**
   * Sums up days that are too old to be stored separately, until none is left or `signal` is aborted. Others get their
   * turns.
   */
  expire(signal: AbortSignal): Promise<void>
}

export interface AnalyticsOptions {
  db: Database
  clock: Clock
  accounts: Pick<Accounts, 'byId'>
  accountIds: AccountIds
  pins: CountedPins
  ads: CountedAds
  outbox: Outbox
  /** A secret of the installation. */
  key: Buffer
  keptDays: number
  /** At most this many keys of events are in memory. Default: four million, which take about 60 MB. */
  mostKeysInMemory?: number
}

const mostKeysInMemory = 4_000_000

/** Makes the analytics. */
export function analyticsOf(options: AnalyticsOptions): Analytics {
  const { db, clock, accounts, accountIds, outbox, pins, ads } = options
  const now = () => clock.now()
  const kept = keptDays(now, options.keptDays)
  const [store, notes] = [analyticsStore(db), notesIn(db)]
  const counting = countingIn({ store, kept, notes, accountIds, outbox })
  const mostInMemory = options.mostKeysInMemory ?? mostKeysInMemory
  const intake = intakeTo({ db, store, counting, pins, ads, notes, now, mostInMemory })
  const salt = options.key.toString('base64url')
  const slices = new Slices()
  const { late } = db
  const reading = { store: late ? analyticsStore({ ...db, run: late.run }) : store, source: () => late?.source() ?? 0 }
  const parts = { db, store, counting, pins, kept, now }

  return {
    ...readingOf({ ...reading, accounts, pins, kept, now }),
    async takeEvents(events, sender) {
      const shownAds = await shownAdsOf({ ads, pins }, events, sender)
      const receipt = await intake.take(await checkEvents(events, sender, { now: now(), salt, slices, shownAds }))
      return shownAds ? { counted_for_ads: 0, ...receipt } : receipt
    },
    loadHistory: (viewer, rows) => loadHistory(parts, viewer, rows),
    addDays: (days) => addDays(parts, days),
    noteFollow: (tx, ownerId, by) => noteFollow(parts, tx, ownerId, by),
    noteSave: (tx, pinId, by) => noteSave(parts, tx, pinId, by),
    forget: counting.forget,
    move: counting.move,
    async expire(signal) {
      const some = (tx: Tx) => counting.expireSome(tx).then((any) => any || ads.expireSome(tx))
      while (!signal.aborted && (await db.write(some))) await new Promise(setImmediate)
    },
  }
}

interface Parts {
  db: Database
  store: Pick<AnalyticsStore, 'profileVisits'>
  counting: Pick<Counting, 'add'>
  pins: CountedPins
  now: () => number
}

async function noteSave(
  { counting, pins, now }: Parts,
  tx: Tx,
  pinId: number,
  by: { accountId: number; userAgent: string },
): Promise<CountedPin | undefined> {
  const [pin] = await pins.counted(tx, [pinId])
  if (!pin || pin.owner_id === by.accountId) return pin
  const tally = new Tally()
  tally.add(pin.id, dayAt(now()), deviceOf(by.userAgent).app, 'saves', 1)
  await counting.add(tx, tally, new Map([[pin.id, pin]]))
  return pin
}

async function noteFollow(
  { store, counting, pins, now }: Parts,
  tx: Tx,
  ownerId: number,
  by: { accountId: number; userAgent: string },
): Promise<void> {
  const visit = { viewer_id: by.accountId, owner_id: ownerId }
  const pinId = await store.profileVisits.lastPin(tx, visit, now() - followedWithinMs)
  const [pin] = pinId === undefined ? [] : await pins.countedInPublic(tx, [pinId])
  if (!pin) return
  const tally = new Tally()
  tally.add(pin.id, dayAt(now()), deviceOf(by.userAgent).app, 'user_follows', 1)
  await counting.add(tx, tally, new Map([[pin.id, pin]]))
}

async function addDays({ db, counting, pins, now }: Parts, days: readonly DayNumbers[]): Promise<void> {
  const today = dayAt(now())
  const tally = new Tally()
  for (const { pinId, daysAgo, app, counts } of days)
    for (const counter of counters) tally.add(pinId, today - daysAgo, appCodes[app], counter, counts[counter] ?? 0)
  const ids = [...new Set(days.map(({ pinId }) => pinId))]
  await db.write(async (tx) => {
    const known = new Map((await pins.counted(tx, ids)).map((pin) => [pin.id, pin]))
    await counting.add(tx, tally, known)
  })
}
