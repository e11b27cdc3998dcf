import { Readable } from 'node:stream'
import { mergeByKey } from './merge-by-key.ts'
import type { KeptEntry, MediaStorage, NewFile } from './storage.ts'

export interface CopyCounts {
  /** Pictures and videos that were copied. */
  copied: number
  /** The size of what was copied. */
  bytes: number
  /** Those that already existed. */
  present: number
}

/** At most this many are copied at once. */
const concurrency = 4

/**
 * Copies everything that `to` does not have yet, and leaves what only `to` has. Skips files that exist with the same
 * names and sizes, so that an interrupted copy resumes. `counts` is updated on the way.
 */
export async function copyStorage(from: MediaStorage, to: MediaStorage, counts: CopyCounts): Promise<void> {
  await Readable.from(mergeByKey(from.list(), to.list())).forEach(
    async ({ left: entry, right: there }: { left?: KeptEntry; right?: KeptEntry }) => {
      if (!entry) return
      if (there && sameFiles(entry, there)) {
        counts.present++
        return
      }
      if (there) await to.remove(entry.key)
      const files = await opened(from, entry)
      if (!files) return // It was removed meanwhile.
      await to.save(entry.key, files)
      counts.copied++
      counts.bytes += sizeOf(entry)
    },
    { concurrency },
  )
}

/**
 * Copies each file that `to` does not have, of the keys that are wanted. Unlike `copyStorage` it asks for each: it is for
 * few of many.
 */
export async function addMissing(
  from: MediaStorage,
  to: MediaStorage,
  isWanted: (key: string) => boolean = () => true,
): Promise<void> {
  for await (const { key, files } of from.list())
    for (const { name } of files) {
      if (!isWanted(key)) break
      if ((await to.sizeOf(key, name)) !== undefined) continue
      const file = await from.open(key, name)
      if (file) await to.replace(key, { name, bytes: file.stream })
    }
}

async function opened(from: MediaStorage, { key, files }: KeptEntry): Promise<NewFile[] | undefined> {
  const streams = await Promise.all(
    files.map(async ({ name }) => ({ name, bytes: (await from.open(key, name))?.stream })),
  )
  const whole = streams.flatMap(({ name, bytes }) => (bytes ? [{ name, bytes }] : []))
  if (whole.length === files.length) return whole
  for (const { bytes } of whole) bytes.destroy()
  return undefined
}

function sameFiles(a: KeptEntry, b: KeptEntry): boolean {
  const text = ({ files }: KeptEntry) => JSON.stringify(files.map(({ name, size }) => `${name} ${size}`).sort())
  return text(a) === text(b)
}

const sizeOf = ({ files }: KeptEntry): number => files.reduce((sum, { size }) => sum + size, 0)
