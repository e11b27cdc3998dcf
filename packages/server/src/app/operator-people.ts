import { ApiError, ConfigError } from '../core/errors.ts'
import { type AccountRow, SignUpRefused } from '../domains/accounts/accounts.ts'
import type { People } from './domains.ts'

/** Something named does not exist: `message` says so in a line. */
export class NotThere extends Error {}

const pageSize = 250

/** Yields every row of a table that is read in pages by id. */
export async function* every<Row extends { id: number }>(page: (after: number, count: number) => Promise<Row[]>) {
  let rows = await page(0, pageSize)
  while (rows.length > 0) {
    yield* rows
    rows = await page(rows.at(-1)?.id ?? 0, pageSize)
  }
}

/** Returns the account with a username. Throws `NotThere`. */
export async function accountNamed({ accounts }: Pick<People, 'accounts'>, username: string): Promise<AccountRow> {
  const account = await accounts.byUsername(username)
  if (!account) throw new NotThere(`There is no user '${username}'.`)
  return account
}

/** Carries work out. What the rules refuse becomes a `ConfigError`: the caller can see to it. */
export async function asConfigError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof SignUpRefused) throw new ConfigError(error.message, { cause: error })
    if (error instanceof ApiError) throw new ConfigError(error.detail ?? error.message, { cause: error })
    throw error
  }
}
