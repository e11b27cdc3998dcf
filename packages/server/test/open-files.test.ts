import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pinfold } from '@pinfold/test-support/command'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../src/db/sqlite.ts'

/** A shell whose child may have few files and connections open. */
const fewFiles = ['sh', '-c', 'ulimit -n 100; exec "$@"', 'sh']
const token = 'pina_files_0000000000000000'

/** Sends a request on the connection of `agent`. Rejects when the server closes it. */
async function get(url: string, agent: http.Agent): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  http.get(url, { agent }, resolve).on('error', reject)
  const answer = await promise
  return { status: answer.statusCode ?? 0, body: await text(answer) }
}

test.skipIf(process.platform === 'win32')(
  'with too many files open the server answers 503, and everything again when there are fewer (12.29)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-files-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const seed = {
      accounts: [{ username: 'alice', password: 'alice-password' }],
      apps: [{ id: '1001', secret: 'alice-app-secret-0001', name: 'App', owner: 'alice' }],
      tokens: [{ app: '1001', account: 'alice', access_token: token }],
    }
    await writeFile(join(folder, 'seed.json'), JSON.stringify(seed))
    const options = ['--port', '0', '--ephemeral', '--seed', join(folder, 'seed.json')]
    const running = pinfold(['serve', ...options], { wrapper: fewFiles })
    const url = await running.ready()
    const make = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(`${url}/v5${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()) as { id: string; media: { images: Record<string, { url: string }> } }
    }
    const board = await make('/boards', { name: 'Files' })
    const pin = await make('/pins', { board_id: board.id, media_source: await base64Source() })
    const picture = pin.media.images['600x']?.url ?? ''

    const agents: http.Agent[] = []
    const connect = () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
      agents.push(agent)
      return agent
    }
    onTestFinished(() => agents.forEach((agent) => void agent.destroy()))
    const first = connect()
    await get(`${url}/_pinfold/health`, first)
    // A server without free connections accepts no more, and closes them at once.
    await until(() =>
      get(`${url}/_pinfold/health`, connect()).then(
        () => false,
        () => true,
      ),
    )

    const refused = { status: 503, body: expect.stringContaining('too many files and connections open') }
    expect(await get(picture, first)).toMatchObject(refused)
    expect(await get(`${url}/docs/js/scalar.js`, first)).toMatchObject({ status: 503 })
    expect((await get(`${url}/_pinfold/health`, first)).status).toBe(200)

    for (const agent of agents.splice(1)) agent.destroy()
    await until(async () => (await get(picture, first)).status === 200)
    expect((await get(`${url}/docs/js/scalar.js`, first)).status).toBe(200)
  },
)

test('a database that is closed is let go of, also by a connection that nobody used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-files-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const db = openSqlite(join(folder, 'pinfold.db'), 'relaxed')
  await db.write((tx) => sql`create table notes (text)`.execute(tx))
  expect(await readdir(folder)).toContain('pinfold.db-wal')
  await db.close()
  expect(await readdir(folder)).toEqual(['pinfold.db'])
})
