import { type Kysely, SqliteAdapter, sql } from 'kysely'

/**
 * What Pins look like: the cells of their colours (`looks/colour-cells.ts`), and the marks by which those that look alike are
 * found (`looks/likeness.ts`). Existing Pins are looked at by upkeep.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  const withoutRowid = isSqlite ? sql`without rowid` : sql``
  await schema.alterTable('pins').addColumn('look', 'text').execute()
  await sql`create index pins_without_look on pins (id) where look is null`.execute(db)
  await schema
    .createTable('pin_colours')
    .addColumn('cell', 'integer', (c) => c.notNull())
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('pin_colours_pk', ['cell', 'pin_id'])
    .modifyEnd(withoutRowid)
    .execute()
  await schema
    .createTable('pin_likenesses')
    .addColumn('owner_id', 'bigint', (c) => c.notNull())
    .addColumn('mark', 'bigint', (c) => c.notNull())
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('pin_likenesses_pk', ['owner_id', 'mark', 'pin_id'])
    .modifyEnd(withoutRowid)
    .execute()
}
