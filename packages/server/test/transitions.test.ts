import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import type { TestServer } from '@pinfold/test-support/server'
import { clip, ended, register, statusOf, upload, uploaded } from '@pinfold/test-support/uploads'
import { expect, onTestFinished, test } from 'vitest'

const set = (server: TestServer, json: object) => server.request('PUT', '/_pinfold/transitions/media', { json })
const trigger = (server: TestServer, event: string, body: object) => server.post(`/_pinfold/trigger/${event}`, body)
const waiting = async (server: TestServer) => (await server.get('/_pinfold/transitions')).body.items[0].waiting

/** Uploads a video, which is then being processed, or waits. */
async function sent(server: TestServer): Promise<string> {
  const registered = await register(server)
  expect((await upload(registered, clip)).status).toBe(204)
  return registered.media_id
}

test.each(databases)('videos wait for a time on the clock, for a trigger, or fail, on $name', async ({ open }) => {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  const server = await ownServer(database)
  expect((await server.get('/_pinfold/transitions')).body.items).toEqual([
    { kind: 'media', mode: 'immediate', waiting: 0 },
    { kind: 'ad.review', mode: 'immediate', waiting: 0 },
  ])
  const timed = await set(server, { mode: 'time', after: '90s' })
  expect(timed.body).toEqual({ kind: 'media', mode: 'time', after: '90000ms', waiting: 0 })
  const first = await sent(server)
  expect([await statusOf(server, first), await waiting(server)]).toEqual(['processing', 1])
  await server.post('/_pinfold/clock/advance', { by: '60s' })
  const second = await sent(server)
  await server.post('/_pinfold/clock/advance', { by: '40s' })
  expect([await ended(server, first), await statusOf(server, second)]).toEqual(['succeeded', 'processing'])

  // What waits goes on by the new rule, and by triggers, one by one.
  await set(server, { mode: 'manual' })
  const third = await sent(server)
  await server.post('/_pinfold/clock/advance', { by: '1d' })
  expect([await statusOf(server, second), await waiting(server)]).toEqual(['processing', 2])
  expect((await trigger(server, 'media.ready', { media_id: second })).status).toBe(204)
  expect([await statusOf(server, second), await statusOf(server, third)]).toEqual(['succeeded', 'processing'])
  const problem = 'The video is damaged.'
  expect((await trigger(server, 'media.fail', { media_id: third, problem })).status).toBe(204)
  const failed = await server.get(`/media/${third}`)
  expect([failed.body.status, failed.headers.get('x-pinfold-failure')]).toEqual(['failed', problem])
  const fourth = await sent(server)
  expect((await set(server, { mode: 'immediate' })).body).toMatchObject({ mode: 'immediate' })
  expect(await ended(server, fourth)).toBe('succeeded')

  await set(server, { mode: 'fail' })
  const fifth = await uploaded(server)
  expect(fifth.status).toBe('failed')
  expect((await server.get(`/media/${fifth.id}`)).headers.get('x-pinfold-failure')).toContain('on purpose')
})

test('a trigger says what it cannot do, and a wrong rule is refused', async () => {
  const server = await ownServer()
  const { media_id: registered } = await register(server)
  const { id: done } = await uploaded(server)
  for (const event of ['media.ready', 'media.fail']) {
    expect((await trigger(server, event, { media_id: registered })).body.message).toContain('not been uploaded')
    expect((await trigger(server, event, { media_id: done })).body.message).toContain('succeeded already')
    expect((await trigger(server, event, { media_id: '1142048512397440' })).status).toBe(404)
  }
  const wrong: object[] = [
    {},
    { mode: 'time' },
    { mode: 'time', after: 'soon' },
    { mode: 'manual', after: '1s' },
    { mode: 'immediate', problem: 'None.' },
    { mode: 'sometimes' },
  ]
  for (const json of wrong) expect((await set(server, json)).status, JSON.stringify(json)).toBe(400)
  const feed = await server.request('PUT', '/_pinfold/transitions/feed', { json: { mode: 'manual' } })
  expect([feed.status, feed.body.message]).toEqual([400, expect.stringContaining('kind')])
})

test('a reset lets everything go on at once, and the end of the server what waits', async () => {
  const server = await ownServer()
  await set(server, { mode: 'manual' })
  await sent(server)
  expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
  await until(async () => (await waiting(server)) === 0)
  expect((await uploaded(server)).status).toBe('succeeded')
  await set(server, { mode: 'manual' })
  await sent(server)
  await server.close()
})
