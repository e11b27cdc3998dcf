import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { expect, onTestFinished, test } from 'vitest'
import { currentFolder } from '../src/app/generations.ts'

const discard = { confirm: true }

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-exchange-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const boardNames = async (server: TestServer): Promise<string[]> =>
  (await server.get('/boards')).body.items.map(({ name }: { name: string }) => name).toSorted()

/** Makes a board with a Pin, and returns the address of the Pin's picture. */
async function pinned(server: TestServer, name: string): Promise<{ id: string; picture: string }> {
  const board = await server.post('/boards', { name })
  const pin = await server.post('/pins', { board_id: board.body.id, media_source: await base64Source(7) })
  expect(pin.status).toBe(201)
  return { id: pin.body.id, picture: pin.body.media.images['600x'].url }
}

test('a reset restores what the seed filled, with the clock and without faults, again and again', async () => {
  const dataDir = await ownFolder()
  const server = await ownServer({ dataDir, ephemeral: false })
  const started = server.clock.now()
  for (let round = 0; round < 3; round++) {
    const { id, picture } = await pinned(server, 'Cups')
    expect((await fetch(picture)).status).toBe(200)
    await server.post('/_pinfold/clock/advance', { by: '2d' })
    await server.post('/_pinfold/faults', { operation: 'pins/list', effect: 'error' })
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
    expect(await boardNames(server)).toEqual([])
    expect((await server.get(`/pins/${id}`)).status).toBe(404)
    expect((await server.get('/pins')).status).toBe(200)
    expect((await server.get('/_pinfold/clock')).body.now).toBe(new Date(started).toISOString())
  }
  // What no longer counts takes no space.
  await until(() => readdirSync(dataDir).filter((name) => /^(data-|pinfold\.db|media)/.test(name)).length === 1)

  // A new start goes on with what counts, and can be reset as well.
  await pinned(server, 'Bowls')
  await server.close()
  const again = await ownServer({ dataDir, ephemeral: false })
  expect(await boardNames(again)).toEqual(['Bowls'])
  expect((await again.post('/_pinfold/reset', {})).status).toBe(204)
  expect(await boardNames(again)).toEqual([])
})

test('snapshots bring back boards, Pins and pictures, whatever happened since', async () => {
  const server = await ownServer()
  const { id, picture } = await pinned(server, 'Cups')
  const saved = await server.post('/_pinfold/snapshots', { name: 'with-cups' })
  expect([saved.status, saved.body.name]).toEqual([201, 'with-cups'])
  expect((await server.post('/_pinfold/snapshots', { name: 'With-Cups' })).body.message).toContain('already')
  for (const { id: board } of (await server.get('/boards')).body.items) await server.delete(`/boards/${board}`)
  await server.post('/boards', { name: 'Bowls' })
  await until(async () => (await fetch(picture)).status === 404)
  await server.post('/_pinfold/snapshots', { name: 'with-bowls' })
  const names = (await server.get('/_pinfold/snapshots')).body.items.map(({ name }: { name: string }) => name)
  expect(names).toEqual(['with-bowls', 'with-cups'])

  const restore = (name: string) => server.post(`/_pinfold/snapshots/${name}/restore`, {})
  for (let round = 0; round < 2; round++) {
    expect((await restore('with-cups')).status).toBe(204)
    expect(await boardNames(server)).toEqual(['Cups'])
    expect((await server.get(`/pins/${id}`)).status).toBe(200)
    expect((await fetch(picture)).status).toBe(200)
    // What is deleted after a restore is still in the snapshot.
    expect((await server.delete(`/pins/${id}`)).status).toBe(204)
    expect((await restore('with-bowls')).status).toBe(204)
    expect(await boardNames(server)).toEqual(['Bowls'])
  }
  expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
  expect(await boardNames(server)).toEqual([])
  expect((await server.delete('/_pinfold/snapshots/with-cups')).status).toBe(204)
  expect((await restore('with-cups')).status).toBe(404)
  expect((await server.delete('/_pinfold/snapshots/with-cups')).status).toBe(404)
  expect((await server.post('/_pinfold/snapshots', { name: '../etc' })).status).toBe(400)
})

test('a seed replaces the data, unless it is wrong, and a reset leads back to it', async () => {
  const server = await ownServer()
  await server.post('/boards', { name: 'Cups' })
  const wrong = await server.post('/_pinfold/seed', { seed: { accounts: [{ username: 'no' }] } })
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('/accounts/0/username')])
  const path = { accounts: [{ username: 'carol', boards: [{ name: 'Cups', pins: [{ image: '/etc/hostname' }] }] }] }
  expect((await server.post('/_pinfold/seed', { seed: path })).body.message).toContain('data:')
  const broken = {
    ...path,
    accounts: [{ ...path.accounts[0], boards: [{ name: 'C', pins: [{ image: 'data:image/png;base64,AAAA' }] }] }],
  }
  expect((await server.post('/_pinfold/seed', { seed: broken })).status).toBe(400)
  expect(await boardNames(server)).toEqual(['Cups'])

  const { content_type, data } = await base64Source(3)
  const token = 'pina_carol_00000000000000000'
  const seed = {
    accounts: [
      { username: 'carol', boards: [{ name: 'Plates', pins: [{ image: `data:${content_type};base64,${data}` }] }] },
    ],
    apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
    tokens: [{ app: '7', account: 'carol', access_token: token }],
  }
  expect((await server.post('/_pinfold/seed', { seed })).status).toBe(204)
  expect((await server.get('/boards')).status).toBe(401)
  const [board] = (await server.get('/boards', { token })).body.items
  expect(board).toMatchObject({ name: 'Plates', pin_count: 1 })
  expect((await server.delete(`/boards/${board.id}`, { token })).status).toBe(204)
  expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
  expect((await server.get('/boards', { token })).body.items).toEqual([board])
})

test('data that no seed has filled are discarded only by those who say so', async () => {
  const server = await ownServer({ seed: 'none' })
  for (const [path, body] of [
    ['reset', {}],
    ['seed', { seed: 'demo' }],
  ] as const) {
    const refused = await server.post(`/_pinfold/${path}`, body)
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('confirm')])
  }
  expect((await server.post('/_pinfold/reset', discard)).status).toBe(204)
  const seed = { accounts: [{ username: 'alice' }] }
  expect((await server.post('/_pinfold/seed', { seed, ...discard })).status).toBe(204)
  expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
})

test('requests under way are answered, and exchanges at once go in turn', async () => {
  const server = await ownServer()
  await server.post('/_pinfold/snapshots', { name: 'start' })
  await server.post('/_pinfold/faults', { operation: 'boards/create', effect: 'latency', latency_ms: 300, times: 3 })
  const late = ['A', 'B', 'C'].map((name) => server.post('/boards', { name }))
  await until(async () => (await server.get('/_pinfold/faults')).body.items[0].happened === 3)
  const reading = Array.from({ length: 20 }, () => server.get('/boards'))
  const exchanges = ['snapshots/start/restore', 'reset', 'snapshots/start/restore', 'reset'].map((path) =>
    server.post(`/_pinfold/${path}`, {}),
  )
  expect((await Promise.all(exchanges)).map(({ status }) => status)).toEqual([204, 204, 204, 204])
  expect((await Promise.all(late)).map(({ status }) => status)).toEqual([201, 201, 201])
  expect((await Promise.all(reading)).map(({ status }) => status)).toEqual(reading.map(() => 200))
  // They were made in data that do not count any more.
  expect(await boardNames(server)).toEqual([])
  expect((await server.get('/user_account', { token: people.bob.token })).status).toBe(200)
})

test.each(databases.filter(({ name }) => name.startsWith('PostgreSQL')))(
  'with $name, it is refused in words',
  async ({ open }) => {
    const { discard: drop, ...database } = await open()
    onTestFinished(drop)
    const server = await ownServer(database)
    const refused = await server.post('/_pinfold/reset', {})
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('--database-url')])
    expect((await server.get('/_pinfold/snapshots')).status).toBe(400)
  },
)

const kills = 6

test(
  `after each of ${kills} kills during an exchange, the data are those of before or of after, and whole`,
  async () => {
    const dataDir = await ownFolder()
    const seed = join(dataDir, 'seed.json')
    const token = 'pina_carol_00000000000000000'
    await writeFile(
      seed,
      JSON.stringify({
        accounts: [{ username: 'carol' }],
        apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
        tokens: [{ app: '7', account: 'carol', access_token: token }],
      }),
    )
    const data = join(dataDir, 'data')
    const start = () => pinfold(['serve', '--port', '0', '--data', data, '--seed', seed, '--durability', 'full'])
    const send = async (url: string, path: string, body?: object) => {
      const response = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text ? JSON.parse(text) : undefined }
    }
    let running = start()
    let url = await running.ready()
    const board = (await send(url, '/v5/boards', { name: 'Cups' })).body.id
    for (let hue = 0; hue < 6; hue++)
      await send(url, '/v5/pins', { board_id: board, media_source: await base64Source(hue * 50) })
    expect((await send(url, '/_pinfold/snapshots', { name: 'cups' })).status).toBe(201)
    const states: Record<string, string> = { 'snapshots/cups/restore': 'Cups', reset: '' }
    let before = 'Cups'
    for (let kill = 0; kill < kills; kill++) {
      const [path = '', after] = Object.entries(states)[(kill + 1) % 2] ?? []
      const began = performance.now()
      const exchanging = send(url, `/_pinfold/${path}`, {}).then(
        ({ status }) => status,
        () => 0,
      )
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 80))
      await running.kill()
      const status = await exchanging
      running = start()
      url = await running.ready()
      const { items } = (await send(url, '/v5/boards')).body
      const now = items.map(({ name }: { name: string }) => name).join()
      const context = `${path} after ${performance.now() - began} ms`
      if (status === 204) expect(now, context).toBe(after)
      else expect([before, after], context).toContain(now)
      await expectSound(currentFolder(data))
      expect(readdirSync(data).filter((name) => name.startsWith('data-')).length).toBeLessThanOrEqual(1)
      before = now
    }
    // What was saved is whole.
    expect((await send(url, '/_pinfold/snapshots/cups/restore', {})).status).toBe(204)
    expect((await send(url, '/v5/pins')).body.items).toHaveLength(6)
    await running.kill('SIGTERM')
    await running.ended
    await expectSound(currentFolder(data))
  },
  onThisMachine(60_000 + kills * 10_000),
)
