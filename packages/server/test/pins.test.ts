import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let board: { id: string }
beforeAll(async () => {
  server = await startTestServer()
  board = (await server.post('/boards', { name: 'Pins' })).body
})

const create = async (fields: object = {}, hue = 1) =>
  server.post('/pins', { board_id: board.id, media_source: await base64Source(hue), ...fields })

describe('a Pin', () => {
  test('is what its maker said, and the very next read finds it', async () => {
    const said = { title: 'Cup', description: 'Salt-glazed', link: 'https://example.com/cup', alt_text: 'A grey cup' }
    const made = await create({ ...said, dominant_color: '#6E7874' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      ...said,
      dominant_color: '#6E7874',
      created_at: '2026-03-14T09:26:53',
      board_id: board.id,
      board_section_id: null,
      parent_pin_id: null,
      board_owner: { username: 'alice' },
      creative_type: 'REGULAR',
      is_owner: true,
      is_standard: true,
      has_been_promoted: false,
      media: { media_type: 'image' },
    })
    expect((await server.get(`/pins/${made.body.id}`)).body).toEqual(made.body)
  })

  test('says what it is not, too: no product, without tags, and not counted unless asked (12.16)', async () => {
    const { id } = (await create()).body
    const always = { is_product: false, is_removable: true, product_tags: [], pin_metrics: null }
    expect((await server.get(`/pins/${id}`)).body).toMatchObject(always)
    const listed = (await server.get(`/boards/${board.id}/pins?page_size=1`)).body.items
    expect(listed).toMatchObject([{ id, ...always }])
    expect((await server.get(`/pins/${id}?pin_metrics=true`)).body.pin_metrics).toHaveProperty('lifetime_metrics')
  })

  test('says what it shows of AI, once it was told; a save says the same of what it shows', async () => {
    const values = ['AI_MODIFIED', 'SYNTHETIC_PERFORMER']
    const { status, body: made } = await create({ ai_disclosures: { values: [...values, 'AI_MODIFIED'] } })
    expect([status, made.ai_disclosures]).toEqual([201, { values }])
    expect((await server.get(`/pins/${made.id}`)).body).toEqual(made)
    const saved = (await server.post(`/pins/${made.id}/save`, { board_id: board.id })).body
    expect(saved.ai_disclosures).toEqual({ values })
    const change = (ai_disclosures: object) => server.patch(`/pins/${made.id}`, { ai_disclosures })
    expect((await change({})).body.ai_disclosures).toEqual({ values })
    expect((await change({ values: ['SYNTHETIC_PERFORMER'] })).body.ai_disclosures.values).toEqual([values[1]])
    expect((await change({ values: [] })).body).not.toHaveProperty('ai_disclosures')
    expect((await create()).body).not.toHaveProperty('ai_disclosures')
    for (const wrong of [{}, { values: ['HUMAN'] }])
      expect(await create({ ai_disclosures: wrong })).toMatchObject({ status: 400, body: { code: 1 } })
  })

  test('needs a board and a picture, and says so', async () => {
    const noBoard = await server.post('/pins', { media_source: await base64Source() })
    expect([noBoard.status, noBoard.body]).toEqual([
      400,
      { code: 1, message: "Invalid request. The body lacks 'board_id'." },
    ])
    const noPicture = await server.post('/pins', { board_id: board.id })
    expect([noPicture.status, noPicture.body.message]).toEqual([400, "Invalid request. The body lacks 'media_source'."])
  })

  test('has null for every word that was not said, or said as an empty text', async () => {
    const { body } = await create({ title: '', description: '', link: '' })
    expect([body.title, body.description, body.link, body.alt_text]).toEqual([null, null, null, null])
    expect(body.dominant_color).toMatch(/^#[0-9a-f]{6}$/)
  })

  test('keeps any text as it is: quotes, scripts, emoji, right-to-left', async () => {
    const title = '"<script>alert(1)</script>" 👩🏽‍🎨 שלום \u2028 \\ \u0001'
    const { body } = await create({ title })
    expect((await server.get(`/pins/${body.id}`)).body.title).toBe(title)
    const listed = (await server.get(`/boards/${board.id}/pins?page_size=250`)).body.items
    expect(listed.find(({ id }: { id: string }) => id === body.id).title).toBe(title)
  })

  test.each(['javascript:alert(1)', 'ftp://example.com/', 'example.com', 'http://', 'data:text/html,x'])(
    'does not lead to %s',
    async (link) => {
      const answer = await create({ link })
      expect([answer.status, answer.body.code]).toEqual([400, 1])
      expect(answer.body.message).toContain('http or https')
    },
  )

  test('changes in what is named, and nothing else', async () => {
    const { body: made } = await create({ title: 'Before', description: 'Stays', link: 'https://example.com/' })
    const changed = await server.patch(`/pins/${made.id}`, { title: 'After', link: null })
    expect(changed.status).toBe(200)
    expect(changed.body).toEqual({ ...made, title: 'After', link: null })
    expect((await server.get(`/pins/${made.id}`)).body).toEqual(changed.body)
    expect((await server.patch(`/pins/${made.id}`, {})).body).toEqual(changed.body)
  })

  test('moves into a section, out of it, and leaves it when it changes the board', async () => {
    const section = (await server.post(`/boards/${board.id}/sections`, { name: 'Shelf' })).body
    const elsewhere = (await server.post('/boards', { name: 'Elsewhere' })).body
    const { body: made } = await create()
    const path = `/pins/${made.id}`
    expect((await server.patch(path, { board_section_id: section.id })).body.board_section_id).toBe(section.id)
    expect((await server.patch(path, { title: 'In it' })).body.board_section_id).toBe(section.id)
    expect((await server.patch(path, { board_section_id: null })).body.board_section_id).toBeNull()
    await server.patch(path, { board_section_id: section.id })
    const moved = await server.patch(path, { board_id: elsewhere.id })
    expect(moved.body).toMatchObject({ board_id: elsewhere.id, board_section_id: null })
    const foreignSection = await server.patch(path, { board_section_id: section.id })
    expect([foreignSection.status, foreignSection.body.code]).toEqual([404, 2031])
    expect((await server.get(`/boards/${elsewhere.id}`)).body.media.image_cover_url).not.toBeNull()
  })

  test('that moves to a secret board is secret', async () => {
    const secret = (await server.post('/boards', { name: 'Secret shelf', privacy: 'SECRET' })).body
    const { body: made } = await create()
    await server.patch(`/pins/${made.id}`, { board_id: secret.id })
    const foreign = await server.post(`/pins/${made.id}/save`, {}, { token: people.bob.token })
    expect([foreign.status, foreign.body.code]).toEqual([404, 50])
    const own = await server.get('/pins?pin_type=PRIVATE')
    expect(own.body.items.map(({ id }: { id: string }) => id)).toEqual([made.id])
  })

  test('is gone when it is deleted', async () => {
    const { body: made } = await create()
    const deleted = await server.delete(`/pins/${made.id}`)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    const again = await server.delete(`/pins/${made.id}`)
    expect([again.status, again.body]).toEqual([404, { code: 50, message: 'Pin not found.' }])
  })

  test('of somebody else cannot be read, changed or deleted', async () => {
    const { body: made } = await create()
    const token = people.bob.token
    for (const answer of [
      await server.get(`/pins/${made.id}`, { token }),
      await server.patch(`/pins/${made.id}`, { title: 'Mine' }, { token }),
      await server.delete(`/pins/${made.id}`, { token }),
    ])
      expect([answer.status, answer.body.code]).toEqual([403, 29])
    expect((await server.get(`/pins/${made.id}`)).body).toEqual(made)
  })

  test('cannot be put on the board of somebody else', async () => {
    const foreign = (await server.post('/boards', { name: 'Bobs' }, { token: people.bob.token })).body
    expect((await create({ board_id: foreign.id })).status).toBe(403)
    const { body: made } = await create()
    expect((await server.patch(`/pins/${made.id}`, { board_id: foreign.id })).status).toBe(403)
    expect((await server.post(`/pins/${made.id}/save`, { board_id: foreign.id })).status).toBe(403)
  })
})

describe('saving', () => {
  test('without a board puts the Pin on "Quick Saves", which is made once', async () => {
    const { body: made } = await create({ title: 'To be saved' })
    const token = people.bob.token
    const first = await server.post(`/pins/${made.id}/save`, {}, { token })
    const second = await server.post(`/pins/${made.id}/save`, { board_id: null }, { token })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ title: 'To be saved', parent_pin_id: made.id, board_owner: { username: 'bob' } })
    expect(second.body.board_id).toBe(first.body.board_id)
    expect((await server.get(`/boards/${first.body.board_id}`, { token })).body).toMatchObject({
      name: 'Quick Saves',
      pin_count: 2,
    })
  })

  test('outlives the Pin that was saved', async () => {
    const { body: made } = await create({}, 50)
    const { body: saved } = await server.post(`/pins/${made.id}/save`, { board_id: board.id })
    await server.delete(`/pins/${made.id}`)
    expect((await server.get(`/pins/${saved.id}`)).body).toEqual(saved)
    expect((await fetch(saved.media.images.originals.url)).status).toBe(200)
  })

  test('by creation with a parent and no picture is the same', async () => {
    const { body: made } = await create({ title: 'Parent' }, 51)
    const { body: child } = await server.post('/pins', { board_id: board.id, parent_pin_id: made.id, title: 'Child' })
    expect(child).toMatchObject({ parent_pin_id: made.id, title: 'Child', media: made.media })
  })

  test('a protected board of somebody else is forbidden', async () => {
    const kept = (await server.post('/boards', { name: 'Protected', privacy: 'PROTECTED' })).body
    const { body: made } = await create({ board_id: kept.id })
    const answer = await server.post(`/pins/${made.id}/save`, {}, { token: people.bob.token })
    expect([answer.status, answer.body.code]).toEqual([403, 29])
  })
})
