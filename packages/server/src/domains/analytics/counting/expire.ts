import { blockDays } from '../days.ts'
import { appCodes } from '../metrics.ts'
import { slicesOf } from '../slices.ts'
import type { Tx } from '../store.ts'
import { ranked } from '../top-buckets.ts'
import type { CountingParts } from './parts.ts'
import { BlockTally } from './tally.ts'

/** At most this many rows or accounts are processed in one step. */
const batchSize = 50

/**
 * Returns a function that sums up some days that are too old to be stored separately; it returns false when none is
 * left.
 */
export function expirySteps(parts: CountingParts): (tx: Tx) => Promise<boolean> {
  const { store, kept } = parts
  const removeOldTops = topsRemoval(parts)
  return async (tx) => {
    if (await store.accountDays.removeBefore(tx, kept.firstKeptDay(), batchSize)) return true
    if (await removeOldTops(tx)) return true
    const old = await store.pinCounts.oldBlocks(tx, kept.firstKeptBlock(), batchSize)
    const sums = new BlockTally()
    for (const row of old) sums.add(row.pin_id, -1, row.app_type, row)
    await store.pinCounts.addBlocks(tx, sums.blocks())
    for (const row of old)
      await store.pinCounts.removeBlock(tx, row, {
        first: row.block * blockDays,
        last: (row.block + 1) * blockDays - 1,
      })
    return old.length > 0
  }
}

/** The name of the number of the first block that has lists of top Pins. */
const firstBlockNote = 'top_pins_first_block'

/** Returns a function that removes old lists of top Pins, of some accounts; it returns false when none is left. */
function topsRemoval({ store, kept, notes, accountIds }: CountingParts): (tx: Tx) => Promise<boolean> {
  /** The account to go on with. */
  let nextAccount = 0
  return async (tx) => {
    const block = kept.firstAskedBlock()
    if ((await notes.read(tx, firstBlockNote)) === block) return false
    // A new installation has none, and is not to ask for each list of each account.
    if (nextAccount === 0 && !(await store.topPins.any(tx))) {
      await notes.write(tx, firstBlockNote, block)
      return false
    }
    const accounts = await accountIds.from(tx, nextAccount, batchSize)
    for (const account_id of accounts)
      for (const slice of slicesOf({}))
        for (const metric of ranked.keys())
          for (const app_type of Object.values(appCodes))
            await store.topPins.removeBefore(tx, { account_id, slice, metric, app_type }, block)
    const last = accounts.at(-1)
    nextAccount = last === undefined ? 0 : last + 1
    if (last === undefined) await notes.write(tx, firstBlockNote, block)
    return true
  }
}
