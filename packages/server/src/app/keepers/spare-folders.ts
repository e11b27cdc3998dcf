import { renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../core/make-folder.ts'
import { syncFolder } from '../../storage/write-aside.ts'
import { copyDatabase } from '../copy-data.ts'
import { newFolder, partsButMedia, remove } from '../generations.ts'
import { databaseFile, mediaLocation } from '../open-data.ts'
import { matchMedia } from './match-media.ts'

/** Copies of larger databases would take too much of the disk for nothing. */
const mostBytes = 50_000_000

/** So many copies are kept: while one is being made, the next reset takes the other. */
const most = 2

/** Copies of data, made before they are needed: whole and on disk. They count for nothing, and the next start removes them. */
export interface SpareFolders {
  /**
   * Makes a copy of the data in `like`, which nobody writes, unless there are enough. `used`: a folder of data that no
   * longer count. It becomes the copy, since most of its files are the same, or is removed.
   */
  make(like: string, used?: string): Promise<void>
  /** Moves a copy of the data in `like` to a path. It waits for one that is being made. Returns whether there was one. */
  take(like: string, path: string): Promise<boolean>
  /** Removes all copies. */
  discard(): Promise<void>
}

/** How copies are made. */
export interface SpareOptions {
  /** Whether they are on disk before they are taken. */
  durable: boolean
  /** Whether pictures and videos are beside the database. */
  withMedia: boolean
}

/** Keeps copies in a data folder. */
export function spareFolders(root: string, { durable, withMedia }: SpareOptions): SpareFolders {
  let like: string | undefined
  let whole: string[] = []
  let making = 0
  /** One copy after the other is made. */
  let last: Promise<void> = Promise.resolve()

  const fill = async (path: string, from: string) => {
    for (const part of partsButMedia) rmSync(join(path, part), { recursive: true, force: true })
    const copied = copyDatabase(from, path, { durable })
    if (withMedia)
      await matchMedia(mediaLocation(from), mediaLocation(path)).finally(() => Promise.allSettled([copied]))
    await copied
    if (durable && process.platform !== 'win32') await syncFolder(path)
  }

  const makeNow = async (from: string, used: string | undefined) => {
    const path = join(root, newFolder(root, 'spare'))
    try {
      if (used === undefined) makeFolder(path)
      else renameSync(used, path)
      await fill(path, from)
      if (from === like) whole.push(path)
      else await remove(path)
    } catch (error) {
      await remove(path)
      throw error
    }
  }

  const discard = async () => {
    like = undefined
    await last
    for (const path of whole.splice(0)) await remove(path)
  }

  return {
    async make(from, used) {
      if (from !== like) await discard()
      const isWanted = whole.length + making < most && isSmall(from)
      if (!isWanted) return used === undefined ? undefined : remove(used)
      like = from
      making++
      const made = last.then(() => makeNow(from, used)).finally(() => making--)
      last = made.catch(() => {})
      return made
    },

    async take(from, path) {
      if (from !== like) return false
      if (whole.length === 0) await last
      const [first, ...others] = whole
      if (from !== like || first === undefined) return false
      whole = others
      renameSync(first, path)
      return true
    },

    discard,
  }
}

const isSmall = (folder: string): boolean =>
  (statSync(databaseFile(folder), { throwIfNoEntry: false })?.size ?? mostBytes) < mostBytes
