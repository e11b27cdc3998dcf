import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { Pictures } from '../media/pictures.ts'
import type { Happening, Outbox } from '../webhooks/outbox.ts'
import { keepVideo } from './keep-video.ts'
import { type MadeVideo, makeVideo } from './make-video.ts'
import type { SharedFiles } from './shared-files.ts'
import type { Staging } from './staging.ts'
import type { VideoRow, VideoStore } from './store.ts'
import type { VideoTools } from './tools.ts'

/** The name of the file under a video's key. */
export const videoName = 'video.mp4'

export interface MakeReadyOptions {
  db: Database
  store: VideoStore
  storage: MediaStorage
  pictures: Pictures
  staging: Staging
  /** Where other servers find the files of uploads. Undefined: there are none. */
  sharedFiles: SharedFiles | undefined
  /** Undefined without ffmpeg. */
  tools: VideoTools | undefined
  clock: Clock
  outbox: Outbox
}

/**
 * Makes a video of an upload and stores it; then marks the upload as succeeded, and removes its file. Removes temporary
 * files, however it ends. Throws `UnusableVideo`, what `runTool` throws, or the error of an unavailable disk, storage
 * or database.
 */
export async function makeReady(
  upload: VideoRow,
  options: MakeReadyOptions & { signal: AbortSignal },
): Promise<Pick<MadeVideo, 'bytes' | 'durationMs'>> {
  const { id } = upload
  const { staging, sharedFiles, tools, signal } = options
  const folder = staging.workFolder(id)
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const isElsewhere = sharedFiles !== undefined && !(await staging.has(id))
    const source = isElsewhere ? await sharedFiles.fetch(upload.upload_key, folder) : staging.fileOf(id)
    const made = tools ? await makeVideo(source, { folder, tools, signal }) : await keepVideo(source)
    await store(upload, made, options)
    await staging.remove(id)
    return made
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Stores the video. Its key stays on the list to sweep until the database uses it. */
async function store(
  { id, upload_key: uploadKey }: VideoRow,
  { path, bytes, durationMs, width, height }: MadeVideo,
  { db, store, storage, pictures, sharedFiles, clock, outbox }: MakeReadyOptions,
): Promise<void> {
  const key = randomBytes(16).toString('hex')
  await db.write((tx) => pictures.doubt(tx, key))
  try {
    await storage.save(key, [{ name: videoName, bytes: createReadStream(path) }])
    await db.write(async (tx) => {
      const values = { key, bytes, duration_ms: durationMs, width, height }
      const ready = await store.succeed(tx, id, values, clock.now(), sharedFiles?.holder)
      if (!ready) throw new Error(`The upload ${id} is gone, or another server's.`)
      await outbox.happened(tx, [ready.account_id], () => toldMedia('media.ready', ready))
      await pictures.trust(tx, key)
      await sharedFiles?.doubt(tx, uploadKey)
    })
    await sharedFiles?.remove(uploadKey)
  } catch (error) {
    await pictures.sweep([key]).catch(() => {}) // If that fails too, the next start sweeps.
    throw error
  }
}

/** Returns what became of an upload, as webhooks tell it. */
export const toldMedia = (
  type: 'media.ready' | 'media.failed',
  { id, account_id, problem }: Pick<VideoRow, 'id' | 'account_id' | 'problem'>,
): Happening => ({
  ...{ type, object: `media ${id}`, accountIds: [account_id], isSecret: false },
  data: { media_id: String(id), ...(type === 'media.failed' && { problem }) },
})
