import { ConfigError, migrateData, type PendingSteps } from '@pinfold/server'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

export interface MigrateOptions {
  data: string
  databaseUrl?: string
  dryRun?: boolean
  json?: boolean
}

/** Migrates, and prints what was done or is to be done. */
export async function runMigrate({ data, databaseUrl, dryRun = false, json }: MigrateOptions): Promise<void> {
  const steps = await migrateData(
    { dataDir: data, ...(databaseUrl !== undefined && { databaseUrl }) },
    { dryRun },
  ).catch((error) => {
    throw error instanceof ConfigError ? new CommandError(error.message, exitCodes.usage) : error
  })
  process.stdout.write(json ? `${JSON.stringify({ dry_run: dryRun, ...steps })}\n` : linesOf(steps, dryRun))
}

function linesOf({ done, pending, indexes }: PendingSteps, dryRun: boolean): string {
  const state = dryRun ? 'to do' : 'done now'
  const lines = [
    ...(dryRun ? done.map((step) => `done\t${step}`) : []),
    ...pending.map((step) => `${state}\t${step}`),
    ...indexes.map((index) => `${state}\tindex ${index}`),
  ]
  if (pending.length + indexes.length === 0) lines.push('The database is up to date.')
  return lines.map((line) => `${line}\n`).join('')
}
