import type { Transaction } from 'kysely'
import type { Counts, Schema } from '../../db/schema.ts'
import { blockDays, blockOf, dayAt, maxRangeDays } from './days.ts'
import { type AppCode, accountCounters, appCodes, type Counter, counters } from './metrics.ts'
import { type Slice, sliceOf, slicesOf, unionsWith } from './slices.ts'
import type { AccountDayRow, analyticsStore, CountedPin, PinBlockRow, PinDayRow, TopPinRow } from './store.ts'
import { bucketOf, ranked, rankedValue } from './top-buckets.ts'

type Tx = Transaction<Schema>
type Store = ReturnType<typeof analyticsStore>

/** Pins are forgotten so many at a time, and old rows removed. */
const batchSize = 50

/** Counts to be added, by Pin, day and app type. */
export class Tally {
  readonly rows = new Map<string, PinDayRow>()

  add(pinId: number, day: number, app: AppCode, counter: Counter, count: number): void {
    const key = `${pinId} ${day} ${app}`
    let row = this.rows.get(key)
    if (!row) {
      row = { pin_id: pinId, day, app_type: app, ...noCounts }
      this.rows.set(key, row)
    }
    row[counter] += count
  }
}

const noCounts: Counts = {
  impressions: 0,
  saves: 0,
  pin_clicks: 0,
  outbound_clicks: 0,
  profile_visits: 0,
  user_follows: 0,
  comments: 0,
  reactions: 0,
  video_starts: 0,
  video_mrc_views: 0,
  video_10s_views: 0,
  video_95_percent_views: 0,
  video_watch_ms: 0,
}

export interface CountingOptions {
  store: Store
  now: () => number
  /** So many days are kept by day. */
  keptDays: number
}

/**
 * Keeps the rollups: what a Pin has on each day and in each block of days, what its owner's account has on each day,
 * and in which order to look for top Pins. All of them always agree: what an account has is the sum over its Pins.
 */
export function countingIn({ store, now, keptDays }: CountingOptions) {
  /** The first block that is kept by day. What is older is in the block before all others. */
  const firstKeptBlock = (): number => blockOf(dayAt(now()) - keptDays)
  const firstKeptDay = (): number => firstKeptBlock() * blockDays
  /** The first block that a query can still ask for. */
  const firstAskedBlock = (): number => blockOf(dayAt(now()) - maxRangeDays)

  /** Adds a tally, which may take away as well. `pins` has every Pin of it. */
  async function add(tx: Tx, tally: Tally, pins: ReadonlyMap<number, CountedPin>): Promise<void> {
    const days = [...tally.rows.values()].sort(
      (a, b) => a.pin_id - b.pin_id || a.day - b.day || a.app_type - b.app_type,
    )
    await store.addPinDays(tx, days)
    const added = blocksOf(days)
    const blocks = await store.addPinBlocks(tx, [...added.values()])
    await updateTops(tx, blocks, added, pins)
    await store.addAccountDays(tx, accountDaysOf(days, pins))
  }

  /** Puts Pins whose numbers have changed where they belong in the lists of top Pins. */
  async function updateTops(
    tx: Tx,
    blocks: readonly PinBlockRow[],
    added: ReadonlyMap<string, PinBlockRow>,
    pins: ReadonlyMap<number, CountedPin>,
  ): Promise<void> {
    const removed: TopPinRow[] = []
    const entered: TopPinRow[] = []
    const oldest = firstAskedBlock()
    for (const block of blocks) {
      const pin = pins.get(block.pin_id)
      const change = added.get(blockKey(block))
      if (!pin || !change || block.block < oldest) continue
      for (const [metric, rule] of ranked.entries()) {
        const gained = rankedValue(rule, change)
        if (gained === 0) continue
        const value = rankedValue(rule, block)
        const bucket = bucketOf(value)
        const before = bucketOf(value - gained)
        if (bucket === before) continue
        const { pin_id, block: number, app_type } = block
        const list = { account_id: pin.owner_id, slice: sliceOf(pin), metric, app_type, block: number, pin_id }
        if (before !== undefined) removed.push({ ...list, bucket: before })
        if (bucket !== undefined) entered.push({ ...list, bucket })
      }
    }
    await store.removeTopPins(tx, removed)
    await store.addTopPins(tx, entered)
  }

  /** Where Pins stand in the lists of top Pins. */
  async function placesOf(tx: Tx, pins: readonly CountedPin[]): Promise<TopPinRow[]> {
    const byId = new Map(pins.map((pin) => [pin.id, pin]))
    const blocks = await store.blocksOf(tx, [...byId.keys()], firstAskedBlock())
    return blocks.flatMap(({ pin_id, block, app_type, ...counts }) => {
      const pin = byId.get(pin_id)
      if (!pin) return []
      const list = { account_id: pin.owner_id, slice: sliceOf(pin), app_type, block, pin_id }
      return ranked.flatMap((rule, metric) => {
        const bucket = bucketOf(rankedValue(rule, counts))
        return bucket === undefined ? [] : [{ ...list, metric, bucket }]
      })
    })
  }

  /** Takes the numbers of Pins that are removed along, out of their owners' too. */
  async function forget(tx: Tx, pins: readonly CountedPin[]): Promise<void> {
    for (let from = 0; from < pins.length; from += batchSize) {
      const batch = pins.slice(from, from + batchSize)
      for (const group of Map.groupBy(batch, (pin) => `${pin.owner_id} ${sliceOf(pin)}`).values())
        await addToAccount(tx, group, (slice) => unionsWith(slice), -1)
      await store.removeTopPins(tx, await placesOf(tx, batch))
      await store.removePins(
        tx,
        batch.map(({ id }) => id),
      )
    }
  }

  /** Adds the numbers of Pins of one account and slice, times `sign`, to those of the account. */
  async function addToAccount(
    tx: Tx,
    pins: readonly CountedPin[],
    unions: (slice: Slice) => number[],
    sign: 1 | -1,
  ): Promise<void> {
    const [pin] = pins
    if (!pin) return
    const sums = await store.sumsByDay(
      tx,
      pins.map(({ id }) => id),
      firstKeptDay(),
    )
    const rows = sums.flatMap((row) =>
      unions(sliceOf(pin)).map((slice) => ({
        account_id: pin.owner_id,
        slice,
        day: row.day,
        app_type: row.app_type,
        impressions: sign * row.impressions,
        saves: sign * row.saves,
        pin_clicks: sign * row.pin_clicks,
        outbound_clicks: sign * row.outbound_clicks,
      })),
    )
    await store.addAccountDays(tx, inOrder(merged(rows)))
  }

  /** Moves the numbers of a Pin to the slice that it is in now. */
  async function move(tx: Tx, before: CountedPin, after: CountedPin): Promise<void> {
    if (sliceOf(before) === sliceOf(after)) return
    const kept = new Set(unionsWith(sliceOf(before)))
    const entered = new Set(unionsWith(sliceOf(after)))
    await addToAccount(tx, [before], (slice) => unionsWith(slice).filter((union) => !entered.has(union)), -1)
    await addToAccount(tx, [after], (slice) => unionsWith(slice).filter((union) => !kept.has(union)), 1)
    const places = await placesOf(tx, [after])
    await store.removeTopPins(
      tx,
      places.map((place) => ({ ...place, slice: sliceOf(before) })),
    )
    await store.addTopPins(tx, places)
  }

  /** Sums up some of what is too old to be kept by day; false when there is no more. */
  async function expireSome(tx: Tx): Promise<boolean> {
    if (await store.removeAccountDays(tx, firstKeptDay(), batchSize)) return true
    if (await removeOldTops(tx)) return true
    const old = await store.oldBlocks(tx, firstKeptBlock(), batchSize)
    const sums = new Map<string, PinBlockRow>()
    for (const row of old) addTo(sums, `${row.pin_id} ${row.app_type}`, { ...row, block: -1 })
    await store.addPinBlocks(tx, inBlockOrder([...sums.values()]))
    for (const row of old)
      await store.removeBlock(tx, row, { first: row.block * blockDays, last: (row.block + 1) * blockDays - 1 })
    return old.length > 0
  }

  /** The account at which the removal of old lists of top Pins goes on. */
  let nextAccount = 0

  /** Removes the lists of top Pins that no query can ask for any more, of some accounts; false when that is done. */
  async function removeOldTops(tx: Tx): Promise<boolean> {
    const block = firstAskedBlock()
    if ((await store.note(tx, 'top_pins_first_block')) === block) return false
    const accounts = await store.accountIds(tx, nextAccount, batchSize)
    for (const account_id of accounts)
      for (const slice of slicesOf({}))
        for (const metric of ranked.keys())
          for (const app_type of Object.values(appCodes))
            await store.removeOldTopPins(tx, { account_id, slice, metric, app_type }, block)
    const last = accounts.at(-1)
    nextAccount = last === undefined ? 0 : last + 1
    if (last === undefined) await store.setNote(tx, 'top_pins_first_block', block)
    return true
  }

  return { add, forget, move, expireSome, firstKeptDay }
}

const blockKey = (row: PinBlockRow): string => `${row.pin_id} ${row.block} ${row.app_type}`

/** The blocks of days that are in order, in order. */
function blocksOf(days: readonly PinDayRow[]): Map<string, PinBlockRow> {
  const blocks = new Map<string, PinBlockRow>()
  for (const { day, ...rest } of days) {
    const row = { ...rest, block: blockOf(day), changes: 1 }
    addTo(blocks, blockKey(row), row)
  }
  return new Map([...blocks].sort(([, a], [, b]) => compareBlocks(a, b)))
}

const compareBlocks = (a: PinBlockRow, b: PinBlockRow): number =>
  a.pin_id - b.pin_id || a.block - b.block || a.app_type - b.app_type
const inBlockOrder = (rows: PinBlockRow[]): PinBlockRow[] => rows.sort(compareBlocks)

function addTo(sums: Map<string, PinBlockRow>, key: string, row: PinBlockRow): void {
  const sum = sums.get(key)
  if (!sum) sums.set(key, row)
  else for (const counter of counters) sum[counter] += row[counter]
}

function accountDaysOf(days: readonly PinDayRow[], pins: ReadonlyMap<number, CountedPin>): AccountDayRow[] {
  const ofSlices = merged(
    days.flatMap(({ pin_id, day, app_type, impressions, saves, pin_clicks, outbound_clicks }) => {
      const pin = pins.get(pin_id)
      if (!pin || !(impressions || saves || pin_clicks || outbound_clicks)) return []
      const key = { account_id: pin.owner_id, slice: sliceOf(pin), day, app_type }
      return { ...key, impressions, saves, pin_clicks, outbound_clicks }
    }),
  )
  const ofUnions = ofSlices.flatMap((row) => unionsWith(row.slice as Slice).map((slice) => ({ ...row, slice })))
  return inOrder(merged(ofUnions))
}

/** One row for each account, slice, day and app type. */
function merged(rows: readonly AccountDayRow[]): AccountDayRow[] {
  const sums = new Map<string, AccountDayRow>()
  for (const row of rows) {
    const key = `${row.account_id} ${row.slice} ${row.day} ${row.app_type}`
    const sum = sums.get(key)
    if (!sum) sums.set(key, { ...row })
    else for (const counter of accountCounters) sum[counter] += row[counter]
  }
  return [...sums.values()]
}

/** Rows are always written in this order, so that two transactions do not wait for each other. */
const inOrder = (rows: AccountDayRow[]): AccountDayRow[] =>
  rows.sort((a, b) => a.account_id - b.account_id || a.slice - b.slice || a.day - b.day || a.app_type - b.app_type)
