import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder, writeFile } from '../storage/write-aside.ts'

// A server's data lie in its data folder itself, until they are exchanged as a whole: then in a folder of their own
// inside, which the file `current` names. It is replaced at once, so that after a crash the data are the old or the new.

/** What the file `current` says. */
export interface Current {
  /** The folder of the data, inside the data folder; undefined: the data folder itself. */
  folder?: string
  /** The state after the seed was filled: its folder, and the seed. */
  seeded?: { folder: string; seed: string }
  /** Whether older data in the data folder itself are to be removed. */
  removes?: boolean
}

const file = (root: string): string => join(root, 'current')

/** Reads which data of a data folder count. */
export function readCurrent(root: string): Current {
  try {
    return JSON.parse(readFileSync(file(root), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/** Returns the folder of the data that count, of a data folder. */
export function currentFolder(root: string): string {
  const { folder } = readCurrent(root)
  return folder === undefined ? root : join(root, folder)
}

/** Has other data count. It is on disk when this returns. */
export function writeCurrent(root: string, current: Current): void {
  const aside = `${file(root)}.new`
  writeFileSync(aside, JSON.stringify(current), { mode: 0o600 })
  sync(aside)
  renameSync(aside, file(root))
  if (process.platform !== 'win32') sync(root)
}

/**
 * Writes beside the file which other data are to count. The function that it resolves to has them count, and resolves
 * when that is on disk.
 */
export async function prepareCurrent(root: string, current: Current): Promise<() => Promise<void>> {
  const aside = `${file(root)}.next`
  await remove(aside)
  await writeFile(aside, Buffer.from(JSON.stringify(current)), true)
  return async () => {
    renameSync(aside, file(root))
    if (process.platform !== 'win32') await syncFolder(root)
  }
}

/** Waits until a file or folder is on disk. */
export function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const numbered = /^(?:data|seeded|spare)-(\d+)$/

/** Returns the name of a new folder in a data folder. */
export function newFolder(root: string, kind: 'data' | 'seeded' | 'spare'): string {
  const numbers = readdirSync(root).map((name) => Number(numbered.exec(name)?.[1] ?? 0))
  return `${kind}-${Math.max(0, ...numbers) + 1}`
}

/** The data in a folder, beside their pictures and videos. */
export const partsButMedia = ['pinfold.db', 'pinfold.db-wal', 'pinfold.db-shm', 'uploads']

/** Returns the folders of data in a data folder that no longer count, or do not yet. */
export function othersIn(root: string): string[] {
  const current = readCurrent(root)
  const counting = [current.folder, current.seeded?.folder]
  const others = readdirSync(root).filter((name) => numbered.test(name) && !counting.includes(name))
  return [...others.map((name) => join(root, name)), ...(current.removes ? [root] : [])]
}

/** Removes data from a data folder that no longer count, or do not yet, as `removeFirst` does. Only while no server uses them. */
export async function removeOthers(root: string, options: { withMedia: boolean }): Promise<void> {
  for (const folder of othersIn(root)) await (folder === root ? removeFirst(root, options) : remove(folder))
}

/**
 * Removes the data in the data folder itself, after others count. `withMedia`: with their pictures and videos, which no
 * other data have there.
 */
export async function removeFirst(root: string, { withMedia }: { withMedia: boolean }): Promise<void> {
  for (const part of withMedia ? [...partsButMedia, 'media'] : partsButMedia) await remove(join(root, part))
  const { removes: _, ...current } = readCurrent(root)
  writeCurrent(root, current)
}

/** Removes a folder or file, if it exists. */
export const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 })
