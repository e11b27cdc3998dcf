import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { colourLikeness } from '../src/domains/related/colour.ts'

const bob = { token: people.bob.token }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }
const withoutBoards = { token: 'pina_without_boards_00000000' }
const withoutPins = { token: 'pina_without_pins_0000000000' }

describe.each(databases)('related Pins on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}
  const pins: Record<string, string> = {}

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [
        { text: withoutSecrets.token, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') },
        { text: withoutBoards.token, scopes: allScopesBut('boards:read') },
        { text: withoutPins.token, scopes: allScopesBut('pins:read') },
      ],
    })
    await board('Ceramics')
    for (const title of ['Salt-glazed cup', 'Teapot', 'Moonjar', 'Bowl']) await pin('Ceramics', title)
    await board("Bob's kitchen", 'PUBLIC', bob)
    for (const title of ['Oak table', 'Linen cloth']) await pin("Bob's kitchen", title, bob)
    await board("Bob's garden", 'PUBLIC', bob)
    for (const title of ['Rake', 'Cup of salt']) await pin("Bob's garden", title, bob)
    return async () => {
      await server.close()
      await discard()
    }
  })

  const board = async (name: string, privacy = 'PUBLIC', options = {}): Promise<void> => {
    boards[name] = (await server.post('/boards', { name, privacy }, options)).body.id
  }
  let hue = 0
  const pin = async (on: string, title: string, options = {}, words = {}): Promise<void> => {
    const media_source = await base64Source(++hue)
    const given = { board_id: boards[on], title, dominant_color: '#808080', media_source, ...words }
    const { body, status } = await server.post('/pins', given, options)
    expect(status).toBe(201)
    pins[title] = body.id
  }
  const save = async (title: string, on: string, options = {}): Promise<string> => {
    const { body, status } = await server.post(`/pins/${pins[title]}/save`, { board_id: boards[on] }, options)
    expect(status).toBe(201)
    return body.id
  }
  const ask = (title: string, options = {}, query = '') =>
    server.get(`/_pinfold/pins/${pins[title]}/related?${query}`, options)
  const related = async (title: string, options = {}): Promise<string[]> => {
    const { body, status } = await ask(title, options)
    expect(status).toBe(200)
    return body.items.map((item: { title: string }) => item.title)
  }

  test('are those on its board and those with the same words, whoever asks', async () => {
    const found = await related('Salt-glazed cup')
    expect(found.toSorted()).toEqual(['Bowl', 'Cup of salt', 'Moonjar', 'Teapot'])
    expect(await related('Salt-glazed cup', bob)).toEqual(found)
    expect(await related('Oak table')).toEqual(['Linen cloth'])
  })

  test('are those on the boards that it was saved to and from, too', async () => {
    const saved = await save('Moonjar', "Bob's kitchen", bob)
    expect((await related('Moonjar')).toSorted()).toEqual([
      ...['Bowl', 'Linen cloth', 'Oak table', 'Salt-glazed cup', 'Teapot'],
    ])
    expect(await related('Moonjar')).toEqual(await related('Moonjar'))
    const { body } = await server.get(`/_pinfold/pins/${saved}/related`)
    const titles: string[] = body.items.map(({ title }: { title: string }) => title)
    expect(titles.toSorted()).toEqual((await related('Moonjar')).toSorted())
    // From a Pin on the same board to the other board.
    expect(await related('Linen cloth')).toContain('Teapot')
    await server.delete(`/pins/${saved}`, bob)
    expect(await related('Linen cloth')).not.toContain('Teapot')
  })

  test('are closer when they are on several boards with it', async () => {
    const saved = [await save('Bowl', "Bob's kitchen", bob), await save('Teapot', "Bob's kitchen", bob)]
    expect((await related('Teapot'))[0]).toBe('Bowl')
    expect((await related('Bowl'))[0]).toBe('Teapot')
    for (const id of saved) await server.delete(`/pins/${id}`, bob)
  })

  test('are closer when they have the same words and the same colour', async () => {
    await board('Colours')
    await pin('Colours', 'First red vase', {}, { dominant_color: '#aa2020' })
    await pin('Colours', 'Sky', {}, { dominant_color: '#2020aa' })
    await pin('Colours', 'Second red vase', {}, { dominant_color: '#2020aa' })
    await pin('Colours', 'Third red vase', {}, { dominant_color: '#a02828' })
    expect((await related('First red vase')).slice(0, 2)).toEqual(['Third red vase', 'Second red vase'])
    await server.delete(`/boards/${boards.Colours}`)
    expect(await related('Cup of salt')).not.toContain('Sky')
  })

  test('show each picture once, and never its own', async () => {
    const media_source = await base64Source(200)
    await board('Copies')
    await pin('Copies', 'Original', {}, { media_source })
    await pin('Copies', 'Uploaded again', {}, { media_source })
    await pin('Copies', 'Another')
    await save('Another', 'Copies')
    await pin("Bob's garden", 'Original', bob, { media_source })
    expect(await related('Original')).toContain('Rake')
    expect(await related('Uploaded again')).toEqual(['Another'])
    expect(await related('Another')).toHaveLength(1)
    await server.delete(`/boards/${boards.Copies}`)
    await server.delete(`/pins/${pins.Original}`, bob)
  })

  test('come in pages that neither repeat nor skip', async () => {
    const all = await related('Salt-glazed cup')
    const paged: string[] = []
    for (let bookmark = ''; ; ) {
      const { body } = await ask('Salt-glazed cup', {}, `page_size=1&bookmark=${bookmark}`)
      paged.push(...body.items.map(({ title }: { title: string }) => title))
      if (body.bookmark === null) break
      bookmark = body.bookmark
      expect(await ask('Teapot', {}, `bookmark=${bookmark}`)).toMatchObject({ status: 400, body: { code: 1 } })
    }
    expect(paged).toEqual(all)
  })

  test('tell nothing of what others keep secret or protected', async () => {
    const before = await related('Teapot')
    for (const privacy of ['SECRET', 'PROTECTED']) {
      await board(privacy, privacy, bob)
      await pin(privacy, `Teapot, ${privacy}`, bob)
      for (const title of ['Teapot', 'Oak table', 'Bowl']) await save(title, privacy, bob)
    }
    expect(await related('Teapot')).toEqual(before)
    await pin("Bob's garden", 'Teapot for the garden', bob)
    for (let i = 0; i < 20; i++) await save('Teapot, SECRET', 'SECRET', bob)
    expect(await related('Teapot')).toContain('Teapot for the garden')
    await server.delete(`/pins/${pins['Teapot for the garden']}`, bob)
    expect(await related('Oak table')).toEqual(['Linen cloth'])
    const none = await server.get('/_pinfold/pins/123456789012/related')
    expect(none).toMatchObject({ status: 404, body: { code: 50 } })
    expect(await ask('Teapot, SECRET')).toMatchObject({ status: 404, body: none.body })
    expect(await ask('Teapot, PROTECTED')).toMatchObject({ status: 403, body: { code: 29 } })
    expect(await related('Teapot, SECRET', bob)).toContain('Teapot')
    for (const privacy of ['SECRET', 'PROTECTED']) await server.delete(`/boards/${boards[privacy]}`, bob)
  })

  test('of a secret Pin, and with secret Pins, are for its owner with the secret scopes', async () => {
    await board('Plans', 'SECRET')
    await pin('Plans', 'Kiln to build')
    await pin('Plans', 'Bricks')
    await save('Bowl', 'Plans')
    expect((await related('Kiln to build')).toSorted()).toEqual([
      'Bowl',
      'Bricks',
      'Moonjar',
      'Salt-glazed cup',
      'Teapot',
    ])
    for (const who of [withoutSecrets, bob]) expect(await ask('Kiln to build', who)).toMatchObject({ status: 404 })
    await pin('Ceramics', 'Bricks of a kiln')
    expect(await related('Bricks of a kiln')).toContain('Bricks')
    for (const who of [withoutSecrets, bob]) expect(await related('Bricks of a kiln', who)).not.toContain('Bricks')
    await server.delete(`/boards/${boards.Plans}`)
    await server.delete(`/pins/${pins['Bricks of a kiln']}`)
  })

  test('need the scopes of boards and of Pins of a token, and are of public Pins for whoever has none', async () => {
    for (const who of [withoutBoards, withoutPins]) expect(await ask('Bowl', who)).toMatchObject({ status: 401 })
    const asVisitor = await related('Bowl', { token: null })
    expect(asVisitor).toEqual(await related('Bowl', withoutSecrets))
    expect(asVisitor).not.toEqual([])
  })
})

test.each([
  ['#808080', '#808080', 1],
  ['#000000', '#ffffff', 0],
  [null, '#ffffff', 0],
  ['#ffffff', 'white', 0],
])('%s and %s are alike by %d', (one, other, likeness) => expect(colourLikeness(one, other)).toBeCloseTo(likeness))

test('shades of a colour are more alike than colours', () => {
  expect(colourLikeness('#aa2020', '#c04040')).toBeGreaterThan(colourLikeness('#aa2020', '#20aa20'))
  expect(colourLikeness('#aa2020', '#c04040')).toBe(colourLikeness('#C04040', '#AA2020'))
})
