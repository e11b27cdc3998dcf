import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const noSecrets = { token: 'pina_no_secrets_00000000' }
const openScopes = allScopesBut('boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret')

describe.each(databases)('a creation with an Idempotency-Key, on $name', ({ open }) => {
  let server: TestServer
  beforeAll(async () => {
    const { discard, ...config } = await open()
    server = await startTestServer({ ...config, tokens: [{ text: noSecrets.token, scopes: openScopes }] })
    return async () => {
      await server.close()
      await discard()
    }
  })

  const keyed = (key: string, token?: string) => ({ headers: { 'idempotency-key': key }, ...(token && { token }) })

  test('is carried out once, however often it is sent', async () => {
    const first = await server.post('/boards', { name: 'Once' }, keyed('board-1'))
    const second = await server.post('/boards', { name: 'Once' }, keyed('board-1'))
    expect(first.status).toBe(201)
    expect([second.status, second.body]).toEqual([201, first.body])
    await server.delete(`/boards/${first.body.id}`)
    expect((await server.post('/boards', { name: 'Once' }, keyed('board-1'))).body).toEqual(first.body)
    expect((await server.get(`/boards/${first.body.id}`)).status).toBe(404)
  })

  test('with another request under the same key is refused', async () => {
    const { body: board } = await server.post('/boards', { name: 'One key' }, keyed('board-2'))
    const other = await server.post('/boards', { name: 'Another name' }, keyed('board-2'))
    expect([other.status, other.body.code]).toEqual([409, 409])
    const elsewhere = await server.post(`/boards/${board.id}/sections`, { name: 'One key' }, keyed('board-2'))
    expect(elsewhere.status).toBe(409)
  })

  test('sent many times at once makes one Pin', async () => {
    const { body: board } = await server.post('/boards', { name: 'At once' })
    const pin = { board_id: board.id, title: 'One', media_source: await base64Source(90) }
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.post('/pins', pin, keyed('pin-1'))))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect((await server.get(`/boards/${board.id}`)).body.pin_count).toBe(1)

    const saves = await Promise.all(
      Array.from({ length: 4 }, () =>
        server.post(`/pins/${answers[0]?.body.id}/save`, { board_id: board.id }, keyed('save-1')),
      ),
    )
    expect(new Set(saves.map(({ body }) => body.id)).size).toBe(1)
    const sections = await Promise.all(
      Array.from({ length: 4 }, () => server.post(`/boards/${board.id}/sections`, { name: 'S' }, keyed('section-1'))),
    )
    expect(sections.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  })

  test('that failed may be sent again under its key', async () => {
    const { body: board } = await server.post('/boards', { name: 'Later' })
    const pin = { board_id: board.id, media_source: { source_type: 'image_url', url: 'http://127.0.0.1:9/no.jpg' } }
    expect((await server.post('/pins', pin, keyed('pin-2'))).status).toBe(400)
    expect((await server.post('/pins', pin, keyed('pin-2'))).status).toBe(400)
    const good = { board_id: board.id, media_source: await base64Source(91) }
    expect((await server.post('/pins', good, keyed('pin-2'))).status).toBe(201)
  })

  test('is remembered for each account by itself, and for 24 hours', async () => {
    const alices = await server.post('/boards', { name: 'Mine' }, keyed('board-3'))
    const bobs = await server.post('/boards', { name: 'Mine' }, keyed('board-3', people.bob.token))
    expect(bobs.body.id).not.toBe(alices.body.id)
    server.clock.advance(23 * 3_600_000)
    expect((await server.post('/boards', { name: 'Mine' }, keyed('board-3'))).body.id).toBe(alices.body.id)
    server.clock.advance(2 * 3_600_000)
    expect((await server.post('/boards', { name: 'Mine' }, keyed('board-3'))).status).toBe(409)
    expect((await server.post('/boards', { name: 'Mine again' }, keyed('board-3'))).status).toBe(201)
  })

  test('tells a token without the secret scopes nothing of what is secret (12.8)', async () => {
    const secret = (await server.post('/boards', { name: 'Secret', privacy: 'SECRET' })).body
    const pin = (await server.post('/pins', { board_id: secret.id, media_source: await base64Source(92) })).body
    const creations: [path: string, body: unknown, code: number][] = [
      ['/boards', { name: 'Kept secret', privacy: 'SECRET' }, 40],
      [`/boards/${secret.id}/sections`, { name: 'Kept secret' }, 40],
      ['/pins', { board_id: secret.id, media_source: await base64Source(93) }, 50],
      [`/pins/${pin.id}/save`, { board_id: secret.id }, 50],
    ]
    for (const [path, body, code] of creations) {
      const full = await server.post(path, body, keyed(`secret ${path}`))
      expect(full.status, path).toBe(201)
      const replayed = await server.post(path, body, keyed(`secret ${path}`, noSecrets.token))
      expect([replayed.status, replayed.body.code], path).toEqual([404, code])
      expect((await server.post(path, body, keyed(`secret ${path}`))).body, path).toEqual(full.body)
    }
  })

  test('tells it nothing of what became secret, or was secret until it was deleted (12.8)', async () => {
    const send = (name: string, more: object = {}, token?: string) =>
      server.post('/boards', { name, ...more }, keyed(name, token))
    const open = (await send('Open at first', {}, noSecrets.token)).body
    expect((await send('Open at first', {}, noSecrets.token)).body).toEqual(open)
    await server.patch(`/boards/${open.id}`, { privacy: 'SECRET' })
    expect((await send('Open at first', {}, noSecrets.token)).status).toBe(404)
    expect((await send('Open at first')).body).toEqual(open)

    const secret = (await send('Secret to the end', { privacy: 'SECRET' })).body
    await server.delete(`/boards/${secret.id}`)
    expect((await send('Secret to the end', { privacy: 'SECRET' }, noSecrets.token)).status).toBe(404)

    const deleted = (await send('Open to the end', {}, noSecrets.token)).body
    await server.delete(`/boards/${deleted.id}`)
    expect((await send('Open to the end', {}, noSecrets.token)).body).toEqual(deleted)
  })

  test('needs a key of a sensible length', async () => {
    for (const key of ['', 'x'.repeat(256)]) {
      const answer = await server.post('/boards', { name: 'Long key' }, keyed(key))
      expect([answer.status, answer.body.code], `a key of ${key.length}`).toEqual([400, 1])
    }
  })
})
