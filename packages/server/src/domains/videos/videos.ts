import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { Pictures } from '../media/pictures.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { videoLimits } from './limits.ts'
import { type AdmitUpload, type Processing, processingOf, type VideoLog } from './processing.ts'
import { sharedFilesOf } from './shared-files.ts'
import { stagingIn } from './staging.ts'
import { type Tx, type VideoRow, type VideoStore, videoStore } from './store.ts'
import { type CoverTaker, coverTaker } from './take-cover.ts'
import { type UploadTaker, uploadTaker } from './take-upload.ts'
import type { VideoTools } from './tools.ts'

export { videoName } from './make-ready.ts'
export type { VideoRow } from './store.ts'
export { newestVideoId } from './store.ts'
export type { Upload } from './take-upload.ts'

/** Thrown in a transaction when a video that was found before is gone. */
export class VideoGone extends Error {}

/** Videos: registered, uploaded, processed, counted by the Pins that use them, removed when none does. */
export interface Videos extends UploadTaker, CoverTaker, Pick<Processing, 'resume' | 'fail' | 'processed'> {
  /** Returns an upload of the viewer's. Throws `mediaNotFound`. */
  find(viewer: Viewer, id: string): Promise<VideoRow>
  /** Returns a video of the viewer's, or of who acts as the viewer, that is ready. Throws `mediaNotFound`, or `videoInvalid` with why it is not. */
  findReady(viewer: Viewer, id: string): Promise<VideoRow>
  /** Returns the viewer's uploads, newest first. */
  list(viewer: Viewer, page: PageRequest): Promise<Page<VideoRow>>
  /** Returns an upload; undefined if there is none. */
  byId(id: number): Promise<VideoRow | undefined>

  /** Assigns a video to one more Pin, in the transaction that writes the Pin. Throws `VideoGone`. */
  use(tx: Tx, id: number): Promise<VideoRow>
  /**
   * Releases a video from `count` Pins, in the transaction that removes them, and removes it if no other uses it.
   * Returns the keys of its files, for `pictures.sweep` after the transaction.
   */
  release(tx: Tx, id: number, count?: number): Promise<string[]>
  /** Removes uploads that no Pin has used for `videoLimits.unusedTtlMs`. */
  removeUnused(): Promise<void>

  /** Ends processing in progress; it begins again at the next start. */
  close(): Promise<void>
}

export interface VideosOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  storage: MediaStorage
  pictures: Pictures
  /** The folder of uploads that wait for processing. */
  folder: string
  /** The name of this server among those that share the database and the storage. Undefined: it has them for itself. */
  holder?: string | undefined
  /** Whether to wait until uploads are on disk. */
  sync: boolean
  /** A secret of the installation. */
  key: Buffer
  /** Undefined without ffmpeg. */
  tools: VideoTools | undefined
  outbox: Outbox
  log: VideoLog
  /** Default: each may be processed at once. */
  admit?: AdmitUpload | undefined
}

/** Makes the videos. Call `resume` before the first request. */
export function videosOf(options: VideosOptions): Videos {
  const store = videoStore(options.db)
  const staging = stagingIn(options.folder, options)
  const { holder } = options
  const sharedFiles = holder === undefined ? undefined : sharedFilesOf({ ...options, holder, staging })
  const processing = processingOf({ ...options, store, staging, sharedFiles })
  const closing = new AbortController()

  return {
    ...uploadTaker({ ...options, store, staging, sharedFiles, process: processing.add }),
    ...coverTaker({ ...options, staging, signal: closing.signal }),
    ...finders(store),
    ...useCounts(store, options),
    resume: processing.resume,
    fail: processing.fail,
    processed: processing.processed,
    async close() {
      closing.abort()
      await processing.close()
    },
  }
}

function finders(store: VideoStore): Pick<Videos, 'find' | 'findReady' | 'list' | 'byId'> {
  async function findOf(accountIds: readonly (number | undefined)[], id: string): Promise<VideoRow> {
    const number = parseId(id)
    const row = number === undefined ? undefined : await store.byId(number)
    if (!row || !accountIds.includes(row.account_id)) throw new ApiError('mediaNotFound')
    return row
  }

  return {
    find: ({ accountId }, id) => findOf([accountId], id),

    async findReady({ accountId, actorId }, id) {
      const row = await findOf([accountId, actorId], id)
      if (row.status === 'registered') throw new ApiError('videoInvalid', { detail: 'It has not been uploaded yet.' })
      if (row.status === 'processing')
        throw new ApiError('videoInvalid', {
          detail: `It is still being processed: wait until GET /v5/media/${id} says succeeded.`,
        })
      if (row.status === 'failed') throw new ApiError('videoInvalid', { detail: row.problem ?? '' })
      return row
    },

    list: async (viewer, { before, size }) =>
      toPage(await store.ofAccount(viewer.accountId, before, size + 1), size, (row) => row),

    byId: store.byId,
  }
}

function useCounts(
  store: VideoStore,
  { db, pictures, clock }: VideosOptions,
): Pick<Videos, 'use' | 'release' | 'removeUnused'> {
  async function removeIfUnused(tx: Tx, id: number): Promise<string[]> {
    const removed = await store.deleteUnused(tx, id)
    if (!removed?.key) return []
    await pictures.doubt(tx, removed.key)
    return [removed.key]
  }

  return {
    async use(tx, id) {
      const row = await store.addUse(tx, id)
      if (!row) throw new VideoGone()
      return row
    },

    async release(tx, id, count = 1) {
      await store.dropUses(tx, id, count)
      return removeIfUnused(tx, id)
    },

    async removeUnused() {
      for (const { id } of await store.unusedBefore(clock.now() - videoLimits.unusedTtlMs))
        await pictures.sweep(await db.write((tx) => removeIfUnused(tx, id)))
    },
  }
}
