import type { AccountType, BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import { hashPassword, hashSecret, newSecret, passwordMatches } from '../../core/secrets.ts'
import type { SessionRef } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import {
  type AccountCountsRow,
  type AccountRow,
  type AccountStore,
  accountStore,
  type ProfileRow,
  type SessionRow,
  sessionIdOf,
} from './store.ts'

export type { AccountRow } from './store.ts'
export { newestAccountId } from './store.ts'

type Tx = Transaction<Schema>

/** The cookie that holds a session in the browser. */
export const sessionCookie = 'pinfold_session'
/** How long a session lasts after sign-in. */
export const sessionTtlMs = 14 * 24 * 60 * 60 * 1000

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
  /** Sets an account's password and ends its sessions in browsers, but for the named one. Throws `SignUpRefused`. */
  setPassword(id: number, password: string, keptSession?: string): Promise<void>
  /** Returns the account with this username and password, or undefined. Takes as long when there is no such account. */
  withPassword(username: string, password: string): Promise<AccountRow | undefined>
}

/** What counting a Pin needs of it. */
export interface CountedByPrivacy {
  privacy: BoardPrivacy
}

/** How much an account has, counted in the transactions that write them. */
export interface AccountCounts {
  /** Counts one more board. Throws `forbidden` when there are too many. */
  addBoard(tx: Tx, id: number): Promise<void>
  /** Counts one board fewer. */
  removeBoard(tx: Tx, id: number): Promise<void>
  /** Counts one more board of others that the account is a collaborator of. Throws `forbidden` when there are too many. */
  joinBoard(tx: Tx, id: number): Promise<void>
  /** Counts one such board fewer, for each of these accounts. */
  leaveBoard(tx: Tx, ids: readonly number[]): Promise<void>
  /** Counts one more Pin, and returns the websites that the account has claimed. Throws `forbidden` when there are too many. */
  addPin(tx: Tx, id: number, pin: CountedByPrivacy): Promise<string[]>
  /** Counts these Pins no longer. */
  removePins(tx: Tx, id: number, pins: readonly CountedByPrivacy[]): Promise<void>
  /** Counts `count` Pins more as secret, or fewer if it is negative. */
  countSecretPins(tx: Tx, id: number, count: number): Promise<void>
  /** Counts that one account follows another. Throws `forbidden` when it follows too many. */
  addFollow(tx: Tx, followerId: number, followedId: number): Promise<void>
  /** Counts that one account no longer follows another. */
  removeFollow(tx: Tx, followerId: number, followedId: number): Promise<void>
}

/** What is to change about a profile; what is left out stays. */
export interface ProfileChange {
  /** A person, or a business. */
  accountType?: AccountType | undefined
  /** The name of a business; the username if empty. */
  name?: string | undefined
  /** The text of the profile. */
  about?: string | undefined
  /** A web address, or empty. */
  websiteUrl?: string | undefined
}

/** Profiles, as people change them. */
export interface Profiles {
  /**
   * Changes the profile of an account, and returns the account. One that becomes a business gets what a new one begins
   * with. Throws a 400 for a website that is no web address, and for the name of a person.
   */
  changeProfile(id: number, change: ProfileChange): Promise<AccountRow>
}

/** The sessions of people who are signed in. */
export interface Sessions {
  /** Begins a session. Returns the secret for the cookie. `userAgent`: what the browser says of itself. */
  startSession(accountId: number, userAgent: string): Promise<string>
  /** Returns the session that a secret belongs to, with its account; undefined as `bySession`. */
  session(token: string): Promise<{ account: AccountRow; ref: SessionRef } | undefined>
  /** Returns the newest 100 sessions of an account, newest first. */
  sessionsOf(accountId: number): Promise<(SessionRef & { userAgent: string })[]>
  /** Ends a session of an account, if it has one with this id. */
  endSessionOf(accountId: number, sessionId: string): Promise<void>
  /** Ends every session of an account but the one with this id. */
  endOtherSessions(accountId: number, keptSession: string): Promise<void>
  /** Returns the account of a session; undefined if the session does not exist or has expired. */
  bySession(token: string): Promise<AccountRow | undefined>
  /** Ends a session. */
  endSession(token: string): Promise<void>
  /** Deletes expired sessions. */
  forgetExpiredSessions(): Promise<void>
}

/** Makes the accounts over `db`. */
export function accountsOf({ db, clock, ids, equip }: AccountsOptions): Accounts {
  const store = accountStore(db)
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
      const passwordHash = password === null ? null : await hashPassword(password)
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

    async setPassword(id, password, keptSession) {
      checkPassword(password)
      const passwordHash = await hashPassword(password)
      await db.write((tx) => store.setPasswordHash(tx, id, passwordHash, keptSession))
    },

    async withPassword(username, password) {
      const account = await store.byUsernameKey(nameKey(username))
      const matches = await passwordMatches(password, account?.password_hash ?? null)
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
    board_count: 0,
    joined_board_count: 0,
    pin_count: 0,
    secret_pin_count: 0,
    follower_count: 0,
    following_count: 0,
    created_at: clock.now(),
  }
}

type ProfileParts = Pick<AccountsOptions, 'db' | 'equip'> & { store: AccountStore }

function profilesOf({ db, store, equip }: ProfileParts): Profiles {
  return {
    changeProfile: (id, change) =>
      db.write(async (tx) => {
        const account = await store.lock(tx, id)
        if (!account) throw new ApiError('userNotFound')
        const { accountType = account.account_type, about = account.about } = change
        const name = businessNameOf(account, accountType, change)
        const profile: ProfileRow = {
          account_type: accountType,
          business_name: name,
          business_name_key: name && nameKey(name),
          about,
          website_url: websiteOf(account, change),
        }
        await store.updateProfile(tx, id, profile)
        const changed = { ...account, ...profile }
        if (account.account_type !== accountType) await equip(tx, changed)
        return changed
      }),
  }
}

/** Returns the name that a changed account has; null for a person. Throws a 400 for the name of a person. */
function businessNameOf(account: AccountRow, type: AccountType, { name }: ProfileChange): string | null {
  const given = name?.trim()
  if (type === 'BUSINESS')
    return given === undefined ? (account.business_name ?? account.username) : given || account.username
  if (given) throw invalid(`'name' is for a business: a person goes by the username.`)
  return null
}

/** Returns the website that a changed account has. Throws a 400. */
function websiteOf(account: AccountRow, { websiteUrl = account.website_url }: ProfileChange): string {
  const given = websiteUrl.trim()
  if (given === '' || given === account.website_url) return given
  const url = URL.parse(given.includes('://') ? given : `https://${given}`)
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname.includes('.'))
    throw invalid(`'website_url' must be a web address, such as https://example.com.`)
  return url.href.replace(/\/$/, '')
}

/** More of what a browser says of itself is not kept. */
const maxUserAgent = 300
const shownSessions = 100

function sessionsOf({ db, clock, store }: { db: Database; clock: Clock; store: AccountStore }): Sessions {
  const refOf = (row: SessionRow): SessionRef => ({ id: sessionIdOf(row), createdAt: row.created_at })

  async function session(token: string) {
    const row = await store.session(hashSecret(token))
    if (!row || row.expires_at <= clock.now()) return undefined
    const account = await store.byId(row.account_id)
    return account && { account, ref: refOf(row) }
  }

  return {
    session,
    bySession: async (token) => (await session(token))?.account,

    async sessionsOf(accountId) {
      const rows = await store.sessionsOf(accountId, clock.now(), shownSessions)
      return rows.map((row) => ({ ...refOf(row), userAgent: row.user_agent }))
    },

    async endSessionOf(accountId, sessionId) {
      await db.write((tx) => store.deleteSessionOf(tx, accountId, sessionId))
    },

    async endOtherSessions(accountId, keptSession) {
      await db.write((tx) => store.deleteOtherSessions(tx, accountId, keptSession))
    },

    async startSession(accountId, userAgent) {
      const token = newSecret()
      const now = clock.now()
      const row = {
        token_hash: hashSecret(token),
        account_id: accountId,
        created_at: now,
        user_agent: userAgent.slice(0, maxUserAgent),
      }
      await db.write((tx) => store.insertSession(tx, { ...row, expires_at: now + sessionTtlMs }))
      return token
    },

    async endSession(token) {
      await db.write((tx) => store.deleteSession(tx, hashSecret(token)))
    },

    async forgetExpiredSessions() {
      await db.write((tx) => store.deleteExpiredSessions(tx, clock.now()))
    },
  }
}

function countsOf(store: AccountStore): AccountCounts {
  /** Counts a follow, and returns how many the follower follows then. */
  async function countFollow(tx: Tx, followerId: number, followedId: number, count: 1 | -1): Promise<number> {
    const countFollowed = () => store.countFollow(tx, followedId, { followers: count })
    // Always the smaller id first: two that follow each other at the same time do not wait for one another forever.
    if (followedId < followerId) await countFollowed()
    const following = await store.countFollow(tx, followerId, { following: count })
    if (followerId < followedId) await countFollowed()
    return following
  }

  return {
    async addBoard(tx, id) {
      checkBoards(await store.count(tx, id, { boards: 1 }))
    },

    async joinBoard(tx, id) {
      checkBoards(await store.count(tx, id, { joinedBoards: 1 }))
    },

    async leaveBoard(tx, ids) {
      if (ids.length > 0) await store.uncountJoined(tx, ids)
    },

    async removeBoard(tx, id) {
      await store.count(tx, id, { boards: -1 })
    },

    async addPin(tx, id, pin) {
      const counts = await store.count(tx, id, { pins: 1, secretPins: secretAmong([pin]) })
      if (!counts) throw new ApiError('userNotFound')
      if (counts.pin_count > limits.pinsPerAccount)
        throw new ApiError('forbidden', { detail: `An account has ${limits.pinsPerAccount} Pins at most.` })
      return JSON.parse(counts.claimed_sites)
    },

    async removePins(tx, id, pins) {
      await store.count(tx, id, { pins: -pins.length, secretPins: -secretAmong(pins) })
    },

    async countSecretPins(tx, id, count) {
      await store.count(tx, id, { secretPins: count })
    },

    async addFollow(tx, followerId, followedId) {
      const following = await countFollow(tx, followerId, followedId, 1)
      if (following > limits.followsPerAccount)
        throw new ApiError('forbidden', { detail: `An account follows ${limits.followsPerAccount} others at most.` })
    },

    async removeFollow(tx, followerId, followedId) {
      await countFollow(tx, followerId, followedId, -1)
    },
  }
}

/** Throws when an account has too many boards, its own and those that it joined. */
function checkBoards(counts: AccountCountsRow | undefined): void {
  if (!counts) throw new ApiError('userNotFound')
  if (counts.board_count + counts.joined_board_count > limits.boardsPerAccount)
    throw new ApiError('forbidden', {
      detail: `An account has ${limits.boardsPerAccount} boards at most, with the group boards that it is on.`,
    })
}

const secretAmong = (pins: readonly CountedByPrivacy[]): number =>
  pins.filter(({ privacy }) => privacy === 'SECRET').length
