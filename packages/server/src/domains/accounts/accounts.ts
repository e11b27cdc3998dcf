import type { AccountType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import { type PasswordCost, passwordsOf } from '../../core/passwords.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { type AccountCounts, countsOf } from './counts.ts'
import { type Profiles, profilesOf } from './profiles.ts'
import { type Sessions, sessionsOf } from './sessions.ts'
import { type AccountRow, accountStore } from './store.ts'

export type { CountedByPrivacy } from './counts.ts'
export type { ProfileChange } from './profiles.ts'
export { sessionCookie, sessionTtlMs } from './sessions.ts'
export type { AccountRow } from './store.ts'
export { newestAccountId } from './store.ts'

type Tx = Transaction<Schema>

/** An account to make. */
export interface NewAccount {
  /** 3 to 30 letters, digits and underscores; unique without regard to case. */
  username: string
  /** 8 to 200 characters. Null: sign-in with a password is not possible. */
  password: string | null
  /** A business account has an ad account and a business name. */
  accountType: AccountType
  /** The username if not given; null for accounts that are not of a business. */
  businessName?: string
  /** The text of the profile. */
  about?: string
  /** The website, as it is shown. */
  websiteUrl?: string
}

/** A sign-up was refused: `message` says why, to the person who signs up. */
export class SignUpRefused extends Error {}

/** The username of a sign-up is taken. */
export class UsernameTaken extends SignUpRefused {}

export interface AccountsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  /** Makes what every new account begins with, in the transaction that makes the account. */
  equip: (tx: Tx, account: AccountRow) => Promise<void>
  /** What hashing a password costs. Default: OWASP's minimum for argon2id. */
  passwordCost?: PasswordCost | undefined
}

/** Accounts, their passwords and their sessions in the browser. */
export interface Accounts extends AccountCounts, Sessions, Profiles {
  /** Returns an account. Throws `userNotFound`. */
  byId(id: number): Promise<AccountRow>
  /** Returns those of these accounts that there are, by their ids. */
  byIds(ids: readonly number[]): Promise<Map<number, AccountRow>>
  /** Makes an account. Throws `SignUpRefused`. */
  create(given: NewAccount): Promise<AccountRow>
  /** Returns the account with this username, in whatever case, if there is one. */
  byUsername(username: string): Promise<AccountRow | undefined>
  /** Returns at most `count` accounts whose usernames or names begin with a text, by what begins with it; each once. */
  named(beginning: string, count: number): Promise<AccountRow[]>
  /** Returns up to `count` accounts whose ids are larger than `after`, oldest first. */
  page(after: number, count: number): Promise<AccountRow[]>
  /** Returns the websites that an account has claimed, by their keys. */
  claimedSites(tx: Tx, id: number): Promise<string[]>
  /** Sets them. */
  setClaimedSites(tx: Tx, id: number, sites: readonly string[]): Promise<void>
  /** Sets the key of the picture of an account; null: none. Returns that of the one before. */
  setPicture(tx: Tx, id: number, key: string | null): Promise<string | null>
  /** Sets an account's password and ends its sessions in browsers, but for the named one. Throws `SignUpRefused`. */
  setPassword(id: number, password: string, keptSession?: string): Promise<void>
  /** Returns the account with this username and password, or undefined. Takes as long when there is no such account. */
  withPassword(username: string, password: string): Promise<AccountRow | undefined>
}

/** Makes the accounts over `db`. */
export function accountsOf({ db, clock, ids, equip, passwordCost }: AccountsOptions): Accounts {
  const store = accountStore(db)
  const passwords = passwordsOf(passwordCost)
  return {
    async byId(id) {
      const account = await store.byId(id)
      if (!account) throw new ApiError('userNotFound')
      return account
    },

    async create(given) {
      const { username, password } = given
      checkNew(given)
      const taken = new UsernameTaken('This username is taken.')
      // Hashing is slow on purpose, so it is skipped for a name that is known to be taken. The write decides.
      if (await store.byUsernameKey(nameKey(username))) throw taken
      const passwordHash = password === null ? null : await passwords.hash(password)
      const row = await db.write(async (tx) => {
        const draft = newAccount(given, passwordHash, { clock, ids })
        if (!(await store.insert(tx, draft))) return undefined
        await equip(tx, draft)
        return draft
      })
      if (!row) throw taken
      return row
    },

    async byIds(ids) {
      return new Map((await store.byIds([...new Set(ids)])).map((account) => [account.id, account]))
    },

    byUsername: (username) => store.byUsernameKey(nameKey(username)),
    page: store.page,

    async named(beginning, count) {
      const key = nameKey(beginning)
      if (key === '') return []
      const [byUsername, byName] = await Promise.all([store.withUsername(key, count), store.withName(key, count)])
      const found = new Map([...byUsername, ...byName].map((account) => [account.id, account]))
      const place = ({ username_key, business_name_key: name }: AccountRow) =>
        username_key.startsWith(key) ? username_key : (name ?? '')
      const inOrder = [...found.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1))
      return inOrder.slice(0, count)
    },

    claimedSites: async (tx, id) => JSON.parse((await store.claimedSites(tx, id)) ?? '[]'),
    setClaimedSites: (tx, id, sites) => store.setClaimedSites(tx, id, JSON.stringify(sites)),

    async setPicture(tx, id, key) {
      const account = await store.lock(tx, id)
      if (!account) throw new ApiError('userNotFound')
      await store.setAvatar(tx, id, key)
      return account.avatar_key
    },

    async setPassword(id, password, keptSession) {
      checkPassword(password)
      const passwordHash = await passwords.hash(password)
      await db.write((tx) => store.setPasswordHash(tx, id, passwordHash, keptSession))
    },

    async withPassword(username, password) {
      const account = await store.byUsernameKey(nameKey(username))
      const matches = await passwords.matches(password, account?.password_hash ?? null)
      return matches ? account : undefined
    },

    ...sessionsOf({ db, clock, store }),
    ...profilesOf({ db, store, equip }),
    ...countsOf(store),
  }
}

function checkNew({ username, password }: NewAccount): void {
  if (!/^[A-Za-z0-9_]{3,30}$/.test(username))
    throw new SignUpRefused('A username has 3 to 30 letters, digits and underscores.')
  if (password !== null) checkPassword(password)
}

function checkPassword(password: string): void {
  if (password.length < 8 || password.length > 200) throw new SignUpRefused('A password has 8 to 200 characters.')
}

function newAccount(
  given: NewAccount,
  passwordHash: string | null,
  { clock, ids }: { clock: Clock; ids: IdMaker },
): AccountRow {
  const { username } = given
  const businessName = given.accountType === 'BUSINESS' ? (given.businessName ?? username) : null
  return {
    id: ids.next(),
    username,
    username_key: nameKey(username),
    password_hash: passwordHash,
    account_type: given.accountType,
    business_name: businessName,
    business_name_key: businessName && nameKey(businessName),
    about: given.about ?? '',
    website_url: given.websiteUrl ?? '',
    claimed_sites: '[]',
    avatar_key: null,
    board_count: 0,
    joined_board_count: 0,
    pin_count: 0,
    secret_pin_count: 0,
    follower_count: 0,
    following_count: 0,
    created_at: clock.now(),
  }
}
