import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Transaction } from 'kysely'
import pLimit from 'p-limit'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import { type Database, noRecord, type Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { Pictures } from '../media/pictures.ts'
import { videoLimits } from './limits.ts'
import { takeFrame, UnusableVideo } from './make-video.ts'
import { processingOf, type VideoLog, videoName } from './processing.ts'
import { stagingIn } from './staging.ts'
import { type VideoRow, videoStore } from './store.ts'
import type { VideoTools } from './tools.ts'
import { refused, type UploadParameters, uploadSigner } from './upload-parameters.ts'

export type { VideoRow } from './store.ts'

type Tx = Transaction<Schema>

/** An upload that may be made. */
export interface Upload {
  /** Writes what comes to the disk. */
  write(file: Readable): Promise<void>
  /** Takes what was written: all of it has come. Throws `forbidden` if another upload was quicker. */
  accept(): Promise<void>
  /** Ends it. What was not accepted is gone, and may be sent again. */
  end(): Promise<void>
}

/** Thrown inside a transaction when a video that was found before is gone. */
export class VideoGone extends Error {}

export interface VideosOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  storage: MediaStorage
  pictures: Pictures
  /** Where uploads wait for their processing. */
  folder: string
  /** Whether to wait until the disk has what is uploaded. */
  sync: boolean
  /** A secret of the installation. */
  key: Buffer
  /** Undefined: there is no ffmpeg. */
  tools: VideoTools | undefined
  log: VideoLog
}

export type Videos = ReturnType<typeof videosOf>

/** Videos: registered, uploaded, made ready, counted by the Pins that show them, removed when none does. */
export function videosOf({ db, clock, ids, storage, pictures, folder, sync, key, tools, log }: VideosOptions) {
  const store = videoStore(db)
  const staging = stagingIn(folder, { sync })
  const signer = uploadSigner(key)
  const processing = processingOf({ db, store, storage, pictures, staging, tools, clock, log })
  const uploading = new Set<number>()
  const covers = pLimit(1)
  const closing = new AbortController()

  /** Says that a video is going to be uploaded. Throws a 429 when too many of the account's are not done yet. */
  async function register(
    viewer: Viewer,
    written: Written<{ id: number; parameters: UploadParameters }> = noRecord,
  ): Promise<{ id: number; parameters: UploadParameters }> {
    return db.write(async (tx) => {
      const now = clock.now()
      const open = await store.countOpen(tx, viewer.accountId, now - videoLimits.parametersTtlMs)
      if (open >= videoLimits.openPerAccount)
        throw new ApiError('rateLimited', {
          detail: `${open} uploads are registered or being processed. Wait until some of them are done.`,
          headers: { 'retry-after': '30' },
        })
      const id = ids.next()
      const nothing = { problem: null, key: null, bytes: 0, duration_ms: 0, width: 0, height: 0 }
      const row: VideoRow = {
        ...{ id, account_id: viewer.accountId, status: 'registered', attempts: 0, uses: 0, ...nothing },
        ...{ created_at: now, changed_at: now },
      }
      await store.insert(tx, row)
      const registered = { id, parameters: signer.make(id, now) }
      await written(tx, registered)
      return registered
    })
  }

  /** An upload of the viewer's. Throws `mediaNotFound`. */
  async function find(viewer: Viewer, id: string): Promise<VideoRow> {
    const number = parseId(id)
    const row = number === undefined ? undefined : await store.byId(number)
    if (row?.account_id !== viewer.accountId) throw new ApiError('mediaNotFound')
    return row
  }

  async function list(viewer: Viewer, { before, size }: PageRequest): Promise<Page<VideoRow>> {
    return toPage(await store.ofAccount(viewer.accountId, before, size + 1), size, (row) => row)
  }

  /** Begins the upload that the fields allow. Throws `forbidden` when they are not right, or it was made already. */
  async function beginUpload(fields: ReadonlyMap<string, string>): Promise<Upload> {
    const id = signer.check(fields, clock.now())
    const row = await store.byId(id)
    if (row?.status !== 'registered') throw refused(usedUp)
    if (uploading.has(id)) throw refused('This upload is under way.')
    uploading.add(id)
    return {
      write: (file) => staging.write(id, file),
      async accept() {
        await staging.finish(id)
        if (!(await db.write((tx) => store.markUploaded(tx, id, clock.now())))) {
          await staging.remove(id)
          throw refused(usedUp)
        }
        processing.add(id)
      },
      async end() {
        uploading.delete(id)
        await staging.discard(id)
      },
    }
  }

  /** A video of the viewer's that is ready. Throws `mediaNotFound`, or `videoInvalid` with why it is not. */
  async function findReady(viewer: Viewer, id: string): Promise<VideoRow> {
    const row = await find(viewer, id)
    if (row.status === 'registered') throw new ApiError('videoInvalid', { detail: 'It has not been uploaded yet.' })
    if (row.status === 'processing')
      throw new ApiError('videoInvalid', {
        detail: `It is still being processed: wait until GET /v5/media/${id} says succeeded.`,
      })
    if (row.status === 'failed') throw new ApiError('videoInvalid', { detail: row.problem ?? '' })
    return row
  }

  /** The picture of a video at a time, the last one if it is not as long. Throws `videoInvalid`, or a 429. */
  async function frameAt(video: VideoRow, seconds: number): Promise<Buffer> {
    if (!tools)
      throw new ApiError('videoInvalid', {
        detail: 'Its cover cannot be taken from it, for this server has no ffmpeg: send one.',
      })
    if (covers.pendingCount >= videoLimits.coversWaiting)
      throw new ApiError('rateLimited', {
        detail: 'Too many covers are waiting to be taken from videos. Try again in 2 s.',
        headers: { 'retry-after': '2' },
      })
    const work = staging.workFolder(`cover-${ids.next()}`)
    return covers(async () => {
      try {
        await mkdir(work, { recursive: true })
        const path = join(work, videoName)
        const stored = await storage.open(video.key ?? '', videoName)
        if (!stored) throw new ApiError('mediaNotFound')
        await pipeline(stored.stream, createWriteStream(path))
        return await takeFrame(path, seconds, { folder: work, tools, signal: closing.signal })
      } catch (error) {
        if (error instanceof UnusableVideo) throw new ApiError('videoInvalid', { detail: error.message, cause: error })
        throw error
      } finally {
        await rm(work, { recursive: true, force: true })
      }
    })
  }

  /** Gives a video to one more Pin, in the transaction that writes the Pin. Throws `VideoGone`. */
  async function use(tx: Tx, id: number): Promise<VideoRow> {
    const row = await store.addUse(tx, id)
    if (!row) throw new VideoGone()
    return row
  }

  /**
   * Takes a video from `count` Pins, in the transaction that removes them. If no other shows it, it is removed: what it
   * gives is the key of its files, for `pictures.sweep` when the transaction is over.
   */
  async function release(tx: Tx, id: number, count = 1): Promise<string[]> {
    await store.dropUses(tx, id, count)
    return remove(tx, id)
  }

  async function remove(tx: Tx, id: number): Promise<string[]> {
    const removed = await store.deleteUnused(tx, id)
    if (!removed?.key) return []
    await pictures.doubt(tx, removed.key)
    return [removed.key]
  }

  /** Removes uploads that no Pin has shown for a week. */
  async function removeUnused(): Promise<void> {
    for (const { id } of await store.unusedBefore(clock.now() - videoLimits.unusedTtlMs))
      await pictures.sweep(await db.write((tx) => remove(tx, id)))
  }

  async function close(): Promise<void> {
    closing.abort()
    await processing.close()
  }

  return {
    register,
    find,
    list,
    beginUpload,
    findReady,
    frameAt,
    byId: store.byId,
    use,
    release,
    removeUnused,
    resume: processing.resume,
    close,
  }
}

const usedUp = 'This upload was made already: register another.'
