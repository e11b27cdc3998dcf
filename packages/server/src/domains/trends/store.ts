import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepareBatch, within } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

type Tx = Transaction<Schema>
/** A word that an account searched for in a week. */
export type SearchedWord = Schema['searched_words']
/** How many accounts searched for a word in a week. */
export type SearchedWeek = Schema['searched_weeks']

/** The SQL of the words of searches. */
export interface SearchedWordStore {
  /** Adds words; those that are there stay. */
  add(tx: Tx, rows: readonly SearchedWord[]): Promise<void>
  /** Returns how many words of an account there are in a week. */
  count(tx: Tx, week: number, accountId: number): Promise<number>
  /** Returns the first of the weeks before `week` whose words stand by account. */
  unsummed(tx: Tx, week: number): Promise<number | undefined>
  /** Returns the words of a week that most accounts searched for, at most `count`. */
  mostSearched(tx: Tx, week: number, count: number): Promise<{ word: string; accounts: number }[]>
  /** Puts sums of a week in place of its words by account. */
  replace(tx: Tx, week: number, sums: readonly SearchedWeek[]): Promise<void>
  /** Removes the sums of weeks before `week`. */
  removeBefore(tx: Tx, week: number): Promise<void>
  /** Returns the sums from a week on. */
  since(week: number): Promise<SearchedWeek[]>
}

/** Makes the store over `db`. */
export function searchedWordStore(db: Database): SearchedWordStore {
  const addWords = prepareBatch((rows: readonly SearchedWord[]) =>
    db.read
      .insertInto('searched_words')
      .values(rows.map(({ week, account_id, word }) => ({ week, account_id, word })))
      .onConflict((c) => c.doNothing()),
  )
  const addSums = prepareBatch((rows: readonly SearchedWeek[]) =>
    db.read
      .insertInto('searched_weeks')
      .values(rows.map(({ week, word, accounts }) => ({ week, word, accounts })))
      .onConflict((c) => c.doNothing()),
  )
  return {
    async add(tx, rows) {
      await addWords(within(tx), rows)
    },

    async count(tx, week, accountId) {
      const query = tx.selectFrom('searched_words').where('week', '=', week).where('account_id', '=', accountId)
      const row = await query.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst()
      return Number(row?.count ?? 0)
    },

    async unsummed(tx, week) {
      const query = tx.selectFrom('searched_words').select('week').where('week', '<', week)
      return (await query.orderBy('week').limit(1).executeTakeFirst())?.week
    },

    async mostSearched(tx, week, count) {
      const rows = await tx
        .selectFrom('searched_words')
        .select(({ fn }) => ['word', fn.countAll<number>().as('accounts')])
        .where('week', '=', week)
        .groupBy('word')
        .orderBy('accounts', 'desc')
        .orderBy('word')
        .limit(count)
        .execute()
      return rows.map(({ word, accounts }) => ({ word, accounts: Number(accounts) }))
    },

    async replace(tx, week, sums) {
      await addSums(within(tx), sums)
      await tx.deleteFrom('searched_words').where('week', '=', week).execute()
    },

    async removeBefore(tx, week) {
      await tx.deleteFrom('searched_weeks').where('week', '<', week).execute()
    },

    since: (week) => db.read.selectFrom('searched_weeks').selectAll().where('week', '>=', week).execute(),
  }
}
