import { databases } from '@pinfold/test-support/databases'
import { banded, jpegSource } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const alice = {}
const bob = { token: people.bob.token }
const nobody = { token: null }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }
const others = [bob, nobody]

const [brick, sea, fog] = ['#c2410c', '#1d4ed8', '#d6d3d1']

describe.each(databases)('a search by colour, on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}
  const pins: Record<string, string> = {}

  const makePin = async (on: string, title: string, bands: Record<string, number>, who: object = alice) => {
    const given = { board_id: boards[on], title, media_source: jpegSource(await banded(bands)) }
    const made = await server.post('/pins', given, who)
    expect(made.status, made.text).toBe(201)
    pins[title] = made.body.id
  }
  const search = (query: object, who: object = alice) =>
    server.get(`/_pinfold/web/search/pins?${new URLSearchParams({ ...query })}`, who)
  const found = async (query: object, who: object = alice): Promise<string[]> => {
    const { status, body } = await search(query, who)
    expect(status, JSON.stringify(body)).toBe(200)
    return body.items.map(({ title }: { title: string }) => title)
  }

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const scopes = allScopesBut('boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret')
    server = await startTestServer({ ...database, tokens: [{ text: withoutSecrets.token, scopes }] })
    for (const privacy of ['PUBLIC', 'PROTECTED', 'SECRET'])
      boards[privacy] = (await server.post('/boards', { name: `Walls, ${privacy}`, privacy })).body.id
    boards.bob = (await server.post('/boards', { name: 'Walls' }, bob)).body.id
    await makePin('PUBLIC', 'A door in a wall', { [fog]: 88, [brick]: 12 })
    await makePin('PUBLIC', 'A brick wall', { [brick]: 70, [fog]: 30 })
    await makePin('PROTECTED', 'By address', { [brick]: 60, [fog]: 40 })
    await makePin('SECRET', 'A secret wall', { [brick]: 50, [fog]: 50 })
    await makePin('bob', 'The sea behind a wall', { [sea]: 80, [fog]: 20 }, bob)
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('finds what has the colour, the nearest and the most of it first, whatever the shade', async () => {
    const all = ['A brick wall', 'By address', 'A secret wall', 'A door in a wall']
    expect(await found({ color: 'c2410c' })).toEqual(all)
    for (const shade of ['C2410C', 'b53a08', 'cc4a1a'])
      expect((await found({ color: shade })).toSorted()).toEqual(all.toSorted())
    for (const who of others)
      expect(await found({ color: 'c2410c' }, who)).toEqual(['A brick wall', 'A door in a wall'])
    expect(await found({ color: 'c2410c' }, withoutSecrets)).toEqual(['A brick wall', 'By address', 'A door in a wall'])
    expect(await found({ color: '1e40af' }, nobody)).toEqual(['The sea behind a wall'])
    for (const color of ['15803d', '000000', 'ec4899']) expect(await found({ color })).toEqual([])
    expect(await found({ color: 'd6d3d1' }, nobody)).toHaveLength(3)
  })

  test('goes together with words and with every other filter', async () => {
    const color = 'c2410c'
    expect(await found({ color, query: 'door' }, nobody)).toEqual(['A door in a wall'])
    expect(await found({ color, query: 'wall' }, bob)).toEqual(['A brick wall', 'A door in a wall'])
    expect(await found({ color, query: 'sea' })).toEqual([])
    expect(await found({ color: '1d4ed8', scope: 'mine' })).toEqual([])
    expect(await found({ color: '1d4ed8', scope: 'mine' }, bob)).toEqual(['The sea behind a wall'])
    expect(await found({ color, board_id: boards.SECRET })).toEqual(['A secret wall'])
    expect((await search({ color, board_id: boards.SECRET }, bob)).status).toBe(404)
    expect(await found({ color, kind: 'video' })).toEqual([])
    expect(await found({ color, has_link: 'true' })).toEqual([])
  })

  test('refuses what is no colour', async () => {
    for (const color of ['red', '#c2410c', 'c2410', 'c2410cc', '']) {
      const { status, body } = await search({ color }, nobody)
      expect([status, body.message]).toEqual([400, expect.stringContaining('color')])
    }
  })

  test('has pages that follow one another, whatever is pinned meanwhile', async () => {
    const page = async (bookmark: string) => (await search({ color: 'c2410c', page_size: 2, bookmark })).body
    const first = (await search({ color: 'c2410c', page_size: 2 })).body
    await makePin('PUBLIC', 'Nothing but brick', { [brick]: 100 })
    const second = await page(first.bookmark)
    const titles = [first, second].flatMap(({ items }) => items.map(({ title }: { title: string }) => title))
    expect(titles).toEqual(['A brick wall', 'By address', 'A secret wall', 'A door in a wall'])
    expect(second.bookmark).toBeNull()
    expect((await search({ color: '1d4ed8', bookmark: first.bookmark })).status).toBe(400)
    await server.delete(`/pins/${pins['Nothing but brick']}`)
  })

  test('follows a Pin to where it goes', async () => {
    const isFound = async (who: object) => (await found({ color: '15803d' }, who)).length === 1
    await makePin('PUBLIC', 'Ivy', { '#15803d': 100 })
    const ivy = pins.Ivy
    expect([await isFound(alice), await isFound(nobody)]).toEqual([true, true])
    const saved = (await server.post(`/pins/${ivy}/save`, { board_id: boards.bob }, bob)).body.id
    expect(await found({ color: '15803d', scope: 'mine' }, bob)).toEqual(['Ivy'])
    await server.delete(`/pins/${saved}`, bob)
    await server.patch(`/pins/${ivy}`, { board_id: boards.SECRET })
    expect([await isFound(alice), await isFound(nobody)]).toEqual([true, false])
    await server.patch(`/pins/${ivy}`, { board_id: boards.PUBLIC })
    await server.patch(`/boards/${boards.PUBLIC}`, { privacy: 'SECRET' })
    expect([await isFound(alice), await isFound(nobody)]).toEqual([true, false])
    await server.patch(`/boards/${boards.PUBLIC}`, { privacy: 'PUBLIC' })
    await server.post(`/_pinfold/trash/${ivy}`)
    expect([await isFound(alice), await isFound(nobody)]).toEqual([false, false])
    await server.post(`/_pinfold/trash/${ivy}/restore`, {})
    expect([await isFound(alice), await isFound(nobody)]).toEqual([true, true])
    await server.delete(`/pins/${ivy}`)
    expect([await isFound(alice), await isFound(nobody)]).toEqual([false, false])
  })

  test('a Pin tells its colours to whoever sees it', async () => {
    const view = async (title: string, who: object) => server.get(`/_pinfold/web/pins/${pins[title]}`, who)
    const { colors } = (await view('A brick wall', nobody)).body
    expect(colors.map(({ share }: { share: number }) => Math.round(share / 10))).toEqual([7, 3])
    expect(colors[0].color).toMatch(/^#c[0-5]/)
    expect((await view('A secret wall', bob)).status).toBe(404)
  })
})
