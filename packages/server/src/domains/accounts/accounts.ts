import type { AccountType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import { hashPassword, hashSecret, newSecret, passwordMatches } from '../../core/secrets.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { type AccountRow, accountStore } from './store.ts'

export type { AccountRow } from './store.ts'

type Tx = Transaction<Schema>

/** The cookie that holds a session in the browser. */
export const sessionCookie = 'pinfold_session'
/** A session lasts so long after sign-in. */
export const sessionTtlMs = 14 * 24 * 60 * 60 * 1000

export interface NewAccount {
  username: string
  /** Null: nobody can sign in with a password. */
  password: string | null
  accountType: AccountType
  businessName?: string
  about?: string
  websiteUrl?: string
}

/** A sign-up that cannot be: `message` says why, to the person who signs up. */
export class SignUpRefused extends Error {}

export interface AccountsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
}

export type Accounts = ReturnType<typeof accountsOf>

/** Accounts, their passwords and their sessions in the browser. */
export function accountsOf({ db, clock, ids }: AccountsOptions) {
  const store = accountStore(db)

  /** Throws `userNotFound`. */
  async function byId(id: number): Promise<AccountRow> {
    const account = await store.byId(id)
    if (!account) throw new ApiError('userNotFound')
    return account
  }

  /** Makes an account. Throws `SignUpRefused`. */
  async function create(given: NewAccount): Promise<AccountRow> {
    const { username, password } = given
    if (!/^[A-Za-z0-9_]{3,30}$/.test(username))
      throw new SignUpRefused('A username has 3 to 30 letters, digits and underscores.')
    if (password !== null && (password.length < 8 || password.length > 200))
      throw new SignUpRefused('A password has 8 to 200 characters.')
    const taken = new SignUpRefused('This username is taken.')
    // The hash is dear on purpose: it is not made for a name that is known to be taken. The write is what decides.
    if (await store.byUsernameKey(nameKey(username))) throw taken
    const passwordHash = password === null ? null : await hashPassword(password)
    const row = await db.write(async (tx) => {
      const draft = newAccount(given, passwordHash)
      return (await store.insert(tx, draft)) ? draft : undefined
    })
    if (!row) throw taken
    return row
  }

  function newAccount(given: NewAccount, passwordHash: string | null): AccountRow {
    const { username } = given
    return {
      id: ids.next(),
      username,
      username_key: nameKey(username),
      password_hash: passwordHash,
      account_type: given.accountType,
      business_name: given.accountType === 'BUSINESS' ? (given.businessName ?? username) : null,
      about: given.about ?? '',
      website_url: given.websiteUrl ?? '',
      ad_account_id: given.accountType === 'BUSINESS' ? ids.next() : null,
      board_count: 0,
      pin_count: 0,
      follower_count: 0,
      following_count: 0,
      created_at: clock.now(),
    }
  }

  /** The account with this username and password, or undefined. Takes as long when there is no such account. */
  async function withPassword(username: string, password: string): Promise<AccountRow | undefined> {
    const account = await store.byUsernameKey(nameKey(username))
    const matches = await passwordMatches(password, account?.password_hash ?? null)
    return matches ? account : undefined
  }

  /** Begins a session; what it returns is the secret for the cookie. */
  async function startSession(accountId: number): Promise<string> {
    const token = newSecret()
    const now = clock.now()
    await db.write((tx) =>
      store.insertSession(tx, {
        token_hash: hashSecret(token),
        account_id: accountId,
        expires_at: now + sessionTtlMs,
        created_at: now,
      }),
    )
    return token
  }

  /** The account whose session this is, if it still is one. */
  async function bySession(token: string): Promise<AccountRow | undefined> {
    const session = await store.session(hashSecret(token))
    if (!session || session.expires_at <= clock.now()) return undefined
    return store.byId(session.account_id)
  }

  async function endSession(token: string): Promise<void> {
    await db.write((tx) => store.deleteSession(tx, hashSecret(token)))
  }

  /** One board more. Throws when there are too many. */
  async function addBoard(tx: Tx, id: number): Promise<void> {
    const counts = await store.count(tx, id, { boards: 1 })
    if (!counts) throw new ApiError('userNotFound')
    if (counts.board_count > limits.boardsPerAccount)
      throw new ApiError('forbidden', { detail: `An account has ${limits.boardsPerAccount} boards at most.` })
  }

  /** One Pin more; the website of the account. Throws when there are too many. */
  async function addPin(tx: Tx, id: number): Promise<string> {
    const counts = await store.count(tx, id, { pins: 1 })
    if (!counts) throw new ApiError('userNotFound')
    if (counts.pin_count > limits.pinsPerAccount)
      throw new ApiError('forbidden', { detail: `An account has ${limits.pinsPerAccount} Pins at most.` })
    return counts.website_url
  }

  async function removeBoard(tx: Tx, id: number): Promise<void> {
    await store.count(tx, id, { boards: -1 })
  }

  async function removePins(tx: Tx, id: number, count: number): Promise<void> {
    await store.count(tx, id, { pins: -count })
  }

  async function forgetExpiredSessions(): Promise<void> {
    await db.write((tx) => store.deleteExpiredSessions(tx, clock.now()))
  }

  return {
    byId,
    create,
    withPassword,
    startSession,
    bySession,
    endSession,
    addBoard,
    addPin,
    removeBoard,
    removePins,
    forgetExpiredSessions,
  }
}
