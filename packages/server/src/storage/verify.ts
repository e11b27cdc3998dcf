import { Readable } from 'node:stream'
import { mergeByKey } from './merge-by-key.ts'
import type { KeptEntry, KeptFile, MediaStorage, NewFile } from './storage.ts'

/** A picture or video that the database knows, with the files that must be kept for it. */
export interface KnownMedia {
  key: string
  files: readonly KnownFile[]
  /** Makes some of the files anew from others. Those that cannot be made are left out. */
  rebuild(names: readonly string[]): Promise<NewFile[]>
}

export interface KnownFile {
  name: string
  /** In bytes, where that is known. */
  size?: number
  /** Looks into the file. Throws when it is not what it should be. */
  check(bytes: Readable): Promise<void>
}

/** What the database knows. */
export interface MediaCatalog {
  /** Lists all of it, in the order of the keys. */
  all(): AsyncIterable<KnownMedia>
  /** Returns whether it knows a key, or will soon: files are being kept under it, or removed. */
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
  /** `missing`: a file is not there; `broken`: it is not what it was; `orphaned`: nothing in the database needs it. */
  problem: 'missing' | 'broken' | 'orphaned'
  /** Which picture or video: the key that its files are kept under. */
  key: string
  /** The file; undefined when it is all that is kept under the key. */
  file?: string
  /** Whether it was put right. */
  repaired: boolean
}

export interface VerifyCounts {
  /** Pictures and videos that were looked at. */
  checked: number
  /** Files that are not there. */
  missing: number
  /** Files that are not what they were. */
  broken: number
  /** Files that nothing in the database needs. */
  orphaned: number
  /** How many of these problems were put right. */
  repaired: number
}

export interface VerifyOptions {
  storage: MediaStorage
  catalog: MediaCatalog
  /** What was written later, in milliseconds since 1970, may be on its way: it counts as no orphan. */
  writtenBefore: number
  /** Whether to remove orphans and to make anew what can be. */
  repair: boolean
  /** Whether to look into every file, not at its name and size alone. */
  deep: boolean
  /** Grows as it goes. */
  counts: VerifyCounts
  onProblem: (problem: MediaProblem) => void
}

/** At most this many are looked at at once. */
const concurrency = 2

/** Holds what is kept against what the database knows, and repairs what it can. Works beside a running server. */
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
    // The list was made a while ago.
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
