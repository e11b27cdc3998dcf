import type { CountedPin, PinMove } from '../counted-pins.ts'
import { listSliceOf, sliceOf, unionsWith } from '../slices.ts'
import type { TopPinRow, Tx } from '../store.ts'
import { bucketOf, ranked, rankedValue } from '../top-buckets.ts'
import { mergeAccountDays } from './account-days.ts'
import type { CountingParts } from './parts.ts'

type Parts = Pick<CountingParts, 'store' | 'kept'>

/** At most this many Pins are processed at a time. */
const batchSize = 50

/** Removes the numbers of deleted Pins, from their owners' numbers too. */
export async function forgetPins(parts: Parts, tx: Tx, pins: readonly CountedPin[]): Promise<void> {
  const { store } = parts
  for (let from = 0; from < pins.length; from += batchSize) {
    const batch = pins.slice(from, from + batchSize)
    for (const group of Map.groupBy(batch, (pin) => `${pin.owner_id} ${sliceOf(pin)}`).values())
      await addToAccount(parts, tx, group, unionsOf(group), -1)
    await store.topPins.remove(tx, await placesOf(parts, tx, batch))
    await store.pinCounts.remove(
      tx,
      batch.map(({ id }) => id),
    )
  }
}

/** Moves the numbers of Pins to their current slices. */
export async function movePins(parts: Parts, tx: Tx, moves: readonly PinMove[]): Promise<void> {
  const moved = moves.filter(({ before, after }) => sliceOf(before) !== sliceOf(after))
  const groups = Map.groupBy(moved, ({ before, after }) => `${after.owner_id} ${sliceOf(before)} ${sliceOf(after)}`)
  for (const group of groups.values()) {
    const [before, after] = [group.map((move) => move.before), group.map((move) => move.after)]
    const [left, entered] = [new Set(unionsOf(before)), new Set(unionsOf(after))]
    await addToAccount(parts, tx, before, [...left.difference(entered)], -1)
    await addToAccount(parts, tx, after, [...entered.difference(left)], 1)
  }
  const relisted = moved.filter(({ before, after }) => listSliceOf(before) !== listSliceOf(after))
  const placesBefore = await placesOf(
    parts,
    tx,
    relisted.map(({ before }) => before),
  )
  await parts.store.topPins.remove(tx, placesBefore)
  const placesAfter = await placesOf(
    parts,
    tx,
    relisted.map(({ after }) => after),
  )
  await parts.store.topPins.add(tx, placesAfter)
}

/** Returns the unions that contain the slice of these Pins, which share one. */
const unionsOf = ([pin]: readonly CountedPin[]): number[] => (pin ? unionsWith(sliceOf(pin)) : [])

/** Adds the numbers of Pins of one account and slice, times `sign`, to unions of the account. */
async function addToAccount(
  { store, kept }: Parts,
  tx: Tx,
  pins: readonly CountedPin[],
  unions: readonly number[],
  sign: 1 | -1,
): Promise<void> {
  const [pin] = pins
  if (!pin) return
  const ids = pins.map(({ id }) => id)
  const sums = await store.pinCounts.sumsByDay(tx, ids, kept.firstKeptDay())
  const rows = sums.flatMap(({ day, app_type, impressions, saves, pin_clicks, outbound_clicks }) =>
    unions.map((slice) => ({
      account_id: pin.owner_id,
      slice,
      day,
      app_type,
      impressions: sign * impressions,
      saves: sign * saves,
      pin_clicks: sign * pin_clicks,
      outbound_clicks: sign * outbound_clicks,
    })),
  )
  await store.accountDays.add(tx, mergeAccountDays(rows))
}

/** Returns the places of Pins in the lists of top Pins. */
async function placesOf({ store, kept }: Parts, tx: Tx, pins: readonly CountedPin[]): Promise<TopPinRow[]> {
  const byId = new Map(pins.map((pin) => [pin.id, pin]))
  const blocks = await store.pinCounts.blocks(tx, [...byId.keys()], kept.firstAskedBlock())
  return blocks.flatMap(({ pin_id, block, app_type, ...counts }) => {
    const pin = byId.get(pin_id)
    if (!pin) return []
    const list = { account_id: pin.owner_id, slice: listSliceOf(pin), app_type, block, pin_id }
    return ranked.flatMap((rule, metric) => {
      const bucket = bucketOf(rankedValue(rule, counts))
      return bucket === undefined ? [] : [{ ...list, metric, bucket }]
    })
  })
}
