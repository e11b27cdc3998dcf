import type { Readable } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import { videoLimits } from './limits.ts'
import type { StagedUpload } from './processing.ts'
import type { SharedFiles } from './shared-files.ts'
import type { Staging } from './staging.ts'
import type { VideoRow, VideoStore } from './store.ts'
import { refused, type UploadParameters, uploadSigner } from './upload-parameters.ts'

/** The answer to the registration of an upload. */
export interface RegisteredUpload {
  id: number
  parameters: UploadParameters
}

/** A permitted upload. */
export interface Upload {
  /** Writes the received file to disk. Throws the file system's error. */
  write(file: Readable): Promise<void>
  /** Accepts the written file, which is complete. Throws `forbidden` if another upload was faster. */
  accept(): Promise<void>
  /** Ends it. A file that was not accepted is removed, and may be sent again. */
  end(): Promise<void>
}

/** Registers and receives uploads. */
export interface UploadTaker {
  /**
   * Registers an upload. `written` is called in the same transaction. Throws `rateLimited` when too many of the
   * account's are unfinished.
   */
  register(viewer: Viewer, written?: Written<RegisteredUpload>): Promise<RegisteredUpload>
  /** Begins the upload that the fields permit. Throws `forbidden` when they are invalid, or it was already made. */
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
  /** Where other servers find the files. Undefined: there are none. */
  sharedFiles: SharedFiles | undefined
  /** Queues an upload whose file has arrived. */
  process(upload: StagedUpload): void
}

/** Makes the receiver of uploads of one server. */
export function uploadTaker({ db, store, staging, sharedFiles, clock, ids, key, process }: UploadOptions): UploadTaker {
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
          const shared = await sharedFiles?.keep(id)
          await staging.finish(id)
          const isFirst = await db.write(async (tx) => {
            const marked = await store.markUploaded(tx, id, clock.now(), shared)
            if (marked) await sharedFiles?.use(tx, shared)
            return marked
          })
          if (!isFirst) {
            await staging.remove(id)
            await sharedFiles?.remove(shared?.key)
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
    ...{ created_at: now, changed_at: now, upload_key: null, leased_by: null, leased_until: 0 },
  }
}

const usedUp = 'This upload was made already: register another.'

function tooManyOpen(open: number): ApiError {
  return new ApiError('rateLimited', {
    detail: `${open} uploads are registered or being processed. Wait until some of them are done.`,
    headers: { 'retry-after': '30' },
  })
}
