import type { Readable } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import { videoLimits } from './limits.ts'
import type { StagedUpload } from './processing.ts'
import type { Staging } from './staging.ts'
import type { VideoRow, VideoStore } from './store.ts'
import { refused, type UploadParameters, uploadSigner } from './upload-parameters.ts'

/** What is sent back for a video that is going to be uploaded. */
export interface RegisteredUpload {
  id: number
  parameters: UploadParameters
}

/** An upload that may be made. */
export interface Upload {
  /** Writes what comes to the disk. Throws the file system's error. */
  write(file: Readable): Promise<void>
  /** Takes what was written: all of it has come. Throws `forbidden` if another upload was quicker. */
  accept(): Promise<void>
  /** Ends it. What was not accepted is gone, and may be sent again. */
  end(): Promise<void>
}

/** Registers and receives uploads. */
export interface UploadTaker {
  /**
   * Says that a video is going to be uploaded. `written` is told in the same transaction. Throws `rateLimited` when too
   * many of the account's are not done yet.
   */
  register(viewer: Viewer, written?: Written<RegisteredUpload>): Promise<RegisteredUpload>
  /** Begins the upload that the fields allow. Throws `forbidden` when they are not right, or it was made already. */
  beginUpload(fields: ReadonlyMap<string, string>): Promise<Upload>
}

export interface UploadOptions {
  db: Database
  store: VideoStore
  staging: Staging
  clock: Clock
  ids: IdMaker
  /** A secret of the installation. */
  key: Buffer
  /** Has an upload made ready whose file has come. */
  process(upload: StagedUpload): void
}

/** Makes what takes the uploads of one server. */
export function uploadTaker({ db, store, staging, clock, ids, key, process }: UploadOptions): UploadTaker {
  const signer = uploadSigner(key)
  const uploading = new Set<number>()

  return {
    register: (viewer, written) =>
      db.write(async (tx) => {
        const now = clock.now()
        const open = await store.countOpen(tx, viewer.accountId, now - videoLimits.parametersTtlMs)
        if (open >= videoLimits.openPerAccount) throw tooManyOpen(open)
        const id = ids.next()
        await store.insert(tx, newRow(id, viewer.accountId, now))
        const registered = { id, parameters: signer.make(id, now) }
        await written?.(tx, registered)
        return registered
      }),

    async beginUpload(fields) {
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
          process(row)
        },
        async end() {
          uploading.delete(id)
          await staging.discard(id)
        },
      }
    },
  }
}

function newRow(id: number, accountId: number, now: number): VideoRow {
  const nothing = { problem: null, key: null, bytes: 0, duration_ms: 0, width: 0, height: 0 }
  return {
    ...{ id, account_id: accountId, status: 'registered', attempts: 0, uses: 0, ...nothing },
    ...{ created_at: now, changed_at: now },
  }
}

const usedUp = 'This upload was made already: register another.'

function tooManyOpen(open: number): ApiError {
  return new ApiError('rateLimited', {
    detail: `${open} uploads are registered or being processed. Wait until some of them are done.`,
    headers: { 'retry-after': '30' },
  })
}
