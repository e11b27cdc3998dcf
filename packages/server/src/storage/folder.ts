import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PictureStorage } from './pictures.ts'

const missing = new Set(['ENOENT', 'ENOTDIR'])

/**
 * Keeps pictures in a folder: `ab/abcd…/600x.jpg`. A picture's files are written aside and moved into place together.
 * `sync`: whether to wait until the disk has them.
 */
export function folderStorage(root: string, { sync }: { sync: boolean }): PictureStorage {
  const staging = join(root, '.staging')
  const shelf = (key: string) => join(root, key.slice(0, 2))
  const place = (key: string) => join(shelf(key), key)

  return {
    async save(key, files) {
      const aside = join(staging, key)
      await mkdir(aside, { recursive: true })
      try {
        await Promise.all(files.map(({ name, bytes }) => writeFile(join(aside, name), bytes, sync)))
        if (sync) await syncFolder(aside)
        const isNewShelf = (await mkdir(shelf(key), { recursive: true })) !== undefined
        if (sync && isNewShelf) await syncFolder(root)
        await rename(aside, place(key))
        if (sync) await syncFolder(shelf(key))
      } catch (error) {
        await rm(aside, { recursive: true, force: true })
        throw error
      }
    },

    async open(key, name) {
      try {
        const file = await open(join(place(key), name))
        const { size } = await file.stat()
        return { size, stream: file.createReadStream() }
      } catch (error) {
        if (missing.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
        throw error
      }
    },

    async remove(key) {
      await rm(place(key), { recursive: true, force: true })
    },

    async sweep() {
      await rm(staging, { recursive: true, force: true })
      await mkdir(root, { recursive: true })
      if (sync) await syncFolder(dirname(root))
    },
  }
}

async function writeFile(path: string, bytes: Buffer, sync: boolean): Promise<void> {
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
