import { text as readAll } from 'node:stream/consumers'
import type { Operator } from '@pinfold/server'
import { serverDefaults } from '@pinfold/server/defaults'
import { type Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

export interface DataOptions {
  data: string
  databaseUrl?: string
  json?: boolean
}

/** Adds the options that choose the data that a command works on, and `--json`. */
export function withData(command: Command, json: string): Command {
  const option = (flags: string, description: string, variable: string) => new Option(flags, description).env(variable)
  return command
    .addOption(option('--data <folder>', "the server's data folder", 'PINFOLD_DATA').default(serverDefaults.dataDir))
    .addOption(option('--database-url <url>', 'PostgreSQL instead of the embedded database', 'PINFOLD_DATABASE_URL'))
    .option('--json', json)
}

/** Opens the data, works on it and closes it again. Throws a `CommandError` for errors that the caller can resolve. */
export async function operate(
  { data, databaseUrl }: DataOptions,
  work: (operator: Operator) => Promise<void>,
): Promise<void> {
  // Loaded here, so that help and usage errors do not need it.
  const { ConfigError, NotThere, openOperator } = await import('@pinfold/server')
  try {
    await using operator = await openOperator({ dataDir: data, ...(databaseUrl !== undefined && { databaseUrl }) })
    await work(operator)
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage)
    if (error instanceof NotThere) throw new CommandError(error.message, exitCodes.notFound)
    throw error
  }
}

/** Reads a secret from standard input, without the line end. Throws a `CommandError` when there is none. */
export async function secretFromInput(what: string): Promise<string> {
  const secret = (await readAll(process.stdin)).replace(/\r?\n$/, '')
  if (secret === '') throw new CommandError(`Standard input has no ${what}.`, exitCodes.usage)
  return secret
}

/** Says on standard error that the printed secret is not stored. */
export function noteOnce(what: string): void {
  console.error(`Keep the ${what} now: it is not shown again.`)
}

/** Formats a time as a date, for people and programs. */
export const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
