import { type Kysely, SqliteAdapter, sql } from 'kysely'

interface Tables {
  accounts: { id: number; business_name: string | null; business_name_key: string | null }
}

const batchSize = 400

/** For search by name: public boards, and accounts by their usernames and by the names of their businesses. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema.alterTable('accounts').addColumn('business_name_key', 'text').execute()
  for (let after = 0; ; ) {
    const query = db.selectFrom('accounts').select(['id', 'business_name']).where('business_name', 'is not', null)
    const accounts = await query.where('id', '>', after).orderBy('id').limit(batchSize).execute()
    const last = accounts.at(-1)
    if (!last) break
    for (const { id, business_name: name } of accounts)
      await db
        .updateTable('accounts')
        .set({ business_name_key: keyOf(name) })
        .where('id', '=', id)
        .execute()
    after = last.id
  }
  // Beginnings are compared byte by byte, in whatever order the database has names otherwise.
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  const bytes = (column: string) => sql`${sql.ref(column)} collate ${sql.raw(isSqlite ? 'binary' : '"C"')}`
  await sql`create index boards_public_by_name on boards (${bytes('name_key')}, id) where privacy = 'PUBLIC'`.execute(
    db,
  )
  await sql`create index accounts_by_username on accounts (${bytes('username_key')})`.execute(db)
  await sql`create index accounts_by_business_name on accounts (${bytes('business_name_key')}, id)
    where business_name_key is not null`.execute(db)
}

/** As `core/name-key.ts` was when this was written. */
const keyOf = (name: string | null): string | null =>
  name === null ? null : name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
