import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often it is looked at whether the process is idle. */
const lookEveryMs = 800
/** Less CPU than this in that time is idle. */
const idleCpuMs = 40

/**
 * Gives the memory that the start took back to the system, once: as soon as the process has been idle for a moment. What was
 * read and drawn for the start is garbage then, which an idle process would keep for as long as nothing else happens.
 */
export function releaseMemoryWhenIdle(): void {
  const before = process.cpuUsage()
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before)
    if ((user + system) / 1000 < idleCpuMs) collectGarbage()
    else releaseMemoryWhenIdle()
  }, lookEveryMs).unref()
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc: (options: object) => void = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
