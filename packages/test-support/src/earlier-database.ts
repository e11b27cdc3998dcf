import { join } from 'node:path'
import { migrateUpTo } from '../../server/src/db/migrate.ts'
import { openSqlite } from '../../server/src/db/sqlite.ts'

/** Makes the embedded database of a data folder, empty and with the schema as it was after a step of it. */
export async function makeEarlierDatabase(dataDir: string, step: string): Promise<void> {
  const db = openSqlite(join(dataDir, 'pinfold.db'), 'relaxed')
  try {
    await migrateUpTo(db, step)
  } finally {
    await db.close()
  }
}
