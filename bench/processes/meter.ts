/** Loaded into every measured process, before its program: reports the process's usage to its parent. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  /** User and system time, of all threads and child processes, since the process began. */
  cpuMicros: number
  /** The peak memory, including child processes, in megabytes. */
  peakMB: number
}

/** Returns the usage of one process. */
function usageOf(pid: number): Usage {
  // Fields 14 and 15 of proc_pid_stat(5), in hundredths of a second; the second field, in parentheses, may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return { cpuMicros: (Number(fields[11]) + Number(fields[12])) * 10_000, peakMB: Number(kilobytes) / 1000 }
}

/** Returns the running children of this process. */
function children(): number[] {
  return readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

/**
 * Returns the usage of this process and its children. Their peaks need not have coincided, so the sum is an upper
 * bound. It does not use getrusage(2), whose peak begins on Linux with that of the parent process.
 */
function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const cpuMicros = user + system
  if (process.platform !== 'linux') return { cpuMicros, peakMB: process.resourceUsage().maxRSS / 1000 }
  const others = children().map(usageOf)
  return {
    cpuMicros: others.reduce((sum, each) => sum + each.cpuMicros, cpuMicros),
    peakMB: others.reduce((sum, each) => sum + each.peakMB, usageOf(process.pid).peakMB),
  }
}

process.on('message', (message) => {
  if (message !== 'usage') return
  process.send?.(usage())
})
process.on('disconnect', () => process.exit())
process.channel?.unref()
