import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoCredentials } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { startPostgres } from '@pinfold/test-support/own-postgres'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { postgresPrograms } from '@pinfold/test-support/postgres-programs'
import { expect, onTestFinished, test } from 'vitest'

test.each([
  [['--workers', '2'], '--workers needs --database-url'],
  [['--workers', '2', '--database-url', 'postgres://127.0.0.1:1/none', '--ephemeral'], 'does not go with --ephemeral'],
  [['--workers', '0'], 'a whole number from 1 to 31'],
  [['--workers', '2', '--database-url', 'postgres://127.0.0.1:1/none'], 'connect ECONNREFUSED'],
])('serve %j is refused, and says why', async (args, why) => {
  const command = pinfold(['serve', '--port', '0', ...args], { cwd: await newFolder() })
  expect(await command.ended).toBe(2)
  expect(command.stderr()).toContain(why)
})

test.skipIf(postgresPrograms === undefined || process.platform !== 'linux')(
  'two workers serve one database on one port, and one that is killed begins again',
  { timeout: onThisMachine(120_000) },
  async () => {
    const postgres = await startPostgres()
    onTestFinished(() => postgres.discard())
    const databaseUrl = await postgres.create('workers')
    const options = ['--port', '0', '--workers', '2', '--database-url', databaseUrl, '--rate-limits', 'off']
    const cwd = await newFolder()
    const command = pinfold(['serve', ...options], { cwd })
    const url = await command.ready()
    expect(command.stdout().match(/^Pinfold is ready/gm)).toHaveLength(1)
    const workers = workersOf(command.child.pid)
    expect(workers).toHaveLength(2)

    const board = await ask(url, 'POST', '/boards', { name: 'Made by one' })
    const pin = await ask(url, 'POST', '/pins', { board_id: board.id, media_source: await base64Source(1) })
    const picture: string = pin.media.images.originals?.url ?? pin.media.images['600x'].url
    const everybody = () =>
      Promise.all(
        Array.from({ length: 8 }, async () => [await status(`${url}/v5/pins/${pin.id}`), await status(picture)]),
      )
    expect(await everybody()).toEqual(Array(8).fill([200, 200]))

    process.kill(Number(workers[0]), 'SIGKILL')
    await expect.poll(() => command.stderr()).toMatch(/worker [12] ended \(SIGKILL\); it begins again/)
    await expect.poll(() => workersOf(command.child.pid).filter((pid) => pid !== workers[1])).toHaveLength(1)
    const [again] = workersOf(command.child.pid).filter((pid) => pid !== workers[1])
    // Meanwhile the other one goes on, and then both do.
    expect(await everybody()).toEqual(Array(8).fill([200, 200]))
    const { code } = await command.stop()
    expect(code).toBe(0)
    for (const pid of [again, workers[1]]) expect(() => process.kill(Number(pid), 0)).toThrow()

    // Where the process that began them is killed they end as well, and free the port.
    const next = pinfold(['serve', ...options], { cwd })
    await next.ready()
    const left = workersOf(next.child.pid)
    await next.kill()
    const isThere = (pid: string) => existsSync(`/proc/${pid}`)
    await expect.poll(() => left.filter(isThere)).toEqual([])
  },
)

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-workers-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Returns the processes that a process started. */
const workersOf = (pid: number | undefined): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)

const headers = { authorization: `Bearer ${demoCredentials.accessToken}`, 'content-type': 'application/json' }
// biome-ignore lint/suspicious/noExplicitAny: whatever the operation returns
async function ask(url: string, method: string, path: string, body: object): Promise<any> {
  const answer = await fetch(`${url}/v5${path}`, { method, headers, body: JSON.stringify(body) })
  expect(answer.status).toBe(201)
  return answer.json()
}

/** A connection of its own: the next one may be another worker's. */
async function status(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { ...headers, connection: 'close' } })
  await answer.arrayBuffer()
  return answer.status
}
