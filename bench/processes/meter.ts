/** Loaded into every process that is measured, before its program: it tells the parent what the process has used. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Usage {
  /** User and system, of all threads, since the process began. */
  cpuMicros: number
  /** The most memory that it ever had, and those that it started, in megabytes. */
  peakMB: number
}

/**
 * The sum of the peaks of a process and those that it started, which need not have been at the same time. Not what
 * getrusage(2) says: on Linux that begins with what the process had that started this one.
 */
function peakMB(pid: number): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1000
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return children.reduce((sum, child) => sum + peakMB(Number(child)), Number(kilobytes) / 1000)
}

process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  const usage: Usage = { cpuMicros: user + system, peakMB: peakMB(process.pid) }
  process.send?.(usage)
})
process.on('disconnect', () => process.exit())
process.channel?.unref()
