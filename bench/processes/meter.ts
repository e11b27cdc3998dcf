/** Loaded into every process that is measured, before its program: it tells the parent what the process has used. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  /** User and system, of all threads, since the process began, and of those that it started. */
  cpuMicros: number
  /** The most memory that it ever had, and those that it started, in megabytes. */
  peakMB: number
}

/** What one process has used. */
function usageOf(pid: number): Usage {
  // Fields 14 and 15 of proc_pid_stat(5), in hundredths of a second; the second field, in brackets, may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return { cpuMicros: (Number(fields[11]) + Number(fields[12])) * 10_000, peakMB: Number(kilobytes) / 1000 }
}

/** The processes that this one has started, and that are still there. */
function children(): number[] {
  return readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

/**
 * What this process and its children have used. Their peaks need not have been at the same time, so the sum is the most
 * that it can have been. The peak is not what getrusage(2) says: on Linux that begins with what the process had that
 * started this one.
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
