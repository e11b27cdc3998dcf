import { type Kysely, sql } from 'kysely'

interface Tables {
  pins: { id: number }
  idempotency_keys: object
  new_keys: object
}

/** For the web app: the newest public Pins, and keys of people who act through no app. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createIndex('pins_newest_public')
    .on('pins')
    .column('id')
    .where(sql<boolean>`privacy = 'PUBLIC' and is_repin = 0`)
    .execute()
  await freeKeysOfApps(db)
}

/** SQLite cannot drop a reference from a table: the table is made anew. */
async function freeKeysOfApps(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('new_keys')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('app_id', 'bigint', (c) => c.notNull())
    .addColumn('key_hash', 'text', (c) => c.notNull())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .addColumn('answer', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('headers', 'text', (c) => c.notNull().defaultTo('{}'))
    .addColumn('sees_secret', 'integer', (c) => c.notNull().defaultTo(1))
    .addPrimaryKeyConstraint('new_keys_pk', ['account_id', 'app_id', 'key_hash'])
    .execute()
  await db
    .insertInto('new_keys')
    .expression((e) => e.selectFrom('idempotency_keys').selectAll())
    .execute()
  await db.schema.dropTable('idempotency_keys').execute()
  await db.schema.alterTable('new_keys').renameTo('idempotency_keys').execute()
  await db.schema.createIndex('idempotency_keys_by_age').on('idempotency_keys').column('created_at').execute()
}
