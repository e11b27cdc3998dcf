import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestClock } from '@pinfold/server'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { filesBelow } from '@pinfold/test-support/server-state'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openPostgres } from '../src/db/postgres.ts'
import { picturesOf } from '../src/domains/media/pictures.ts'
import { folderStorage } from '../src/storage/folder.ts'

// A connection may break while a transaction is committed. Whoever began it removes what it stored, and the transaction goes on.
test.skipIf(!isPostgresThere)('files stay whose use is committed while they are about to be removed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-sweep-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { databaseUrl = '', discard } = await postgres.open()
  onTestFinished(discard)
  const db = await openPostgres(databaseUrl)
  onTestFinished(() => db.close())
  await migrateToLatest(db)
  const storage = folderStorage(folder, { sync: false, isShared: true })
  const pictures = picturesOf({ db, storage, clock: new TestClock(), key: Buffer.alloc(32) })
  const store = async (key: string) => {
    await db.write((tx) => pictures.doubt(tx, key))
    await storage.save(key, [{ name: 'originals.jpg', bytes: Buffer.from('a picture') }])
  }
  const rowOf = (key: string) => ({
    ...{ key, content_hash: key, source_hash: key, format: 'jpeg', bytes: 9, dominant_color: '#000000' },
    ...{ look: null, renditions: '{}', uses: 1, created_at: 0 },
  })
  const waiting = async () => {
    const query = sql<{ count: number }>`SELECT count(*) AS count FROM pg_locks WHERE NOT granted`
    return Number((await query.execute(db.read)).rows[0]?.count) > 0
  }

  for (const [key, isCommitted] of [
    ['a'.repeat(32), true],
    ['b'.repeat(32), false],
  ] as const) {
    await store(key)
    const end = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const using = db
      .write(async (tx) => {
        await pictures.use(tx, { row: rowOf(key), isNew: true })
        begun.resolve()
        await end.promise
        if (!isCommitted) throw new Error('never mind')
      })
      .catch(() => {})
    await begun.promise
    const sweeping = pictures.sweep([key])
    await until(waiting)
    end.resolve()
    await Promise.all([using, sweeping])
    expect(filesBelow(folder).some((file) => file.includes(key))).toBe(isCommitted)
    expect(await pictures.byKey(key)).toEqual(isCommitted ? rowOf(key) : undefined)
  }
})
