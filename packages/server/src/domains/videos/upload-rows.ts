import { type MakeReadyOptions, toldMedia } from './make-ready.ts'
import type { VideoRow } from './store.ts'

/** The uploads in a database, each change by itself. */
export interface UploadRows {
  /** Returns at most 1000 that are being processed, in the order of their ids, after `id`. */
  processingAfter(id: number): Promise<VideoRow[]>
  /** Counts one more attempt, and returns the row; undefined if it is not being processed, or not by this server. */
  beginAttempt(id: number): Promise<VideoRow | undefined>
  /** Counts one attempt fewer. */
  takeBackAttempt(id: number): Promise<void>
  /** Records that one failed, and tells of it. `problem`: in words for its uploader. */
  fail(id: number, problem: string): Promise<void>
}

/** Which server processes which upload, where several can: for 20 seconds since it said so last. */
export interface UploadLeases {
  /** Has this server process one whose file is with it alone. */
  lease(id: number): Promise<void>
  /** Says that this server still processes these. */
  renew(ids: readonly number[]): Promise<void>
  /** Has this server process at most `count` that nobody does, and returns them. */
  takeOver(count: number): Promise<VideoRow[]>
  /** Leaves what this server processes to others. */
  leave(): Promise<void>
}

type Options = Pick<MakeReadyOptions, 'db' | 'store' | 'sharedFiles' | 'clock' | 'outbox'>

/** Makes the rows of the uploads in a database. */
export function uploadRows({ db, store, sharedFiles, clock, outbox }: Options): UploadRows {
  return {
    processingAfter: (id) => store.processingAfter(id),
    beginAttempt: (id) => db.write((tx) => store.beginAttempt(tx, id, sharedFiles?.holder)),
    takeBackAttempt: (id) => db.write((tx) => store.takeBackAttempt(tx, id)),
    async fail(id, problem) {
      const uploadKey = (await store.byId(id))?.upload_key ?? null
      await db.write(async (tx) => {
        const failed = await store.fail(tx, id, problem, clock.now())
        if (failed) await outbox.happened(tx, [failed.account_id], () => toldMedia('media.failed', failed))
        if (failed) await sharedFiles?.doubt(tx, uploadKey)
      })
      await sharedFiles?.remove(uploadKey)
    },
  }
}

const atOnce = 500

/** Makes the leases of one of the servers that share a database; undefined for one that has it for itself. */
export function uploadLeases({ db, store, sharedFiles }: Options): UploadLeases | undefined {
  if (!sharedFiles) return undefined
  const { holder } = sharedFiles
  return {
    lease: (id) => db.write((tx) => store.lease(tx, id, holder)),
    async renew(ids) {
      for (let from = 0; from < ids.length; from += atOnce)
        await db.write((tx) => store.renewLeases(tx, holder, ids.slice(from, from + atOnce)))
    },
    takeOver: (count) => db.write((tx) => store.takeOver(tx, holder, count)),
    leave: () => db.write((tx) => store.leaveLeases(tx, holder)),
  }
}
