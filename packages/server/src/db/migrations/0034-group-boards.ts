import { type Kysely, type QueryExecutorProvider, sql } from 'kysely'

/**
 * Group boards. Pins of an account can now be on boards of others: how many of its Pins are secret no longer follows
 * from its boards, and is counted beside them.
 */
export async function up(db: Pick<Kysely<unknown>, 'schema'> & QueryExecutorProvider): Promise<void> {
  const { schema } = db
  await schema
    .createTable('board_collaborators')
    .addColumn('board_id', 'bigint', (c) => c.notNull().references('boards.id'))
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('board_name_key', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('board_collaborators_pk', ['board_id', 'account_id'])
    .execute()
  await schema
    .createIndex('board_collaborators_by_name')
    .on('board_collaborators')
    .columns(['account_id', 'board_name_key', 'board_id'])
    .execute()
  for (const column of ['joined_board_count', 'secret_pin_count'])
    await schema
      .alterTable('accounts')
      .addColumn(column, 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
  await sql`UPDATE accounts SET secret_pin_count =
    (SELECT count(*) FROM pins WHERE owner_id = accounts.id AND privacy = 'SECRET')`.execute(db)
}
