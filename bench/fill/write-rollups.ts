import type { DatabaseSync } from 'node:sqlite'
import { accountCounters, counters } from '../../packages/server/src/db/counters.ts'
import { blockOf, dayAt } from '../../packages/server/src/domains/analytics/days.ts'
import { listSliceOf, sliceOf, unionsWith } from '../../packages/server/src/domains/analytics/slices.ts'
import { bucketOf, ranked } from '../../packages/server/src/domains/analytics/top-buckets.ts'
import { isOnSites } from '../../packages/server/src/domains/websites/address.ts'
import { type Bulk, bulkInsert } from './bulk.ts'
import { chance } from './chance.ts'
import { accountId, type Given } from './pin-rows.ts'
import type { Progress } from './progress.ts'
import { purpose } from './world.ts'

/** For so many days the demo's Pins have numbers, of every kind of device; and others, of one kind. */
const [ownDays, othersDays] = [90, 16]
const apps = 3
/** Rows of each of its Pins, and of others', in the tables by Pin. */
const [rowsOfOwn, rowsOfOther] = [ownDays * apps + 7 * apps * 3.5, othersDays + 2 * 2.4]
/** Rows of another account: its days, by kind of device, in four unions of slices, of its secret Pins and of the rest. */
const rowsOfAccount = othersDays * apps * 4 * 2
/** Nothing else of a Pin is counted here. */
const counted = accountCounters
type Numbers = [impressions: number, saves: number, pinClicks: number, outboundClicks: number]

/** When a Pin has numbers, and how many. */
export interface CountedDays {
  first: number
  last: number
  apps: readonly number[]
  /** About how often it is seen on a day. */
  popularity: number
}

/** Returns when each Pin has numbers; undefined for those that have none. */
export function countedDays({ world }: Given): (pin: number) => CountedDays | undefined {
  const { rollups, pins, accounts, seed } = world
  const last = dayAt(world.end) - 1
  const own = world.firstOfOwner[1] ?? 0
  const ownCounted = Math.min(own, Math.floor(rollups / 2 / rowsOfOwn))
  const left = rollups - ownCounted * rowsOfOwn - Math.min(accounts * rowsOfAccount, rollups / 4)
  const othersShare = Math.max(0, left) / rowsOfOther / (pins - own)
  return (pin) => {
    const isOwn = world.owner[pin] === 0
    const one = chance(seed, pin, purpose.counted)
    const share = isOwn ? ownCounted / own : othersShare
    if (one >= share) return undefined
    // Few are seen often, as in reality.
    const popularity = 1 + Math.floor(400 * chance(seed, pin, purpose.popularity) ** 8)
    const days = isOwn ? ownDays : othersDays
    return { first: last - days + 1, last, apps: isOwn ? [0, 1, 2] : [Math.floor((one / share) * apps)], popularity }
  }
}

/** Returns the numbers of a Pin on a day by kind of device. */
function numbersOf(seed: number, pin: number, { popularity }: CountedDays, day: number, app: number): Numbers {
  const one = chance(seed, pin, purpose.day + day * apps + app)
  const other = (one * 1024) % 1
  const impressions = 1 + Math.floor(popularity * (0.5 + one))
  const part = (share: number) => Math.floor(impressions * share * other * 2 + one)
  return [impressions, part(0.01), part(0.04), part(0.01)]
}

/** Writes the four tables of numbers. */
export function writeRollups(db: DatabaseSync, given: Given, progress: Progress): void {
  const { world } = given
  const daysOf = countedDays(given)
  progress.begin('numbers of Pins, by day and block of days', world.pins)
  const days = rowsOfPins(db, 'pin_days', ['pin_id', 'day', 'app_type'], [])
  const blocks = rowsOfPins(db, 'pin_blocks', ['pin_id', 'block', 'app_type'], ['changes'])
  for (let pin = 0; pin < world.pins; pin++) {
    if (pin % 1000 === 0) progress.reached(pin)
    const when = daysOf(pin)
    if (!when) continue
    const id = world.pinId(pin)
    for (let day = when.first; day <= when.last; day++)
      for (const app of when.apps) days.add(id, day, app, ...numbersOf(world.seed, pin, when, day, app))
    for (const { block, app, numbers } of blocksOf(world.seed, pin, when)) blocks.add(id, block, app, ...numbers, 1)
  }
  days.flush()
  blocks.flush()
  writeOfAccounts(db, given, daysOf, progress)
}

/** Adds rows with what is counted here; everything else is 0. */
function rowsOfPins(db: DatabaseSync, table: string, keys: readonly string[], more: readonly string[]): Bulk {
  const others = counters.filter((counter) => !counted.some((each) => each === counter))
  const columns = [...keys, ...counted, ...more]
  return bulkInsert(db, table, columns, { zeros: others })
}

function* blocksOf(
  seed: number,
  pin: number,
  when: CountedDays,
): Generator<{ block: number; app: number; numbers: Numbers }> {
  for (let block = blockOf(when.first); block <= blockOf(when.last); block++)
    for (const app of when.apps) {
      const numbers: Numbers = [0, 0, 0, 0]
      for (let day = when.first; day <= when.last; day++)
        if (blockOf(day) === block) addTo(numbers, numbersOf(seed, pin, when, day, app))
      yield { block, app, numbers }
    }
}

function addTo(sum: Numbers, numbers: Numbers): void {
  for (const [i, number] of numbers.entries()) sum[i] = (sum[i] ?? 0) + number
}

/** Which of what is counted orders each list of top Pins; lists that are ordered by anything else have none of these Pins. */
const lists = ranked.flatMap((names, metric) => {
  const places = names.map((name) => counted.indexOf(name as (typeof counted)[number]))
  return places.includes(-1) ? [] : { metric, places }
})

/** Writes the days of accounts and their lists of top Pins, account by account. */
function writeOfAccounts(
  db: DatabaseSync,
  given: Given,
  daysOf: ReturnType<typeof countedDays>,
  progress: Progress,
): void {
  const { world, texts, demo } = given
  progress.begin('numbers of accounts', world.accounts)
  const keys = ['account_id', 'slice', 'day', 'app_type']
  const sums = counted.map((counter) => `${counter} = ${counter} + excluded.${counter}`)
  // The demo's account has numbers already.
  const end = `ON CONFLICT DO UPDATE SET ${sums}`
  const days = bulkInsert(db, 'account_days', [...keys, ...counted], { end })
  const tops = bulkInsert(db, 'top_pins', ['account_id', 'slice', 'metric', 'app_type', 'block', 'bucket', 'pin_id'])
  for (let account = 1; account <= world.accounts; account++) {
    // That of the demo last: its id is the largest.
    const owner = account % world.accounts
    const ofDays = new Map<number, Numbers>()
    const places: TopPlace[] = []
    for (const pin of world.byOwner.subarray(world.firstOfOwner[owner], world.firstOfOwner[owner + 1])) {
      const when = daysOf(pin)
      if (!when) continue
      const sliced = {
        is_claimed: owner === 0 && isOnSites(texts.link(pin, true).link, demo.sites) ? 1 : 0,
        creative_type: 'REGULAR',
        privacy: world.isSecret[world.board[pin] ?? 0] === 1 ? 'SECRET' : 'PUBLIC',
      } as const
      const unions = unionsWith(sliceOf(sliced))
      for (let day = when.first; day <= when.last; day++)
        for (const app of when.apps) {
          const numbers = numbersOf(world.seed, pin, when, day, app)
          for (const union of unions) {
            const key = (union * 100_000 + day) * apps + app
            const sum = ofDays.get(key)
            if (sum) addTo(sum, numbers)
            else ofDays.set(key, [...numbers])
          }
        }
      for (const { block, app, numbers } of blocksOf(world.seed, pin, when))
        for (const { metric, places: of } of lists) {
          const bucket = bucketOf(of.reduce((sum, place) => sum + (numbers[place] ?? 0), 0))
          if (bucket !== undefined) places.push([listSliceOf(sliced), metric, app, block, bucket, pin])
        }
    }
    const id = accountId(given, owner)
    for (const [key, numbers] of [...ofDays].sort(([a], [b]) => a - b)) {
      const dayKey = Math.floor(key / apps)
      days.add(id, Math.floor(dayKey / 100_000), dayKey % 100_000, key % apps, ...numbers)
    }
    for (const [slice, metric, app, block, bucket, pin] of inOrder(places))
      tops.add(id, slice, metric, app, block, bucket, world.pinId(pin))
    progress.reached(account)
  }
  days.flush()
  tops.flush()
}

type TopPlace = [slice: number, metric: number, app: number, block: number, bucket: number, pin: number]

/** Sorts them by all of their parts, by one number of them all, of 50 bits. */
function inOrder(places: readonly TopPlace[]): TopPlace[] {
  const keys = Float64Array.from(
    places,
    ([slice, metric, app, block, bucket, pin]) =>
      (((slice * 16 + metric) * 4 + app) * 4096 + block) * 2 ** 30 + bucket * 2 ** 24 + pin,
  ).sort()
  return Array.from(keys, (key) => {
    const list = Math.floor(key / 2 ** 30)
    const place = key % 2 ** 30
    const app = Math.floor(list / 4096)
    const metric = Math.floor(app / 4)
    return [Math.floor(metric / 16), metric % 16, app % 4, list % 4096, Math.floor(place / 2 ** 24), place % 2 ** 24]
  })
}
