import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** The words of searches: of the current week by account, of the weeks before by how many accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  const keyed = isSqlite ? sql`without rowid` : sql``
  await schema
    .createTable('searched_words')
    .addColumn('week', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('searched_words_pk', ['week', 'account_id', 'word'])
    .modifyEnd(keyed)
    .execute()
  await schema
    .createTable('searched_weeks')
    .addColumn('week', 'integer', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addColumn('accounts', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('searched_weeks_pk', ['week', 'word'])
    .modifyEnd(keyed)
    .execute()
}
