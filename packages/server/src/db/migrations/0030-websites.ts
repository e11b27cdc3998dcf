import { type Kysely, sql } from 'kysely'

interface Tables {
  accounts: { id: number; website_url: string; created_at: number; claimed_sites: string }
  websites: { id: number; account_id: number; website: string; website_key: string; verified_at: number }
  website_owners: { account_id: number; code: string; mark_before: number | null }
}

/** Accounts claim websites. The website that an account had counts as claimed, as before. */
export async function up(db: Kysely<Tables>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('websites')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('website', 'text', (c) => c.notNull())
    .addColumn('website_key', 'text', (c) => c.notNull())
    .addColumn('verified_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('websites_once', ['account_id', 'website_key'])
    .execute()
  await schema.createIndex('websites_by_account').on('websites').columns(['account_id', 'id']).execute()
  await schema
    .createTable('website_owners')
    .addColumn('account_id', 'bigint', (c) => c.primaryKey().references('accounts.id'))
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('mark_before', 'bigint')
    .execute()
  await schema
    .createIndex('website_owners_unmarked')
    .on('website_owners')
    .column('account_id')
    .where(sql.ref('mark_before'), 'is not', null)
    .execute()
  await schema
    .alterTable('accounts')
    .addColumn('claimed_sites', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
  const owners = db.selectFrom('accounts').select(['id', 'website_url', 'created_at']).where('website_url', '!=', '')
  for (const owner of await owners.execute()) await keepWebsite(db, owner)
}

async function keepWebsite(
  db: Kysely<Tables>,
  { id, website_url, created_at }: Omit<Tables['accounts'], 'claimed_sites'>,
) {
  const host = URL.parse(website_url)?.hostname
  if (!host) return
  const key = host.replace(/^www\./, '')
  await db
    .insertInto('website_owners')
    .values({ account_id: id, code: crypto.randomUUID().replaceAll('-', ''), mark_before: null })
    .execute()
  // Accounts have ids of their own, which no website has yet.
  await db
    .insertInto('websites')
    .values({ id, account_id: id, website: host, website_key: key, verified_at: created_at })
    .execute()
  await db
    .updateTable('accounts')
    .set({ claimed_sites: JSON.stringify([key]) })
    .where('id', '=', id)
    .execute()
}
