import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import { syncFolder } from '../../storage/write-aside.ts'
import { type DataFolder, takeFolder } from '../data-folder.ts'
import { BackupError } from './backup-error.ts'
import { existingKey, type KeyInfo, newKey } from './key.ts'
import { openSeal, type Seal, sealWith } from './seal.ts'

// A place of backups is a folder:
//   pinfold-backup.json   what it is, and how its key is told
//   contents/ab/abcd…     the content of files, named by its sum, each once for all backups
//   backups/000001-…      what each backup consists of; the last to be written, and the first to be removed
//   staging/              what is being written; nothing counts there

/** What `pinfold-backup.json` says. */
interface About {
  format: 'pinfold-backup'
  version: 1
  key?: KeyInfo
}

/** A folder with backups. */
export interface BackupPlace {
  path: string
  seal: Seal
  /** Returns the names of the backups, oldest first. */
  names(): string[]
  /** Returns whether it has a content, in the right size. */
  has(id: string, size: number): Promise<boolean>
  /** Yields the content of that name, and at its end throws `BackupError` unless all was as it was written. */
  read(id: string): AsyncIterable<Buffer>
  /** Yields what a backup consists of, as it was written. Throws `BackupError`. */
  readBackup(name: string): AsyncIterable<Buffer>
}

/** One that a new backup is written to, by this process alone. */
export interface WritablePlace extends BackupPlace {
  /** Writes a content, unless it is there. `content` is read twice. Returns its name, and whether it was new. */
  put(content: () => AsyncIterable<Buffer>, size: number): Promise<{ id: string; isNew: boolean }>
  /** Returns a file for use until the next backup begins. */
  fileAside(name: string): string
  /** Adds a backup, under a new name, which it returns; all of it is then on disk. */
  addBackup(createdAt: number, content: AsyncIterable<Buffer>): Promise<string>
  /** Removes backups; their contents stay. */
  removeBackups(names: readonly string[]): Promise<void>
  /** Removes contents that are not wanted, and returns how many. */
  removeContents(isWanted: (id: string) => boolean): Promise<number>
  release(): void
}

const isId = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)
const isBackupName = (text: string): boolean => /^\d{6}-\d{8}T\d{6}Z$/.test(text)
const aboutFile = (path: string): string => join(path, 'pinfold-backup.json')

/** Opens existing backups for reading. Throws `ConfigError` when there are none, or the key is wrong. */
export function openPlace(given: string, key: string | undefined): BackupPlace {
  const path = resolve(given)
  const about = readAbout(path)
  if (!about) throw new ConfigError(`There are no backups of Pinfold in ${path}.`)
  return placeAt(path, sealOf(about, key))
}

/** Takes a folder for writing a backup; makes a new one, or an empty one, a place of backups. Throws `ConfigError`. */
export async function takePlace(given: string, key: string | undefined): Promise<WritablePlace> {
  const path = resolve(given)
  if (
    !readAbout(path) &&
    existsSync(path) &&
    readdirSync(path).some((name) => !/^(lock|staging|lost\+found)$/.test(name))
  )
    throw new ConfigError(`${path} is not empty, and has no backups of Pinfold. Name a new folder.`)
  const folder = takeFolder(path, `Another backup to ${path} is running.`)
  try {
    const staging = join(path, 'staging')
    await rm(staging, { recursive: true, force: true, maxRetries: 3 })
    for (const name of ['staging', 'contents', 'backups']) makeFolder(join(path, name))
    const existing = readAbout(path)
    if (existing) return writable(placeAt(path, sealOf(existing, key)), folder)
    const made = key === undefined ? undefined : newKey(key)
    const about: About = { format: 'pinfold-backup', version: 1, ...(made && { key: made.info }) }
    await writeDurably(join(staging, 'about'), [Buffer.from(`${JSON.stringify(about, null, 2)}\n`)], aboutFile(path))
    await syncFolder(path)
    return writable(placeAt(path, made ? sealWith(made.key) : openSeal), folder)
  } catch (error) {
    folder.release()
    throw error
  }
}

function readAbout(path: string): About | undefined {
  let about: Partial<About>
  try {
    about = JSON.parse(readFileSync(aboutFile(path), 'utf8'))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw new BackupError(`${aboutFile(path)} cannot be read: ${(error as Error).message}`)
  }
  const { format, version, key } = about
  if (format !== 'pinfold-backup') throw new BackupError(`${aboutFile(path)} is not of a backup of Pinfold.`)
  if (version !== 1) throw new BackupError('The backups were made by a newer version of Pinfold. Use that one.')
  return { format, version, ...(key && { key }) }
}

function sealOf({ key: info }: About, given: string | undefined): Seal {
  if (info && given === undefined)
    throw new ConfigError('The backups are encrypted. Name their key with --key-file, or in PINFOLD_BACKUP_KEY.')
  // Otherwise whoever can write there could have the next backup come in the clear.
  if (!info && given !== undefined) throw new ConfigError('A key is given, and the backups there are not encrypted.')
  return info && given !== undefined ? sealWith(existingKey(given, info)) : openSeal
}

function placeAt(path: string, seal: Seal): BackupPlace {
  return {
    path,
    seal,
    names: () => namesIn(join(path, 'backups')).filter(isBackupName).sort(),

    async has(id, size) {
      const found = await stat(contentFile(path, id)).catch(() => undefined)
      return found?.size === seal.sealedSize(size)
    },

    async *read(id) {
      const sum = seal.newSum()
      for await (const part of seal.open(bytesOf(contentFile(path, id)), id)) {
        sum.update(part)
        yield part
      }
      if (sum.digest('hex') !== id) throw new BackupError('it was altered')
    },

    readBackup: (name) => seal.open(bytesOf(join(path, 'backups', name)), name),
  }
}

function writable(place: BackupPlace, folder: DataFolder): WritablePlace {
  const { path, seal } = place
  const shelves = new Set<string>()
  const aside = () => join(path, 'staging', randomBytes(16).toString('hex'))

  return {
    ...place,

    async put(content, size) {
      const id = await sumOf(content(), seal)
      if (await place.has(id, size)) return { id, isNew: false }
      const shelf = join(path, 'contents', id.slice(0, 2))
      makeFolder(shelf)
      await writeDurably(aside(), seal.seal(content(), id), contentFile(path, id))
      shelves.add(shelf)
      return { id, isNew: true }
    },

    fileAside: (name) => join(path, 'staging', name),

    async addBackup(createdAt, content) {
      for (const shelf of [...shelves, join(path, 'contents')]) await syncFolder(shelf)
      shelves.clear()
      const last = Number(place.names().at(-1)?.slice(0, 6) ?? 0)
      const time = new Date(createdAt).toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const name = `${String(last + 1).padStart(6, '0')}-${time}`
      await writeDurably(aside(), seal.seal(content, name), join(path, 'backups', name))
      await syncFolder(join(path, 'backups'))
      return name
    },

    async removeBackups(names) {
      for (const name of names) await rm(join(path, 'backups', name), { force: true })
      await syncFolder(join(path, 'backups'))
    },

    async removeContents(isWanted) {
      let removed = 0
      for (const shelf of namesIn(join(path, 'contents')))
        for (const id of await readdir(join(path, 'contents', shelf)))
          if (isId(id) && !isWanted(id)) {
            await rm(contentFile(path, id), { force: true })
            removed++
          }
      return removed
    },

    release: () => folder.release(),
  }
}

/** Returns the file of a content. Throws for a name that leads elsewhere. */
function contentFile(path: string, id: string): string {
  if (!isId(id)) throw new BackupError('it names a content that cannot be')
  return join(path, 'contents', id.slice(0, 2), id)
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 262_144 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BackupError('it is missing')
    throw error
  }
}

async function sumOf(content: AsyncIterable<Buffer>, seal: Seal): Promise<string> {
  const sum = seal.newSum()
  for await (const part of content) sum.update(part)
  return sum.digest('hex')
}

/** Writes a file aside, waits until it is on disk, and gives it its name. */
async function writeDurably(
  aside: string,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  to: string,
): Promise<void> {
  const file = await open(aside, 'wx', 0o600)
  try {
    for await (const part of content) await file.writeFile(part)
    await file.datasync()
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(aside, to)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
