import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../core/make-folder.ts'
import { addMissing } from '../../storage/copy.ts'
import { folderStorage } from '../../storage/folder.ts'
import { copyData, copyLiveData } from '../copy-data.ts'
import { putEphemeralDatabase } from '../empty-database.ts'
import {
  type Current,
  currentFolder,
  newFolder,
  othersIn,
  prepareCurrent,
  readCurrent,
  remove,
  removeFirst,
  removeOthers,
  writeCurrent,
} from '../generations.ts'
import { heldIn, onlyIn } from '../held-files.ts'
import type { Instance } from '../instance.ts'
import { databaseFile, mediaLocation, type Reused, readyStorage } from '../open-data.ts'
import type { ChosenSeed } from '../seed/choose.ts'
import { snapshotsIn } from '../snapshots.ts'
import type { DataKeeper, DataPlace } from './data-keeper.ts'
import { spareFolders } from './spare-folders.ts'

/**
 * Keeps data in folders inside the data folder, each with an embedded database; see docs/decisions/exchange.md. Pictures
 * and videos are in the folders too, or in a storage that all of them share.
 */
export async function folderKeeper({ settings, root, clock, open, given }: DataPlace): Promise<DataKeeper> {
  const durable = settings.durability === 'full' && !settings.ephemeral
  const storage = settings.storage === undefined ? undefined : await readyStorage(settings, root)
  const withMedia = storage === undefined
  const reused: Reused = storage ? { storage, isHeld: heldIn(root) } : {}
  const spares = spareFolders(root, { durable, withMedia })
  const snapshots = snapshotsIn(root, {
    ...{ clock, storage, sync: durable, given, mostBytes: settings.snapshotBytes },
    isSeedHere: (seed) => seed === 'demo' || seed === 'none' || seed === readCurrent(root).seeded?.seed,
  })

  /** Has the files of a database that is about to be removed swept from a shared storage, unless others need them. */
  const sweepAfter = async (folder: string, running: Instance) => {
    if (storage && existsSync(databaseFile(folder)))
      await running.sweepLater(onlyIn(databaseFile(folder), databaseFile(running.folder)))
  }

  /** Copies data into a new folder. What they have beside their database goes into a shared storage. */
  const copy = async (from: string, folder: string) => {
    if (storage) await addMissing(folderStorage(mediaLocation(from), { sync: false }), storage)
    await copyData(from, folder, { durable })
  }

  /** Removes data that do not count. */
  const removeData = async (folder: string, running: Instance) => {
    await sweepAfter(folder, running)
    await (folder === root ? removeFirst(root, { withMedia }) : remove(folder))
  }

  /** Keeps the state after filling a seed, as it is in `folder`, and returns how it is to be found. */
  const keepSeeded = async (folder: string, seed: string) => {
    if (seed === 'none') return {}
    const name = newFolder(root, 'seeded')
    await copyLiveData(folder, join(root, name))
    return { seeded: { folder: name, seed } }
  }

  /** Has new data count, which `prepare` puts into a folder, or a seed that fills them. */
  const exchanged = async (
    before: Instance,
    { prepare, seed }: { prepare?: (folder: string) => Promise<void>; seed?: ChosenSeed },
  ): Promise<Instance> => {
    const { seeded } = readCurrent(root)
    const folder = newFolder(root, 'data')
    const path = join(root, folder)
    const removes = before.folder === root || readCurrent(root).removes
    const ready = (kept: Current) => prepareCurrent(root, { folder, ...kept, ...(removes && { removes }) })
    let early: Promise<() => Promise<void>> | undefined
    let after: Instance | undefined
    try {
      await (prepare ? prepare(path) : makeFolder(path))
      if (!seed) early = waited(ready(seeded ? { seeded } : {})) // The disk works while the data are opened.
      after = await open(path, seed ?? 'exchanged', reused)
      const count = await (early ?? ready(await keepSeeded(path, seed?.name ?? 'none')))
      await count()
    } catch (error) {
      await early?.catch(() => {})
      await after?.close()
      if (readCurrent(root).folder !== folder) await removeData(path, before)
      throw error
    }
    // If it fails, the next start tries again.
    if (seed && seeded) await removeData(join(root, seeded.folder), after).catch(() => {})
    return after
  }

  return {
    async begin() {
      await snapshots.tidy()
      if (settings.ephemeral && !existsSync(databaseFile(root))) await putEphemeralDatabase(root)
      const isExchanged = readCurrent(root).folder !== undefined
      const first = await open(currentFolder(root), isExchanged ? 'exchanged' : undefined, reused)
      try {
        for (const other of othersIn(root)) await sweepAfter(other, first)
        await removeOthers(root, { withMedia })
        if (first.isNew && first.seed !== undefined)
          writeCurrent(root, { ...readCurrent(root), ...(await keepSeeded(first.folder, first.seed)) })
        return first
      } catch (error) {
        await first.close()
        throw error
      }
    },

    async reset(running) {
      const { seeded } = readCurrent(root)
      if (!seeded || seeded.seed !== running.seed) return undefined
      const from = join(root, seeded.folder)
      return exchanged(running, {
        prepare: async (folder) => {
          if (!(await spares.take(from, folder))) await copy(from, folder)
        },
      })
    },

    fill: (seed, running) => exchanged(running, { seed }),

    async restore(name, running) {
      const from = snapshots.folderOf(name)
      return exchanged(running, { prepare: (folder) => copy(from, folder) })
    },

    async ended({ folder }, running) {
      const { seeded } = readCurrent(root)
      // Data that were reset will be reset again.
      if (!seeded || seeded.seed !== running.seed) return removeData(folder, running)
      const like = join(root, seeded.folder)
      if (folder !== root) await sweepAfter(folder, running)
      await spares.make(like, folder === root ? undefined : folder)
      if (folder === root) await removeFirst(root, { withMedia })
    },

    // The data folder is this server's alone.
    watch: () => {},
    follow: async () => undefined,

    find: async (name) => void snapshots.folderOf(name),
    list: snapshots.list,
    save: (name, { folder }) => snapshots.save(name, folder),
    async remove(name, running) {
      await snapshots.remove(name, (folder) => sweepAfter(folder, running))
    },
    async pack(name) {
      const bytes = snapshots.pack(name)
      return async () => bytes
    },
    unpack: snapshots.unpack,
    async close() {
      await spares.discard()
      await storage?.close()
    },
  }
}

/** Returns a promise that somebody awaits later: until then, its failure is nobody's. */
function waited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
