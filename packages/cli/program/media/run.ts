import {
  ConfigError,
  type CopyCounts,
  copyMedia,
  type MaintenanceConfig,
  type MediaProblem,
  StorageUnavailable,
  type VerifyCounts,
  verifyMedia,
} from '@pinfold/server'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { withProgress } from '../output/with-progress.ts'

export interface MediaOptions {
  data: string
  databaseUrl?: string
  storage?: string
  json?: boolean
}

export interface VerifyOptions extends MediaOptions {
  repair?: boolean
  quick?: boolean
}

export interface CopyOptions extends MediaOptions {
  to: string
}

/** Checks, and prints problems as they are found. Sets the process's exit code. */
export async function runVerify(options: VerifyOptions): Promise<void> {
  const counts: VerifyCounts = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
  const problems = () => counts.missing + counts.broken + counts.orphaned
  const onProblem = (problem: MediaProblem) =>
    process.stdout.write(`${options.json ? JSON.stringify(problem) : problemLine(problem)}\n`)
  await withProgress(
    () => `${counts.checked} checked, ${problems()} problems`,
    () => toUser(verifyMedia(configOf(options), { repair: !!options.repair, deep: !options.quick, counts, onProblem })),
  )
  process.stdout.write(`${options.json ? JSON.stringify(counts) : verifySummary(counts)}\n`)
  if (problems() > counts.repaired) process.exitCode = exitCodes.failed
}

/** Copies, and prints what was done. */
export async function runCopy(options: CopyOptions): Promise<void> {
  const counts: CopyCounts = { copied: 0, bytes: 0, present: 0 }
  await withProgress(
    () => copySummary(counts),
    () => toUser(copyMedia(configOf(options), options.to, counts)),
  )
  process.stdout.write(`${options.json ? JSON.stringify(counts) : copySummary(counts)}\n`)
}

const configOf = ({ data, databaseUrl, storage }: MediaOptions): MaintenanceConfig => ({
  dataDir: data,
  ...(databaseUrl !== undefined && { databaseUrl }),
  ...(storage !== undefined && { storage }),
})

/** Turns the server's errors for its callers into a line and an exit code. */
async function toUser(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage)
    if (error instanceof StorageUnavailable) throw new CommandError(error.message)
    throw error
  }
}

const problemLine = ({ problem, key, file, repaired }: MediaProblem): string =>
  [problem, file === undefined ? key : `${key}/${file}`, repaired ? 'repaired' : ''].join('\t').trimEnd()

function verifySummary({ checked, missing, broken, orphaned, repaired }: VerifyCounts): string {
  if (missing + broken + orphaned === 0) return `${checked} checked, nothing is wrong.`
  return `${checked} checked: ${missing} missing, ${broken} broken, ${orphaned} orphaned; ${repaired} repaired.`
}

const copySummary = ({ copied, bytes, present }: CopyCounts): string =>
  `${copied} copied (${(bytes / 1e6).toFixed(1)} MB), ${present} there already`
