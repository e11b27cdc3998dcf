import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pinfold } from '@pinfold/test-support/command'
import { makeEarlierDatabase } from '@pinfold/test-support/earlier-database'
import { startPostgres } from '@pinfold/test-support/own-postgres'
import { postgresPrograms } from '@pinfold/test-support/postgres-programs'
import { startTestServer } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

const migrate = async (...args: string[]) => {
  const command = pinfold(['migrate', ...args])
  const code = await command.ended
  return { code, stdout: command.stdout(), stderr: command.stderr() }
}

test('pinfold migrate brings an embedded database up to date, and says what it would do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-migrate-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const data = ['--data', folder]
  expect(await migrate(...data)).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no database in') })
  const server = await startTestServer({ ephemeral: false, dataDir: folder })
  expect((await migrate(...data)).stderr).toContain('Another Pinfold process uses')
  await server.close()
  expect(await migrate(...data)).toEqual({ code: 0, stdout: 'The database is up to date.\n', stderr: '' })

  const earlier = await mkdtemp(join(tmpdir(), 'pinfold-migrate-'))
  onTestFinished(() => rm(earlier, { recursive: true, force: true }))
  await makeEarlierDatabase(earlier, '0047-webhooks')
  const listed = JSON.parse((await migrate('--data', earlier, '--dry-run', '--json')).stdout)
  expect(listed).toMatchObject({ dry_run: true, pending: expect.arrayContaining(['0060-nodes']), indexes: [] })
  const steps: string[] = listed.pending
  const done = steps.map((step) => `done now\t${step}\n`).join('')
  expect(await migrate('--data', earlier)).toEqual({ code: 0, stdout: done, stderr: '' })
  expect(await migrate('--data', earlier)).toEqual({ code: 0, stdout: 'The database is up to date.\n', stderr: '' })
  expect((await migrate(...data, '--dry-run')).stdout).toContain(`done\t${steps.at(-1)}\n`)
  const db = new DatabaseSync(join(folder, 'pinfold.db'))
  db.exec("INSERT INTO kysely_migration VALUES ('9999-later', '')")
  db.close()
  expect(await migrate(...data)).toMatchObject({ code: 2, stderr: expect.stringContaining('newer version') })
})

test.skipIf(postgresPrograms === undefined)('several at once migrate a PostgreSQL database', async () => {
  const postgres = await startPostgres()
  onTestFinished(() => postgres.discard())
  const url = await postgres.create('migrated')
  const planned = await migrate('--database-url', url, '--dry-run')
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringMatching(/^to do\t0001-foundation$/m)])
  const all = await Promise.all([1, 2, 3].map(() => migrate('--database-url', url)))
  expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(all.map(() => [0, '']))
  expect((await migrate('--database-url', url)).stdout).toBe('The database is up to date.\n')
})
