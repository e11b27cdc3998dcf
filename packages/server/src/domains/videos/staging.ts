import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { syncFolder } from '../../storage/write-aside.ts'

/** The folder where uploads wait for their processing. Every method throws the file system's error, on a full disk say. */
export interface Staging {
  /** Returns where the file of an upload is, when all of it has come. */
  fileOf(id: number): string
  /** Returns where an upload may be worked on. */
  workFolder(id: number | string): string
  /** Writes what comes, aside. */
  write(id: number, file: Readable): Promise<void>
  /** Puts what was written in its place. */
  finish(id: number): Promise<void>
  /** Removes what was written and not finished; no error if there is nothing. */
  discard(id: number): Promise<void>
  /** Removes the file of an upload; no error if there is none. */
  remove(id: number): Promise<void>
  /** Removes everything but whole files, and returns their ids. Only while nobody uploads. */
  clear(): Promise<number[]>
}

/** Makes the staging in a folder. `sync`: whether to wait until the disk has what is written. */
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
