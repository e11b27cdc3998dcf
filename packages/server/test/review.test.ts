import { ownServer } from '@pinfold/test-support/own-server'
import { otherApp, people, type TestServer, testApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { expect, test } from 'vitest'

const basic = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`

interface Review {
  points: { point: string; state: string; text: string; requests: string[] }[]
  requests: number
  scopes: Record<'granted' | 'used' | 'unused' | 'missing', string[]>
}

const tokenOf = async (server: TestServer, form: Record<string, string>) =>
  (await server.request('POST', '/oauth/token', { token: null, headers: { authorization: basic }, form })).body

/** Has Alice consent to an app, which exchanges the code. */
async function consented(server: TestServer, scope: string) {
  const visitor = newVisitor(server.url)
  await visitor.signIn(people.alice)
  const query = { client_id: testApp.id, redirect_uri: testApp.redirectUri, response_type: 'code', scope }
  const page = await visitor.open(`/oauth/?${new URLSearchParams(query)}`)
  const { location } = await visitor.submit(page, '/oauth/', { decision: 'approve' })
  const code = new URL(location ?? '').searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: testApp.redirectUri }
  return { visitor, ...(await tokenOf(server, form)) }
}

const states = ({ points }: Review) => Object.fromEntries(points.map(({ point, state }) => [point, state]))

test('an app shows point after point, and what it does wrong is told with its requests', async () => {
  const server = await ownServer()
  const review = async (): Promise<Review> => (await server.get(`/_pinfold/apps/${testApp.id}/review`)).body
  expect(await review()).toMatchObject({ requests: 0, points: Array.from({ length: 5 }, () => ({ state: 'open' })) })

  const { access_token: token, refresh_token } = await consented(server, 'boards:read,boards:write,pins:read')
  const begun = await review()
  expect(states(begun)).toMatchObject({ consent: 'shown', scopes: 'open', refresh: 'open' })
  expect(begun.scopes).toMatchObject({ granted: ['boards:read', 'boards:write', 'pins:read'], used: [] })

  await server.post('/boards', { name: 'Cups' }, { token })
  await server.get('/boards', { token })
  expect((await review()).scopes).toMatchObject({ used: ['boards:read', 'boards:write'], unused: ['pins:read'] })
  await server.get('/pins', { token })
  await server.get('/pins/123456', { token })
  expect(states(await review())).toMatchObject({ scopes: 'shown', errors: 'shown' })

  await server.post('/_pinfold/clock/advance', { by: '31d' })
  expect((await server.get('/boards', { token })).status).toBe(401)
  const renewed = await tokenOf(server, { grant_type: 'refresh_token', refresh_token })
  expect((await server.get('/boards', { token: renewed.access_token })).status).toBe(200)
  expect(states(await review())).toMatchObject({ refresh: 'shown', errors: 'shown', rate_limits: 'open' })

  const fault = { operation: 'boards/list', effect: 'error', error: 'rateLimited', retry_after: 20, times: 1 }
  await server.post('/_pinfold/faults', fault)
  expect((await server.get('/boards', { token: renewed.access_token })).status).toBe(429)
  server.clock.advance(20_500)
  await server.get('/boards', { token: renewed.access_token })
  expect(states(await review())).toEqual({
    ...{ consent: 'shown', scopes: 'shown', errors: 'shown', rate_limits: 'shown', refresh: 'shown' },
  })

  await server.post('/_pinfold/faults', fault)
  await server.get('/boards', { token: renewed.access_token })
  server.clock.advance(2000)
  const early = await server.get('/boards', { token: renewed.access_token })
  await server.get('/user_account/followers', { token: renewed.access_token })
  const { points, scopes } = await review()
  const [limits] = points.filter(({ point }) => point === 'rate_limits')
  expect([limits?.state, limits?.requests.length]).toEqual(['wrong', 1])
  const request = (await server.get(`/_pinfold/requests/${limits?.requests[0]}`)).body
  expect(request.request_id).toBe(early.headers.get('x-pinterest-rid'))
  expect(scopes.missing).toEqual(['user_accounts:read'])
})

test('whoever owns an app sees its review, where they may not control the server too, and nobody else', async () => {
  const controlToken = 'control-token-of-the-tests'
  const server = await ownServer({ controlToken })
  const { visitor } = await consented(server, 'boards:read')
  const headers = {
    cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`,
    'x-pinfold-app': '1',
    'sec-fetch-site': 'same-origin',
  }
  const own = (id: string) => server.get(`/_pinfold/developer/apps/${id}/review`, { token: null, headers })
  const { status, body } = await own(testApp.id)
  expect([status, states(body)]).toMatchObject([200, { consent: 'shown' }])
  expect((await own(otherApp.id)).status).toBe(404)
  expect((await server.get(`/_pinfold/developer/apps/${testApp.id}/review`)).status).toBe(403)
  const all = (token: string | null) => server.get(`/_pinfold/apps/${otherApp.id}/review`, { token })
  expect([(await all(null)).status, (await all(people.alice.token)).status]).toEqual([401, 401])
  expect((await all(controlToken)).body.requests).toBe(0)
  expect((await server.get('/_pinfold/apps/77/review', { token: controlToken })).status).toBe(404)
})

test('without a log there is no review', async () => {
  const server = await ownServer({ requestLog: false })
  expect((await server.get(`/_pinfold/apps/${testApp.id}/review`)).body.message).toContain('--no-request-log')
})
