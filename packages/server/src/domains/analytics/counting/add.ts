import type { CountedPin } from '../counted-pins.ts'
import { listSliceOf } from '../slices.ts'
import type { PinBlockRow, TopPinRow, Tx } from '../store.ts'
import { bucketOf, ranked, rankedValue } from '../top-buckets.ts'
import { accountDaysOf } from './account-days.ts'
import { tellGrown } from './grown.ts'
import type { CountingParts } from './parts.ts'
import { blocksOf, type Tally } from './tally.ts'

type Parts = Pick<CountingParts, 'store' | 'kept' | 'outbox'>

/** Adds a tally to every rollup. `pins` contains each of its Pins. */
export async function addTally(
  { store, kept, outbox }: Parts,
  tx: Tx,
  tally: Tally,
  pins: ReadonlyMap<number, CountedPin>,
): Promise<void> {
  const days = tally.days()
  await store.pinCounts.addDays(tx, days)
  const added = blocksOf(days)
  const blocks = await store.pinCounts.addBlocks(tx, added.blocks())
  const moves = blocks
    .filter(({ block }) => block >= kept.firstAskedBlock())
    .flatMap((block) => movesIn(block, added.find(block), pins.get(block.pin_id)))
  await store.topPins.remove(
    tx,
    moves.flatMap(({ left }) => left ?? []),
  )
  await store.topPins.add(
    tx,
    moves.flatMap(({ entered }) => entered ?? []),
  )
  await store.accountDays.add(tx, accountDaysOf(days, pins))
  await tellGrown({ store, outbox }, tx, days, pins)
}

/**
 * Returns the places in lists of top Pins that a Pin leaves and enters because `change` was added to what is now
 * `block`.
 */
function movesIn(
  block: PinBlockRow,
  change: PinBlockRow | undefined,
  pin: CountedPin | undefined,
): { left: TopPinRow | undefined; entered: TopPinRow | undefined }[] {
  if (!pin || !change) return []
  return ranked.flatMap((rule, metric) => {
    const value = rankedValue(rule, block)
    const bucket = bucketOf(value)
    const before = bucketOf(value - rankedValue(rule, change))
    if (bucket === before) return []
    const { pin_id, block: number, app_type } = block
    const list = { account_id: pin.owner_id, slice: listSliceOf(pin), metric, app_type, block: number, pin_id }
    return {
      left: before === undefined ? undefined : { ...list, bucket: before },
      entered: bucket === undefined ? undefined : { ...list, bucket },
    }
  })
}
