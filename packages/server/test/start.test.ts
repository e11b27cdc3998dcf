import { statSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoCredentials, startServer } from '@pinfold/server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer } from '@pinfold/test-support/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import { clip, uploaded } from '@pinfold/test-support/uploads'
import { expect, onTestFinished, test } from 'vitest'

test('a server starts with nothing but its defaults, and ends with the block it was made in (11.14)', async () => {
  let url: string
  {
    await using server = await startServer({ port: 0, ephemeral: true })
    url = server.url
    expect(server.seed).toBe('demo')
    const boards = await fetch(`${url}/v5/boards`, {
      headers: { authorization: `Bearer ${demoCredentials.accessToken}` },
    })
    expect([boards.status, boards.headers.has('x-ratelimit-limit')]).toEqual([200, true])
    expect((await fetch(`${url}/oauth/sign-up`)).status).toBe(200)
  }
  await expect(fetch(`${url}/_pinfold/health`)).rejects.toThrow()
})

test.skipIf(process.platform === 'win32')(
  'what it keeps is readable for its own user alone, in a folder that others can read too (12.10)',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-open-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    await chmod(dataDir, 0o755)
    const server = await startTestServer({ ephemeral: false, dataDir })
    const { body: board } = await server.post('/boards', { name: 'Private' })
    expect((await server.post('/pins', { board_id: board.id, media_source: await base64Source() })).status).toBe(201)
    expect(await uploaded(server, clip)).toMatchObject({ status: 'succeeded' })
    await until(() => filesBelow(join(dataDir, 'uploads')).length === 0)
    const kept = await readdir(dataDir, { recursive: true, withFileTypes: true })
    expect(kept.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['lock', 'pinfold.db', 'pinfold.db-wal', 'pinfold.db-shm', '600x.jpg']),
    )
    const open = kept.filter(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077)
    expect(open.map(({ name }) => name)).toEqual([])
    expect((await stat(dataDir)).mode & 0o777).toBe(0o755)
  },
)
