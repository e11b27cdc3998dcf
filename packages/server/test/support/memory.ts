import { readFileSync, writeFileSync } from 'node:fs'

/** Whether the memory of processes can be measured here: on Linux alone. */
export const canMeasure = process.platform === 'linux'

/** Begins to measure a process; what it returns gives the most memory that it had since, beyond what it has now. */
export function memoryGrowth(pid: number | undefined): () => number {
  // As proc(5) says, this sets the peak to what it has now.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = memoryOf(pid, 'VmRSS')
  return () => memoryOf(pid, 'VmHWM') - before
}

/** Bytes. */
function memoryOf(pid: number | undefined, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
