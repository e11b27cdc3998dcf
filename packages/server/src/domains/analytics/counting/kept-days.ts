import { blockDays, blockOf, dayAt, maxRangeDays } from '../days.ts'

/** The days and blocks that are stored now. */
export interface KeptDays {
  /** Returns the first block that is stored by day. Older days are summed up in the block before all others. */
  firstKeptBlock(): number
  /** Returns the first day that is stored. */
  firstKeptDay(): number
  /** Returns the first block that a query can ask for. */
  firstAskedBlock(): number
}

/** Makes `KeptDays` for a server that stores `count` days separately. `now` returns milliseconds. */
export function keptDays(now: () => number, count: number): KeptDays {
  const firstKeptBlock = () => blockOf(dayAt(now()) - count)
  return {
    firstKeptBlock,
    firstKeptDay: () => firstKeptBlock() * blockDays,
    firstAskedBlock: () => blockOf(dayAt(now()) - maxRangeDays),
  }
}
