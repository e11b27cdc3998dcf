import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** The words of Pins, for search, and those that mistyped ones are guessed from. Existing Pins are added by upkeep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  if (isSqlite)
    await sql`create virtual table pin_search using fts5 (
      scope, title, text, host,
      content = '', contentless_delete = 1, detail = 'column', prefix = '1 2 3 4 5 6 7 8', tokenize = 'ascii'
    )`.execute(db)
  else {
    await schema
      .createTable('pin_search')
      .addColumn('pin_id', 'bigint', (c) => c.primaryKey())
      .addColumn('document', sql`tsvector`, (c) => c.notNull())
      .execute()
    await schema.createIndex('pin_search_words').on('pin_search').using('gin').column('document').execute()
  }
  await schema
    .createTable('search_backfill')
    .addColumn('before', 'bigint', (c) => c.notNull())
    .execute()
  await sql`insert into search_backfill select max(id) + 1 from pins having max(id) is not null`.execute(db)
  await schema
    .createTable('search_words')
    .addColumn('word', 'text', (c) => c.primaryKey())
    .modifyEnd(isSqlite ? sql`without rowid` : sql``)
    .execute()
  await schema
    .createTable('search_variants')
    .addColumn('variant', 'text', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('search_variants_pk', ['variant', 'word'])
    .modifyEnd(isSqlite ? sql`without rowid` : sql``)
    .execute()
}
