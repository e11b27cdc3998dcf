import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BackupError } from './backup-error.ts'
import { chosenBackup } from './choose-backup.ts'
import { type IdSet, idSetIn } from './id-set.ts'
import { type Line, readLines } from './manifest.ts'
import type { BackupListed, BackupProblem, BackupVerifyCounts } from './options.ts'
import { type BackupPlace, openPlace } from './place.ts'

/** How to verify backups. */
export interface BackupVerifyOptions {
  /** The folder of the backups. */
  from: string
  /** The name of the only one to verify. Default: all. */
  backup?: string
  /** The key of the backups, if they are encrypted. */
  key?: string
  /** Whether to read every content, not only its size. */
  deep: boolean
  /** Updated on the way. */
  counts: BackupVerifyCounts
  /** Called for each part that cannot be used. */
  onProblem: (problem: BackupProblem) => void
}

/** Reads backups through, and reports what could not be restored. Throws `ConfigError`. */
export async function verifyBackups(options: BackupVerifyOptions): Promise<void> {
  const place = openPlace(options.from, options.key)
  const names = options.backup === undefined ? place.names() : [chosenBackup(place, options.backup)]
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-verify-'))
  try {
    using seen = idSetIn(join(folder, 'seen'))
    for (const name of names) await verifyOne(name, place, seen, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function verifyOne(backup: string, place: BackupPlace, seen: IdSet, options: BackupVerifyOptions): Promise<void> {
  const { counts } = options
  const tell = (problem: BackupProblem['problem'], file: string) => {
    counts.problems++
    options.onProblem({ problem, backup, file })
  }
  counts.backups++
  try {
    for await (const line of readLines(place, backup))
      for (const { file, id, size } of contentsOf(line)) {
        if (!seen.add(id)) continue
        counts.checked++
        const problem = await problemOf(place, id, size, options)
        if (problem) tell(problem, file)
      }
  } catch (error) {
    if (!(error instanceof BackupError)) throw error
    tell('altered', 'the list of its files')
  }
}

function contentsOf(line: Line): { file: string; id: string; size: number }[] {
  if ('piece' in line) return [{ file: 'pinfold.db', id: line.piece, size: line.size }]
  if (!('key' in line)) return []
  return line.files.flatMap(([name, size, , id]) => (id === null ? [] : [{ file: `${line.key}/${name}`, id, size }]))
}

async function problemOf(
  place: BackupPlace,
  id: string,
  size: number,
  { deep, counts }: BackupVerifyOptions,
): Promise<BackupProblem['problem'] | undefined> {
  if (!(await place.has(id, size))) return (await isThere(place, id)) ? 'altered' : 'missing'
  if (!deep) return undefined
  try {
    for await (const part of place.read(id)) counts.bytes += part.length
    return undefined
  } catch (error) {
    if (error instanceof BackupError) return 'altered'
    throw error
  }
}

async function isThere(place: BackupPlace, id: string): Promise<boolean> {
  try {
    for await (const _ of place.read(id)) return true
    return true
  } catch (error) {
    return !(error instanceof BackupError && error.message === 'it is missing')
  }
}

/** Yields the backups in a folder, oldest first. Throws `ConfigError`, or `BackupError` for one that cannot be read. */
export async function* listBackups(from: string, key?: string): AsyncGenerator<BackupListed> {
  const place = openPlace(from, key)
  for (const backup of place.names()) {
    let createdAt = 0
    for await (const line of readLines(place, backup)) {
      if ('head' in line) createdAt = line.head.createdAt
      if ('end' in line) {
        const { databaseBytes, files, mediaBytes, missing } = line.end
        yield { backup, createdAt, databaseBytes, files, mediaBytes, missing }
      }
    }
  }
}
