import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import type { Clock } from '../../core/clock.ts'
import { whyUnavailable } from '../../core/unavailable.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { Pictures } from '../media/pictures.ts'
import { keepVideo } from './keep-video.ts'
import { videoLimits } from './limits.ts'
import { type MadeVideo, makeVideo, UnusableVideo } from './make-video.ts'
import type { Staging } from './staging.ts'
import type { videoStore } from './store.ts'
import type { VideoTools } from './tools.ts'

/** What the log is told. */
export interface VideoLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface ProcessingOptions {
  db: Database
  store: ReturnType<typeof videoStore>
  storage: MediaStorage
  pictures: Pictures
  staging: Staging
  tools: VideoTools | undefined
  clock: Clock
  log: VideoLog
}

/** One core in four makes videos, and each of them takes a few: requests have the others. */
const concurrency = Math.max(1, Math.floor(availableParallelism() / 4))

/** The longest pause before another try while something is away that the server needs. */
const longestWaitMs = 60_000

export type Processing = ReturnType<typeof processingOf>

/**
 * Makes uploads ready, a few at a time. What is to be done stands in the database, and the files are on the disk, so
 * that it goes on after a restart, however the server ended.
 */
export function processingOf({ db, store, storage, pictures, staging, tools, clock, log }: ProcessingOptions) {
  const limit = pLimit(concurrency)
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  /** How often in a row something was away that the server needs. */
  let outages = 0

  /** Has an upload made ready, when it is its turn. */
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
      await makeReady(id)
      outages = 0
    } catch (error) {
      await afterFailure(id, row.attempts, error as Error)
    }
  }

  /** Makes the video and stores it. Nothing that it wrote on the way is left, however it ends. */
  async function makeReady(id: number): Promise<void> {
    const folder = staging.workFolder(id)
    try {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      const source = staging.fileOf(id)
      const made = tools ? await makeVideo(source, { folder, tools, signal: stopping.signal }) : await keepVideo(source)
      await keep(id, made)
      await staging.remove(id)
      log.info({ media: String(id), bytes: made.bytes, durationMs: made.durationMs }, 'a video is ready')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** Stores what was made. Its key is on the list of what may be there in vain until the database names it. */
  async function keep(id: number, { path, bytes, durationMs, width, height }: MadeVideo): Promise<void> {
    const key = randomBytes(16).toString('hex')
    await db.write((tx) => pictures.doubt(tx, key))
    try {
      await storage.save(key, [{ name: videoName, bytes: createReadStream(path) }])
      await db.write(async (tx) => {
        const values = { key, bytes, duration_ms: durationMs, width, height }
        if (!(await store.succeed(tx, id, values, clock.now()))) throw new Error(`The upload ${id} is gone.`)
        await pictures.trust(tx, key)
      })
    } catch (error) {
      await pictures.sweep([key]).catch(() => {}) // Whatever is in the way of that too, the next start sweeps.
      throw error
    }
  }

  async function afterFailure(id: number, attempts: number, error: Error): Promise<void> {
    const isNoAttempt = stopping.signal.aborted || whyUnavailable(error) !== undefined
    if (isNoAttempt) await db.write((tx) => store.takeBackAttempt(tx, id))
    if (stopping.signal.aborted) return
    if (isNoAttempt) throw error
    const media = String(id)
    if (!(error instanceof UnusableVideo) && attempts < videoLimits.attempts) {
      log.warn(
        { err: error, media },
        `the processing of a video broke off (${attempts} of ${videoLimits.attempts} tries)`,
      )
      return add(id)
    }
    const problem = error instanceof UnusableVideo ? error.message : givenUp
    const reason = error.cause instanceof Error ? `${problem} ${error.cause.message}` : error.message
    log.warn({ media, reason }, 'a video cannot be used')
    await db.write((tx) => store.fail(tx, id, problem, clock.now()))
    await staging.remove(id)
  }

  /** Goes on with what was under way when the server ended; what is left of other uploads is removed. */
  async function resume({ isShared }: { isShared: boolean }): Promise<void> {
    const staged = new Set(await staging.clear())
    const rows = await store.ofStatusBefore('processing', Number.MAX_SAFE_INTEGER)
    for (const { id } of rows) {
      if (staged.delete(id)) add(id)
      else if (!isShared) await db.write((tx) => store.fail(tx, id, 'The uploaded file is lost.', clock.now()))
    }
    for (const id of staged) await staging.remove(id)
  }

  /** Ends what is under way; it is begun anew at the next start. */
  async function close(): Promise<void> {
    stopping.abort()
    await Promise.all([...underWay])
  }

  return { add, resume, close }
}

/** The name of the file under a video's key. */
export const videoName = 'video.mp4'

const givenUp = `Its processing broke off ${videoLimits.attempts} times.`
