import { invalid } from '../../core/errors.ts'

/** The most snapshots that there may be, and how large they may be together. */
export const most = { count: 50, bytes: 10_000_000_000 }

/** Returns the size of all snapshots, before another is added. Throws `invalidRequest` when there may be none of that name. */
export function bytesBeside(name: string, all: readonly { name: string; bytes: number }[]): number {
  const same = all.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (same) throw invalid(`name: there is a snapshot '${same.name}' already. Delete it first, or take another name.`)
  if (all.length >= most.count) throw invalid(`There are ${most.count} snapshots already. Delete some.`)
  return all.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Throws `invalidRequest` when snapshots would have more bytes together than they may. */
export function refuseBeyond(bytes: number, mostBytes = most.bytes): void {
  if (bytes > mostBytes)
    throw invalid(`Snapshots may have ${mostBytes / 1e9} GB together, and this one is too large. Delete some.`)
}
