import { availableParallelism } from 'node:os'
import { fairQueue } from '../../core/fair-queue.ts'
import { type Cancel, machineTimers, type Timers } from '../../core/timers.ts'
import { whyUnavailable } from '../../core/unavailable.ts'
import { videoLimits } from './limits.ts'
import { type MakeReadyOptions, makeReady } from './make-ready.ts'
import { type MadeVideo, UnusableVideo } from './make-video.ts'
import type { Staging } from './staging.ts'
import type { VideoRow } from './store.ts'
import { type UploadLeases, type UploadRows, uploadLeases, uploadRows } from './upload-rows.ts'

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

interface Common {
  log: VideoLog
  /** Default: each may be processed at once. */
  admit?: AdmitUpload | undefined
}

export interface ProcessingOptions extends MakeReadyOptions, Common {}

/** What processing is made of: of a database and its files, or simulated. */
export interface ProcessingParts extends Common {
  rows: UploadRows
  /** Undefined where no other server can process the uploads of this one. */
  leases: UploadLeases | undefined
  staging: Pick<Staging, 'clear' | 'remove'>
  /** Makes the video, and marks the upload as succeeded. Throws `UnusableVideo`, or why it cannot be made now. */
  make(upload: VideoRow, signal: AbortSignal): Promise<Pick<MadeVideo, 'bytes' | 'durationMs'>>
  timers: Timers
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
  const { log, admit, staging } = options
  return processingOver({
    ...{ log, admit, staging, timers: machineTimers, rows: uploadRows(options), leases: uploadLeases(options) },
    make: (upload, signal) => makeReady(upload, { ...options, signal }),
  })
}

/** Makes the processing of one server of these parts. */
export function processingOver(parts: ProcessingParts): Processing {
  const { rows, leases, log, timers, make, admit = () => undefined } = parts
  const queue = fairQueue({ ...queueLimits, name: 'videos' })
  const stopping = new AbortController()
  const underWay = new Map<number, Promise<void>>()
  let stopLooking: Cancel = () => {}
  let lookingNow: Promise<void> = Promise.resolve()
  /** How often in a row a resource of the server was unavailable. */
  let outages = 0

  function add(upload: StagedUpload): void {
    const admitted = admit(upload.id, stopping.signal)
    begin(upload, admitted ? admitted.then(({ problem }) => goOn(upload, problem)) : inTurn(upload))
  }

  const goOn = (upload: StagedUpload, problem: string | undefined): Promise<void> =>
    problem === undefined ? inTurn(upload) : giveUp(upload.id, new UnusableVideo(problem), parts)

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
    timers.after(waitMs, () => {
      // It may have been taken over meanwhile, by this server as well.
      if (!stopping.signal.aborted && !underWay.has(upload.id)) begin(upload, inTurn(upload))
    })
  }

  async function attempt({ id }: StagedUpload): Promise<void> {
    const row = await rows.beginAttempt(id)
    if (!row) return
    try {
      // It may have killed the server itself.
      if (row.attempts > videoLimits.attempts) throw new UnusableVideo(givenUp)
      const { bytes, durationMs } = await make(row, stopping.signal)
      log.info({ media: String(id), bytes, durationMs }, 'a video is ready')
      outages = 0
    } catch (error) {
      await afterFailure(row, error as Error)
    }
  }

  async function afterFailure({ id, account_id, attempts }: VideoRow, error: Error): Promise<void> {
    const isNoAttempt = stopping.signal.aborted || whyUnavailable(error) !== undefined
    if (isNoAttempt) await rows.takeBackAttempt(id)
    if (stopping.signal.aborted) return
    if (isNoAttempt) throw error
    const media = String(id)
    if (error instanceof UnusableVideo || attempts >= videoLimits.attempts) return giveUp(id, error, parts)
    const tries = `${attempts} of ${videoLimits.attempts} tries`
    log.warn({ err: error, media }, `the processing of a video broke off (${tries})`)
    begin({ id, account_id }, inTurn({ id, account_id }))
  }

  /**
   * Says what this server processes, and takes over what others have left. What it has, but does not know of, since the
   * answer was lost that said so, is free in the end like theirs.
   */
  async function look({ renew, takeOver }: UploadLeases): Promise<void> {
    await renew([...underWay.keys()])
    const room = mostTaken - underWay.size
    if (room <= 0 || stopping.signal.aborted) return
    for (const upload of await takeOver(room)) {
      if (underWay.has(upload.id)) continue
      log.info({ media: String(upload.id) }, 'a video is taken over that no other server processes any more')
      add(upload)
    }
  }

  /** Looks again and again, if there are other servers. */
  function lookAfter(): void {
    if (!leases) return
    let isLooking = false
    const begin = () => {
      if (isLooking) return
      isLooking = true
      lookingNow = look(leases)
        .catch((error) => log.warn({ err: error }, 'could not look after videos'))
        .finally(() => {
          isLooking = false
        })
    }
    begin()
    stopLooking = timers.every(lookMs, begin)
  }

  return {
    add,
    fail: (id, problem) => giveUp(id, new UnusableVideo(problem), parts),
    async processed(id) {
      for (let job = underWay.get(id); job; job = underWay.get(id)) await job
    },
    async resume({ isShared }) {
      await resume(add, isShared, parts)
      lookAfter()
    },
    async close() {
      stopping.abort()
      stopLooking()
      await lookingNow
      await Promise.all(underWay.values())
      // Others need not wait until it would be taken for dead.
      await leases?.leave().catch(() => {})
    },
  }
}

type UploadParts = Pick<ProcessingParts, 'rows' | 'leases' | 'staging' | 'log'>

/** Queues the unfinished uploads in the database, and removes all other files. */
async function resume(add: Processing['add'], isShared: boolean, parts: UploadParts): Promise<void> {
  const { rows, leases, staging } = parts
  const staged = new Set(await staging.clear())
  for (
    let last = 0, uploads = await rows.processingAfter(last);
    uploads.length > 0;
    uploads = await rows.processingAfter(last)
  )
    for (const { id, account_id, upload_key } of uploads) {
      // What is stored is taken over by whoever looks first.
      if (upload_key !== null) await staging.remove(id)
      else if (staged.delete(id)) {
        await leases?.lease(id)
        add({ id, account_id })
      } else if (!isShared) await rows.fail(id, 'The uploaded file is lost.')
      last = id
    }
  for (const id of staged) await staging.remove(id)
}

/** Records why a video cannot be used, and removes the uploaded file. */
async function giveUp(id: number, error: Error, { rows, staging, log }: UploadParts): Promise<void> {
  const problem = error instanceof UnusableVideo ? error.message : givenUp
  const reason = error.cause instanceof Error ? `${problem} ${error.cause.message}` : error.message
  log.warn({ media: String(id), reason }, 'a video cannot be used')
  await rows.fail(id, problem)
  await staging.remove(id)
}
