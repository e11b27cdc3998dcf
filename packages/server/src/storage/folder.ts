import type { Dirent } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isKey, type KeptFile, type MediaStorage, type NewFile } from './storage.ts'

const missing = new Set(['ENOENT', 'ENOTDIR'])

/**
 * Keeps files in a folder: `ab/abcd…/600x.jpg`. What belongs to a key is written aside and moved into place together.
 * `sync`: whether to wait until the disk has them.
 */
export function folderStorage(root: string, { sync }: { sync: boolean }): MediaStorage {
  const staging = join(root, '.staging')
  const shelf = (key: string) => join(root, key.slice(0, 2))
  const place = (key: string) => join(shelf(key), key)

  return {
    async save(key, files) {
      const aside = join(staging, key)
      await mkdir(aside, { recursive: true })
      try {
        await all(files.map((file) => writeFile(join(aside, file.name), file.bytes, sync)))
        if (sync) await syncFolder(aside)
        const isNewShelf = (await mkdir(shelf(key), { recursive: true })) !== undefined
        if (sync && isNewShelf) await syncFolder(root)
        await rename(aside, place(key))
        if (sync) await syncFolder(shelf(key))
      } catch (error) {
        for (const { bytes } of files) if (!Buffer.isBuffer(bytes)) bytes.destroy()
        await rm(aside, { recursive: true, force: true })
        throw error
      }
    },

    async replace(key, { name, bytes }) {
      const aside = join(staging, `${key}-${name}`)
      await mkdir(staging, { recursive: true })
      await rm(aside, { force: true })
      await writeFile(aside, bytes, sync)
      await mkdir(place(key), { recursive: true })
      await rename(aside, join(place(key), name))
      if (sync) await syncFolder(place(key))
    },

    open: (key, name, range) =>
      unlessMissing(async () => {
        const file = await open(join(place(key), name))
        const size = range ? range.end - range.start + 1 : (await file.stat()).size
        return { size, stream: file.createReadStream(range) }
      }),

    sizeOf: (key, name) => unlessMissing(async () => (await stat(join(place(key), name))).size),

    async remove(key) {
      await rm(place(key), { recursive: true, force: true })
    },

    async removeFile(key, name) {
      await rm(join(place(key), name), { force: true })
    },

    async *list() {
      for (const { name: shelf } of await folders(root)) {
        if (!/^[0-9a-f]{2}$/.test(shelf)) continue
        for (const { name: key } of await folders(join(root, shelf)))
          if (isKey(key)) yield { key, files: await filesIn(join(root, shelf, key)) }
      }
    },

    async sweep() {
      await rm(staging, { recursive: true, force: true })
      await mkdir(root, { recursive: true })
      if (sync) await syncFolder(dirname(root))
    },

    forgetUnfinished: async () => {}, // `sweep` has removed them.

    close: async () => {},
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

/** Waits until all of them have ended, well or not, so that nobody writes any more when the first error is thrown. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}

async function folders(path: string): Promise<Dirent[]> {
  const entries = await unlessMissing(() => readdir(path, { withFileTypes: true }))
  return (entries ?? []).filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The files in a folder; those that go while it is read are left out. */
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

async function writeFile(path: string, bytes: NewFile['bytes'], sync: boolean): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    if (sync) await file.datasync()
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder survive a power loss, not only the bytes of its files. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
