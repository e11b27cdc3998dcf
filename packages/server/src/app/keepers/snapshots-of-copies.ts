import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot } from '../../control/data.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import type { DataCopies, DataCopy } from '../../db/data-copies.ts'
import type { Database } from '../../db/database.ts'
import { migrateToLatest } from '../../db/migrate.ts'
import { openSqlite } from '../../db/sqlite.ts'
import { copiedTables } from '../../db/transfer/copied-tables.ts'
import { embeddedTables } from '../../db/transfer/embedded-tables.ts'
import { writeEmbedded } from '../../db/transfer/write-embedded.ts'
import { readInstallation } from '../../domains/installation/installation.ts'
import { searchablePins } from '../../domains/pins/searchable-pins.ts'
import { searchBackfill } from '../../domains/search/backfill.ts'
import { pinIndexOf } from '../../domains/search/pin-index.ts'
import { addMissing } from '../../storage/copy.ts'
import { folderStorage } from '../../storage/folder.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { copyTables } from '../copy-database.ts'
import { remove } from '../generations.ts'
import { databaseFile, mediaLocation } from '../open-data.ts'
import { checkDatabase } from '../snapshot-file/check-database.ts'
import { packSnapshot } from '../snapshot-file/pack.ts'
import { unpackSnapshot } from '../snapshot-file/unpack.ts'

/** Snapshots of a PostgreSQL database as files, in the same form as those of embedded databases. */
export interface SnapshotsOfCopies {
  /** Returns the bytes of a copy as one file. Throws `snapshotNotFound` when it goes meanwhile. */
  pack(copy: DataCopy): Promise<AsyncIterable<Buffer>>
  /**
   * Makes a copy in the database of such bytes, and returns it once `add` has given it its name. Throws
   * `invalidRequest` or `bodyTooLarge`.
   */
  unpack(bytes: AsyncIterable<Buffer>, mostBytes: number, add: AddCopy): Promise<Snapshot>
  /** Removes what an interrupted process has left in the folder. */
  tidy(): Promise<void>
}

/** Gives a name to a copy in a schema that was filled. */
type AddCopy = (schema: string, createdAt: number) => Promise<Snapshot>

export interface SnapshotsOfCopiesOptions {
  db: Database
  copies: () => Promise<DataCopies>
  storage: MediaStorage
  clock: Clock
  /** The seed of data whose own cannot be filled here. */
  given: string
}

/** At most so many files are written for those who fetch them: each is as large as the database. */
const mostPacked = 2
/** A schema that is being filled is said to be so this often, so that nobody takes it for one that was left. */
const renewMs = 60_000

/** Makes and takes such files, by way of the data folder of this server. */
export function snapshotsOfCopies(root: string, options: SnapshotsOfCopiesOptions): SnapshotsOfCopies {
  const { db, copies, storage, clock, given } = options
  const folder = join(root, 'snapshots')
  const newAside = (kind: 'packing' | 'arriving') => join(folder, `.${kind}-${randomUUID()}`)
  let packed = 0
  let isArriving = false

  /** Has the schema that is filled hold the files, stores them, and fills it. */
  const fillWith = async (path: string, schema: string) => {
    const beside = folderStorage(mediaLocation(path), { sync: false })
    const keys: string[] = []
    for await (const { key } of beside.list()) keys.push(key)
    const goingAway = await (await copies()).holdForFilling(schema, keys)
    await addMissing(beside, storage)
    const aside = await db.openSchema?.(schema)
    if (!aside) throw invalid('This database has no schemas, so that no snapshot can be filled aside.')
    try {
      await migrateToLatest(aside)
      using tables = embeddedTables(databaseFile(path))
      const counts = { stage: 'copying' as const, rows: 0, of: 0, resumedAt: 0, verified: 0 }
      await copyTables(tables, aside, counts).catch(unfit)
      await addToSearch(aside)
    } finally {
      await aside.close()
    }
    // Somebody was removing these when it was noted that they are held.
    if (goingAway.size > 0) await addMissing(beside, storage, (key) => goingAway.has(key))
  }

  return {
    async pack(copy) {
      if (packed >= mostPacked)
        throw new ApiError('unavailable', { detail: `${mostPacked} snapshots are being given as files already.` })
      packed++
      const path = newAside('packing')
      const end = once(async () => {
        packed--
        await remove(path)
      })
      try {
        makeFolder(path)
        await writeEmbedded(copiedTables(db, copy.schema), databaseFile(path)).catch(gone)
        const written = openSqlite(databaseFile(path), 'relaxed')
        await addToSearch(written).finally(() => written.close())
        return endedBy(packSnapshot(path, copy, storage), end)
      } catch (error) {
        await end()
        throw error
      }
    },

    async unpack(bytes, mostBytes, add) {
      if (isArriving) throw new ApiError('unavailable', { detail: 'Another snapshot is arriving.' })
      isArriving = true
      const path = newAside('arriving')
      let filling: string | undefined
      let renewing: NodeJS.Timeout | undefined
      try {
        makeFolder(path)
        const { createdAt } = await unpackSnapshot(bytes, path, { mostBytes, sync: false })
        const file = databaseFile(path)
        const { seeded } = await (await copies()).state()
        const isSeedHere = (seed: string) => ['demo', 'none', seeded?.seed].includes(seed)
        await checkDatabase(file, { size: statSync(file).size, isSeedHere, given })
        await bringUpToDate(file)
        const schema = await (await copies()).beginFilling(clock.now())
        if (schema === undefined)
          throw new ApiError('unavailable', { detail: 'Another server is filling the same database aside.' })
        filling = schema
        renewing = setInterval(() => {
          void copies()
            .then((all) => all.renewFilling(clock.now()))
            .catch(() => {})
        }, renewMs).unref()
        await fillWith(path, schema)
        const snapshot = await add(schema, createdAt)
        filling = undefined
        return snapshot
      } finally {
        clearInterval(renewing)
        isArriving = false
        if (filling !== undefined) await (await copies()).discardFilling(filling, clock.now())
        await remove(path)
      }
    },

    async tidy() {
      const names = await readdir(folder).catch(() => [])
      for (const name of names) if (/^\.(packing|arriving)-/.test(name)) await remove(join(folder, name))
    },
  }
}

/** Brings the database of a file up to date. Throws `invalidRequest` for data that a seed has not filled to the end. */
async function bringUpToDate(file: string): Promise<void> {
  const db = openSqlite(file, 'relaxed')
  try {
    await migrateToLatest(db)
    if ((await readInstallation(db)).seedUnfinished) throw invalid('The data of the snapshot are only half filled.')
  } finally {
    await db.close()
  }
}

const addToSearch = (db: Database): Promise<void> =>
  searchBackfill({ db, index: pinIndexOf(db), pins: searchablePins(db) }).run(new AbortController().signal)

/** Throws what somebody can do about rows that PostgreSQL does not take. */
function unfit(error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code === 'string' && /^2[23]/.test(code))
    throw invalid(`The data of the snapshot do not go into PostgreSQL: ${message}.`)
  throw error
}

/** Throws `snapshotNotFound` for a copy that somebody has removed. */
function gone(error: unknown): never {
  const { code } = error as { code?: unknown }
  if (code === '42P01' || code === '3F000') throw new ApiError('snapshotNotFound')
  throw error
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

/** Returns the same parts, and calls `end` after them, or when nobody wants more of them, if only before the first. */
function endedBy<T>(parts: AsyncIterable<T>, end: () => Promise<void>): AsyncIterable<T> {
  const iterator = parts[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const result = await iterator.next()
          if (result.done) await end()
          return result
        } catch (error) {
          await end()
          throw error
        }
      },
      async return() {
        await iterator.return?.()
        await end()
        return { done: true, value: undefined }
      },
    }),
  }
}
