import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { insertNew } from '../../db/insert-new.ts'
import { bytewise, endOf } from '../../db/prefix.ts'
import { prepare, prepareWrite } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type AccountRow = Schema['accounts']
export type SessionRow = Schema['sessions']
type Tx = Transaction<Schema>

/** An account's counts, and the columns read with them. */
export type AccountCountsRow = Pick<AccountRow, 'board_count' | 'joined_board_count' | 'pin_count' | 'claimed_sites'>

/** What is added to an account's counts. */
export interface AddedCounts {
  boards?: number
  joinedBoards?: number
  pins?: number
  secretPins?: number
}

/** The SQL of accounts and their sessions. */
export interface AccountStore {
  /** Returns an account. */
  byId(id: number): Promise<AccountRow | undefined>
  /** Returns the account with this username, given as `nameKey` makes it. */
  byUsernameKey(key: string): Promise<AccountRow | undefined>
  /** Returns accounts whose usernames begin with a text, given as `nameKey` makes it, by username. */
  withUsername(beginning: string, count: number): Promise<AccountRow[]>
  /** Returns accounts whose business names do, by name. */
  withName(beginning: string, count: number): Promise<AccountRow[]>
  /** Returns accounts whose ids are larger than `after`, oldest first. */
  page(after: number, count: number): Promise<AccountRow[]>
  /** Sets the hash of an account's password, and ends its sessions but for the one with this id. */
  setPasswordHash(tx: Tx, id: number, passwordHash: string, keptSession?: string): Promise<void>
  /** Returns an account, locked until `tx` ends. */
  lock(tx: Tx, id: number): Promise<AccountRow | undefined>
  /** Changes the profile of an account. */
  updateProfile(tx: Tx, id: number, profile: ProfileRow): Promise<void>
  /** Sets the key of the picture of an account. */
  setAvatar(tx: Tx, id: number, key: string | null): Promise<void>
  /** Returns the newest sessions of an account that are valid at a time, newest first. */
  sessionsOf(accountId: number, now: number, count: number): Promise<SessionRow[]>
  /** Deletes a session of an account by its id. */
  deleteSessionOf(tx: Tx, accountId: number, sessionId: string): Promise<void>
  /** Deletes the sessions of an account but for the one with this id. */
  deleteOtherSessions(tx: Tx, accountId: number, keptSession: string): Promise<void>
  /** Returns the websites that an account has claimed, as JSON. */
  claimedSites(tx: Tx, id: number): Promise<string | undefined>
  /** Sets them. */
  setClaimedSites(tx: Tx, id: number, sites: string): Promise<void>
  /** Writes a new account; false if the username is taken. */
  insert(tx: Tx, row: AccountRow): Promise<boolean>
  /** Adds to the counts. Returns the new ones, or undefined if there is no such account. */
  count(tx: Tx, id: number, added: AddedCounts): Promise<AccountCountsRow | undefined>
  /** Subtracts 1 from the number of boards that accounts joined. */
  uncountJoined(tx: Tx, ids: readonly number[]): Promise<void>
  /** Adds to how many an account follows and is followed by. Returns how many it follows then. */
  countFollow(tx: Tx, id: number, added: { followers?: number; following?: number }): Promise<number>
  /** Returns these accounts, in no order. */
  byIds(ids: readonly number[]): Promise<AccountRow[]>
  /** Returns the ids of at most `count` accounts from `first` on, in their order. */
  idsFrom(tx: Tx, first: number, count: number): Promise<number[]>
  /** Writes a new session. */
  insertSession(tx: Tx, row: SessionRow): Promise<void>
  /** Returns a session, expired or not. */
  session(tokenHash: string): Promise<SessionRow | undefined>
  /** Deletes a session. */
  deleteSession(tx: Tx, tokenHash: string): Promise<void>
  /** Deletes expired sessions. */
  deleteExpiredSessions(tx: Tx, now: number): Promise<void>
}

/** The columns of a profile. */
export type ProfileRow = Pick<
  AccountRow,
  'account_type' | 'business_name' | 'business_name_key' | 'about' | 'website_url'
>

/** The beginning of the hash of a session's secret names the session, and does not tell the secret. */
const sessionIdLength = 16
export const sessionIdOf = ({ token_hash: hash }: Pick<SessionRow, 'token_hash'>): string =>
  hash.slice(0, sessionIdLength)
const idOfSession = sql<string>`substr(token_hash, 1, ${sql.lit(sessionIdLength)})`

const deleteOtherSessions: AccountStore['deleteOtherSessions'] = async (tx, accountId, kept) => {
  await tx.deleteFrom('sessions').where('account_id', '=', accountId).where(idOfSession, '<>', kept).execute()
}

/** Makes the store over `db`. */
export function accountStore(db: Database): AccountStore {
  const byId = prepare(db, ({ id }: { id: number }) => db.read.selectFrom('accounts').selectAll().where('id', '=', id))
  const byKey = prepare(db, ({ key }: { key: string }) =>
    db.read.selectFrom('accounts').selectAll().where('username_key', '=', key),
  )
  const count = prepareWrite(
    (given: { id: number } & Record<'boards' | 'joinedBoards' | 'pins' | 'secretPins', number>) =>
      db.read
        .updateTable('accounts')
        .set((e) => ({
          board_count: e('board_count', '+', given.boards),
          joined_board_count: e('joined_board_count', '+', given.joinedBoards),
          pin_count: e('pin_count', '+', given.pins),
          secret_pin_count: e('secret_pin_count', '+', given.secretPins),
        }))
        .where('id', '=', given.id)
        .returning(['board_count', 'joined_board_count', 'pin_count', 'claimed_sites']),
  )
  const bytes = bytewise(db)
  const beginning = (column: string) =>
    prepare(db, ({ from, to, count }: { from: string; to: string; count: number }) =>
      db.read
        .selectFrom('accounts')
        .selectAll()
        .where(bytes(column), '>=', from)
        .where(bytes(column), '<', to)
        .orderBy(bytes(column))
        .limit(count),
    )
  const [withUsername, withName] = [beginning('username_key'), beginning('business_name_key')]
  const session = prepare(db, ({ tokenHash }: { tokenHash: string }) =>
    db.read.selectFrom('sessions').selectAll().where('token_hash', '=', tokenHash),
  )

  return {
    byId: (id) => byId.first({ id }),
    byUsernameKey: (key) => byKey.first({ key }),
    withUsername: (from, count) => withUsername.all({ from, to: endOf(from), count }),
    withName: (from, count) => withName.all({ from, to: endOf(from), count }),
    page: (after, count) =>
      db.read.selectFrom('accounts').selectAll().where('id', '>', after).orderBy('id').limit(count).execute(),
    async setPasswordHash(tx, id, passwordHash, keptSession = '') {
      await tx.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', id).execute()
      await deleteOtherSessions(tx, id, keptSession)
    },

    lock: (tx, id) =>
      tx
        .updateTable('accounts')
        .set((e) => ({ about: e.ref('about') }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),

    async updateProfile(tx, id, profile) {
      await tx.updateTable('accounts').set(profile).where('id', '=', id).execute()
    },

    async setAvatar(tx, id, key) {
      await tx.updateTable('accounts').set({ avatar_key: key }).where('id', '=', id).execute()
    },

    sessionsOf: (accountId, now, count) =>
      db.read
        .selectFrom('sessions')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .limit(count)
        .execute(),

    async deleteSessionOf(tx, accountId, sessionId) {
      await tx.deleteFrom('sessions').where('account_id', '=', accountId).where(idOfSession, '=', sessionId).execute()
    },

    deleteOtherSessions,

    async claimedSites(tx, id) {
      const query = tx.selectFrom('accounts').select('claimed_sites').where('id', '=', id)
      return (await query.executeTakeFirst())?.claimed_sites
    },

    async setClaimedSites(tx, id, sites) {
      await tx.updateTable('accounts').set({ claimed_sites: sites }).where('id', '=', id).execute()
    },

    insert: (tx, row) => insertNew(tx.insertInto('accounts').values(row), ['username_key']),

    async count(tx, id, { boards = 0, joinedBoards = 0, pins = 0, secretPins = 0 }) {
      const [counts] = await count(tx, { id, boards, joinedBoards, pins, secretPins })
      return counts
    },

    async uncountJoined(tx, ids) {
      const query = tx.updateTable('accounts').set((e) => ({ joined_board_count: e('joined_board_count', '-', 1) }))
      await query.where('id', 'in', ids).execute()
    },

    async countFollow(tx, id, { followers = 0, following = 0 }) {
      const query = tx
        .updateTable('accounts')
        .set((e) => ({
          follower_count: e('follower_count', '+', followers),
          following_count: e('following_count', '+', following),
        }))
        .where('id', '=', id)
      return (await query.returning('following_count').executeTakeFirstOrThrow()).following_count
    },

    byIds: async (ids) =>
      ids.length === 0 ? [] : db.read.selectFrom('accounts').selectAll().where('id', 'in', ids).execute(),

    async idsFrom(tx, first, count) {
      const query = tx.selectFrom('accounts').select('id').where('id', '>=', first).orderBy('id').limit(count)
      return (await query.execute()).map(({ id }) => id)
    },

    session: (tokenHash) => session.first({ tokenHash }),

    async insertSession(tx, row) {
      await tx.insertInto('sessions').values(row).execute()
    },

    async deleteSession(tx, tokenHash) {
      await tx.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute()
    },

    async deleteExpiredSessions(tx, now) {
      await tx.deleteFrom('sessions').where('expires_at', '<=', now).execute()
    },
  }
}

/** Returns the newest id of an account, or 0 when there is none. */
export async function newestAccountId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('accounts')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
