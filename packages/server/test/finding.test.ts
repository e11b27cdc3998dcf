import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const alice = {}
const bob = { token: people.bob.token }
const nobody = { token: null }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }
const others = [bob, nobody]

describe.each(databases)('finding what one may see, on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}
  let hue = 0

  const makeBoard = async (name: string, privacy: string, who: object = alice) => {
    boards[name] = (await server.post('/boards', { name, privacy, description: 'For the house' }, who)).body.id
  }
  const makePin = async (on: string, title: string, more: object = {}, who: object = alice) => {
    const given = { board_id: boards[on], title, media_source: await base64Source(++hue), ...more }
    expect((await server.post('/pins', given, who)).status).toBe(201)
  }
  const search = (what: string, query: object, who: object = alice) =>
    server.get(`/_pinfold/web/search/${what}?${new URLSearchParams({ ...query })}`, who)
  const pins = async (query: object, who: object = alice): Promise<string[]> => {
    const { status, body } = await search('pins', query, who)
    expect(status, JSON.stringify(body)).toBe(200)
    return body.items.map(({ title }: { title: string }) => title)
  }
  const boardNames = async (query: object, who: object = alice): Promise<string[]> =>
    (await search('boards', query, who)).body.items.map(({ board }: { board: { name: string } }) => board.name)
  const usernames = async (query: string, who: object = nobody): Promise<string[]> =>
    (await search('people', { query }, who)).body.items.map(({ username }: { username: string }) => username)

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const secretless = allScopesBut(
      'boards:read_secret',
      'boards:write_secret',
      'pins:read_secret',
      'pins:write_secret',
    )
    server = await startTestServer({ ...database, tokens: [{ text: withoutSecrets.token, scopes: secretless }] })
    await makeBoard('Lamps', 'PUBLIC')
    await makeBoard('Lamps by address', 'PROTECTED')
    await makeBoard('Lamps in secret', 'SECRET')
    await makeBoard("Bob's lamps", 'PUBLIC', bob)
    await makeBoard('Lámpara', 'PUBLIC', bob)
    await makePin('Lamps', 'Brass lamp', { link: 'https://www.example.com/brass' })
    await makePin('Lamps', 'Shelf', { description: 'Under a lamp', link: 'https://shop.example/shelf' })
    await makePin('Lamps by address', 'Letter lamp')
    await makePin('Lamps in secret', 'Secret lamp', { link: 'https://hidden.example/' })
    await makePin("Bob's lamps", 'Oil lamp', {}, bob)
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('Pins with the words are found, one’s own and public ones, those with titles first', async () => {
    expect(await pins({ query: 'lamp' })).toEqual(['Oil lamp', 'Secret lamp', 'Letter lamp', 'Brass lamp', 'Shelf'])
    for (const who of others) expect(await pins({ query: 'lam' }, who)).toEqual(['Oil lamp', 'Brass lamp', 'Shelf'])
    expect(await pins({ query: 'brass lmap' }, nobody)).toEqual(['Brass lamp'])
    expect(await pins({ query: 'LAMP', scope: 'mine' })).toEqual(['Secret lamp', 'Letter lamp', 'Brass lamp', 'Shelf'])
    expect(await pins({ query: 'lamp', scope: 'mine' }, bob)).toEqual(['Oil lamp'])
    expect(await pins({ query: 'lamp' }, withoutSecrets)).not.toContain('Secret lamp')
    expect((await search('pins', { query: 'lamp', scope: 'mine' }, nobody)).status).toBe(401)
  })

  test('filters leave what they say, with words and without', async () => {
    expect(await pins({}, nobody)).toEqual(['Oil lamp', 'Shelf', 'Brass lamp'])
    expect(await pins({ scope: 'mine' })).toEqual(['Secret lamp', 'Letter lamp', 'Shelf', 'Brass lamp'])
    expect(await pins({ board_id: boards.Lamps }, nobody)).toEqual(['Shelf', 'Brass lamp'])
    expect(await pins({ board_id: boards.Lamps, query: 'brass' }, bob)).toEqual(['Brass lamp'])
    expect(await pins({ site: 'example.com' }, nobody)).toEqual(['Brass lamp'])
    expect(await pins({ site: 'www.example.com', query: 'lamp' }, bob)).toEqual(['Brass lamp'])
    expect(await pins({ has_link: 'true' }, nobody)).toEqual(['Shelf', 'Brass lamp'])
    expect(await pins({ has_link: 'false', scope: 'mine' })).toEqual(['Letter lamp'])
    expect(await pins({ kind: 'image', query: 'oil' }, nobody)).toEqual(['Oil lamp'])
    for (const kind of ['video', 'carousel']) expect(await pins({ kind, query: 'lamp' })).toEqual([])
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
    const now = server.clock.now()
    expect(await pins({ query: 'oil', since: day(now) }, nobody)).toEqual(['Oil lamp'])
    expect(await pins({ query: 'oil', since: day(now + 2 * 86_400_000) }, nobody)).toEqual([])
  })

  test('a filter that cannot be is refused with what would be right', async () => {
    for (const [query, told] of [
      [{ site: 'https://example.com/' }, 'such as example.com'],
      [{ kind: 'gif' }, 'kind'],
      [{ since: '2026-02-31' }, 'since'],
      [{ board_id: 'x' }, 'board_id'],
      [{ bookmark: 'made-up' }, 'ookmark'],
    ] as const) {
      const { status, body } = await search('pins', query, nobody)
      expect([status, body.message]).toEqual([400, expect.stringContaining(told)])
    }
  })

  test('pages follow one another', async () => {
    const first = (await search('pins', { query: 'lamp', page_size: 2 })).body
    expect(first.items).toHaveLength(2)
    const rest = await pins({ query: 'lamp', page_size: 3, bookmark: first.bookmark })
    expect(rest).toEqual(['Letter lamp', 'Brass lamp', 'Shelf'])
    expect((await search('pins', { query: 'shelf', bookmark: first.bookmark })).status).toBe(400)
    const board = (await search('boards', { query: 'l', page_size: 1 }, nobody)).body
    expect(await boardNames({ query: 'l', bookmark: board.bookmark }, nobody)).toEqual(['Lámpara'])
  })

  test('boards are found by name: the public ones by its beginning, one’s own by any word', async () => {
    for (const who of others) expect(await boardNames({ query: 'LAMP' }, who)).toEqual(['Lamps'])
    expect(await boardNames({ query: "bob's" }, nobody)).toEqual(["Bob's lamps"])
    expect(await boardNames({ query: 'lamps', scope: 'mine' })).toEqual([
      'Lamps in secret',
      'Lamps by address',
      'Lamps',
    ])
    expect(await boardNames({ query: 'lamps', scope: 'mine' }, withoutSecrets)).toEqual(['Lamps by address', 'Lamps'])
    for (const query of ['', '  ', '%', '_']) expect(await boardNames({ query }, nobody)).toEqual([])
    expect((await search('boards', { query: 'lamps', scope: 'mine' }, nobody)).status).toBe(401)
  })

  test('a board that becomes secret, gets another name or goes is found no longer', async () => {
    await makeBoard('Zinc', 'PUBLIC')
    const change = (json: object) => server.patch(`/boards/${boards.Zinc}`, json)
    expect(await boardNames({ query: 'zinc' }, nobody)).toEqual(['Zinc'])
    await change({ name: 'Tin' })
    expect([await boardNames({ query: 'zinc' }, nobody), await boardNames({ query: 'tin' }, nobody)]).toEqual([
      [],
      ['Tin'],
    ])
    await change({ privacy: 'SECRET' })
    expect(await boardNames({ query: 'tin' }, nobody)).toEqual([])
    await change({ privacy: 'PUBLIC' })
    expect(await boardNames({ query: 'tin' }, nobody)).toEqual(['Tin'])
    await server.delete(`/boards/${boards.Zinc}`)
    expect(await boardNames({ query: 'tin' }, nobody)).toEqual([])
  })

  test('people are found by the beginning of their usernames and names', async () => {
    expect(await usernames('ALI')).toEqual(['alice'])
    expect(await usernames('b')).toEqual(['bob'])
    for (const query of ['lice', '', '%', '_', 'zzz']) expect(await usernames(query)).toEqual([])
  })

  test('what somebody types is met with a few of each', async () => {
    const suggest = async (query: string, who: object = alice) => {
      const { pins: found, boards: named, people: known } = (await search('suggestions', { query }, who)).body
      return {
        pins: found.map(({ title }: { title: string }) => title),
        boards: named.map(({ board }: { board: { name: string } }) => board.name),
        people: known.map(({ username }: { username: string }) => username),
      }
    }
    expect(await suggest('lam')).toEqual({
      pins: ['Oil lamp', 'Secret lamp', 'Letter lamp', 'Brass lamp', 'Shelf'],
      boards: ['Lamps in secret', 'Lamps by address', 'Lamps'],
      people: [],
    })
    for (const who of others)
      expect(await suggest('lam', who)).toMatchObject({ pins: ['Oil lamp', 'Brass lamp', 'Shelf'], people: [] })
    expect((await suggest('lam', nobody)).boards).toEqual(['Lamps'])
    expect(await suggest(' ')).toEqual({ pins: [], boards: [], people: [] })
    expect((await suggest('al', nobody)).people).toEqual(['alice'])
  })

  test('to others nothing secret is found by words, board, site or count', async () => {
    for (const who of others) {
      for (const query of ['secret', 'letter', 'hidden', 'address'])
        expect(await pins({ query }, who), query).toEqual([])
      for (const site of ['hidden.example', 'nowhere.example']) expect(await pins({ site }, who)).toEqual([])
      const absent = await search('pins', { board_id: '999999999999999' }, who)
      for (const name of ['Lamps by address', 'Lamps in secret']) {
        const answer = await search('pins', { board_id: boards[name] ?? '' }, who)
        expect([answer.status, answer.body]).toEqual([absent.status, absent.body])
        expect(answer.status).toBe(404)
      }
      for (const query of ['lamps in', 'lamps by']) {
        expect(await boardNames({ query }, who)).toEqual([])
        expect((await search('suggestions', { query }, who)).body.boards).toEqual([])
      }
    }
    expect((await search('pins', { board_id: boards['Lamps in secret'] ?? '' }, withoutSecrets)).status).toBe(404)
  })
})
