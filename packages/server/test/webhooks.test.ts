import { databases } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import {
  allScopesBut,
  otherApp,
  people,
  startTestServer,
  type TestServer,
  testApp,
  trialApp,
} from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { type Received, startReceiver, verify, type WebhookReceiver } from '@pinfold/test-support/webhook-receiver'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'

const path = '/_pinfold/webhooks'
const hour = 60 * 60 * 1000
const withoutSecret = 'pina_no_secrets_00000000000'
const bob = { token: people.bob.token }
const plain = { token: withoutSecret }
const trial = { token: trialApp.token }

const basic = (app: { id: string; secret: string }) =>
  `Basic ${Buffer.from(`${app.id}:${app.secret}`).toString('base64')}`

describe.each(databases)('webhooks on $name', ({ open }) => {
  let server: TestServer
  let receiver: WebhookReceiver
  let count = 0
  beforeAll(async () => {
    const { discard, ...database } = await open()
    const tokens = [{ text: withoutSecret, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') }]
    server = await startTestServer({ ...database, tokens })
    receiver = await startReceiver()
    return async () => {
      await server.close()
      await receiver[Symbol.asyncDispose]()
      await discard()
    }
  })
  // An account may have twenty.
  beforeEach(async () => {
    receiver.reply(() => 204)
    for (const options of [{}, bob, trial])
      for (const { id } of (await server.get(path, options)).body.items) await server.delete(`${path}/${id}`, options)
  })

  /** Makes a webhook with an address of its own at the receiver. */
  async function hook(given: object = {}, options: { token?: string } = {}) {
    const at = `/${++count}`
    const made = await server.post(path, { url: receiver.url + at, ...given }, options)
    expect(made.status, made.text).toBe(201)
    return { ...made.body, at } as { id: string; secret: string; at: string }
  }

  /** Waits for messages at a webhook, and returns what they tell. */
  async function told({ at }: { at: string }, wanted: number): Promise<Received[]> {
    await until(() => receiver.at(at).length >= wanted)
    return receiver.at(at)
  }

  const types = (messages: readonly Received[]) => messages.map(({ type }) => type)
  const newBoard = async (body: object, options = {}) => (await server.post('/boards', body, options)).body.id as string
  const deliveries = async (id: string, options = {}) =>
    (await server.get(`${path}/${id}/deliveries`, options)).body.items

  test('what happens to a board and its Pins is told in order, signed, and each delivery says how it went', async () => {
    const webhook = await hook({ description: 'All of it.' })
    expect(webhook).toMatchObject({
      status: 'enabled',
      includes_secret: false,
      app_id: testApp.id,
      failing_since: null,
    })
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const board = await newBoard({ name: `Told ${count}` })
    const { body: pin } = await server.post('/pins', {
      board_id: board,
      title: 'Cup',
      media_source: await base64Source(),
    })
    await server.patch(`/pins/${pin.id}`, { title: 'Mug' })
    await server.patch(`/pins/${pin.id}`, { title: 'Mug' })
    await server.patch(`/boards/${board}`, { description: 'Cups.' })
    await server.delete(`/pins/${pin.id}`)
    await server.delete(`/boards/${board}`)
    const messages = await told(webhook, 6)
    const about = (kind: string) => messages.filter(({ type }) => type.startsWith(kind))
    expect(types(about('board'))).toEqual(['board.created', 'board.changed', 'board.deleted'])
    expect(about('board').map(({ data }) => data)).toEqual([
      { id: board, name: `Told ${count}`, description: '', privacy: 'PUBLIC' },
      { id: board, name: `Told ${count}`, description: 'Cups.', privacy: 'PUBLIC', changed: ['description'] },
      { id: board },
    ])
    expect(types(about('pin'))).toEqual(['pin.created', 'pin.changed', 'pin.deleted'])
    expect(about('pin').map(({ data }) => data)).toEqual([
      {
        ...{ id: pin.id, board_id: board, board_section_id: null, title: 'Cup', link: null, parent_pin_id: null },
        ...{ creative_type: 'REGULAR', privacy: 'PUBLIC' },
      },
      expect.objectContaining({ id: pin.id, title: 'Mug', changed: ['title'] }),
      { id: pin.id, board_id: board },
    ])
    for (const message of messages) {
      verify(message, webhook.secret)
      expect(message.id).toMatch(/^msg_\d+$/)
      expect(message.timestamp).toBe(new Date(server.clock.now()).toISOString())
    }
    const done = async () =>
      (await deliveries(webhook.id)).filter((one: { status: string }) => one.status === 'delivered')
    await until(async () => (await done()).length === 6)
    expect((await done()).at(-1)).toMatchObject({
      ...{ webhook_id: webhook.id, type: 'board.created', attempts: 1, answer_status: 204, problem: null },
      ...{ message_id: about('board')[0]?.id, body: about('board')[0]?.body, next_attempt_at: null },
    })
  })

  test('secret things are told to webhooks that may see them; to others they come and go', async () => {
    const all = await hook({ includes_secret: true })
    const some = await hook({}, plain)
    expect(some).toMatchObject({ includes_secret: false })
    const refused = await server.post(path, { url: receiver.url, includes_secret: true }, plain)
    expect([refused.status, refused.body.code]).toEqual([401, 3])
    const board = await newBoard({ name: `Secret ${count}`, privacy: 'SECRET' })
    const { body: pin } = await server.post('/pins', { board_id: board, media_source: await base64Source() })
    await server.patch(`/boards/${board}`, { privacy: 'PUBLIC' })
    await server.patch(`/pins/${pin.id}`, { title: 'Seen' })
    const hidden = await newBoard({ name: `Hidden ${count}`, privacy: 'SECRET' })
    await server.patch(`/pins/${pin.id}`, { board_id: hidden })
    await server.patch(`/boards/${board}`, { privacy: 'SECRET' })
    const kinds = (messages: readonly Received[], id: string) => types(messages.filter(({ data }) => data.id === id))
    const seen = await told(all, 7)
    expect(kinds(seen, board)).toEqual(['board.created', 'board.changed', 'board.changed'])
    expect(kinds(seen, pin.id)).toEqual(['pin.created', 'pin.changed', 'pin.changed'])
    const rest = await told(some, 4)
    expect(kinds(rest, board)).toEqual(['board.created', 'board.deleted'])
    expect(kinds(rest, pin.id)).toEqual(['pin.changed', 'pin.deleted'])
    expect(rest.map(({ body }) => body).join()).not.toContain(hidden)

    // Of the first one, a token that may see nothing secret sees no more than it would be told, and takes nothing over.
    await until(async () => (await deliveries(all.id)).every((one: { status: string }) => one.status === 'delivered'))
    const listed = await deliveries(all.id, plain)
    expect(listed.length).toBeLessThan((await deliveries(all.id)).length)
    expect(JSON.stringify(listed)).not.toContain(hidden)
    const [newest] = await deliveries(all.id)
    for (const refusal of [
      await server.get(`${path}/${all.id}/deliveries/${newest.id}`, plain),
      await server.post(`${path}/${all.id}/deliveries/${newest.id}/resend`, undefined, plain),
    ])
      expect(refusal.status).toBe(404)
    for (const refusal of [
      await server.patch(`${path}/${all.id}`, { url: receiver.url }, plain),
      await server.post(`${path}/${all.id}/secret`, undefined, plain),
      await server.patch(`${path}/${some.id}`, { includes_secret: true }, plain),
    ])
      expect([refusal.status, refusal.body.code]).toEqual([401, 3])

    // It can be changed later. What waits is not told any more, either.
    receiver.reply(() => 500)
    const late = await newBoard({ name: `Late ${count}`, privacy: 'SECRET' })
    const ofLate = async () =>
      (await deliveries(all.id)).find(({ body }: { body: string }) => body.includes(late))?.status
    await until(async () => (await ofLate()) !== undefined)
    const open = await server.patch(`${path}/${all.id}`, { includes_secret: false })
    expect(open.body).toMatchObject({ includes_secret: false })
    await until(async () => (await ofLate()) === 'failed')
    receiver.reply(() => 204)
    expect((await server.patch(`${path}/${all.id}`, { description: 'Open.' }, plain)).status).toBe(200)
    expect((await server.patch(`${path}/${some.id}`, { includes_secret: true })).body.includes_secret).toBe(true)
  })

  test('a webhook is its account’s and its app’s alone; somebody signed in has all of the account’s', async () => {
    const webhook = await hook({ events: ['board.created'] })
    await server.post(`${path}/${webhook.id}/test`)
    const [{ id: delivery }] = await deliveries(webhook.id)
    for (const options of [bob, trial]) {
      expect((await server.get(path, options)).body.items).toEqual([])
      for (const [method, rest, json] of [
        ['GET', ''],
        ['PATCH', '', { description: 'Mine.' }],
        ['DELETE', ''],
        ['POST', '/secret'],
        ['POST', '/test'],
        ['GET', '/deliveries'],
        ['GET', `/deliveries/${delivery}`],
        ['POST', `/deliveries/${delivery}/resend`],
      ] as const) {
        const answer = await server.request(method, `${path}/${webhook.id}${rest}`, {
          ...options,
          ...(json && { json }),
        })
        expect([method, rest, answer.status]).toEqual([method, rest, 404])
      }
    }
    const mine = await hook({ events: ['board.created'] }, bob)
    const other = await server.get(`${path}/${mine.id}/deliveries/${delivery}`, bob)
    expect(other.status).toBe(404)

    const visitor = newVisitor(server.url)
    await visitor.signIn(people.alice)
    const headers = { cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`, 'sec-fetch-site': 'same-origin' }
    const signedIn = { token: null, headers: { ...headers, 'x-pinfold-app': '1' } }
    expect((await server.get(path, signedIn)).body.items.map(({ id }: { id: string }) => id)).toEqual([webhook.id])
    const own = await server.post(path, { url: `${receiver.url}/own`, events: ['token.revoked'] }, signedIn)
    expect(own.body).toMatchObject({ app_id: null, includes_secret: false })
    expect((await server.get(`${path}/${own.body.id}`)).status).toBe(404)
    await server.delete(`${path}/${own.body.id}`, signedIn)
  })

  test('what fails is tried again, what comes after it waits, and nobody else does', async () => {
    const webhook = await hook({ events: ['board.created', 'board.changed'] })
    const board = await newBoard({ name: `Again ${count}` })
    await told(webhook, 1)
    receiver.reply(({ data, path: at }) => (at === webhook.at && data.id === board ? 500 : 204))
    for (const description of ['1', '2', '3']) await server.patch(`/boards/${board}`, { description })
    const other = await newBoard({ name: `Other ${count}` })
    await until(() => receiver.at(webhook.at).some(({ data }) => data.id === other))
    const tried = () => receiver.at(webhook.at).filter(({ data }) => data.description === '1')
    await until(() => tried().length === 1)
    const listed = async () => deliveries(webhook.id)
    await until(async () =>
      (await listed()).some(
        (one: { attempts: number; status: string }) => one.attempts === 1 && one.status === 'waiting',
      ),
    )
    const failed = (await listed()).find((one: { answer_status: number }) => one.answer_status === 500)
    expect(failed).toMatchObject({ status: 'waiting', attempts: 1, problem: 'It answered with status 500.' })
    expect(Date.parse(failed.next_attempt_at) - server.clock.now()).toBeGreaterThan(400)
    receiver.reply(() => 204)
    server.clock.advance(2000)
    await until(() => receiver.at(webhook.at).some(({ data }) => data.description === '3'))
    const ofBoard = receiver.at(webhook.at).filter(({ data }) => data.id === board)
    expect(ofBoard.map(({ data }) => data.description)).toEqual(['', '1', '1', '2', '3'])
    expect(new Set(tried().map(({ id }) => id)).size).toBe(1)
    for (const message of ofBoard) verify(message, webhook.secret)
  })

  test('a receiver that fails for a day is paused, and told nothing until it is enabled', async () => {
    const webhook = await hook({ events: ['board.created'] })
    receiver.reply(() => 503)
    await newBoard({ name: `Day ${count}` })
    await told(webhook, 1)
    const shown = async () => (await server.get(`${path}/${webhook.id}`)).body
    await until(async () => (await shown()).failing_since !== null)
    server.clock.advance(25 * hour)
    await until(async () => (await shown()).status === 'paused')
    expect((await shown()).problem).toBe(
      'Nothing could be delivered for a day. The last time: It answered with status 503.',
    )
    const [failed] = await deliveries(webhook.id)
    expect(failed).toMatchObject({ status: 'failed', attempts: 2, next_attempt_at: null })
    receiver.reply(() => 204)
    await newBoard({ name: `Paused ${count}` })
    expect((await server.post(`${path}/${webhook.id}/test`)).status).toBe(400)
    expect((await server.patch(`${path}/${webhook.id}`, { status: 'enabled' })).body).toMatchObject({
      ...{ status: 'enabled', problem: null, failing_since: null },
    })
    const before = receiver.at(webhook.at).length
    const again = await server.post(`${path}/${webhook.id}/deliveries/${failed.id}/resend`)
    expect(again.body).toMatchObject({ id: failed.id, status: 'waiting', attempts: 0, finished_at: null })
    await told(webhook, before + 1)
    expect(receiver.at(webhook.at).map(({ id }) => id)).toEqual(Array(before + 1).fill(failed.message_id))
    const left = await hook({ events: ['board.created'] })
    receiver.reply(() => 410)
    await newBoard({ name: `Gone ${count}` })
    await until(async () => (await server.get(`${path}/${left.id}`)).body.status === 'paused')
  })

  test('redirects are not followed, and no answer is waited for or read for long', async () => {
    const webhook = await hook({ events: ['board.created'] })
    receiver.reply(
      () => (_request, response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end(),
    )
    await newBoard({ name: `Redirect ${count}` })
    await until(async () => (await deliveries(webhook.id))[0]?.attempts === 1)
    expect((await deliveries(webhook.id))[0]).toMatchObject({
      ...{ answer_status: 302, problem: 'It answered with status 302. Redirects are not followed.' },
    })
    expect(receiver.at('/elsewhere')).toEqual([])
    const endless = await hook({ events: ['board.created'] })
    receiver.reply(() => (_request, response) => {
      response.writeHead(200)
      const write = () => {
        while (response.write('x'.repeat(65_536)) && !response.destroyed) {}
      }
      response.on('drain', write)
      write()
    })
    await newBoard({ name: `Endless ${count}` })
    await until(async () => (await deliveries(endless.id))[0]?.status === 'delivered')
  })

  test('addresses, numbers and a retried creation', async () => {
    for (const url of [
      'ftp://example.com',
      'http://10.0.0.1/',
      'http://169.254.169.254/latest',
      'nothing',
      'http://a:b@example.com',
    ]) {
      const answer = await server.post(path, { url })
      expect([url, answer.status, answer.body.code]).toEqual([url, 400, 1])
    }
    const headers = { 'idempotency-key': `webhook ${count}` }
    const json = { url: `${receiver.url}/once`, events: ['board.created'], includes_secret: true }
    const [first, second] = [await server.post(path, json, { headers }), await server.post(path, json, { headers })]
    expect(second.body).toEqual(first.body)
    // The key tells the secret to no token that may not see what the webhook tells.
    const lesser = await server.post(path, json, { headers, ...plain })
    expect([lesser.status, lesser.text.includes('whsec')]).toEqual([401, false])
    const rotate = () =>
      server.post(`${path}/${first.body.id}/secret`, undefined, { headers: { 'idempotency-key': 'again' } })
    const [once, twice] = [await rotate(), await rotate()]
    expect(once.body.secret).not.toBe(first.body.secret)
    expect(twice.body).toEqual(once.body)
    const tests = () =>
      server.post(`${path}/${first.body.id}/test`, undefined, { headers: { 'idempotency-key': 'test' } })
    expect((await tests()).body.id).toBe((await tests()).body.id)
    const made = [first.body.id]
    while (made.length < 20) made.push((await server.post(path, json)).body.id)
    expect((await server.post(path, json)).status).toBe(403)
    const page = await server.get(`${path}?page_size=15`)
    const rest = await server.get(`${path}?page_size=15&bookmark=${page.body.bookmark}`)
    const ids = [...page.body.items, ...rest.body.items].map(({ id }: { id: string }) => id)
    expect(ids).toEqual(made.reverse())
    expect(JSON.stringify(page.body)).not.toContain('whsec')
  })

  test('a replaced secret signs for a day more', async () => {
    const webhook = await hook({ events: ['board.created'] })
    const { body: changed } = await server.post(`${path}/${webhook.id}/secret`)
    expect(changed.secret).not.toBe(webhook.secret)
    await server.post(`${path}/${webhook.id}/test`)
    const [tested] = await told(webhook, 1)
    expect(tested).toMatchObject({ type: 'webhook.test', data: { webhook_id: webhook.id } })
    verify(tested as Received, webhook.secret)
    verify(tested as Received, changed.secret)
    server.clock.advance(25 * hour)
    await server.post(`${path}/${webhook.id}/test`)
    const [, later] = await told(webhook, 2)
    verify(later as Received, changed.secret)
    expect(() => verify(later as Received, webhook.secret)).toThrow()
  })

  test('a Pin that reaches a number is told once, from whatever it is counted', async () => {
    const thresholds = [
      { metric: 'OUTBOUND_CLICK', count: 2 },
      { metric: 'OUTBOUND_CLICK', count: 4 },
      { metric: 'SAVE', count: 1 },
    ]
    const webhook = await hook({ events: ['pin.reached'], thresholds })
    const other = await hook({ events: ['pin.reached'], thresholds }, bob)
    const board = await newBoard({ name: `Reached ${count}` })
    const { body: pin } = await server.post('/pins', { board_id: board, media_source: await base64Source() })
    const click = async (viewer: string) => {
      const at = new Date(server.clock.now()).toISOString()
      const event = {
        id: `${count} ${viewer}`,
        type: 'outbound_click',
        pin_id: pin.id,
        at,
        viewer,
      }
      expect((await server.post('/_pinfold/events', { events: [event] })).body).toMatchObject({ counted: 1 })
    }
    for (const viewer of ['one', 'two', 'three']) await click(viewer)
    const own = await newBoard({ name: `Saves ${count}` }, bob)
    expect((await server.post(`/pins/${pin.id}/save`, { board_id: own }, bob)).status).toBe(201)
    const messages = await told(webhook, 2)
    expect(messages.map(({ data }) => data)).toEqual([
      { id: pin.id, metric: 'OUTBOUND_CLICK', count: 2, total: 2 },
      { id: pin.id, metric: 'SAVE', count: 1, total: 1 },
    ])
    await click('four')
    expect((await told(webhook, 3)).at(-1)?.data).toMatchObject({ count: 4, total: 4 })
    expect(receiver.at(other.at)).toEqual([])
  })

  test('an upload that cannot be used is told', async () => {
    const webhook = await hook({ events: ['media.failed', 'media.ready'] })
    const { media_id, upload_url, upload_parameters } = (await server.post('/media', { media_type: 'video' })).body
    const form = new FormData()
    for (const [name, value] of Object.entries(upload_parameters)) form.append(name, String(value))
    form.append('file', new Blob(['This is no video.']))
    expect((await fetch(upload_url, { method: 'POST', body: form })).status).toBe(204)
    const [failed] = await told(webhook, 1)
    expect(failed).toMatchObject({ type: 'media.failed', data: { media_id, problem: expect.any(String) } })
  })

  test('receivers that are slow hold up nobody', async () => {
    const held: (() => void)[] = []
    const slow = await Promise.all(Array.from({ length: 12 }, () => hook({ events: ['board.created'] })))
    const quick = await hook({ events: ['board.created'] }, bob)
    const isSlow = new Set(slow.map(({ at }) => at))
    receiver.reply(({ path: at }) =>
      isSlow.has(at) ? (_request, response) => void held.push(() => response.writeHead(204).end()) : 204,
    )
    for (let i = 0; i < 8; i++) await newBoard({ name: `Slow ${count} ${i}` })
    await until(() => held.length >= 16)
    // No more of one account than this, whatever waits.
    expect(held.length).toBe(16)
    const board = await newBoard({ name: `Quick ${count}` }, bob)
    expect((await told(quick, 1))[0]?.data.id).toBe(board)
    expect(held.length).toBe(16)
    receiver.reply(() => 204)
    for (const answer of held) answer()
    for (const each of slow) await told(each, 8)
  })

  test('an app that loses its tokens is told of that, and of nothing else', async () => {
    const issued = await server.post('/oauth/token', undefined, {
      form: { grant_type: 'client_credentials', scope: 'boards:read,boards:write,pins:read,user_accounts:read' },
      headers: { authorization: basic(otherApp) },
      token: null,
    })
    const app = { token: issued.body.access_token }
    const webhook = await hook({}, app)
    await newBoard({ name: `Lost ${count}` }, bob)
    await told(webhook, 1)
    await server.request('POST', '/oauth/token/revoke', {
      form: { token: app.token },
      headers: { authorization: basic(otherApp) },
      token: null,
    })
    const [, revoked] = await told(webhook, 2)
    expect(revoked).toMatchObject({ type: 'token.revoked', data: { app_id: otherApp.id, revoked: 'access' } })
    await newBoard({ name: `After ${count}` }, bob)
    const visitor = newVisitor(server.url)
    await visitor.signIn(people.bob)
    const headers = { cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`, 'sec-fetch-site': 'same-origin' }
    const signedIn = { token: null, headers: { ...headers, 'x-pinfold-app': '1' } }
    await until(async () => (await server.get(`${path}/${webhook.id}`, signedIn)).body.status === 'disconnected')
    expect(types(receiver.at(webhook.at))).toEqual(['board.created', 'token.revoked'])
  })

  test('an app that is deleted is told so, and nothing after that', async () => {
    const visitor = newVisitor(server.url)
    await visitor.signIn(people.bob)
    const headers = { cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`, 'sec-fetch-site': 'same-origin' }
    const signedIn = { token: null, headers: { ...headers, 'x-pinfold-app': '1' } }
    const { app, secret } = (await server.post('/_pinfold/developer/apps', { name: `App ${count}` }, signedIn)).body
    const issued = await server.request('POST', '/oauth/token', {
      form: { grant_type: 'client_credentials', scope: 'boards:read,pins:read,user_accounts:read' },
      headers: { authorization: basic({ id: app.id, secret }) },
      token: null,
    })
    const webhook = await hook({}, { token: issued.body.access_token })
    await newBoard({ name: `Last ${count}` }, bob)
    await told(webhook, 1)
    expect((await server.delete(`/_pinfold/developer/apps/${app.id}`, signedIn)).status).toBe(204)
    const [, revoked] = await told(webhook, 2)
    expect(revoked).toMatchObject({ type: 'token.revoked', data: { app_id: app.id, revoked: 'all' } })
    expect((await server.get(`${path}/${webhook.id}`, signedIn)).body.status).toBe('disconnected')
  })
})

test('where webhooks may be sent is the operator’s to say, and none controls a server', async () => {
  const taken = async (server: TestServer, host: string) =>
    (await server.post(path, { url: `http://${host}/`, events: ['media.ready'] })).status === 201
  const own = await startTestServer()
  expect(await Promise.all(['127.0.0.1:9', '10.20.3.4', '[::1]:9'].map((host) => taken(own, host)))).toEqual([
    true,
    false,
    true,
  ])
  // Others come through a proxy: what listens on this machine is not theirs.
  const open = await startTestServer({ trustProxy: 'loopback' })
  expect(await taken(open, '127.0.0.1:9')).toBe(false)
  const named = await startTestServer({ trustProxy: 1, webhookNetworks: '10.20.0.0/16, 192.168.1.7,loopback' })
  const hosts = ['10.20.3.4', '10.21.3.4', '192.168.1.7', '192.168.1.8', '127.0.0.1:9', '169.254.169.254']
  expect(await Promise.all(hosts.map((host) => taken(named, host)))).toEqual([true, false, true, false, true, false])
  await expect(startTestServer({ webhookNetworks: '10.0.0.0/8,home' })).rejects.toThrow(`'home' is no network`)
  const headers = { 'webhook-id': 'msg_1' }
  expect((await own.request('POST', '/_pinfold/reset', { token: null, json: {}, headers })).status).toBe(403)
})
