import type { Dirent } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Aside, isKey, type KeptFile, type MediaStorage } from './storage.ts'
import { syncFolder, writeAside, writeFile } from './write-aside.ts'

const missing = new Set(['ENOENT', 'ENOTDIR'])

/**
 * Keeps files in a folder: `ab/abcd…/600x.jpg`. What belongs to a key is written aside and moved into place together.
 * `sync`: whether to wait until the disk has them.
 */
export function folderStorage(root: string, { sync }: { sync: boolean }): MediaStorage {
  const staging = join(root, '.staging')
  const shelf = (key: string) => join(root, key.slice(0, 2))
  const place = (key: string) => join(shelf(key), key)

  const aside: Aside = {
    folderOf: (key) => join(staging, key),
    sync,
    async keep(key) {
      try {
        const isNewShelf = (await mkdir(shelf(key), { recursive: true })) !== undefined
        if (sync && isNewShelf) await syncFolder(root)
        await rename(aside.folderOf(key), place(key))
        if (sync) await syncFolder(shelf(key))
      } catch (error) {
        await rm(aside.folderOf(key), { recursive: true, force: true })
        throw error
      }
    },
  }

  return {
    aside,

    async save(key, files) {
      await writeAside(aside.folderOf(key), files, sync)
      await aside.keep(key)
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
      // What a process that is just ending writes there meanwhile is removed the next time.
      await rm(staging, { recursive: true, force: true, maxRetries: 5 })
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
