import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Snapshot } from '../control/data.ts'
import type { Clock } from '../core/clock.ts'
import { ApiError } from '../core/errors.ts'
import { makeFolder } from '../core/make-folder.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { copyLiveData } from './copy-data.ts'
import { remove, sync } from './generations.ts'
import { bytesNamedIn } from './held-files.ts'
import type { InTurn } from './keepers/data-keeper.ts'
import { bytesBeside, most, refuseBeyond } from './keepers/snapshot-limits.ts'
import { databaseFile } from './open-data.ts'
import { checkDatabase } from './snapshot-file/check-database.ts'
import { packSnapshot } from './snapshot-file/pack.ts'
import { unpackSnapshot } from './snapshot-file/unpack.ts'

const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(text)

export interface SnapshotsOptions {
  clock: Clock
  /** Where the pictures and videos of all data are; undefined: beside each database. */
  storage: MediaStorage | undefined
  /** Whether what is written must be on disk. */
  sync: boolean
  /** Whether data with this seed can be reset here; others get the seed `given`. */
  isSeedHere: (seed: string) => boolean
  given: string
  /** How large all may be together. Default: `most.bytes`. */
  mostBytes?: number | undefined
}

/** The snapshots of a data folder. */
export interface Snapshots {
  /** Returns all, by name. */
  list(): Promise<Snapshot[]>
  /** Copies the data in a folder under a new name. Throws `invalidRequest` when it is taken, or there are too many. */
  save(name: string, from: string): Promise<Snapshot>
  /** Returns the bytes of a snapshot as one file. Throws `snapshotNotFound`. */
  pack(name: string): AsyncIterable<Buffer>
  /**
   * Makes one under a new name of such bytes. It waits for them first, and adds the snapshot within `inTurn`. Throws
   * `invalidRequest` or `bodyTooLarge`.
   */
  unpack(name: string, bytes: AsyncIterable<Buffer>, inTurn: InTurn): Promise<Snapshot>
  /** Returns the folder of a snapshot. Throws `snapshotNotFound`. */
  folderOf(name: string): string
  /** Deletes one, after `before` was called with its folder. Throws `snapshotNotFound`. */
  remove(name: string, before: (folder: string) => Promise<void>): Promise<void>
  /** Removes what an interrupted process has left. */
  tidy(): Promise<void>
}

/** Makes the snapshots of the data folder `root`. */
export function snapshotsIn(
  root: string,
  { clock, storage, sync: durable, isSeedHere, given, mostBytes = most.bytes }: SnapshotsOptions,
): Snapshots {
  const folder = join(root, 'snapshots')
  /** None names a snapshot: what is in there is not whole yet, or no longer. */
  const [making, arriving, removing] = ['.making', '.arriving', '.removing'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  let isArriving = false
  const about = (path: string) => join(path, 'about.json')

  const list = (): Snapshot[] => {
    const names = existsSync(folder) ? readdirSync(folder).filter(isName) : []
    return names.sort().map((name) => ({ ...JSON.parse(readFileSync(about(join(folder, name)), 'utf8')), name }))
  }
  const folderOf = (name: string): string => {
    const path = join(folder, name)
    if (isName(name) && existsSync(about(path))) return path
    throw new ApiError('snapshotNotFound')
  }
  /** Gives a name to what is whole, in a folder aside. */
  const add = (name: string, aside: string, snapshot: Omit<Snapshot, 'name'>): Snapshot => {
    writeFileSync(about(aside), JSON.stringify(snapshot), { mode: 0o600 })
    sync(about(aside))
    renameSync(aside, join(folder, name))
    return { ...snapshot, name }
  }

  return {
    list: async () => list(),
    folderOf,

    async save(name, from) {
      const before = bytesBeside(name, list())
      refuseBeyond(before + statSync(databaseFile(from)).size, mostBytes)
      makeFolder(folder)
      await remove(making)
      try {
        const copied = await copyLiveData(from, making)
        const bytes = copied + (storage ? bytesNamedIn(databaseFile(making)) : 0)
        refuseBeyond(before + bytes, mostBytes)
        return add(name, making, { createdAt: clock.now(), bytes })
      } catch (error) {
        await remove(making)
        throw error
      }
    },

    pack(name) {
      const path = folderOf(name)
      return packSnapshot(path, JSON.parse(readFileSync(about(path), 'utf8')), storage)
    },

    async unpack(name, bytes, inTurn) {
      const before = bytesBeside(name, list())
      if (isArriving) throw new ApiError('unavailable', { detail: 'Another snapshot is arriving.' })
      isArriving = true
      try {
        await remove(arriving)
        makeFolder(arriving)
        const unpacked = await unpackSnapshot(bytes, arriving, { mostBytes: mostBytes - before, sync: durable })
        const file = databaseFile(arriving)
        await checkDatabase(file, { size: statSync(file).size, isSeedHere, given })
        return await inTurn(async () => {
          refuseBeyond(bytesBeside(name, list()) + unpacked.bytes, mostBytes)
          return add(name, arriving, unpacked)
        })
      } finally {
        isArriving = false
        await remove(arriving)
      }
    },

    async remove(name, before) {
      const path = folderOf(name)
      await before(path)
      await remove(removing)
      renameSync(path, removing)
      await remove(removing)
    },

    async tidy() {
      for (const aside of [making, arriving, removing]) await remove(aside)
    },
  }
}
