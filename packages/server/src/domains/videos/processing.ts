import { availableParallelism } from 'node:os'
import { fairQueue } from '../../core/fair-queue.ts'
import { whyUnavailable } from '../../core/unavailable.ts'
import { videoLimits } from './limits.ts'
import { type MakeReadyOptions, makeReady, toldMedia } from './make-ready.ts'
import { UnusableVideo } from './make-video.ts'
import type { VideoRow } from './store.ts'

/** The messages for the log. */
export interface VideoLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** An upload whose file has arrived. */
export type StagedUpload = Pick<VideoRow, 'id' | 'account_id'>

/**
 * Returns what resolves when an upload may be processed, or is to fail for a problem; undefined when it may at once. Rejects
 * when `signal` is aborted.
 */
export type AdmitUpload = (id: number, signal: AbortSignal) => Promise<{ problem: string | undefined }> | undefined

/**
 * Processes uploads, a few at a time. The queue is in the database, and the files are on disk, so that processing
 * resumes after a restart, however the server ended. Where several servers share them, the files are in the storage, and the
 * uploads of one that has ended are taken over by another.
 */
export interface Processing {
  /** Queues an upload for its account's turn. */
  add(upload: StagedUpload): void
  /**
   * Resumes what was in progress when the server ended, and removes the files of other uploads. `isShared`: whether
   * other servers use the database, whose files are not here.
   */
  resume(options: { isShared: boolean }): Promise<void>
  /** Has an upload fail that is being processed, or waits. */
  fail(id: number, problem: string): Promise<void>
  /** Resolves when an upload is no longer being processed; at once if it is not. */
  processed(id: number): Promise<void>
  /** Ends processing in progress; it begins again at the next start. */
  close(): Promise<void>
}

export interface ProcessingOptions extends MakeReadyOptions {
  log: VideoLog
  /** Default: each may be processed at once. */
  admit?: AdmitUpload | undefined
}

/** One video at a time for every four cores, each using several threads: the other cores are for requests. */
const running = Math.max(2, Math.floor(availableParallelism() / 4))

/** No account ever gets the last slot, so that another's videos need not wait for the end of a long one. */
const queueLimits = {
  ...{ running, runningPerAccount: running - 1 },
  // Their number is bounded when they are registered.
  ...{ waiting: Number.POSITIVE_INFINITY, waitingPerAccount: Number.POSITIVE_INFINITY },
  refusal: 'Too many videos are waiting to be processed.',
}

/** The longest pause before a retry while a resource of the server is unavailable, in milliseconds. */
const longestWaitMs = 60_000

/** How often a server says that it processes what it does, and looks for what nobody does: a third of how long that holds. */
const lookMs = 6000
/** What others have left is taken over while fewer than this are under way. */
const mostTaken = 20

const givenUp = `Its processing broke off ${videoLimits.attempts} times.`

/** Makes the processing of one server. */
export function processingOf(options: ProcessingOptions): Processing {
  const { db, store, sharedFiles, log, admit = () => undefined } = options
  const queue = fairQueue({ ...queueLimits, name: 'videos' })
  const stopping = new AbortController()
  const underWay = new Map<number, Promise<void>>()
  let looking: NodeJS.Timeout | undefined
  let lookingNow: Promise<void> = Promise.resolve()
  /** How often in a row a resource of the server was unavailable. */
  let outages = 0

  function add(upload: StagedUpload): void {
    const admitted = admit(upload.id, stopping.signal)
    begin(upload, admitted ? admitted.then(({ problem }) => goOn(upload, problem)) : inTurn(upload))
  }

  const goOn = (upload: StagedUpload, problem: string | undefined): Promise<void> =>
    problem === undefined ? inTurn(upload) : giveUp(upload.id, new UnusableVideo(problem), options)

  const inTurn = (upload: StagedUpload): Promise<void> =>
    queue.run(upload.account_id, () => attempt(upload), { signal: stopping.signal })

  function begin(upload: StagedUpload, work: Promise<void>): void {
    const job = work.catch((error) => laterAgain(upload, error))
    underWay.set(upload.id, job)
    job.finally(() => underWay.get(upload.id) === job && underWay.delete(upload.id))
  }

  /**
   * Retries later: the disk is full, or the storage or the database unavailable, which is not the video's fault. Waits
   * longer each time.
   */
  function laterAgain(upload: StagedUpload, error: Error): void {
    if (stopping.signal.aborted) return
    const waitMs = Math.min(1000 * 2 ** outages++, longestWaitMs)
    const media = String(upload.id)
    log.warn({ err: error, media }, `a video cannot be processed now; trying again in ${waitMs / 1000} s`)
    setTimeout(() => stopping.signal.aborted || begin(upload, inTurn(upload)), waitMs).unref()
  }

  async function attempt({ id }: StagedUpload): Promise<void> {
    const row = await db.write((tx) => store.beginAttempt(tx, id, sharedFiles?.holder))
    if (!row) return
    try {
      // It may have killed the server itself.
      if (row.attempts > videoLimits.attempts) throw new UnusableVideo(givenUp)
      const { bytes, durationMs } = await makeReady(row, { ...options, signal: stopping.signal })
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
    begin({ id, account_id }, inTurn({ id, account_id }))
  }

  /** Says that this server is at work, and takes over what others have left. */
  async function look(holder: string): Promise<void> {
    await db.write((tx) => store.renewLeases(tx, holder))
    const room = mostTaken - underWay.size
    if (room <= 0 || stopping.signal.aborted) return
    for (const upload of await db.write((tx) => store.takeOver(tx, holder, room))) {
      log.info({ media: String(upload.id) }, 'a video is taken over that no other server processes any more')
      add(upload)
    }
  }

  /** Looks again and again, if there are other servers. */
  function lookAfter(): void {
    if (!sharedFiles) return
    let isLooking = false
    const begin = () => {
      if (isLooking) return
      isLooking = true
      lookingNow = look(sharedFiles.holder)
        .catch((error) => log.warn({ err: error }, 'could not look after videos'))
        .finally(() => {
          isLooking = false
        })
    }
    begin()
    looking = setInterval(begin, lookMs).unref()
  }

  return {
    add,
    fail: (id, problem) => giveUp(id, new UnusableVideo(problem), options),
    async processed(id) {
      for (let job = underWay.get(id); job; job = underWay.get(id)) await job
    },
    async resume({ isShared }) {
      await resume(add, isShared, options)
      lookAfter()
    },
    async close() {
      stopping.abort()
      clearInterval(looking)
      await lookingNow
      await Promise.all(underWay.values())
      // Others need not wait until it would be taken for dead.
      if (sharedFiles) await db.write((tx) => store.leaveLeases(tx, sharedFiles.holder)).catch(() => {})
    },
  }
}

/** Queues the unfinished uploads in the database, and removes all other files. */
async function resume(add: Processing['add'], isShared: boolean, options: ProcessingOptions): Promise<void> {
  const { db, store, staging, sharedFiles } = options
  const staged = new Set(await staging.clear())
  for (
    let last = 0, rows = await store.processingAfter(last);
    rows.length > 0;
    rows = await store.processingAfter(last)
  )
    for (const { id, account_id, upload_key } of rows) {
      // What is stored is taken over by whoever looks first.
      if (upload_key !== null) await staging.remove(id)
      else if (staged.delete(id)) {
        if (sharedFiles) await db.write((tx) => store.lease(tx, id, sharedFiles.holder))
        add({ id, account_id })
      } else if (!isShared) await fail(id, 'The uploaded file is lost.', options)
      last = id
    }
  for (const id of staged) await staging.remove(id)
}

/** Records why a video cannot be used, and removes the uploaded file. */
async function giveUp(id: number, error: Error, options: ProcessingOptions): Promise<void> {
  const { staging, log } = options
  const problem = error instanceof UnusableVideo ? error.message : givenUp
  const reason = error.cause instanceof Error ? `${problem} ${error.cause.message}` : error.message
  log.warn({ media: String(id), reason }, 'a video cannot be used')
  await fail(id, problem, options)
  await staging.remove(id)
}

/** Records that an upload failed, and tells of it. */
async function fail(id: number, problem: string, options: ProcessingOptions): Promise<void> {
  const { db, store, sharedFiles, clock, outbox } = options
  const uploadKey = (await store.byId(id))?.upload_key ?? null
  await db.write(async (tx) => {
    const failed = await store.fail(tx, id, problem, clock.now())
    if (failed) await outbox.happened(tx, [failed.account_id], () => toldMedia('media.failed', failed))
    if (failed) await sharedFiles?.doubt(tx, uploadKey)
  })
  await sharedFiles?.remove(uploadKey)
}
