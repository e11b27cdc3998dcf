import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewFile } from './storage.ts'

/** New folders are accessible by this user only. */
export const own = { recursive: true, mode: 0o700 } as const

/** Writes files into a new folder. `sync`: whether to wait until they are on disk. If it fails none is left. */
export async function writeAside(folder: string, files: readonly NewFile[], sync: boolean): Promise<void> {
  await mkdir(folder, own)
  try {
    await all(files.map((file) => writeFile(join(folder, file.name), file.bytes, sync)))
    if (sync) await syncFolder(folder)
  } catch (error) {
    for (const { bytes } of files) if (!Buffer.isBuffer(bytes)) bytes.destroy()
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Waits until all promises have settled, so that no write is in progress when the first error is thrown. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}

/** Writes a new file, accessible by this user only. `sync`: whether to wait until it is on disk. */
export async function writeFile(path: string, bytes: NewFile['bytes'], sync: boolean): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    if (sync) await file.datasync()
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder survive a power loss, not only the bytes of its files. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
