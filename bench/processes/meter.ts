/** Loaded into every process that is measured, before its program: it tells the parent what the process has used. */

export interface Usage {
  /** User and system, of all threads, since the process began. */
  cpuMicros: number
  /** The most memory that it ever had, in megabytes. */
  peakMB: number
}

process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  const usage: Usage = { cpuMicros: user + system, peakMB: process.resourceUsage().maxRSS / 1000 }
  process.send?.(usage)
})
process.on('disconnect', () => process.exit())
process.channel?.unref()
