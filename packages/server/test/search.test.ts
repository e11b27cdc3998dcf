import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const bob = { token: people.bob.token }
const withoutSecrets = 'pina_without_secrets_0000000'
const withoutPins = 'pina_without_pins_0000000000'

/** A word in New Tai Lue, whose vowels became letters in Unicode 8: to SQLite's own tables its second letter is a mark. */
const unknownToSqlite = 'x\u19be\u1980'

interface Found {
  items: { id: string; title?: string; name?: string }[]
  bookmark: string | null
}

describe.each(databases)('search on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [
        { text: withoutSecrets, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') },
        { text: withoutPins, scopes: allScopesBut('pins:read') },
      ],
    })
    for (const [name, privacy] of [
      ['Ceramics & still life', 'PUBLIC'],
      ['Wiśniowy sad', 'PUBLIC'],
      ['Plans', 'SECRET'],
    ] as const)
      boards[name] = (await server.post('/boards', { name, privacy })).body.id
    await pin('Ceramics & still life', { title: 'Salt-glazed cup', description: 'From the second firing' })
    await pin('Ceramics & still life', { title: 'Teapot', link: 'https://www.kiln-works.example/pots' })
    await pin('Wiśniowy sad', { title: 'Crème brûlée', alt_text: 'A cup of custard' })
    await pin('Wiśniowy sad', { title: '東京都庁の夜景' })
    await pin('Wiśniowy sad', { title: `Jar, ${unknownToSqlite}` })
    await pin('Plans', { title: 'A cup nobody knows of' })
    return async () => {
      await server.close()
      await discard()
    }
  })

  const pin = async (board: string, words: object, options = {}): Promise<string> => {
    const media_source = await base64Source()
    const { body, status } = await server.post(
      '/pins',
      { board_id: boards[board] ?? board, ...words, media_source },
      options,
    )
    expect(status).toBe(201)
    return body.id
  }
  const find = async (query: string, options = {}): Promise<Found> => {
    const { body, status } = await server.get(`/search/pins?query=${encodeURIComponent(query)}`, options)
    expect(status).toBe(200)
    return body
  }
  const titles = async (query: string, options = {}) => (await find(query, options)).items.map(({ title }) => title)

  test.each([
    ['cup', ['A cup nobody knows of', 'Crème brûlée', 'Salt-glazed cup']],
    ['CUP salt', ['Salt-glazed cup']],
    ['second fir', ['Salt-glazed cup']],
    ['fir second', []],
    ['creme BRULEE', ['Crème brûlée']],
    ['wisniowy brulee', ['Crème brûlée']],
    ['ceramics', ['Teapot', 'Salt-glazed cup']],
    ['ceramics cup', ['Salt-glazed cup']],
    ['kiln', ['Teapot']],
    ['東京都庁', ['東京都庁の夜景']],
    ['夜景', ['東京都庁の夜景']],
    [unknownToSqlite, [`Jar, ${unknownToSqlite}`]],
    ['x jar', []],
    ['nothing of the kind', []],
    ['!?', []],
    [`"cup" OR title:salt*`, []],
  ])('finds %j', async (query, wanted) => expect(await titles(query)).toEqual(wanted))

  test.each([
    ['slat glazed', ['Salt-glazed cup']],
    ['teapott', ['Teapot']],
    ['ceramcs cup', ['Salt-glazed cup']],
    ['xyzzy', []],
  ])('forgives the typing error in %j', async (query, wanted) => expect(await titles(query)).toEqual(wanted))

  test('finds what was pinned a moment ago, as it is now, and nothing that was deleted', async () => {
    const id = await pin('Ceramics & still life', { title: 'Moonjar' })
    expect(await titles('moonj')).toEqual(['Moonjar'])
    await server.patch(`/pins/${id}`, { title: 'White vessel' })
    expect(await titles('moonjar')).toEqual([])
    expect(await titles('white vessel')).toEqual(['White vessel'])
    await server.patch(`/pins/${id}`, { board_id: boards['Wiśniowy sad'] })
    expect(await titles('wisniowy vessel')).toEqual(['White vessel'])
    await server.patch(`/boards/${boards['Wiśniowy sad']}`, { name: 'Orchard' })
    expect(await titles('orchard vessel')).toEqual(['White vessel'])
    await server.patch(`/boards/${boards['Wiśniowy sad']}`, { name: 'Wiśniowy sad' })
    await server.delete(`/pins/${id}`)
    expect(await titles('white vessel')).toEqual([])
  })

  test('finds nothing of a board that was deleted', async () => {
    const { body } = await server.post('/boards', { name: 'Short-lived' })
    await pin(body.id, { title: 'Mayfly' })
    expect(await titles('mayfly')).toEqual(['Mayfly'])
    await server.delete(`/boards/${body.id}`)
    expect(await titles('mayfly')).toEqual([])
    expect(await titles('short-lived')).toEqual([])
  })

  test('gives pages of 25, newest first, that neither repeat nor skip', async () => {
    const { body } = await server.post('/boards', { name: 'Many' })
    const made: string[] = []
    for (let i = 0; i < 30; i++) made.unshift(await pin(body.id, { title: `Pebble ${i}` }))
    const first = await find('pebble')
    expect(first.items.map(({ id }) => id)).toEqual(made.slice(0, 25))
    await pin(body.id, { title: 'Pebble, late' })
    const { body: second } = await server.get(`/search/pins?query=pebble&bookmark=${first.bookmark}`)
    expect(second.items.map(({ id }: { id: string }) => id)).toEqual(made.slice(25))
    expect(second.bookmark).toBeNull()
    const other = await server.get(`/search/pins?query=cup&bookmark=${first.bookmark}`)
    expect(other).toMatchObject({ status: 400, body: { code: 1 } })
    await server.delete(`/boards/${body.id}`)
  })

  test('finds Pins by their ids', async () => {
    const [one, two] = (await find('cup')).items.map(({ id }) => id)
    expect((await find(`${two}, ${one}`)).items.map(({ id }) => id)).toEqual([one, two])
    expect((await find(`${one}`, bob)).items).toEqual([])
  })

  test('is for the account’s own Pins and boards alone', async () => {
    expect(await titles('cup', bob)).toEqual([])
    expect((await server.get('/search/boards?query=ceramics', bob)).body.items).toEqual([])
  })

  test('tells nothing secret to a token without the scopes, and needs each of them', async () => {
    for (const path of ['/search/pins?query=cup', '/search/boards?query=plans'])
      expect(await server.get(path, { token: withoutSecrets })).toMatchObject({ status: 401, body: { code: 3 } })
    expect(await server.get('/search/pins?query=cup', { token: withoutPins })).toMatchObject({ status: 401 })
    const { body } = await server.get('/search/partner/pins?term=cup&country_code=US', { token: withoutSecrets })
    expect(body.items.map(({ title }: { title: string }) => title).sort()).toEqual(['Crème brûlée', 'Salt-glazed cup'])
  })

  test.each([
    ['ceramics', ['Ceramics & still life']],
    ['still cer', ['Ceramics & still life']],
    ['cer still', []],
    ['still ceramics', ['Ceramics & still life']],
    ['wisn', ['Wiśniowy sad']],
    ['palns', ['Plans']],
    ['', ['Plans', 'Wiśniowy sad', 'Ceramics & still life']],
  ])('finds boards by %j', async (query, wanted) => {
    const { body } = await server.get(`/search/boards?query=${encodeURIComponent(query)}`)
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(wanted)
  })

  test('finds public Pins of everybody, those with the words in their titles first', async () => {
    const { body: board } = await server.post('/boards', { name: "Bob's" }, bob)
    const bobs = await pin(board.id, { title: 'Lantern', description: 'paper' }, bob)
    const alices = await pin('Wiśniowy sad', { title: 'Paper lantern' })
    await pin('Plans', { title: 'Paper plane' })
    const { body } = await server.get('/search/partner/pins?term=paper&country_code=DE&limit=1')
    expect(body.items).toMatchObject([{ id: alices, title: 'Paper lantern' }])
    expect(Object.keys(body.items[0]).sort()).toEqual(['alt_text', 'description', 'id', 'link', 'media', 'title'])
    const next = `/search/partner/pins?term=paper&country_code=DE&limit=1&bookmark=${body.bookmark}`
    expect((await server.get(next)).body).toMatchObject({ items: [{ id: bobs }], bookmark: null })
    await server.delete(`/pins/${alices}`)
    await server.delete(`/boards/${board.id}`, bob)
  })

  const publicTitles = async (term: string, options = {}) => {
    const { body } = await server.get(`/search/partner/pins?country_code=US&limit=50&term=${term}`, options)
    return body.items.map(({ title }: { title: string }) => title)
  }

  test('finds public Pins with all the words in their titles first, then the others, each newest first', async () => {
    const board = (await server.post('/boards', { name: 'Woods' })).body.id
    await pin(board, { title: 'Oak table' })
    await pin(board, { title: 'Table', description: 'Of oak' })
    await pin(board, { title: 'Oak tablet' })
    await pin(board, { title: 'Oak', link: 'https://tables.example/' })
    expect(await publicTitles('oak%20table')).toEqual(['Oak tablet', 'Oak table', 'Oak', 'Table'])
    expect(await publicTitles('table%20oak')).toEqual(['Oak table', 'Table'])
    await server.delete(`/boards/${board}`)
  })

  test('no Pin that is secret stands in the way of public ones, nor keeps a typing error from being forgiven', async () => {
    const board = (await server.post('/boards', { name: 'Old' })).body.id
    await pin(board, { title: 'Harbour at dusk', description: 'lighthouse' })
    const hidden = (await server.post('/boards', { name: 'New', privacy: 'SECRET' })).body.id
    await pin(hidden, { title: 'Harbuor' })
    expect(await publicTitles('harbuor', bob)).toEqual(['Harbour at dusk'])
    const { id } = (await server.get('/search/pins?query=harbour')).body.items[0]
    for (let i = 0; i < 100; i++)
      await Promise.all(Array.from({ length: 11 }, () => server.post(`/pins/${id}/save`, { board_id: hidden })))
    expect(await publicTitles('harbour', bob)).toEqual(['Harbour at dusk'])
    const { body } = await server.get('/terms/related?terms=harbour', bob)
    expect(body.related_terms_list[0].related_terms).toContain('lighthouse')
    for (const each of [board, hidden]) await server.delete(`/boards/${each}`)
  })

  test.each([
    ['/search/pins', "lacks 'query'"],
    ['/search/partner/pins?term=cup', "lacks 'country_code'"],
    ['/search/partner/pins?term=cup&country_code=Germany', 'does not match'],
    ['/search/partner/pins?term=cup&country_code=DE&limit=51', 'maximum=50'],
    [`/search/pins?query=${'a'.repeat(501)}`, 'maxLength=500'],
  ])('refuses %s', async (path, message) => {
    const { status, body } = await server.get(path)
    expect(status).toBe(400)
    expect(body.message).toContain(message)
  })

  test('takes a slash at the end of the address', async () => {
    expect((await server.get('/search/pins/?query=teapot')).body.items).toMatchObject([{ title: 'Teapot' }])
  })
})

test('a change of a Pin that changes no word leaves the index as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-search-'))
  const server = await startTestServer({ ephemeral: false, dataDir: folder })
  const state = serverState(folder)
  onTestFinished(async () => {
    state.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })
  const { body: board } = await server.post('/boards', { name: 'Shelf' })
  const given = { board_id: board.id, title: 'Salt-glazed cup', link: 'https://kiln.example/1' }
  const { id } = (await server.post('/pins', { ...given, media_source: await base64Source() })).body
  const section = (await server.post(`/boards/${board.id}/sections`, { name: 'Top' })).body.id
  const index = () => state.snapshot().rows.pin_search_data
  const before = index()
  const isAsBefore = () => isDeepStrictEqual(index(), before)
  for (const change of [
    { title: 'Salt glazed CUP!', link: 'https://kiln.example/2' },
    { board_id: board.id, board_section_id: section },
  ])
    expect((await server.patch(`/pins/${id}`, change)).status).toBe(200)
  expect(isAsBefore()).toBe(true)
  expect((await server.patch(`/pins/${id}`, { title: 'Salt-glazed bowl' })).status).toBe(200)
  expect(isAsBefore()).toBe(false)
})
