import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Whether the memory and the children of processes can be seen here: on Linux alone. */
export const canMeasure = process.platform === 'linux'

/**
 * Begins to measure a process and those that it started; what it returns gives the most memory that each had since,
 * in all, beyond what they have now.
 */
export function memoryGrowth(pid: number): () => number {
  const all = () => [pid, ...childrenOf(pid)]
  // As proc(5) says, this sets the peak to what it has now.
  for (const each of all()) writeFileSync(`/proc/${each}/clear_refs`, '5')
  const sum = (field: 'VmRSS' | 'VmHWM') => all().reduce((sum, each) => sum + memoryOf(each, field), 0)
  const before = sum('VmRSS')
  return () => sum('VmHWM') - before
}

/** The processes that a process has started, and that are still there. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

/** Bytes. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
