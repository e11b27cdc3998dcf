import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { pinOf, register, statusOf, upload, uploaded } from '@pinfold/test-support/uploads'
import { beforeAll, describe, expect, test } from 'vitest'

interface Item {
  id: string
}
const ids = (items: Item[]): string[] => items.map(({ id }) => id)
const times = (count: number) => Array.from({ length: count }, (_, i) => i)

describe.each(databases)('on $name', ({ open }) => {
  let server: TestServer
  let discard: () => Promise<void>

  beforeAll(async () => {
    const { discard: drop, ...config } = await open()
    discard = drop
    server = await startTestServer({ ...config, ffmpeg: false })
    return async () => {
      await server.close()
      await discard()
    }
  })

  const board = async (fields: object): Promise<Item> => (await server.post('/boards', fields)).body
  const pin = async (boardId: string, fields: object = {}, hue = 1): Promise<Item> => {
    const answer = await server.post('/pins', { board_id: boardId, media_source: await base64Source(hue), ...fields })
    expect(answer.status).toBe(201)
    return answer.body
  }
  const pinsOn = async (boardId: string): Promise<string[]> =>
    ids((await server.get(`/boards/${boardId}/pins?page_size=250`)).body.items)
  const counts = async () => {
    const { board_count, pin_count } = (await server.get('/user_account')).body
    return { board_count, pin_count }
  }

  test('boards, sections and Pins are kept, changed and removed, and every count follows', async () => {
    const before = await counts()
    const one = await board({ name: 'Store one' })
    const two = await board({ name: 'Store two', privacy: 'SECRET' })
    const section = (await server.post(`/boards/${one.id}/sections`, { name: 'Part' })).body
    const first = await pin(one.id, { title: 'First', board_section_id: section.id })
    const second = await pin(one.id, { title: 'Second' }, 2)
    expect(await pinsOn(one.id)).toEqual([second.id, first.id])

    const moved = await server.patch(`/pins/${first.id}`, { board_id: two.id, title: 'Moved' })
    expect(moved.body).toMatchObject({ board_id: two.id, board_section_id: null, title: 'Moved' })
    expect([await pinsOn(one.id), await pinsOn(two.id)]).toEqual([[second.id], [first.id]])
    expect((await server.get(`/boards/${one.id}`)).body.pin_count).toBe(1)
    expect((await server.get(`/boards/${two.id}`)).body.pin_count).toBe(1)

    const saved = (await server.post(`/pins/${second.id}/save`, { board_id: two.id })).body
    expect(saved).toMatchObject({ parent_pin_id: second.id, title: 'Second', board_id: two.id })
    expect(ids((await server.get('/pins?pin_filter=exclude_native')).body.items)).toContain(saved.id)
    expect(ids((await server.get('/pins?pin_filter=exclude_repins')).body.items)).not.toContain(saved.id)
    expect(ids((await server.get('/pins?pin_type=PRIVATE')).body.items)).toEqual([saved.id, first.id])
    expect(await counts()).toEqual({ board_count: before.board_count + 2, pin_count: before.pin_count + 3 })

    await server.delete(`/pins/${second.id}`)
    await server.delete(`/boards/${two.id}`)
    await server.delete(`/boards/${one.id}`)
    expect(await counts()).toEqual(before)
    expect((await server.get(`/pins/${saved.id}`)).status).toBe(404)
  })

  test('what happens to Pins is counted, found again in every order, and goes with them', async () => {
    const own = await board({ name: 'Counted' })
    const pins = [await pin(own.id, { link: 'https://alice.example/' }), await pin(own.id)]
    const events = times(200).map((i) => ({
      id: `counted ${i}`,
      type: i % 2 === 0 ? 'impression' : 'pin_click',
      pin_id: pins[i % 3 === 0 ? 0 : 1]?.id,
      at: `2026-03-1${i % 5}T08:00:00Z`,
      viewer: `viewer ${i}`,
    }))
    const send = (some: object[]) => server.post('/_pinfold/events', { events: some }, { token: null })
    const receipts = await Promise.all([send(events.slice(0, 120)), send(events.slice(80)), send(events)])
    const counted = receipts.map(({ body }) => body.counted)
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(200)
    const rows = [{ date: '2026-03-10', pin_id: pins[1]?.id, metric: 'IMPRESSION', value: 1000 }]
    expect((await server.post('/_pinfold/analytics/history', { rows })).body).toEqual({ loaded: 1, errors: [] })

    const days = 'start_date=2026-02-01&end_date=2026-03-14'
    const summary = async (path: string) => (await server.get(path)).body.all.summary_metrics
    expect(await summary(`/pins/${pins[0]?.id}/analytics?${days}&metric_types=IMPRESSION,PIN_CLICK`)).toEqual({
      IMPRESSION: 34,
      PIN_CLICK: 33,
    })
    const account = `/user_account/analytics?${days}&metric_types=IMPRESSION,PIN_CLICK`
    const before = await summary(account)
    expect(before.PIN_CLICK).toBe(100)
    const top = await server.get(`/user_account/analytics/top_pins?${days}&sort_by=IMPRESSION`)
    expect(ids(top.body.pins.map(({ pin_id }: { pin_id: string }) => ({ id: pin_id })))).toEqual([
      pins[1]?.id,
      pins[0]?.id,
    ])
    await server.patch(`/pins/${pins[0]?.id}`, { link: null })
    expect(await summary(`${account}&from_claimed_content=OTHER`)).toEqual(before)
    const { body } = await server.get(`/boards/${own.id}/pins?pin_metrics=true`)
    expect(body.items[1].pin_metrics['90d'].impression).toBe(34)
    await server.delete(`/boards/${own.id}`)
    expect(await summary(account)).toEqual({ IMPRESSION: 0, PIN_CLICK: 0 })
  })

  test('a name that many want at once is given once', async () => {
    const answers = await Promise.all(times(12).map(() => server.post('/boards', { name: 'Wanted' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...times(11).map(() => 409)])
    const [made] = answers.filter(({ status }) => status === 201)
    const parts = await Promise.all(
      times(6).map(() => server.post(`/boards/${made?.body.id}/sections`, { name: 'Part' })),
    )
    expect(parts.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409])
  })

  test('a picture that many Pins want at once is stored once, and goes with the last of them', async () => {
    const { id } = await board({ name: 'One picture' })
    const pins = await Promise.all(times(12).map(() => pin(id, {}, 77)))
    const urls = new Set(pins.map((made) => JSON.stringify((made as { media?: unknown }).media)))
    expect(urls.size).toBe(1)
    const { body } = await server.get(`/pins/${pins[0]?.id}`)
    const url: string = body.media.images.originals.url
    for (const { id } of pins.slice(1)) expect((await server.delete(`/pins/${id}`)).status).toBe(204)
    expect((await fetch(url)).status).toBe(200)
    await server.delete(`/pins/${pins[0]?.id}`)
    expect((await fetch(url)).status).toBe(404)
  })

  test('a video and a carousel are kept, saved by many at once, and go with the last Pin', async () => {
    const { id } = await board({ name: 'Of every kind' })
    const { id: media, status } = await uploaded(server)
    expect(status).toBe('succeeded')
    const { data, ...source } = await base64Source(61)
    const video = (await pinOf(server, id, media, { cover_image_data: data })).body
    const items = [{ ...source, data, title: 'One' }, await base64Source(62)]
    const carousel = (
      await server.post('/pins', { board_id: id, media_source: { source_type: 'multiple_image_base64', items } })
    ).body
    const saves = [video, carousel].flatMap((made) =>
      times(4).map(() => server.post(`/pins/${made.id}/save`, { board_id: id })),
    )
    for (const { status } of await Promise.all(saves)) expect(status).toBe(201)
    const ofKind = async (kind: string): Promise<number> =>
      (await server.get(`/boards/${id}/pins?creative_types=${kind}`)).body.items.length
    expect([await ofKind('VIDEO'), await ofKind('CAROUSEL'), await ofKind('REGULAR')]).toEqual([5, 5, 0])
    expect((await server.get('/pins?creative_types=VIDEO')).body.items).toHaveLength(5)
    const words = await server.patch(`/pins/${carousel.id}`, { carousel_slots: [{}, { title: 'Two' }] })
    expect(words.body.media.items).toMatchObject([{ title: 'One' }, { title: 'Two' }])
    await server.delete(`/boards/${id}`)
    expect((await fetch(video.media.video_url)).status).toBe(404)
    expect((await fetch(carousel.media.items[0].images.originals.url)).status).toBe(404)
    expect((await server.get(`/media/${media}`)).status).toBe(404)
  })

  test('of many uploads with the same parameters one is taken', async () => {
    const registered = await register(server)
    const clip = new Uint8Array(10)
    const answers = await Promise.all(times(4).map(() => upload(registered, clip)))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403, 403, 403])
    expect(await statusOf(server, registered.media_id)).not.toBe('registered')
    expect((await server.get('/media?page_size=1')).body.items).toMatchObject([{ media_id: registered.media_id }])
  })

  test('one of two that delete the same Pin is told that it is gone', async () => {
    const { id } = await board({ name: 'Deleted twice' })
    const { id: pinId } = await pin(id)
    const answers = await Promise.all(times(4).map(() => server.delete(`/pins/${pinId}`)))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404])
    expect((await server.get(`/boards/${id}`)).body.pin_count).toBe(0)
  })

  test('Pins that move opposite ways at the same time all arrive', async () => {
    const [left, right] = [await board({ name: 'Left' }), await board({ name: 'Right' })]
    const [onLeft, onRight] = [
      await Promise.all(times(5).map(() => pin(left.id))),
      await Promise.all(times(5).map(() => pin(right.id))),
    ]
    const moves = onLeft.flatMap((made, i) => [
      server.patch(`/pins/${made.id}`, { board_id: right.id }),
      server.patch(`/pins/${onRight[i]?.id}`, { board_id: left.id }),
    ])
    for (const { status } of await Promise.all(moves)) expect(status).toBe(200)
    expect((await pinsOn(left.id)).toSorted()).toEqual(ids(onRight).toSorted())
    expect((await pinsOn(right.id)).toSorted()).toEqual(ids(onLeft).toSorted())
    expect((await server.get(`/boards/${left.id}`)).body.pin_count).toBe(5)
  })

  test('a board of more Pins than one transaction removes goes whole', async () => {
    const before = await counts()
    const { id } = await board({ name: 'Large' })
    const source = await pin(id)
    for (let made = 1; made < 620; made += 31)
      await Promise.all(times(31).map(() => server.post(`/pins/${source.id}/save`, { board_id: id })))
    expect((await server.get(`/boards/${id}`)).body.pin_count).toBe(621)
    expect((await server.delete(`/boards/${id}`)).status).toBe(204)
    expect(await counts()).toEqual(before)
    expect((await server.get(`/boards/${id}`)).status).toBe(404)
  })

  test('lists are paged without a gap or a repeat', async () => {
    const { id } = await board({ name: 'Paged' })
    const made: string[] = []
    for (const i of times(7)) made.unshift((await pin(id, { title: `${i}` })).id)
    const seen: string[] = []
    for (let bookmark: string | null = ''; bookmark !== null; ) {
      const { body } = await server.get(`/boards/${id}/pins?page_size=3&bookmark=${bookmark}`)
      seen.push(...ids(body.items))
      bookmark = body.bookmark
    }
    expect(seen).toEqual(made)
  })

  test('tokens are given, refreshed and revoked', async () => {
    const basic = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`
    const ask = (path: string, form: Record<string, string>) =>
      server.request('POST', path, { token: null, form, headers: { authorization: basic } })
    const refreshed = await ask('/oauth/token', { grant_type: 'refresh_token', refresh_token: people.alice.refresh })
    expect(refreshed.body.refresh_token).toBe(people.alice.refresh)
    const own = await ask('/oauth/token', { grant_type: 'client_credentials', scope: 'user_accounts:read' })
    for (const { body } of [refreshed, own]) {
      const token: string = body.access_token
      expect((await server.get('/user_account', { token })).body.username).toBe('alice')
      expect((await ask('/oauth/token/revoke', { token })).status).toBe(200)
      expect((await server.get('/user_account', { token })).status).toBe(401)
    }
  })
})
