import { blockDays, blockOf, dayAt, maxRangeDays } from '../days.ts'

/** Which days and blocks there are now. */
export interface KeptDays {
  /** Returns the first block that is kept by day. What is older is in the block before all others. */
  firstKeptBlock(): number
  /** Returns the first day that is kept. */
  firstKeptDay(): number
  /** Returns the first block that a query can still ask for. */
  firstAskedBlock(): number
}

/** Makes `KeptDays` for a server that keeps `count` days by day. `now` returns milliseconds. */
export function keptDays(now: () => number, count: number): KeptDays {
  const firstKeptBlock = () => blockOf(dayAt(now()) - count)
  return {
    firstKeptBlock,
    firstKeptDay: () => firstKeptBlock() * blockDays,
    firstAskedBlock: () => blockOf(dayAt(now()) - maxRangeDays),
  }
}
