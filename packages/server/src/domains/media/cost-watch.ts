import type { CostLimit } from './picture-task.ts'

/** Watches what pictures cost while they are made. */
export interface CostWatch {
  /** Runs `work` for a picture, within `limit`, and returns its result. */
  during<T>(id: number, limit: CostLimit, work: () => Promise<T>): Promise<T>
}

/** How often it looks, in milliseconds. */
const everyMs = 50

interface Job {
  limit: CostLimit
  cpuMs: number
}

/**
 * Makes the watch of this process. What several pictures use together counts for each of them in equal parts: all of them
 * use one thread most of the time. `giveUp` is called once, when one goes beyond its limit; of memory nobody knows whose
 * it is, unless there is one picture alone.
 */
export function costWatch(giveUp: (why: string, id: number | undefined) => void): CostWatch {
  const jobs = new Map<number, Job>()
  let before = process.cpuUsage()
  let timer: NodeJS.Timeout | undefined

  /** Adds what was used since it looked the last time to those that have used it. */
  function count(): void {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    for (const job of jobs.values()) job.cpuMs += (user + system) / 1000 / jobs.size
  }

  /** Finds the picture that goes beyond its limit, if one does. */
  function excess(): { why: string; id: number | undefined } | undefined {
    for (const [id, { cpuMs, limit }] of jobs)
      if (cpuMs > limit.cpuMs) return { why: 'It takes too long to process.', id }
    const memory = process.memoryUsage.rss()
    for (const [id, { limit }] of jobs)
      if (memory > limit.memoryBytes)
        return { why: 'It takes too much memory to process.', id: jobs.size === 1 ? id : undefined }
    return undefined
  }

  function look(): void {
    count()
    const found = excess()
    if (!found) return
    clearInterval(timer)
    giveUp(found.why, found.id)
  }

  return {
    async during(id, limit, work) {
      count()
      if (jobs.size === 0) timer = setInterval(look, everyMs)
      jobs.set(id, { limit, cpuMs: 0 })
      try {
        return await work()
      } finally {
        count()
        jobs.delete(id)
        if (jobs.size === 0) clearInterval(timer)
      }
    },
  }
}
