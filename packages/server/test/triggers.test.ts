import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, type TestServer, testApp } from '@pinfold/test-support/server'
import { startReceiver } from '@pinfold/test-support/webhook-receiver'
import { expect, onTestFinished, test } from 'vitest'

const trigger = (server: TestServer, event: string, body: object) => server.post(`/_pinfold/trigger/${event}`, body)
const unknown = '1142048512397440'

test('a token expires and can be renewed, is revoked, or goes with all that an app had', async () => {
  const server = await ownServer()
  const { token, refresh } = people.alice
  const renew = () =>
    server.request('POST', '/oauth/token', {
      token: null,
      headers: { authorization: `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}` },
      form: { grant_type: 'refresh_token', refresh_token: refresh },
    })
  const statusOf = async (text: string) => (await server.get('/user_account', { token: text })).status

  expect(await statusOf(token)).toBe(200)
  expect((await trigger(server, 'token.expire', { token })).status).toBe(204)
  expect(await statusOf(token)).toBe(401)
  const { access_token: renewed } = (await renew()).body
  expect(await statusOf(renewed)).toBe(200)
  expect((await trigger(server, 'token.expire', { token: refresh })).status).toBe(204)
  expect([(await renew()).status, await statusOf(renewed)]).toEqual([401, 200])
  expect((await trigger(server, 'token.revoke', { token: renewed })).status).toBe(204)
  expect(await statusOf(renewed)).toBe(401)
  for (const event of ['token.expire', 'token.revoke'])
    expect((await trigger(server, event, { token: renewed.toUpperCase() })).body.message).toContain('no such token')

  expect(await statusOf(people.bob.token)).toBe(200)
  expect((await trigger(server, 'app.disconnect', { app_id: testApp.id, account: 'bob' })).status).toBe(204)
  expect(await statusOf(people.bob.token)).toBe(401)
  expect((await trigger(server, 'app.disconnect', { app_id: unknown, account: 'bob' })).body.message).toContain('App')
  const nobody = await trigger(server, 'app.disconnect', { app_id: testApp.id, account: 'nobody' })
  expect([nobody.status, nobody.body.message]).toEqual([404, expect.stringContaining("no account 'nobody'")])
})

test.each(databases)('boards and Pins are deleted, saved and seen by others, on $name', async ({ open }) => {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  const server = await ownServer(database)
  const board = (await server.post('/boards', { name: 'Cups', privacy: 'SECRET' })).body.id
  const shown = (await server.post('/boards', { name: 'Bowls' })).body.id
  const bobs = (await server.post('/boards', { name: 'Plates' }, { token: people.bob.token })).body.id
  const media_source = await base64Source(7)
  const pinOn = async (board_id: string) =>
    (await server.post('/pins', { board_id, media_source, link: 'https://pots.example/' })).body.id as string
  const [hidden, pin] = [await pinOn(board), await pinOn(shown)]

  const traffic = { pin_id: pin, impressions: 1200, pin_clicks: 30, outbound_clicks: 20, reactions: 3, comments: 2 }
  expect((await trigger(server, 'pin.traffic', traffic)).body).toEqual({ counted: 1255 })
  expect((await trigger(server, 'pin.traffic', { pin_id: pin, days_ago: 3, impressions: 7 })).body.counted).toBe(7)
  const today = new Date(server.clock.now()).toISOString().slice(0, 10)
  const before = new Date(server.clock.now() - 5 * 86_400_000).toISOString().slice(0, 10)
  const metrics = 'IMPRESSION,PIN_CLICK,OUTBOUND_CLICK,TOTAL_REACTIONS,TOTAL_COMMENTS,SAVE'
  const numbers = async () =>
    (await server.get(`/pins/${pin}/analytics?start_date=${before}&end_date=${today}&metric_types=${metrics}`)).body.all
      .summary_metrics
  expect(await numbers()).toMatchObject({ IMPRESSION: 1207, PIN_CLICK: 30, OUTBOUND_CLICK: 20 })

  expect((await trigger(server, 'pin.save', { pin_id: pin, board_id: bobs })).status).toBe(204)
  expect((await server.get(`/boards/${bobs}/pins`, { token: people.bob.token })).body.items).toHaveLength(1)
  expect(await numbers()).toMatchObject({ SAVE: 1 })
  expect((await trigger(server, 'pin.save', { pin_id: hidden, board_id: bobs })).status).toBe(404)

  expect((await trigger(server, 'pin.delete', { pin_id: hidden })).status).toBe(204)
  expect((await server.get(`/pins/${hidden}`)).status).toBe(404)
  for (const id of [board, shown]) {
    expect((await trigger(server, 'board.delete', { board_id: id })).status).toBe(204)
    expect((await server.get(`/boards/${id}`)).status).toBe(404)
  }
  expect((await server.get(`/pins/${pin}`)).status).toBe(404)
  const gone: [string, object][] = [
    ['pin.traffic', traffic],
    ['pin.save', { pin_id: pin, board_id: bobs }],
    ['pin.delete', { pin_id: pin }],
    ['board.delete', { board_id: board }],
  ]
  for (const [event, body] of gone) expect([event, (await trigger(server, event, body)).status]).toEqual([event, 404])
})

test('webhooks tell what triggers bring about, those of a sandbox what happens there', async () => {
  const server = await ownServer()
  const receiver = await startReceiver()
  onTestFinished(() => receiver[Symbol.asyncDispose]())
  const { access_token: token, refresh_token: refresh } = (await server.post('/_pinfold/sandboxes', {})).body
  const inside = { token }
  for (const [path, options] of [
    ['outside', {}],
    ['inside', inside],
  ] as const) {
    const url = `${receiver.url}/${path}`
    const thresholds = [{ metric: 'IMPRESSION', count: 100 }]
    expect((await server.post('/_pinfold/webhooks', { url, thresholds }, options)).status).toBe(201)
  }
  const board = (await server.post('/boards', { name: 'Cups' }, inside)).body.id
  const media_source = await base64Source(7)
  const pin = (await server.post('/pins', { board_id: board, media_source }, inside)).body.id
  const happen = (event: string, body: object) => server.post(`/_pinfold/trigger/${event}`, body, inside)
  const types = () =>
    receiver
      .at('/inside')
      .map(({ type }) => type)
      .toSorted()
  await happen('pin.traffic', { pin_id: pin, impressions: 120 })
  // A number of a Pin that is deleted by the time it is counted is told no more.
  await until(() => types().includes('pin.reached'))
  await happen('pin.delete', { pin_id: pin })
  await happen('board.delete', { board_id: board })
  // Without a token that may read it, nothing else is told.
  await until(() => types().includes('board.deleted') && types().includes('pin.deleted'))
  await happen('token.revoke', { token: refresh })
  const expected = ['board.created', 'board.deleted', 'pin.created', 'pin.deleted', 'pin.reached', 'token.revoked']
  await until(() => types().length >= expected.length)
  expect(types()).toEqual(expected)
  expect(receiver.at('/outside')).toEqual([])
})

test('an account follows another, and no longer', async () => {
  const server = await ownServer()
  const followers = async () =>
    (await server.get('/user_account/followers')).body.items.map((it: { username: string }) => it.username)
  expect((await trigger(server, 'account.follow', { account: 'alice', by: 'bob' })).status).toBe(204)
  expect(await followers()).toEqual(['bob'])
  expect((await trigger(server, 'account.unfollow', { account: 'alice', by: 'bob' })).status).toBe(204)
  expect(await followers()).toEqual([])
  expect((await trigger(server, 'account.follow', { account: 'alice', by: 'nobody' })).status).toBe(404)
  expect((await trigger(server, 'account.follow', { account: 'nobody', by: 'bob' })).status).toBe(404)
  expect((await trigger(server, 'account.follow', { account: 'bob', by: 'bob' })).status).toBe(400)
})
