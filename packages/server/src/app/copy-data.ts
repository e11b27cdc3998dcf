import { constants, copyFileSync, linkSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { copyFile, open } from 'node:fs/promises'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { makeFolder, makePrivateFile } from '../core/make-folder.ts'
import { databaseFile, mediaLocation } from './open-data.ts'

/**
 * Copies the data of a running server into a new folder, as they are at one moment, and returns their size in bytes.
 * Pictures and videos are linked: they never change. What is being uploaded is left out.
 */
export async function copyLiveData(from: string, to: string): Promise<number> {
  makeFolder(to)
  // What was removed meanwhile is in the first, what was added is in the second.
  await linkMedia(from, to)
  await copyLiveDatabase(databaseFile(from), databaseFile(to))
  await linkMedia(from, to)
  return (await sizeOfMedia(to)) + statSync(databaseFile(to)).size
}

/** Copies a database that a server may have open, as it is at one moment, into a file that only its user can read. */
export async function copyLiveDatabase(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 })
  try {
    makePrivateFile(to)
    await backup(source, to, { rate: allPages })
  } finally {
    source.close()
  }
}

/** Copies data that no server has open into a new folder. `durable`: it is on disk afterwards. */
export async function copyData(from: string, to: string, { durable }: { durable: boolean }): Promise<void> {
  makeFolder(to)
  await Promise.all([copyDatabase(from, to, { durable }), linkMedia(from, to)])
}

/** Copies the database of data that no server has open into a folder. `durable`: it is on disk afterwards. */
export async function copyDatabase(from: string, to: string, { durable }: { durable: boolean }): Promise<void> {
  const copy = databaseFile(to)
  await copyFile(databaseFile(from), copy, constants.COPYFILE_FICLONE)
  if (!durable) return
  const file = await open(copy, 'r+')
  await file.datasync().finally(() => file.close())
}

/** In one step, so that what is written meanwhile does not begin the copy anew. */
const allPages = 2 ** 31 - 1

/** Links the files of one folder's media into another's that it does not have yet. */
async function linkMedia(from: string, to: string): Promise<void> {
  const [source, target] = [mediaLocation(from), mediaLocation(to)]
  makeFolder(target)
  for (const shelf of shelvesIn(source)) {
    makeFolder(join(target, shelf))
    for (const key of namesIn(join(source, shelf))) linkFiles(join(source, shelf, key), join(target, shelf, key))
    // Thousands of files are linked faster in one go than one by one; others get their turn in between.
    await setImmediate()
  }
}

/** Returns the size of a folder's media in bytes. */
async function sizeOfMedia(folder: string): Promise<number> {
  const media = mediaLocation(folder)
  let bytes = 0
  for (const shelf of shelvesIn(media)) {
    for (const key of namesIn(join(media, shelf)))
      for (const name of namesIn(join(media, shelf, key))) bytes += statSync(join(media, shelf, key, name)).size
    await setImmediate()
  }
  return bytes
}

function linkFiles(from: string, to: string): void {
  const there = isNewFolder(to) ? [] : namesIn(to)
  for (const name of namesIn(from)) if (!there.includes(name)) linkOrCopy(join(from, name), join(to, name))
}

function isNewFolder(path: string): boolean {
  try {
    mkdirSync(path, 0o700)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Links a file, unless it was removed meanwhile. Copies it where it cannot be linked. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    // A file system without links, or a file that has as many as it can have.
    copyFileSync(from, to)
  }
}

/** Returns the names of the folders that a folder of media has. */
export const shelvesIn = (media: string): string[] => namesIn(media).filter((name) => /^[0-9a-f]{2}$/.test(name))

/** Returns what is in a folder; nothing if it was removed meanwhile. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
