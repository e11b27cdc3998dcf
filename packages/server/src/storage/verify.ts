import { Readable } from 'node:stream'
import { mergeByKey } from './merge-by-key.ts'
import type { KeptEntry, KeptFile, MediaStorage, NewFile } from './storage.ts'

/** A picture or video in the database, with the files that must be stored for it. */
export interface KnownMedia {
  key: string
  files: readonly KnownFile[]
  /** Rebuilds some of the files from others. Leaves out those that it cannot rebuild. */
  rebuild(names: readonly string[]): Promise<NewFile[]>
}

export interface KnownFile {
  name: string
  /** In bytes, where that is known. */
  size?: number
  /** Reads the file. Throws when its content is wrong. */
  check(bytes: Readable): Promise<void>
}

/** The pictures or videos in the database. */
export interface MediaCatalog {
  /** Yields all of them, in the order of the keys. */
  all(): AsyncIterable<KnownMedia>
  /** Returns whether it has a key, or will soon: files are being stored under it, or removed. */
  knows(key: string): Promise<boolean>
}

/** Joins two catalogs to one. */
export function bothCatalogs(one: MediaCatalog, other: MediaCatalog): MediaCatalog {
  async function* all(): AsyncGenerator<KnownMedia> {
    for await (const { left, right } of mergeByKey(one.all(), other.all())) {
      if (left) yield left
      if (right) yield right
    }
  }
  return { all, knows: async (key) => (await one.knows(key)) || other.knows(key) }
}

export interface MediaProblem {
  /** `missing`: a file does not exist; `broken`: its content is wrong; `orphaned`: nothing in the database uses it. */
  problem: 'missing' | 'broken' | 'orphaned'
  /** The key of the picture or video. */
  key: string
  /** The file; undefined when it concerns everything stored under the key. */
  file?: string
  /** Whether it was repaired. */
  repaired: boolean
}

export interface VerifyCounts {
  /** Pictures and videos that were checked. */
  checked: number
  /** Files that do not exist. */
  missing: number
  /** Files with wrong content. */
  broken: number
  /** Files that nothing in the database uses. */
  orphaned: number
  /** The number of problems that were repaired. */
  repaired: number
}

export interface VerifyOptions {
  storage: MediaStorage
  catalog: MediaCatalog
  /** Files written later, in milliseconds since 1970, may be in progress: they do not count as orphans. */
  writtenBefore: number
  /** Whether to remove orphans and to rebuild what is possible. */
  repair: boolean
  /** Whether to read every file, not only its name and size. */
  deep: boolean
  /** Updated on the way. */
  counts: VerifyCounts
  onProblem: (problem: MediaProblem) => void
}

/** At most this many are looked at at once. */
const concurrency = 2

/** Compares the storage with the database, and repairs what it can. Works beside a running server. */
export async function verifyStorage(options: VerifyOptions): Promise<void> {
  const { storage, catalog, counts, onProblem } = options
  const tell = (problem: MediaProblem) => {
    counts[problem.problem]++
    if (problem.repaired) counts.repaired++
    onProblem(problem)
  }
  await Readable.from(mergeByKey(catalog.all(), storage.list())).forEach(
    async ({ left: known, right: kept }: { left?: KnownMedia; right?: KeptEntry }) => {
      if (known) {
        counts.checked++
        await verifyKnown(known, kept, options, tell)
      } else if (kept && (await isOrphan(kept, options))) {
        if (options.repair) await storage.remove(kept.key)
        tell({ problem: 'orphaned', key: kept.key, repaired: options.repair })
      }
    },
    { concurrency },
  )
}

async function isOrphan({ key, files }: KeptEntry, { catalog, writtenBefore }: VerifyOptions): Promise<boolean> {
  return files.every(({ writtenAt }) => writtenAt < writtenBefore) && !(await catalog.knows(key))
}

async function verifyKnown(
  known: KnownMedia,
  kept: KeptEntry | undefined,
  { storage, catalog, repair, deep }: VerifyOptions,
  tell: (problem: MediaProblem) => void,
): Promise<void> {
  const { key } = known
  const there = new Map(kept?.files.map((file) => [file.name, file]))
  const wrong: { problem: 'missing' | 'broken'; file: string }[] = []
  for (const file of known.files) {
    const problem = await problemOf(storage, key, file, there.get(file.name), deep)
    if (problem) wrong.push({ problem, file: file.name })
    there.delete(file.name)
  }
  if ((wrong.length > 0 || there.size > 0) && !(await catalog.knows(key))) return // It was removed meanwhile.

  const rebuilt = repair && wrong.length > 0 ? await known.rebuild(wrong.map(({ file }) => file)) : []
  for (const file of rebuilt) await storage.replace(key, file)
  for (const { problem, file } of wrong)
    tell({ problem, key, file, repaired: rebuilt.some(({ name }) => name === file) })
  for (const file of there.keys()) {
    if (repair) await storage.removeFile(key, file)
    tell({ problem: 'orphaned', key, file, repaired: repair })
  }
}

async function problemOf(
  storage: MediaStorage,
  key: string,
  file: KnownFile,
  kept: KeptFile | undefined,
  deep: boolean,
): Promise<'missing' | 'broken' | undefined> {
  if (!kept) {
    // The list was read a while ago.
    if ((await storage.sizeOf(key, file.name)) === undefined) return 'missing'
  } else if (kept.size === 0 || (file.size !== undefined && kept.size !== file.size)) return 'broken'
  if (!deep) return undefined
  const opened = await storage.open(key, file.name)
  if (!opened) return 'missing'
  try {
    await file.check(opened.stream)
    return undefined
  } catch {
    return 'broken'
  } finally {
    opened.stream.destroy()
  }
}
