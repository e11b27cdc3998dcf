import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { syncFolder } from '../../storage/write-aside.ts'

/**
 * The folder of uploads that wait for processing. Every method throws the file system's error, for example on a full
 * disk.
 */
export interface Staging {
  /** Returns the path of a complete upload. */
  fileOf(id: number): string
  /** Returns the folder for processing an upload. */
  workFolder(id: number | string): string
  /** Writes the received file to a temporary path. */
  write(id: number, file: Readable): Promise<void>
  /** Opens a written file, before it is finished. */
  openWritten(id: number): Readable
  /** Returns whether there is a complete upload. */
  has(id: number): Promise<boolean>
  /** Moves a written file to its final path. */
  finish(id: number): Promise<void>
  /** Removes a file that was written and not finished; no error if there is none. */
  discard(id: number): Promise<void>
  /** Removes the file of an upload; no error if there is none. */
  remove(id: number): Promise<void>
  /** Removes everything but complete files, and returns their ids. Only while nobody uploads. */
  clear(): Promise<number[]>
}

/** Makes the staging in a folder. `sync`: whether to wait until files are on disk. */
export function stagingIn(folder: string, { sync }: { sync: boolean }): Staging {
  const fileOf = (id: number) => join(folder, `${id}`)
  const partOf = (id: number) => join(folder, `${id}.part`)

  return {
    fileOf,
    workFolder: (id) => join(folder, `${id}.work`),

    async write(id, file) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await pipeline(file, createWriteStream(partOf(id), { flags: 'w', mode: 0o600, flush: sync }))
    },

    openWritten: (id) => createReadStream(partOf(id)),

    has: (id) =>
      access(fileOf(id)).then(
        () => true,
        () => false,
      ),

    async finish(id) {
      await rename(partOf(id), fileOf(id))
      if (sync) await syncFolder(folder)
    },

    discard: (id) => rm(partOf(id), { force: true }),
    remove: (id) => rm(fileOf(id), { force: true }),

    async clear() {
      const names = await readdir(folder).catch(() => [])
      const isWhole = (name: string) => /^\d+$/.test(name)
      for (const name of names) if (!isWhole(name)) await rm(join(folder, name), { recursive: true, force: true })
      return names.filter(isWhole).map(Number)
    },
  }
}
