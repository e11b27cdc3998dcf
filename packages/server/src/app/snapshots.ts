import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Snapshot } from '../control/data.ts'
import type { Clock } from '../core/clock.ts'
import { ApiError, invalid } from '../core/errors.ts'
import { makeFolder } from '../core/make-folder.ts'
import { copyLiveData } from './copy-data.ts'
import { remove, sync } from './generations.ts'
import { databaseFile } from './open-data.ts'

/** The most snapshots that there may be, and how large they may be together. */
const most = { count: 50, bytes: 10_000_000_000 }

const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/.test(text)

/** The snapshots of a data folder. */
export interface Snapshots {
  /** Returns all, by name. */
  list(): Promise<Snapshot[]>
  /** Copies the data in a folder under a new name. Throws `invalidRequest` when it is taken, or there are too many. */
  save(name: string, from: string): Promise<Snapshot>
  /** Returns the folder of a snapshot. Throws `snapshotNotFound`. */
  folderOf(name: string): string
  /** Deletes one. Throws `snapshotNotFound`. */
  remove(name: string): Promise<void>
  /** Removes what an interrupted process has left. */
  tidy(): Promise<void>
}

/** Makes the snapshots of the data folder `root`. */
export function snapshotsIn(root: string, clock: Clock): Snapshots {
  const folder = join(root, 'snapshots')
  /** Neither names a snapshot: what is in there is not whole yet, or no longer. */
  const [making, removing] = [join(folder, '.making'), join(folder, '.removing')]
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
  const refuseBeyond = (bytes: number) => {
    if (bytes > most.bytes)
      throw invalid(`Snapshots may have ${most.bytes / 1e9} GB together, and this one is too large. Delete some.`)
  }

  return {
    list: async () => list(),
    folderOf,

    async save(name, from) {
      const all = list()
      const same = all.find((each) => each.name.toLowerCase() === name.toLowerCase())
      if (same)
        throw invalid(`name: there is a snapshot '${same.name}' already. Delete it first, or take another name.`)
      if (all.length >= most.count) throw invalid(`There are ${most.count} snapshots already. Delete some.`)
      const before = all.reduce((sum, { bytes }) => sum + bytes, 0)
      refuseBeyond(before + statSync(databaseFile(from)).size)
      makeFolder(folder)
      await remove(making)
      try {
        const bytes = await copyLiveData(from, making)
        refuseBeyond(before + bytes)
        const snapshot = { createdAt: clock.now(), bytes }
        writeFileSync(about(making), JSON.stringify(snapshot), { mode: 0o600 })
        sync(about(making))
        renameSync(making, join(folder, name))
        return { ...snapshot, name }
      } catch (error) {
        await remove(making)
        throw error
      }
    },

    async remove(name) {
      await remove(removing)
      renameSync(folderOf(name), removing)
      await remove(removing)
    },

    async tidy() {
      await remove(making)
      await remove(removing)
    },
  }
}
