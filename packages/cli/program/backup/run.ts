import {
  BackupError,
  type BackupProblem,
  ConfigError,
  listBackups,
  makeBackup,
  restoreBackup,
  StorageUnavailable,
  verifyBackups,
} from '@pinfold/server'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { printList } from '../output/print.ts'
import { withProgress } from '../output/with-progress.ts'
import { readKey } from './read-key.ts'

export interface ListOptions {
  keyFile?: string
  json?: boolean
}

export interface BackupOptions extends ListOptions {
  data: string
  storage?: string
  keep?: number
}

export interface VerifyBackupsOptions extends ListOptions {
  backup?: string
  quick?: boolean
}

export interface RestoreOptions extends ListOptions {
  data: string
  backup?: string
  replace?: boolean
}

/** Backs up, and prints what was done. Sets the process's exit code. */
export async function runBackup(to: string, { data, storage, keep, keyFile, json }: BackupOptions): Promise<void> {
  if (process.env.PINFOLD_DATABASE_URL !== undefined)
    throw new CommandError(
      'With --database-url, the database is backed up by the tools of PostgreSQL: see docs/backup.md.',
      exitCodes.usage,
    )
  const counts = { files: 0, copied: 0, bytes: 0 }
  const config = {
    ...{ dataDir: data, to, ...withKey(keyFile) },
    ...(storage !== undefined && { storage }),
    ...(keep !== undefined && { keep }),
  }
  const made = await withProgress(
    () => `${counts.files} files, ${counts.copied} of them new (${megabytes(counts.bytes)})`,
    () => toUser(() => makeBackup(config, counts)),
  )
  if (json) process.stdout.write(`${JSON.stringify(made)}\n`)
  else {
    process.stdout.write(
      `${made.backup}: a database of ${megabytes(made.databaseBytes)} and ${made.files} files; ${made.copied} files and ${megabytes(made.bytes)} were new.\n`,
    )
    if (made.mediaElsewhere)
      process.stdout.write('Pictures and videos are in S3: copies of these are the matter of the bucket.\n')
    if (made.removed.length > 0) process.stdout.write(`Removed: ${made.removed.join(', ')}.\n`)
  }
  if (made.missing > 0) {
    console.error(
      `pinfold: the data lack ${made.missing} files that the database names; pinfold media verify lists them.`,
    )
    process.exitCode = exitCodes.partly
  }
}

/** Verifies, and prints problems as they are found. Sets the process's exit code. */
export async function runVerifyBackups(
  from: string,
  { backup, quick, keyFile, json }: VerifyBackupsOptions,
): Promise<void> {
  const counts = { backups: 0, checked: 0, bytes: 0, problems: 0 }
  const onProblem = (problem: BackupProblem) =>
    process.stdout.write(
      `${json ? JSON.stringify(problem) : [problem.problem, problem.backup, problem.file].join('\t')}\n`,
    )
  const options = {
    from,
    deep: !quick,
    counts,
    onProblem,
    ...withKey(keyFile),
    ...(backup !== undefined && { backup }),
  }
  await withProgress(
    () =>
      `${counts.backups} backups, ${counts.checked} files (${megabytes(counts.bytes)}), ${counts.problems} problems`,
    () => toUser(() => verifyBackups(options)),
  )
  const what = counts.problems === 0 ? 'nothing is wrong' : `${counts.problems} problems`
  process.stdout.write(
    `${json ? JSON.stringify(counts) : `${counts.backups} backups, ${counts.checked} files: ${what}.`}\n`,
  )
  if (counts.problems > 0) process.exitCode = exitCodes.failed
}

/** Prints the backups in a folder. */
export async function runListBackups(from: string, { keyFile, json }: ListOptions): Promise<void> {
  const { key } = withKey(keyFile)
  await toUser(() =>
    printList(
      listBackups(from, key),
      {
        BACKUP: ({ backup }) => backup,
        DATABASE: ({ databaseBytes }) => megabytes(databaseBytes),
        FILES: ({ files }) => files,
        MEDIA: ({ mediaBytes }) => megabytes(mediaBytes),
      },
      { ...(json && { json }) },
    ),
  )
}

/** Restores, and prints what was done. */
export async function runRestore(
  from: string,
  { data, backup, replace, keyFile, json }: RestoreOptions,
): Promise<void> {
  const counts = { files: 0, bytes: 0 }
  const config = {
    ...{ from, dataDir: data, replace: !!replace, ...withKey(keyFile) },
    ...(backup !== undefined && { backup }),
  }
  const restored = await withProgress(
    () => `${counts.files} files (${megabytes(counts.bytes)})`,
    () => toUser(() => restoreBackup(config, counts)),
  )
  process.stdout.write(
    json
      ? `${JSON.stringify({ backup: restored, ...counts })}\n`
      : `Restored ${restored} to ${data}: ${counts.files} files, ${megabytes(counts.bytes)} with the database.\n`,
  )
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

function withKey(keyFile: string | undefined): { key?: string } {
  const key = readKey(keyFile)
  return key === undefined ? {} : { key }
}

/** Turns the server's errors for its callers into a line and an exit code. */
async function toUser<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage)
    if (error instanceof BackupError || error instanceof StorageUnavailable) throw new CommandError(error.message)
    throw error
  }
}
