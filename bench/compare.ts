import type { Measured } from './processes.ts'

/** One side of a comparison: does its work `count` times. */
export interface Side {
  process: Measured
  work(count: number): Promise<void>
}

export interface Effort {
  /** How often each side does its work before measuring, so that its code is compiled. */
  warmUp: number
  /** Blocks of rounds: a block's result is the median of its rounds, and the lowest block counts. */
  blocks: number
  rounds: number
  perRound: number
}

/** The CPU time of one piece of work, in microseconds. */
export interface Comparison {
  floor: number
  ours: number
}

/** Measures the CPU time of both sides in turns, so that other load on the machine affects both. */
export async function compare(floor: Side, ours: Side, effort: Effort): Promise<Comparison> {
  const sides = { floor, ours }
  const lowest: Comparison = { floor: Number.POSITIVE_INFINITY, ours: Number.POSITIVE_INFINITY }
  for (const side of Object.values(sides)) await side.work(effort.warmUp)
  for (let block = 0; block < effort.blocks; block++) {
    const rounds: Record<keyof Comparison, number[]> = { floor: [], ours: [] }
    for (let round = 0; round < effort.rounds; round++)
      for (const name of ['floor', 'ours'] as const) rounds[name].push(await cpuMicros(sides[name], effort.perRound))
    for (const name of ['floor', 'ours'] as const) lowest[name] = Math.min(lowest[name], median(rounds[name]))
  }
  return lowest
}

async function cpuMicros({ process, work }: Side, count: number): Promise<number> {
  const before = await process.usage()
  await work(count)
  const after = await process.usage()
  return (after.cpuMicros - before.cpuMicros) / count
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return ((sorted[middle] ?? Number.NaN) + (sorted[sorted.length - 1 - middle] ?? Number.NaN)) / 2
}
