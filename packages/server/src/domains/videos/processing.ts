import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { whyUnavailable } from '../../core/unavailable.ts'
import { videoLimits } from './limits.ts'
import { type MakeReadyOptions, makeReady } from './make-ready.ts'
import { UnusableVideo } from './make-video.ts'

/** What the log is told. */
export interface VideoLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/**
 * Makes uploads ready, a few at a time. What is to be done stands in the database, and the files are on the disk, so
 * that it goes on after a restart, however the server ended.
 */
export interface Processing {
  /** Has an upload made ready when it is its turn. */
  add(id: number): void
  /**
   * Goes on with what was under way when the server ended, and removes what is left of other uploads. `isShared`:
   * whether other servers use the database, whose files are not here.
   */
  resume(options: { isShared: boolean }): Promise<void>
  /** Ends what is under way; it is begun anew at the next start. */
  close(): Promise<void>
}

export interface ProcessingOptions extends MakeReadyOptions {
  log: VideoLog
}

/** One core in four makes videos, and each of them takes a few: requests have the others. */
const concurrency = Math.max(1, Math.floor(availableParallelism() / 4))

/** The longest pause before another try while something is away that the server needs, in milliseconds. */
const longestWaitMs = 60_000

const givenUp = `Its processing broke off ${videoLimits.attempts} times.`

/** Makes the processing of one server. */
export function processingOf(options: ProcessingOptions): Processing {
  const { db, store, log } = options
  const limit = pLimit(concurrency)
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  /** How often in a row something was away that the server needs. */
  let outages = 0

  function add(id: number): void {
    const job = limit(() => attempt(id)).catch((error) => laterAgain(id, error))
    underWay.add(job)
    job.finally(() => underWay.delete(job))
  }

  /** The disk is full, or the storage or the database away: no fault of the video's. Waits longer each time. */
  function laterAgain(id: number, error: Error): void {
    if (stopping.signal.aborted) return
    const waitMs = Math.min(1000 * 2 ** outages++, longestWaitMs)
    log.warn({ err: error, media: String(id) }, `a video cannot be processed now; trying again in ${waitMs / 1000} s`)
    setTimeout(() => stopping.signal.aborted || add(id), waitMs).unref()
  }

  async function attempt(id: number): Promise<void> {
    if (stopping.signal.aborted) return
    const row = await db.write((tx) => store.beginAttempt(tx, id))
    if (!row) return
    try {
      // The server itself may have been killed by it.
      if (row.attempts > videoLimits.attempts) throw new UnusableVideo(givenUp)
      const { bytes, durationMs } = await makeReady(id, { ...options, signal: stopping.signal })
      log.info({ media: String(id), bytes, durationMs }, 'a video is ready')
      outages = 0
    } catch (error) {
      await afterFailure(id, row.attempts, error as Error)
    }
  }

  async function afterFailure(id: number, attempts: number, error: Error): Promise<void> {
    const isNoAttempt = stopping.signal.aborted || whyUnavailable(error) !== undefined
    if (isNoAttempt) await db.write((tx) => store.takeBackAttempt(tx, id))
    if (stopping.signal.aborted) return
    if (isNoAttempt) throw error
    const media = String(id)
    if (error instanceof UnusableVideo || attempts >= videoLimits.attempts) return giveUp(id, error, options)
    const tries = `${attempts} of ${videoLimits.attempts} tries`
    log.warn({ err: error, media }, `the processing of a video broke off (${tries})`)
    add(id)
  }

  return {
    add,
    resume: ({ isShared }) => resume(add, isShared, options),
    async close() {
      stopping.abort()
      await Promise.all([...underWay])
    },
  }
}

/** Adds what the database says is to be done, and removes what else is on the disk. */
async function resume(add: Processing['add'], isShared: boolean, options: ProcessingOptions): Promise<void> {
  const { db, store, staging, clock } = options
  const staged = new Set(await staging.clear())
  const rows = await store.ofStatusBefore('processing', Number.MAX_SAFE_INTEGER)
  for (const { id } of rows) {
    if (staged.delete(id)) add(id)
    else if (!isShared) await db.write((tx) => store.fail(tx, id, 'The uploaded file is lost.', clock.now()))
  }
  for (const id of staged) await staging.remove(id)
}

/** Notes why a video cannot be used, and removes the uploaded file. */
async function giveUp(id: number, error: Error, { db, store, staging, clock, log }: ProcessingOptions): Promise<void> {
  const problem = error instanceof UnusableVideo ? error.message : givenUp
  const reason = error.cause instanceof Error ? `${problem} ${error.cause.message}` : error.message
  log.warn({ media: String(id), reason }, 'a video cannot be used')
  await db.write((tx) => store.fail(tx, id, problem, clock.now()))
  await staging.remove(id)
}
