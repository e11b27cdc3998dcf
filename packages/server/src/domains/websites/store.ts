import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { insertNew } from '../../db/insert-new.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type WebsiteRow = Schema['websites']
type OwnerRow = Schema['website_owners']
type Tx = Transaction<Schema>

/** Websites of an account: at most `count`, with ids below `before`. */
export interface WebsitesOf {
  accountId: number
  before: number
  count: number
}

/** The SQL of websites and their owners. */
export interface WebsiteStore {
  /** Returns websites of an account, newest first. */
  of(range: WebsitesOf): Promise<WebsiteRow[]>
  /** Returns an account's website, if it has it. */
  find(accountId: number, key: string): Promise<WebsiteRow | undefined>
  /** Returns an account's code, if it has one. */
  code(accountId: number): Promise<string | undefined>
  /** Gives an account a code, unless it has one. */
  insertCode(tx: Tx, accountId: number, code: string): Promise<void>
  /** Writes a new website; false if the account has it. */
  insert(tx: Tx, row: WebsiteRow): Promise<boolean>
  /** Deletes a website; false if the account does not have it. */
  delete(tx: Tx, accountId: number, key: string): Promise<boolean>
  /** Returns the keys of all websites of an account, oldest first. */
  keys(tx: Tx, accountId: number): Promise<string[]>
  /** Notes that the Pins of an account with ids below `before` are to be marked; null: none are. */
  setMarkBefore(tx: Tx, accountId: number, before: number | null): Promise<void>
  /** Holds an account's websites against other writers until `tx` ends, and returns which Pins are to be marked. */
  lock(tx: Tx, accountId: number): Promise<number | null>
  /** Returns accounts whose Pins are to be marked. */
  unmarked(count: number): Promise<number[]>
}

/** Makes the store over `db`. */
export function websiteStore(db: Database): WebsiteStore {
  const of = prepare(db, ({ accountId, before, count }: WebsitesOf) =>
    db.read
      .selectFrom('websites')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count),
  )
  return { ...websiteWrites, ...ownersOf(db), of: of.all, ...findIn(db) }
}

function findIn(db: Database): Pick<WebsiteStore, 'find'> {
  return {
    find: (accountId, key) =>
      db.read
        .selectFrom('websites')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('website_key', '=', key)
        .executeTakeFirst(),
  }
}

const websiteWrites: Pick<WebsiteStore, 'insert' | 'delete' | 'keys'> = {
  insert: (tx, row) => insertNew(tx.insertInto('websites').values(row), ['account_id', 'website_key']),

  async delete(tx, accountId, key) {
    const query = tx.deleteFrom('websites').where('account_id', '=', accountId).where('website_key', '=', key)
    return (await query.returning('id').executeTakeFirst()) !== undefined
  },

  async keys(tx, accountId) {
    const query = tx.selectFrom('websites').select('website_key').where('account_id', '=', accountId).orderBy('id')
    return (await query.execute()).map((row) => row.website_key)
  },
}

function ownersOf(db: Database): Omit<WebsiteStore, 'of' | 'find' | keyof typeof websiteWrites> {
  return {
    async code(accountId) {
      const query = db.read.selectFrom('website_owners').select('code').where('account_id', '=', accountId)
      return (await query.executeTakeFirst())?.code
    },

    async insertCode(tx, accountId, code) {
      const row: OwnerRow = { account_id: accountId, code, mark_before: null }
      await tx
        .insertInto('website_owners')
        .values(row)
        .onConflict((c) => c.column('account_id').doNothing())
        .execute()
    },

    async setMarkBefore(tx, accountId, before) {
      await tx.updateTable('website_owners').set({ mark_before: before }).where('account_id', '=', accountId).execute()
    },

    async lock(tx, accountId) {
      const row = await tx
        .updateTable('website_owners')
        .set((e) => ({ mark_before: e.ref('mark_before') }))
        .where('account_id', '=', accountId)
        .returning('mark_before')
        .executeTakeFirst()
      return row?.mark_before ?? null
    },

    async unmarked(count) {
      const query = db.read.selectFrom('website_owners').select('account_id').where('mark_before', 'is not', null)
      return (await query.orderBy('account_id').limit(count).execute()).map((row) => row.account_id)
    },
  }
}

/** Returns the newest id of a website, or 0 when there is none. */
export async function newestWebsiteId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('websites')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
