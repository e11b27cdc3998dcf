import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onThisMachine } from '@pinfold/test-support/pace'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { openSqlite } from '../src/db/sqlite.ts'

test(
  'what is committed gets into the file beside further commits, so that the log does not grow on',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-checkpoints-'))
    const file = join(folder, 'pinfold.db')
    const db = openSqlite(file, 'relaxed')
    let rows = 0
    /** Commits some 1,500 pages. */
    const commit = () =>
      db.write(async (tx) => {
        await sql`CREATE TABLE IF NOT EXISTS parts (bytes BLOB)`.execute(tx)
        for (let i = 0; i < 6; i++) await sql`INSERT INTO parts VALUES (randomblob(1000000))`.execute(tx)
        rows += 6
      })
    const other = new DatabaseSync(file)
    const look = other.prepare('PRAGMA wal_checkpoint(NOOP)')
    const moved = () => {
      const { log, checkpointed } = look.get() ?? {}
      return Number(log) > 0 && log === checkpointed
    }
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 8; i++) await commit()
      await vi.waitFor(() => expect(moved()).toBe(true), { timeout: 20_000, interval: 20 })
      expect(statSync(file).size).toBeGreaterThan(rows * 1_000_000)
    }
    // Three times the same log, not one after the other.
    expect(statSync(`${file}-wal`).size).toBeLessThan(2 * 8 * 1600 * 4096)
    other.close()
    const count = sql`SELECT count(*) AS n FROM parts`
    expect((await count.execute(db.read)).rows).toEqual([{ n: rows }])
    await db.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    const after = new DatabaseSync(file)
    expect(after.prepare('SELECT count(*) AS n FROM parts').get()).toEqual({ n: rows })
    expect(after.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    after.close()
    await rm(folder, { recursive: true, force: true })
  },
  onThisMachine(30_000),
)
