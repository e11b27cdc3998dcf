import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Whether the memory and the children of processes can be measured: on Linux only. */
export const canMeasure = process.platform === 'linux'

/**
 * Begins to measure a process and its children. Returns a function that returns the sum of their peaks since then,
 * beyond what they use now, in bytes.
 */
export function memoryGrowth(pid: number): () => number {
  const all = () => [pid, ...childrenOf(pid)]
  // Resets the peak to the current value, see proc(5).
  for (const each of all()) writeFileSync(`/proc/${each}/clear_refs`, '5')
  const sum = (field: 'VmRSS' | 'VmHWM') => all().reduce((sum, each) => sum + memoryOf(each, field), 0)
  const before = sum('VmRSS')
  return () => sum('VmHWM') - before
}

/** Returns the running children of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

/** Returns bytes. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
