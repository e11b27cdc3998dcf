import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { makeFolder } from '../../core/make-folder.ts'
import { linkOrCopy, namesIn, shelvesIn } from '../copy-data.ts'

/**
 * Gives a folder of pictures and videos, which nobody uses, the same files as another: what is there already stays. Most
 * of it is, where the folder was made so before, and to look costs a small part of what making folders and links does.
 */
export async function matchMedia(from: string, to: string): Promise<void> {
  makeFolder(to)
  const shelves = shelvesIn(from)
  const there = onlyThose(to, shelves)
  for (const shelf of shelves) {
    matchShelf(join(from, shelf), join(to, shelf), there.has(shelf))
    // Others get their turn in between.
    await setImmediate()
  }
}

function matchShelf(from: string, to: string, isThere: boolean): void {
  if (!isThere) mkdirSync(to, { mode: 0o700 })
  const keys = namesIn(from)
  const there = isThere ? onlyThose(to, keys) : none
  for (const key of keys) matchFiles(join(from, key), join(to, key), there.has(key))
}

function matchFiles(from: string, to: string, isThere: boolean): void {
  if (!isThere) mkdirSync(to, { mode: 0o700 })
  const names = namesIn(from)
  const there = isThere ? onlyThose(to, names) : none
  for (const name of names) {
    const [file, copy] = [join(from, name), join(to, name)]
    if (there.has(name)) {
      if (statSync(copy).ino === statSync(file).ino) continue
      rmSync(copy, { recursive: true, force: true })
    }
    linkOrCopy(file, copy)
  }
}

const none: ReadonlySet<string> = new Set()

/** Removes what is in a folder and not among names, and returns the names of what stays. */
function onlyThose(folder: string, names: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(names)
  const there = new Set(namesIn(folder))
  for (const name of there)
    if (!wanted.has(name)) {
      rmSync(join(folder, name), { recursive: true, force: true })
      there.delete(name)
    }
  return there
}
