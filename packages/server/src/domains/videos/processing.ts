import { availableParallelism } from 'node:os'
import { fairQueue } from '../../core/fair-queue.ts'
import { whyUnavailable } from '../../core/unavailable.ts'
import { videoLimits } from './limits.ts'
import { type MakeReadyOptions, makeReady } from './make-ready.ts'
import { UnusableVideo } from './make-video.ts'
import type { VideoRow } from './store.ts'

/** What the log is told. */
export interface VideoLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** An upload whose file has come. */
export type StagedUpload = Pick<VideoRow, 'id' | 'account_id'>

/**
 * Makes uploads ready, a few at a time. What is to be done stands in the database, and the files are on the disk, so
 * that it goes on after a restart, however the server ended.
 */
export interface Processing {
  /** Has an upload made ready when it is its account's turn. */
  add(upload: StagedUpload): void
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
const running = Math.max(2, Math.floor(availableParallelism() / 4))

/** An account never has the last place, so that the videos of another need not wait for the end of a long one. */
const queueLimits = {
  ...{ running, runningPerAccount: running - 1 },
  // How many there are is bounded when they are registered.
  ...{ waiting: Number.POSITIVE_INFINITY, waitingPerAccount: Number.POSITIVE_INFINITY },
  refusal: 'Too many videos are waiting to be processed.',
}

/** The longest pause before another try while something is away that the server needs, in milliseconds. */
const longestWaitMs = 60_000

const givenUp = `Its processing broke off ${videoLimits.attempts} times.`

/** Makes the processing of one server. */
export function processingOf(options: ProcessingOptions): Processing {
  const { db, store, log } = options
  const queue = fairQueue(queueLimits)
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  /** How often in a row something was away that the server needs. */
  let outages = 0

  function add(upload: StagedUpload): void {
    const job = queue
      .run(upload.account_id, () => attempt(upload), { signal: stopping.signal })
      .catch((error) => laterAgain(upload, error))
    underWay.add(job)
    job.finally(() => underWay.delete(job))
  }

  /** The disk is full, or the storage or the database away: no fault of the video's. Waits longer each time. */
  function laterAgain(upload: StagedUpload, error: Error): void {
    if (stopping.signal.aborted) return
    const waitMs = Math.min(1000 * 2 ** outages++, longestWaitMs)
    const media = String(upload.id)
    log.warn({ err: error, media }, `a video cannot be processed now; trying again in ${waitMs / 1000} s`)
    setTimeout(() => stopping.signal.aborted || add(upload), waitMs).unref()
  }

  async function attempt({ id }: StagedUpload): Promise<void> {
    const row = await db.write((tx) => store.beginAttempt(tx, id))
    if (!row) return
    try {
      // The server itself may have been killed by it.
      if (row.attempts > videoLimits.attempts) throw new UnusableVideo(givenUp)
      const { bytes, durationMs } = await makeReady(id, { ...options, signal: stopping.signal })
      log.info({ media: String(id), bytes, durationMs }, 'a video is ready')
      outages = 0
    } catch (error) {
      await afterFailure(row, error as Error)
    }
  }

  async function afterFailure({ id, account_id, attempts }: VideoRow, error: Error): Promise<void> {
    const isNoAttempt = stopping.signal.aborted || whyUnavailable(error) !== undefined
    if (isNoAttempt) await db.write((tx) => store.takeBackAttempt(tx, id))
    if (stopping.signal.aborted) return
    if (isNoAttempt) throw error
    const media = String(id)
    if (error instanceof UnusableVideo || attempts >= videoLimits.attempts) return giveUp(id, error, options)
    const tries = `${attempts} of ${videoLimits.attempts} tries`
    log.warn({ err: error, media }, `the processing of a video broke off (${tries})`)
    add({ id, account_id })
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
  for (
    let last = 0, rows = await store.processingAfter(last);
    rows.length > 0;
    rows = await store.processingAfter(last)
  )
    for (const { id, account_id } of rows) {
      if (staged.delete(id)) add({ id, account_id })
      else if (!isShared) await db.write((tx) => store.fail(tx, id, 'The uploaded file is lost.', clock.now()))
      last = id
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
