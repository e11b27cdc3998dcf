import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { pinOf, uploaded } from '@pinfold/test-support/uploads'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'

const bob = { token: people.bob.token }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }
const readsOnly = { token: 'pina_reads_only_000000000000' }
const dayMs = 24 * 60 * 60 * 1000
let hue = 0

/** The requests of a story, to one server. */
function storyOf(server: TestServer) {
  const trash = (path = '', options = {}) => server.get(`/_pinfold/trash${path}`, options)
  return {
    trash,
    async makeBoard(name: string, more = {}, options = {}): Promise<string> {
      return (await server.post('/boards', { name, ...more }, options)).body.id
    },
    async makePin(board_id: string, title: string, more = {}, options = {}): Promise<string> {
      const given = { board_id, title, media_source: await base64Source(++hue), ...more }
      const { status, body } = await server.post('/pins', given, options)
      expect(status).toBe(201)
      return body.id
    },
    put: (id: string, options = {}) => server.request('POST', `/_pinfold/trash/${id}`, options),
    restore: (id: string, body = {}, options = {}) => server.post(`/_pinfold/trash/${id}/restore`, body, options),
    discard: (id: string, options = {}) => server.delete(`/_pinfold/trash/${id}`, options),
    async titles(path = '', options = {}): Promise<string[]> {
      const { body } = await trash(path, options)
      return body.items.map(({ pin }: { pin: { title: string } }) => pin.title)
    },
  }
}

describe.each(databases)('the trash, on $name', ({ open }) => {
  let server: TestServer
  let story: ReturnType<typeof storyOf>
  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [
        { text: withoutSecrets.token, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') },
        { text: readsOnly.token, scopes: allScopesBut('pins:write') },
      ],
    })
    story = storyOf(server)
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('holds a Pin as it was, and puts it back where it was', async () => {
    const { makeBoard, makePin, put, restore, titles, trash } = story
    const board = await makeBoard('Kitchen')
    const section = (await server.post(`/boards/${board}/sections`, { name: 'Shelf' })).body.id
    const words = {
      description: 'Salt-glazed',
      link: 'https://example.com/cup',
      alt_text: 'A cup',
      board_section_id: section,
    }
    const cup = await makePin(board, 'Cup', words)
    const bowl = await makePin(board, 'Bowl')
    const before = (await server.get(`/pins/${cup}`)).body
    const boardBefore = (await server.get(`/boards/${board}`)).body
    expect((await put(cup)).status).toBe(204)
    const [kept] = (await trash()).body.items
    expect(kept).toEqual({ pin: before, deleted_at: expect.any(String), gone_at: expect.any(String) })
    expect(Date.parse(`${kept.gone_at}Z`) - Date.parse(`${kept.deleted_at}Z`)).toBe(30 * dayMs)

    expect((await put(bowl)).status).toBe(204)
    expect(await titles()).toEqual(['Bowl', 'Cup'])
    const page = (await trash('?page_size=1')).body
    expect(await titles(`?page_size=1&bookmark=${page.bookmark}`)).toEqual(['Cup'])
    expect((await server.get(`/boards/${board}`)).body).toMatchObject({
      pin_count: 0,
      media: { image_cover_url: null },
    })

    expect((await restore(cup)).body).toEqual(before)
    expect((await restore(bowl)).status).toBe(200)
    expect((await server.get(`/pins/${cup}`)).body).toEqual(before)
    expect((await server.get(`/boards/${board}`)).body).toEqual({
      ...boardBefore,
      board_pins_modified_at: expect.any(String),
    })
    expect((await server.get('/search/pins?query=salt')).body.items).toMatchObject([{ id: cup }])
    expect(await titles()).toEqual([])
    // Whoever asks again, because the answer was lost, gets the Pin.
    expect((await restore(cup)).body.id).toBe(cup)
    for (const answer of [await story.discard(cup)]) expect(answer.status).toBe(404)
  })

  test('is told to nobody else, and nothing else tells of what is in it', async () => {
    const { makeBoard, makePin, put, restore, discard, titles, trash } = story
    const board = await makeBoard('Open')
    const pin = await makePin(board, 'Ewer')
    const kept = await makePin(board, 'Ewer that stays')
    expect((await server.post(`/pins/${pin}/save`, { board_id: await makeBoard('Bobs', {}, bob) }, bob)).status).toBe(
      201,
    )
    expect((await put(pin, bob)).status).toBe(403)
    expect((await put(pin)).status).toBe(204)

    const nobody = { token: null }
    const missing = '999999999999999'
    for (const who of [bob, nobody, {}])
      for (const path of ['/pins/ID', '/_pinfold/web/pins/ID', '/_pinfold/pins/ID/related']) {
        const [answer, absent] = [
          await server.get(path.replace('ID', pin), who),
          await server.get(path.replace('ID', missing), who),
        ]
        expect([answer.status, answer.body], path).toEqual([absent.status, absent.body])
      }
    for (const path of [
      '/pins',
      `/boards/${board}/pins`,
      '/search/pins?query=ewer',
      '/search/partner/pins?term=ewer&country_code=US',
      '/_pinfold/web/feed',
      '/_pinfold/web/users/alice/pins',
      `/_pinfold/web/boards/${board}/pins`,
      `/_pinfold/pins/${kept}/related`,
      '/_pinfold/web/search/pins?query=ewer',
    ]) {
      const { status, text } = await server.get(path)
      expect(status, path).toBe(200)
      expect(text, path).not.toContain(`"id":"${pin}"`)
    }
    expect(await (await fetch(`${server.url}/board/${board}/feed.xml`)).text()).not.toContain(`/pin/${pin}`)
    expect((await fetch(`${server.url}/pin/${pin}`, { headers: { accept: 'text/html' } })).status).toBe(404)
    expect((await server.get(`/boards/${board}`)).body.pin_count).toBe(1)
    expect((await server.post(`/pins/${pin}/save`, {}, bob)).status).toBe(404)

    expect(await titles('', bob)).toEqual([])
    for (const answer of [await restore(pin, {}, bob), await discard(pin, bob)])
      expect([answer.status, answer.body.message]).toEqual([404, (await discard(missing, bob)).body.message])
    expect((await trash('', nobody)).status).toBe(401)
    expect((await server.delete('/_pinfold/trash', bob)).status).toBe(204)
    expect(await titles()).toEqual(['Ewer'])
    expect((await discard(pin)).status).toBe(204)
    expect(await titles()).toEqual([])
  })

  test('takes the scopes of secret boards, whatever is in it, and those to write', async () => {
    const { makeBoard, makePin, put, restore, trash } = story
    const pin = await makePin(await makeBoard('Hidden', { privacy: 'SECRET' }), 'Present')
    expect((await put(pin)).status).toBe(204)
    expect((await trash('', withoutSecrets)).status).toBe(401)
    expect((await restore(pin, {}, withoutSecrets)).status).toBe(401)
    expect((await trash('', readsOnly)).status).toBe(200)
    expect((await restore(pin, {}, readsOnly)).status).toBe(401)
    expect((await restore(pin)).body.title).toBe('Present')
    expect((await server.get('/pins', withoutSecrets)).text).not.toContain('Present')
  })

  test('puts a Pin on another board, as private as that is, once its own is gone', async () => {
    const { makeBoard, makePin, put, restore } = story
    const [gone, secret] = [await makeBoard('Gone'), await makeBoard('Kept', { privacy: 'SECRET' })]
    const pin = await makePin(gone, 'Jug')
    expect((await put(pin)).status).toBe(204)
    expect((await server.delete(`/boards/${gone}`)).status).toBe(204)
    expect((await restore(pin)).status).toBe(404)
    expect((await restore(pin, { board_id: await makeBoard('Not mine', {}, bob) })).status).toBe(403)
    expect((await restore(pin, { board_id: 'x' })).status).toBe(400)
    expect((await restore(pin, { board_id: secret })).body).toMatchObject({ board_id: secret, board_section_id: null })
    expect((await server.get(`/_pinfold/web/pins/${pin}`, bob)).status).toBe(404)
    expect((await server.get('/_pinfold/web/feed')).text).not.toContain(`"id":"${pin}"`)
  })

  test('a section that is gone meanwhile leaves the Pin on its board', async () => {
    const { makeBoard, makePin, put, restore } = story
    const board = await makeBoard('With a section')
    const section = (await server.post(`/boards/${board}/sections`, { name: 'Shelf' })).body.id
    const pin = await makePin(board, 'Pot', { board_section_id: section })
    await put(pin)
    await server.delete(`/boards/${board}/sections/${section}`)
    expect((await restore(pin)).body).toMatchObject({ board_id: board, board_section_id: null })
  })

  test('two who restore the same Pin at once restore it once', async () => {
    const { makeBoard, makePin, put, restore } = story
    const board = await makeBoard('At once')
    const pin = await makePin(board, 'Only one')
    await put(pin)
    const answers = await Promise.all([restore(pin), restore(pin), restore(pin)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await server.get(`/boards/${board}`)).body.pin_count).toBe(1)
  })

  test('the API deletes as it does everywhere: for good, at once', async () => {
    const { makeBoard, makePin, titles } = story
    const pin = await makePin(await makeBoard('By program'), 'Deleted')
    expect((await server.delete(`/pins/${pin}`)).status).toBe(204)
    expect((await server.get(`/pins/${pin}`)).status).toBe(404)
    expect(await titles()).not.toContain('Deleted')
  })

  test('a page of another origin cannot use it', async () => {
    const { makeBoard, makePin, trash, put } = story
    const pin = await makePin(await makeBoard('Forged'), 'Wanted')
    const visitor = newVisitor(server.url)
    await visitor.signIn(people.alice)
    const cookie = `pinfold_session=${visitor.cookie('pinfold_session')}`
    const as = (headers: Record<string, string>) => ({ token: null, headers: { cookie, ...headers } })
    const other = { 'x-pinfold-app': '1', origin: 'http://127.0.0.1:1' }
    for (const headers of [{}, other, { 'x-pinfold-app': '1', 'sec-fetch-site': 'same-site' }]) {
      expect((await put(pin, as(headers))).status).toBe(401)
      expect((await trash('', as(headers))).status).toBe(401)
    }
    expect((await put(pin, as({ 'x-pinfold-app': '1', 'sec-fetch-site': 'same-origin' }))).status).toBe(204)
  })
})

test('pictures and videos stay as long as the trash has their Pins: 30 days, or until it is emptied', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-trash-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const server = await startTestServer({ dataDir, ephemeral: false })
  const { makeBoard, makePin, put, restore, trash, titles } = storyOf(server)
  const board = await makeBoard('Films')
  const { id } = await uploaded(server)
  const { data } = await base64Source(++hue)
  const film = (await pinOf(server, board, id, { cover_image_data: data })).body.id
  const slots = await Promise.all([1, 2].map(async () => ({ ...(await base64Source(++hue)), source_type: undefined })))
  const carousel = await makePin(board, 'Two', { media_source: { source_type: 'multiple_image_base64', items: slots } })
  const cup = await makePin(board, 'Cup')
  const address = (await server.get(`/pins/${cup}`)).body.media.images.originals.url
  for (const pin of [film, carousel, cup]) expect((await put(pin)).status).toBe(204)
  await expectSound(dataDir)
  expect((await fetch(address)).status).toBe(200)
  for (const pin of [film, carousel]) expect((await restore(pin)).status).toBe(200)
  expect((await server.get(`/pins/${film}`)).body.media.media_type).toBe('video')
  expect((await server.get(`/pins/${carousel}`)).body.media.items).toHaveLength(2)
  await expectSound(dataDir)

  await put(film)
  expect((await server.delete('/_pinfold/trash')).status).toBe(204)
  expect((await fetch(address)).status).toBe(404)
  expect((await trash()).body.items).toEqual([])
  await expectSound(dataDir)

  await put(carousel)
  server.clock.advance(29 * dayMs)
  await server.close()
  const later = await startTestServer({ dataDir, ephemeral: false, clock: server.clock })
  expect(await storyOf(later).titles()).toEqual(['Two'])
  server.clock.advance(2 * dayMs)
  await later.close()
  const last = await startTestServer({ dataDir, ephemeral: false, clock: server.clock })
  await vi.waitUntil(async () => (await storyOf(last).titles()).length === 0)
  await last.close()
  await expectSound(dataDir)
  expect(await titles().catch(() => 'closed')).toBe('closed')
})
