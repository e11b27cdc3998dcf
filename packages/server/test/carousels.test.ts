import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { beforeAll, expect, test } from 'vitest'

let server: TestServer
let dataDir: string
let board: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pinfold-carousels-'))
  server = await startTestServer({ ephemeral: false, dataDir })
  board = (await server.post('/boards', { name: 'Carousels' })).body.id
  return async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})

const item = async (hue: number, more: object = {}, size: { width?: number; height?: number } = {}) => ({
  content_type: 'image/jpeg',
  data: (await picture({ hue, ...size })).toString('base64'),
  ...more,
})
const create = (items: object[], more: object = {}, fields: object = {}) =>
  server.post('/pins', {
    board_id: board,
    media_source: { source_type: 'multiple_image_base64', items, ...more },
    ...fields,
  })

test('a carousel has its pictures in order, each with its words, and one that stands for it', async () => {
  const words = { title: 'Front', description: 'As “worn”', link: 'https://example.com/front' }
  const made = await create([await item(10, words), await item(20), await item(30, { title: '' })], { index: 1 })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ creative_type: 'CAROUSEL', media: { media_type: 'multiple_images' } })
  const { items } = made.body.media
  const none = { title: null, description: null, link: null }
  expect(items.map(({ images: _, ...rest }: { images: object }) => rest)).toEqual([
    { item_type: 'image', ...words },
    { item_type: 'image', ...none },
    { item_type: 'image', ...none },
  ])
  for (const { images } of items) {
    expect(images.originals).toMatchObject({ width: 40, height: 60 })
    expect((await fetch(images['600x'].url)).status).toBe(200)
  }
  expect((await server.get(`/pins/${made.body.id}`)).body).toEqual(made.body)
  const { media } = (await server.get(`/boards/${board}`)).body
  expect(media.image_cover_url).toBe(items[1].images['400x300'].url)
  expect((await server.get('/pins?creative_types=CAROUSEL')).body.items[0].id).toBe(made.body.id)
})

test('its pictures can be fetched, and one may come twice', async () => {
  const bytes = await picture({ hue: 40 })
  const web = await webServer((_request, response) => void response.end(bytes))
  const items = [{ url: `${web.url}/a.jpg`, title: 'One' }, { url: `${web.url}/b.jpg` }]
  const source = { source_type: 'multiple_image_urls', items }
  const made = await server.post('/pins', { board_id: board, media_source: source })
  await web.close()
  expect(made.status).toBe(201)
  expect(made.body.media.items).toMatchObject([{ title: 'One' }, { title: null }])
  const [one, two] = made.body.media.items
  expect(one.images).toEqual(two.images)
})

test('the words of its pictures can be changed; what is left out stays, an empty text clears', async () => {
  const { id } = (await create([await item(50, { title: 'A', link: 'https://example.com/a' }), await item(60)])).body
  const slots = [{ title: 'B' }, { description: 'Second' }]
  const { status, body } = await server.patch(`/pins/${id}`, { carousel_slots: slots })
  expect(status).toBe(200)
  expect(body.media.items).toMatchObject([
    { title: 'B', description: null, link: 'https://example.com/a' },
    { title: null, description: 'Second' },
  ])
  const cleared = await server.patch(`/pins/${id}`, { title: 'Two cups', carousel_slots: [{ title: '', link: '' }] })
  expect(cleared.body).toMatchObject({ title: 'Two cups' })
  expect(cleared.body.media.items).toMatchObject([{ title: null, link: null }, { description: 'Second' }])
  expect((await server.get(`/pins/${id}`)).body).toEqual(cleared.body)

  const many = await server.patch(`/pins/${id}`, { carousel_slots: [{}, {}, {}] })
  expect([many.status, many.body.message]).toEqual([400, expect.stringContaining('the Pin has 2 pictures')])
  const script = await server.patch(`/pins/${id}`, { carousel_slots: [{ link: 'javascript:alert(1)' }] })
  expect(script.body.message).toContain("'link' must be an http or https address")
})

test('what is no carousel is refused, and nothing of it stays', async () => {
  const files = filesBelow(join(dataDir, 'media'))
  const shapes = await create([await item(70), await item(71, {}, { width: 60, height: 60 })])
  expect([shapes.status, shapes.body.message]).toEqual([
    400,
    'Invalid request. The pictures of a carousel must have the same aspect ratio; these have 0.67, 1.00.',
  ])
  const index = await create([await item(72), await item(73)], { index: 2 })
  expect([index.status, index.body.message]).toEqual([400, expect.stringContaining('must be less than 2')])
  const broken = await create([await item(74), { content_type: 'image/jpeg', data: 'AAAA' }])
  expect([broken.status, broken.body.message]).toEqual([400, expect.stringContaining('The picture cannot be used.')])
  const link = await create([await item(75), await item(76, { link: 'ftp://example.com' })])
  expect(link.status).toBe(400)
  expect(filesBelow(join(dataDir, 'media'))).toEqual(files)
})

test('a saved carousel keeps the pictures when the first one goes; with the last they go too', async () => {
  const made = (await create([await item(80), await item(81), await item(80)])).body
  const other = (await server.post('/boards', { name: 'Saved carousels' })).body.id
  const saved = (await server.post(`/pins/${made.id}/save`, { board_id: other })).body
  expect(saved).toMatchObject({ creative_type: 'CAROUSEL', parent_pin_id: made.id, media: made.media })
  await server.delete(`/pins/${made.id}`)
  await expectSound(dataDir)
  const address = saved.media.items[0].images.originals.url
  expect((await fetch(address)).status).toBe(200)
  await server.delete(`/boards/${other}`)
  expect((await fetch(address)).status).toBe(404)
  await expectSound(dataDir)
})

test('a picture Pin has no slots, and pin_url is open to nobody', async () => {
  const source = { source_type: 'image_base64', ...(await item(90)) }
  const { id } = (await server.post('/pins', { board_id: board, media_source: source })).body
  const slots = await server.patch(`/pins/${id}`, { carousel_slots: [{ title: 'A' }] })
  expect([slots.status, slots.body.message]).toEqual([400, expect.stringContaining('for carousel Pins only')])
  const page = await server.post('/pins', { board_id: board, media_source: { source_type: 'pin_url' } })
  expect([page.status, page.body.code]).toEqual([403, 29])
})
