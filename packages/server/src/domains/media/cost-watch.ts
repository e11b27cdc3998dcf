import type { CostLimit } from './picture-task.ts'

/** Watches the cost of pictures while they are made. */
export interface CostWatch {
  /** Runs `work` for a picture, within `limit`, and returns its result. */
  during<T>(id: number, limit: CostLimit, work: () => Promise<T>): Promise<T>
}

/** The interval of the watch, in milliseconds. */
const everyMs = 50

interface Job {
  limit: CostLimit
  cpuMs: number
}

/**
 * Makes the watch of this process. The cost of several pictures at a time counts for each in equal parts: each uses one
 * thread most of the time. `giveUp` is called once, when a picture exceeds its limit; memory is not attributed unless
 * there is only one picture.
 */
export function costWatch(giveUp: (why: string, id: number | undefined) => void): CostWatch {
  const jobs = new Map<number, Job>()
  let before = process.cpuUsage()
  let timer: NodeJS.Timeout | undefined

  /** Adds what was used since the last look to the pictures in progress. */
  function count(): void {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    for (const job of jobs.values()) job.cpuMs += (user + system) / 1000 / jobs.size
  }

  /** Returns which picture exceeds its limit, if one does. */
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
