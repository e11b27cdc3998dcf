import { startServer } from '@pinfold/server'
import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { type Answer, allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
const nobody = { token: null }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }
let hue = 0

/** A list that somebody watches, by the query that names it. */
const watching = (server: TestServer, query: string, options = {}) => {
  const ask = (since = '') => server.get(`/_pinfold/web/changes?${query}${since}`, options)
  return {
    now: async (): Promise<string> => (await ask()).body.version,
    /** Waits for another version than this one. */
    after: (version: string): Promise<Answer> => ask(`${query ? '&' : ''}since=${version}`),
  }
}

describe.each(databases)('a list that is watched, on $name', ({ name, open }) => {
  let server: TestServer
  /** Another process on the same data, where there may be several. */
  let otherUrl: string
  const boards: Record<string, string> = {}
  const pin = async (board: string, title: string, options = {}): Promise<string> => {
    const given = { board_id: boards[board], title, media_source: await base64Source(++hue) }
    return (await server.post(`${otherUrl}/v5/pins`, given, options)).body.id
  }
  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [{ text: withoutSecrets.token, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') }],
    })
    const isShared = name !== 'SQLite'
    const { clock } = server
    const second = isShared
      ? await startServer({ ...database, clock, port: 0, ephemeral: true, rateLimits: 'off' })
      : undefined
    otherUrl = second?.url ?? server.url
    for (const [board, privacy] of [
      ['Open', 'PUBLIC'],
      ['Hidden', 'SECRET'],
    ] as const)
      boards[board] = (await server.post('/boards', { name: board, privacy })).body.id
    return async () => {
      await second?.close()
      await server.close()
      await discard()
    }
  })

  test('answers when a Pin comes, goes or moves, within two seconds', async () => {
    const lists = [
      watching(server, '', nobody),
      watching(server, `board_id=${boards.Open}`, bob),
      watching(server, 'username=alice', nobody),
    ]
    const changeOf = async <T>(change: () => Promise<T>): Promise<T> => {
      const before = await Promise.all(lists.map((list) => list.now()))
      const answers = lists.map((list, i) => list.after(before[i] ?? ''))
      const result = await change()
      const began = performance.now()
      for (const [i, answer] of (await Promise.all(answers)).entries()) {
        expect(answer.status).toBe(200)
        expect(answer.body.version).not.toBe(before[i])
      }
      expect(performance.now() - began).toBeLessThan(2000)
      return result
    }
    const id = await changeOf(() => pin('Open', 'Comes'))
    expect((await server.get('/_pinfold/web/changes', nobody)).body.newest_id).toBe(id)
    await changeOf(() => server.patch(`${otherUrl}/v5/pins/${id}`, { board_id: boards.Hidden }))
    await changeOf(() => server.patch(`${otherUrl}/v5/pins/${id}`, { board_id: boards.Open }))
    await changeOf(() => server.delete(`${otherUrl}/v5/pins/${id}`))
  })

  test('says nothing of what is secret to who may not see it', async () => {
    const hidden = `board_id=${boards.Hidden}`
    for (const options of [nobody, bob, withoutSecrets])
      expect((await server.get(`/_pinfold/web/changes?${hidden}`, options)).status).toBe(404)
    const outside = [
      watching(server, '', nobody),
      watching(server, 'username=alice', bob),
      watching(server, 'username=alice', withoutSecrets),
    ]
    const own = [watching(server, hidden), watching(server, 'username=alice')]
    const before = await Promise.all([...outside, ...own].map((list) => list.now()))
    await pin('Hidden', 'Secret')
    const after = await Promise.all([...outside, ...own].map((list) => list.now()))
    expect(after.map((version, i) => version !== before[i])).toEqual([false, false, false, true, true])
  })

  test('is not to be seen any more as soon as it is secret', async () => {
    const list = watching(server, `board_id=${boards.Open}`, bob)
    const answer = list.after(await list.now())
    await server.patch(`/boards/${boards.Open}`, { privacy: 'SECRET' })
    expect((await answer).status).toBe(404)
    await server.patch(`/boards/${boards.Open}`, { privacy: 'PUBLIC' })
  })

  test('takes the place of the oldest when somebody watches too many', async () => {
    const list = watching(server, '', bob)
    const version = await list.now()
    const mostAtOnce = 32
    const waits = Array.from({ length: mostAtOnce + 1 }, () => list.after(version))
    expect((await Promise.race(waits)).body.version).toBe(version)
    await pin('Open', 'Ends the others')
    const answers = await Promise.all(waits)
    expect(answers.filter(({ body }) => body.version === version)).toHaveLength(1)
  })

  test('is a board or an account', async () => {
    const { status, body } = await server.get(`/_pinfold/web/changes?board_id=${boards.Open}&username=alice`)
    expect([status, body.message]).toEqual([400, expect.stringContaining('not both')])
  })
})
