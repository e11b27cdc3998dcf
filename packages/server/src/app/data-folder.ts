import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../core/errors.ts'
import { makeFolder, makePrivateFile } from '../core/make-folder.ts'

/** The folder of a server's data, for this process alone. */
export interface DataFolder {
  path: string
  /** Releases the folder; an ephemeral one is removed. */
  release(): void
}

/** Makes a folder that is removed when the process ends. */
export function ephemeralFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'pinfold-'))
  const release = () => rmSync(path, { recursive: true, force: true })
  process.once('exit', release)
  return {
    path,
    release() {
      process.removeListener('exit', release)
      release()
    },
  }
}

/**
 * Takes a folder for this process. The lock is one of SQLite's on a file of its own, which the system releases when the
 * process ends, however it ends. Throws `ConfigError` when another process has it; `whenTaken` says so.
 */
export function takeFolder(given: string, whenTaken?: string): DataFolder {
  const path = resolve(given)
  try {
    makeFolder(path)
  } catch (error) {
    throw new ConfigError(`Cannot make the data folder ${path}: ${(error as Error).message}`)
  }
  const lock = lockFile(join(path, 'lock'), path, whenTaken)
  return { path, release: () => lock.close() }
}

function lockFile(file: string, folder: string, whenTaken?: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    makePrivateFile(file)
    lock = new DatabaseSync(file, { timeout: 0 })
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; COMMIT')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    const { errcode, message } = error as Error & { errcode?: number }
    if (errcode === 5 || errcode === 261)
      throw new ConfigError(
        whenTaken ?? `Another Pinfold process uses the data folder ${folder}. Stop it, or name another --data.`,
      )
    throw new ConfigError(`Cannot use the data folder ${folder}: ${message}`)
  }
}
