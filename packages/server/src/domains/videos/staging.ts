import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type Staging = ReturnType<typeof stagingIn>

/** The folder where uploads wait for their processing. `sync`: whether to wait until the disk has them. */
export function stagingIn(folder: string, { sync }: { sync: boolean }) {
  const fileOf = (id: number) => join(folder, `${id}`)
  const partOf = (id: number) => join(folder, `${id}.part`)

  return {
    /** Where the file of an upload is, when all of it has come. */
    fileOf,
    /** Where an upload may be worked on. */
    workFolder: (id: number | string) => join(folder, `${id}.work`),

    /** Writes what comes, aside. */
    async write(id: number, file: Readable): Promise<void> {
      await mkdir(folder, { recursive: true })
      await pipeline(file, createWriteStream(partOf(id), { flags: 'w', mode: 0o600, flush: sync }))
    },

    /** Puts what was written in its place. */
    async finish(id: number): Promise<void> {
      await rename(partOf(id), fileOf(id))
      if (sync) await syncFolder(folder)
    },

    async discard(id: number): Promise<void> {
      await rm(partOf(id), { force: true })
    },

    async remove(id: number): Promise<void> {
      await rm(fileOf(id), { force: true })
    },

    /** Removes everything but whole files; their ids. Only while nobody uploads. */
    async clear(): Promise<number[]> {
      const names = await readdir(folder).catch(() => [])
      const isWhole = (name: string) => /^\d+$/.test(name)
      for (const name of names) if (!isWhole(name)) await rm(join(folder, name), { recursive: true, force: true })
      return names.filter(isWhole).map(Number)
    },
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
