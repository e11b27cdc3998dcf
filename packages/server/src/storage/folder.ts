import type { Dirent } from 'node:fs'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { makeFolder } from '../core/make-folder.ts'
import {
  type Aside,
  abandonedMs,
  type ByteRange,
  isKey,
  type KeptEntry,
  type KeptFile,
  type MediaStorage,
} from './storage.ts'
import { own, syncFolder, writeAside, writeFile } from './write-aside.ts'

const missing = new Set(['ENOENT', 'ENOTDIR'])

/**
 * Stores files in a folder: `ab/abcd…/600x.jpg`. The files of a key are written elsewhere and moved into place
 * together. `sync`: whether to wait until they are on disk. `isShared`: whether other servers may be saving there.
 */
export function folderStorage(
  root: string,
  { sync, isShared = false }: { sync: boolean; isShared?: boolean },
): MediaStorage {
  const staging = join(root, '.staging')
  const place = (key: string) => join(shelfOf(root, key), checked(key, isKey))
  const fileAt = (key: string, name: string) => join(place(key), checked(name, isName))
  const aside = asideIn(root, staging, sync)
  const marks = join(root, '.servers')
  const markAt = (name: string) => join(marks, checked(name, isKey))

  return {
    aside,

    async save(key, files) {
      await writeAside(aside.folderOf(key), files, sync)
      await aside.keep(key)
    },

    async replace(key, { name, bytes }) {
      const aside = join(staging, `${key}-${name}`)
      await mkdir(staging, own)
      await rm(aside, { force: true })
      await writeFile(aside, bytes, sync)
      await mkdir(place(key), own)
      await rename(aside, fileAt(key, name))
      if (sync) await syncFolder(place(key))
    },

    async shareFile(name, key, otherKey) {
      // A file system without links, or one of the files was removed meanwhile: each keeps its own.
      await linkEqual(fileAt(otherKey, name), fileAt(key, name), join(staging, `${key}-${name}.link`)).catch(() => {})
    },

    open: (key, name, range) => unlessMissing(() => openFile(fileAt(key, name), range)),
    sizeOf: (key, name) => unlessMissing(async () => (await stat(fileAt(key, name))).size),
    // A file may be being linked there.
    remove: (key) => rm(place(key), { recursive: true, force: true, maxRetries: 3 }),
    removeFile: (key, name) => rm(fileAt(key, name), { force: true }),
    list: () => entriesIn(root),

    async sweep() {
      // What an ending process writes there meanwhile is removed the next time.
      if (isShared) await removeOld(staging, Date.now() - abandonedMs)
      else await rm(staging, { recursive: true, force: true, maxRetries: 5 })
      makeFolder(root)
      if (sync) await syncFolder(dirname(root))
    },

    forgetUnfinished: async () => {}, // `sweep` has removed them.

    async addMark(name) {
      await mkdir(marks, own)
      await writeFile(markAt(name), Buffer.alloc(0), false)
    },
    hasMark: async (name) => (await unlessMissing(() => stat(markAt(name)))) !== undefined,
    removeMark: (name) => rm(markAt(name), { force: true }),

    close: async () => {},
  }
}

const isName = (text: string): boolean => /^[\w-]+\.[a-z0-9]+$/i.test(text)

/** Returns a part of a path. Throws when it would lead elsewhere: keys may come with data that others have written. */
function checked(part: string, isRight: (part: string) => boolean): string {
  if (isRight(part)) return part
  throw new Error(`${JSON.stringify(part.slice(0, 100))} names no stored file.`)
}

/** Returns the parent folder of a key's folder, so that none has too many entries. */
const shelfOf = (root: string, key: string): string => join(root, key.slice(0, 2))

function asideIn(root: string, staging: string, sync: boolean): Aside {
  const folderOf = (key: string) => join(staging, key)
  return {
    folderOf,
    sync,
    async keep(key) {
      const shelf = shelfOf(root, key)
      try {
        const isNewShelf = (await mkdir(shelf, own)) !== undefined
        if (sync && isNewShelf) await syncFolder(root)
        await rename(folderOf(key), join(shelf, key))
        if (sync) await syncFolder(shelf)
      } catch (error) {
        await rm(folderOf(key), { recursive: true, force: true })
        throw error
      }
    },
  }
}

/** Replaces the file at `path` by a link to `other` if they are equal; the link is made at `aside` first. */
async function linkEqual(other: string, path: string, aside: string): Promise<void> {
  const [bytes, otherBytes] = await Promise.all([readFile(path), readFile(other)])
  if (!bytes.equals(otherBytes)) return
  await mkdir(dirname(aside), { recursive: true })
  try {
    await link(other, aside)
    await rename(aside, path)
  } finally {
    await rm(aside, { force: true }) // It still exists when both were the same file already.
  }
}

async function openFile(path: string, range: ByteRange | undefined): Promise<{ size: number; stream: Readable }> {
  const file = await open(path)
  const size = range ? range.end - range.start + 1 : (await file.stat()).size
  return { size, stream: file.createReadStream(range) }
}

/** Removes what was last changed before a time. */
async function removeOld(folder: string, before: number): Promise<void> {
  for (const name of (await unlessMissing(() => readdir(folder))) ?? []) {
    const path = join(folder, name)
    const found = await unlessMissing(() => stat(path))
    if (found && found.mtimeMs < before) await rm(path, { recursive: true, force: true })
  }
}

async function* entriesIn(root: string): AsyncGenerator<KeptEntry> {
  for (const { name: shelf } of await folders(root)) {
    if (!/^[0-9a-f]{2}$/.test(shelf)) continue
    for (const { name: key } of await folders(join(root, shelf)))
      if (isKey(key)) yield { key, files: await filesIn(join(root, shelf, key)) }
  }
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (missing.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

async function folders(path: string): Promise<Dirent[]> {
  const entries = await unlessMissing(() => readdir(path, { withFileTypes: true }))
  return (entries ?? []).filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Returns the files in a folder; leaves out those that are removed meanwhile. */
async function filesIn(path: string): Promise<KeptFile[]> {
  const names = (await unlessMissing(() => readdir(path))) ?? []
  const files = names.sort().map((name) =>
    unlessMissing(async () => {
      const { size, mtimeMs } = await stat(join(path, name))
      return { name, size, writtenAt: mtimeMs }
    }),
  )
  return (await Promise.all(files)).filter((file) => file !== undefined)
}
