import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer, trialApp } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const trialRefusal = {
  code: 29,
  message:
    'Apps with Trial access may not create Pins in production https://api.pinterest.com - ' +
    'use API Sandbox https://api-sandbox.pinterest.com instead.',
}
const refusalOf = (feature: string) => ({
  code: 3,
  message: `Your application does not have access to this restricted feature: ${feature}`,
})

describe('an app on the trial tier (12.20)', () => {
  let server: TestServer
  let board: string
  let pin: string
  const trial = { token: trialApp.token }
  beforeAll(async () => {
    server = await startTestServer()
    board = (await server.post('/boards', { name: 'Made on trial' }, trial)).body.id
    pin = (await server.post('/pins', { board_id: board, media_source: await base64Source(700) })).body.id
  })

  test('reads, writes boards, and sees how often its Pins were seen', async () => {
    const statuses = [
      await server.get(`/pins/${pin}`, trial),
      await server.get(`/boards/${board}/pins`, trial),
      await server.patch(`/boards/${board}`, { description: 'Written on trial' }, trial),
      await server.get(`/pins/${pin}/analytics?${lastWeek(server)}&metric_types=IMPRESSION`, trial),
      await server.get(`/user_account/analytics?${lastWeek(server)}`, trial),
    ].map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 200, 200])
  })

  test('makes and saves no Pin, and is told where it can', async () => {
    const given = { board_id: board, media_source: await base64Source(701) }
    for (const answer of [
      await server.post('/pins', given, trial),
      await server.post(`/pins/${pin}/save`, { board_id: board }, trial),
    ])
      expect([answer.status, answer.body]).toEqual([403, trialRefusal])
  })

  test('makes, sees and saves Pins in the sandbox', async () => {
    const sandbox = `${server.url}/sandbox/v5`
    const given = { board_id: board, title: 'From the sandbox', media_source: await base64Source(702) }
    const made = await server.post(`${sandbox}/pins`, given, trial)
    expect(made.status).toBe(201)
    expect((await server.get(`${sandbox}/pins/${made.body.id}`, trial)).body).toEqual(made.body)
    const saved = await server.post(`${sandbox}/pins/${made.body.id}/save`, { board_id: board }, trial)
    expect(saved.body.parent_pin_id).toBe(made.body.id)
  })

  test('reaches the sandbox also with an address that leaves /v5 out, and nothing but operations there', async () => {
    const given = { board_id: board, media_source: await base64Source(703) }
    expect((await server.post(`${server.url}/sandbox/pins`, given, trial)).status).toBe(201)
    for (const path of ['/docs', '/_pinfold/health', '/v5', '/'])
      expect((await server.get(`${server.url}/sandbox${path}`)).status, path).toBe(404)
  })

  test('has no restricted feature', async () => {
    const change = await server.patch(`/pins/${pin}`, { title: 'Changed on trial' }, trial)
    expect([change.status, change.body]).toEqual([401, refusalOf('pin_edit')])
    expect((await server.get(`/pins/${pin}`, trial)).body.title).toBeNull()
    const query = `pin_ids=${pin}&${lastWeek(server)}&metric_types=IMPRESSION`
    const numbers = await server.get(`/pins/analytics?${query}`, trial)
    expect([numbers.status, numbers.body]).toEqual([401, refusalOf('multi_pin_analytics')])
  })

  test('still needs the scopes, and is told so first', async () => {
    const own = await startTestServer({ tokens: [{ text: 'pina_reads_only_0000000000', scopes: ['pins:read'] }] })
    const answer = await own.patch('/pins/1', {}, { token: 'pina_reads_only_0000000000' })
    expect([answer.status, answer.body.message]).toEqual([401, expect.stringContaining('Missing: ')])
  })
})

test('a seed file says which restricted features an app has (12.20)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-features-'))
  const seed = join(folder, 'seed.json')
  const app = (id: string, more: object) => ({ id, secret: `a-secret-of-app-${id}`, name: id, owner: 'ann', ...more })
  const token = (id: string) => ({ app: id, account: 'ann', access_token: `pina_of_app_${id}_000000000000` })
  await writeFile(
    seed,
    JSON.stringify({
      accounts: [{ username: 'ann', boards: [{ name: 'Things' }] }],
      apps: [app('1', { tier: 'trial', features: ['pin_edit'] }), app('2', { features: ['multi_pin_analytics'] })],
      tokens: [token('1'), token('2')],
    }),
  )
  const server = await startTestServer({ seed })
  await rm(folder, { recursive: true })
  const [editing, counting] = ['1', '2'].map((id) => ({ token: token(id).access_token }))
  const [board] = (await server.get('/boards', editing)).body.items
  const given = { board_id: board.id, media_source: await base64Source(704) }
  const { id } = (await server.post('/pins', given, counting)).body
  const numbers = `/pins/analytics?pin_ids=${id}&${lastWeek(server)}&metric_types=IMPRESSION`
  expect((await server.patch(`/pins/${id}`, { title: 'Edited' }, editing)).status).toBe(200)
  expect((await server.get(numbers, editing)).body).toEqual(refusalOf('multi_pin_analytics'))
  expect((await server.patch(`/pins/${id}`, { title: 'No' }, counting)).body).toEqual(refusalOf('pin_edit'))
  expect((await server.get(numbers, counting)).status).toBe(200)
})

function lastWeek({ clock }: TestServer): string {
  const day = (daysAgo: number) => new Date(clock.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  return `start_date=${day(7)}&end_date=${day(1)}`
}
