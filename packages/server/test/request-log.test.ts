import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { ownServer, proxiedServer } from '@pinfold/test-support/own-server'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, type TestServer, testApp, trialApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { expect, onTestFinished, test } from 'vitest'
import { nearestOperation } from '../src/control/nearest-operation.ts'
import { type KeptCall, requestLogOf } from '../src/control/request-log.ts'

const basic = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`
const controlToken = 'control-token-of-the-tests'

/** Waits for calls that match, and returns them. */
async function logged(server: TestServer, query: string, count = 1) {
  const { body } = await server.get(`/_pinfold/requests/wait?${query}&count=${count}&timeout_seconds=20`, {
    token: null,
  })
  expect([query, body.is_complete]).toEqual([query, true])
  return body.items
}

const detail = async (server: TestServer, id: string) => (await server.get(`/_pinfold/requests/${id}`)).body

/** Opens a stream of the log; `untilEvents` returns its text once it has so many events. */
async function streamOf(url: string, query: string) {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const answer = await fetch(`${url}/_pinfold/requests/stream?${query}`, { signal: abort.signal })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const reader = (answer.body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let text = ''
  return {
    async untilEvents(count: number): Promise<string> {
      while ((text.match(/^data: .*$\n/gm) ?? []).length < count) text += (await reader.read()).value
      return text
    },
    async untilEnd(): Promise<void> {
      while (!(await reader.read()).done);
    },
  }
}

test('somebody sees what a program sent, what it got, and that it was carried out', async () => {
  const server = await ownServer()
  const made = await server.post('/boards?x=%C3%A4', { name: 'Cups', description: 'For tea' })
  const [call] = await logged(server, 'operation=boards/create')
  expect(call).toEqual({
    id: '1',
    request_id: made.headers.get('x-pinterest-rid'),
    time: new Date(server.clock.now()).toISOString(),
    duration_ms: expect.any(Number),
    method: 'POST',
    path: '/v5/boards?x=%C3%A4',
    operation: 'boards/create',
    app: testApp.id,
    account: 'alice',
    status: 201,
    why: null,
    replay_of: null,
  })
  const shown = await detail(server, call.request_id)
  expect(shown).toMatchObject({ id: '1', request: { body: '{"name":"Cups","description":"For tea"}' } })
  expect(JSON.parse(shown.answer.body)).toEqual(made.body)
  expect(shown.request.headers).toContainEqual({ name: 'content-type', value: 'application/json' })
  expect(shown.answer.headers).toContainEqual({ name: 'x-pinterest-rid', value: call.request_id })
  expect(shown.curl).toBe(
    [
      `curl -X POST '${server.url}/v5/boards?x=%C3%A4'`,
      `-H "Authorization: Bearer $PINTEREST_ACCESS_TOKEN"`,
      ...shown.request.headers
        .filter(({ name }: { name: string }) => /^(content-type|accept|accept-language)$/.test(name))
        .toSorted((a: { name: string }, b: { name: string }) => order(a.name) - order(b.name))
        .map(({ name, value }: { name: string; value: string }) => `-H '${name}: ${value}'`),
      `--data-raw '{"name":"Cups","description":"For tea"}'`,
    ].join(' \\\n  '),
  )
  const text = await server.get('/_pinfold/requests/1.curl')
  expect([text.headers.get('content-type'), text.text]).toEqual(['text/plain; charset=utf-8', `${shown.curl}\n`])

  function order(name: string): number {
    return shown.request.headers.findIndex((header: { name: string }) => header.name === name)
  }
})

test('the log says why: fault, limit, scope, field, token, rule, and the operation that was meant', async () => {
  const readOnly = { text: 'pina_reads_0000000000000000', scopes: ['boards:read'] as const }
  const server = await ownServer({ tokens: [readOnly] })
  const why = async (query: string) => (await logged(server, query))[0].why

  await server.post('/boards', { name: 'Cups' }, { token: readOnly.text })
  expect(await why('status=401&operation=boards/create')).toMatchObject({
    kind: 'scope',
    error: 'insufficientScope',
    missing_scopes: ['boards:write'],
  })
  await server.post('/boards', { name: 7 })
  expect(await why('status=400')).toMatchObject({
    kind: 'schema',
    error: 'invalidRequest',
    schema: { part: 'body', path: '/name', rule: expect.stringContaining('name/type') },
  })
  await server.get('/pins/12', { token: 'pina_wrong_0000000000000000' })
  expect(await why('operation=pins/get&status=401')).toMatchObject({ kind: 'token', error: 'authenticationFailed' })
  await server.get('/pins/12')
  expect(await why('operation=pins/get&status=404')).toMatchObject({ kind: 'rule', error: 'pinNotFound' })
  await server.post('/board', { name: 'Cups' })
  expect(await why('status=404&text=POST /v5/board')).toMatchObject({
    kind: 'route',
    nearest: { operation: 'boards/create', method: 'POST', path: '/v5/boards' },
  })
  await server.post('/pins', { board_id: '1' }, { token: trialApp.token })
  expect(await why('operation=pins/create')).toMatchObject({ kind: 'rule', error: 'trialAccess' })

  for (const [effect, status] of [
    ['error', 503],
    ['latency', 200],
    ['truncate', 200],
    ['lost_response', 200],
    ['reset', null],
  ] as const) {
    await server.request('PUT', '/_pinfold/faults', {
      json: { items: [{ operation: 'user_account/get', effect, ...(effect === 'latency' && { latency_ms: 1 }) }] },
    })
    const [{ id: since } = { id: '0' }] = (await server.get('/_pinfold/requests?page_size=1')).body.items
    await server.get('/user_account').catch(() => {})
    const [call] = await logged(server, `operation=user_account/get&since=${since}`)
    expect([effect, call.status, call.why]).toMatchObject([effect, status, { kind: 'fault', fault: { effect } }])
  }
})

test('the log says which limit was used up', async () => {
  const server = await ownServer({ rateLimits: 'pinterest' })
  let answer = await server.get('/user_account', { token: trialApp.token })
  for (let i = 0; i < 1100 && answer.status === 200; i++)
    answer = await server.get('/user_account', { token: trialApp.token })
  expect(answer.status).toBe(429)
  const [{ why }] = await logged(server, 'status=429')
  expect(why).toMatchObject({ kind: 'limit', error: 'rateLimited', limit: { reset_seconds: expect.any(Number) } })
})

test.each([
  ['GET', '/v5/pin/123', 'pins/get'],
  ['POST', '/v5/pins/', 'pins/create'],
  ['GET', '/v5/user_acount', 'user_account/get'],
  ['GET', '/v5/boards/12/pin', 'boards/list_pins'],
  ['DELETE', '/sandbox/v5/board/1', 'boards/delete'],
])('%s %s means %s', (method, path, operation) => {
  expect(nearestOperation(method, path)?.id).toBe(operation)
})

test('what is nothing like an operation has none near', () => {
  for (const path of ['/', '/wp-login.php', `/v5/${'x/'.repeat(200)}`, `/${'y'.repeat(5000)}`])
    expect(nearestOperation('GET', path)?.id).toBe(undefined)
})

test('requests are filtered, in pages, newest first', async () => {
  const server = await ownServer()
  for (let i = 0; i < 7; i++) await server.post('/boards', { name: `Board ${i}` })
  await server.get('/user_account', { token: people.bob.token })
  await server.post('/boards', { name: 'Board 3' })
  await logged(server, 'operation=boards/create', 8)
  const ids = async (query: string) =>
    (await server.get(`/_pinfold/requests?${query}`)).body.items.map(({ id }: { id: string }) => id)
  expect(await ids('')).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1'])
  expect(await ids('status=409')).toEqual(['9'])
  expect(await ids('status=4xx')).toEqual(['9'])
  expect(await ids('account=bob')).toEqual(['8'])
  expect(await ids(`app=${testApp.id}&operation=user_account/get`)).toEqual(['8'])
  expect(await ids('text=board%203')).toEqual(['9', '4'])
  expect(await ids('since=7')).toEqual(['9', '8'])
  expect(await ids(`since=${new Date(server.clock.now() + 1000).toISOString()}`)).toEqual([])
  expect(await ids('operation=pins/get')).toEqual([])

  const first = (await server.get('/_pinfold/requests?operation=boards/create&page_size=5')).body
  expect(first.items.map(({ id }: { id: string }) => id)).toEqual(['9', '7', '6', '5', '4'])
  const next = `operation=boards/create&page_size=5&bookmark=${first.bookmark}`
  expect(await ids(next)).toEqual(['3', '2', '1'])
  expect((await server.get(`/_pinfold/requests?${next.replace('create', 'list')}`)).status).toBe(400)
  for (const wrong of ['status=4', 'status=600', 'since=yesterday', 'text=x', 'app=none'])
    expect([wrong, (await server.get(`/_pinfold/requests?${wrong}`)).status]).toEqual([wrong, 400])
  for (const path of ['999', '31415926535']) expect((await server.get(`/_pinfold/requests/${path}`)).status).toBe(404)

  expect((await server.delete('/_pinfold/requests')).status).toBe(204)
  expect(await ids('')).toEqual([])
  await server.get('/boards')
  expect((await logged(server, 'operation=boards/list'))[0].id).toBe('10')
})

test('somebody waits for requests, and sees them come', async () => {
  const server = await ownServer()
  const waited = logged(server, 'operation=boards/create', 2)
  const stream = await streamOf(server.url, 'operation=boards/create')
  await server.get('/boards')
  await server.post('/boards', { name: 'One' })
  await server.post('/boards', { name: 'Two' })
  expect((await waited).map(({ id }: { id: string }) => id)).toEqual(['2', '3'])
  expect((await stream.untilEvents(2)).match(/^id: .*$/gm)).toEqual(['id: 2', 'id: 3'])

  const none = await server.get('/_pinfold/requests/wait?operation=pins/get&timeout_seconds=0')
  expect(none.body).toEqual({ items: [], is_complete: false })
  expect((await server.get('/_pinfold/requests/wait?count=0')).status).toBe(400)

  const past = await streamOf(server.url, 'since=2')
  expect(await past.untilEvents(1)).toContain('id: 3\n')

  // Twenty are open at most, and the end of the server ends them.
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const more = await Promise.all(
    Array.from({ length: 20 }, () => fetch(`${server.url}/_pinfold/requests/stream`, { signal: abort.signal })),
  )
  expect(more.filter(({ status }) => status === 200)).toHaveLength(18)
  expect(more.filter(({ status }) => status === 429)).toHaveLength(2)
  const ends = logged(server, 'operation=pins/get').catch(() => 'ended')
  await server.close()
  expect(await ends).toBe('ended')
  await stream.untilEnd()
})

test('a reset leaves the log, and those who watch it go on watching', async () => {
  const server = await ownServer()
  await server.post('/boards', { name: 'Cups' })
  const waited = logged(server, 'operation=boards/create', 7)
  const stream = await streamOf(server.url, 'operation=boards/create&since=0')
  // More often than instances may be ending: those who watch hold up none.
  for (let i = 0; i < 6; i++) {
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
    expect((await server.post('/boards', { name: 'Cups' })).status).toBe(201)
  }
  expect((await waited).map(({ id }: { id: string }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
  expect(await stream.untilEvents(7)).toContain('id: 7\n')
  const again = await server.post('/_pinfold/requests/1/replay')
  expect(again.body).toMatchObject({ id: '8', replay_of: '1', status: 409 })
  expect(await stream.untilEvents(8)).toContain('id: 8\n')
})

test('a request is sent again with the token that it had, as long as that is valid', async () => {
  const server = await ownServer()
  await server.post('/boards', { name: 'Cups' })
  const [first] = await logged(server, 'operation=boards/create')
  const again = await server.post(`/_pinfold/requests/${first.id}/replay`)
  expect(again.body).toMatchObject({ replay_of: first.id, status: 409, account: 'alice', operation: 'boards/create' })
  expect(again.body.answer.body).toContain('already have a board')
  expect((await detail(server, again.body.id)).request.body).toBe('{"name":"Cups"}')

  // Nobody else can use what stands for the token.
  const pass = again.body.request.headers.find(({ name }: { name: string }) => name === 'x-pinfold-replay').value
  expect((await server.get('/boards', { token: null, headers: { authorization: `Replay ${pass}` } })).status).toBe(401)

  await server.request('POST', '/oauth/token/revoke', {
    token: null,
    headers: { authorization: basic },
    form: { token: people.alice.token },
  })
  const revoked = await server.post(`/_pinfold/requests/${first.id}/replay`)
  expect(revoked.body).toMatchObject({ status: 401, replay_of: first.id })

  const [asApp] = await logged(server, 'text=revoke')
  const refused = await server.post(`/_pinfold/requests/${asApp.id}/replay`)
  expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('secret of the app')])
  const unknown = await server.post(`/_pinfold/requests/${revoked.body.id}/replay`)
  expect([unknown.status, unknown.body.message]).toEqual([400, expect.stringContaining('not accepted')])
  expect((await server.post('/_pinfold/requests/99999/replay')).status).toBe(404)
})

test('no secret is in anything that the log tells', async () => {
  const server = await ownServer()
  const alice = newVisitor(server.url)
  await alice.signIn(people.alice)
  const session = [...(alice.cookie('pinfold_session') ? [alice.cookie('pinfold_session') as string] : [])]
  const verifier = randomBytes(40).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const consent = await alice.open(
    `/oauth/?client_id=${testApp.id}&redirect_uri=${encodeURIComponent(testApp.redirectUri)}&response_type=code&scope=boards:read,boards:write,pins:read,pins:write&code_challenge=${challenge}&code_challenge_method=S256`,
  )
  const back = await alice.submit(consent, '/oauth/', { decision: 'approve' })
  const code = new URL(back.location ?? '').searchParams.get('code') ?? ''
  const asApp = (path: string, form: Record<string, string>) =>
    server.request('POST', path, { token: null, headers: { authorization: basic }, form })
  const form = { grant_type: 'authorization_code', code, redirect_uri: testApp.redirectUri, code_verifier: verifier }
  const issued = await asApp('/oauth/token', form)
  expect(issued.status).toBe(200)
  const { access_token: token, refresh_token: refresh } = issued.body
  const renewed = await asApp('/oauth/token', { grant_type: 'refresh_token', refresh_token: refresh })
  await asApp('/oauth/token', { ...form, code: 'wrong-code-of-somebody' })
  await asApp('/oauth/token', { grant_type: refresh })
  await server.post(
    '/boards',
    { name: 'Cups', password: 'hunter2-of-alice', nested: [{ client_secret: 'very-secret-1' }] },
    { token },
  )
  await server.post('/boards', { name: { api_key: 'key-of-somebody-1' } }, { token })
  await server.request('POST', '/boards', {
    token,
    raw: '{"password": "broken-json-secret", ',
    headers: { 'content-type': 'application/json', 'x-api-key': 'header-secret-1', cookie: 'id=cookie-secret-1; b=2' },
  })
  await server.get(`/boards?access_token=query-secret-1&bookmark=query-secret-1`, { token })
  await server.get(`/nothing?code=code-in-address-1`, { token: 'not-even-a-token-of-ours' })
  await server.get('/boards', { token: null, headers: { authorization: 'secret-without-a-scheme' } })
  const photo = (await base64Source()).data
  const boards = await server.get('/boards', { token })
  const pin = {
    board_id: boards.body.items[0].id,
    media_source: { source_type: 'image_base64', content_type: 'image/png', data: photo },
  }
  await server.post('/pins', pin, { token })
  await server.post('/media', { media_type: 'video' }, { token })
  const upload = await server.post('/media', { media_type: 'video' }, { token })
  await asApp('/oauth/token/revoke', { token: renewed.body.access_token })
  await logged(server, 'text=revoke')

  const secrets = [
    ...[
      people.alice.password,
      testApp.secret,
      basic.slice(6),
      code,
      verifier,
      token,
      refresh,
      renewed.body.access_token,
    ],
    ...['wrong-code-of-somebody', 'hunter2-of-alice', 'very-secret-1', 'key-of-somebody-1', 'broken-json-secret'],
    ...['header-secret-1', 'cookie-secret-1', 'query-secret-1', 'code-in-address-1', 'not-even-a-token-of-ours'],
    ...['secret-without-a-scheme', photo.slice(0, 200), ...session],
    ...(upload.body.upload_parameters ? [upload.body.upload_parameters['x-amz-signature']] : []),
  ]
  expect(secrets.every((secret) => secret.length > 6)).toBe(true)
  const listed = await server.get('/_pinfold/requests?page_size=250')
  const count = listed.body.items.length
  expect(count).toBeGreaterThan(14)
  const stream = await (await streamOf(server.url, 'since=0')).untilEvents(count)
  const told = [
    listed.text,
    stream,
    (await server.get('/_pinfold/requests.har')).text,
    (await server.get(`/_pinfold/requests/wait?count=${count}`)).text,
  ]
  for (const { id } of listed.body.items) {
    told.push((await server.get(`/_pinfold/requests/${id}`)).text)
    told.push((await server.get(`/_pinfold/requests/${id}.curl`)).text)
    told.push((await server.post(`/_pinfold/requests/${id}/replay`)).text)
  }
  const whole = told.join('\n')
  for (const secret of secrets) expect(whole.includes(secret), secret).toBe(false)
  // Nor is it found by a search.
  for (const secret of secrets.filter(({ length }) => length <= 100)) {
    const found = await server.get(`/_pinfold/requests?text=${encodeURIComponent(secret)}`)
    expect([secret, found.body.items]).toEqual([secret, []])
  }
  expect(whole).toContain('grant_type=authorization_code')
})

test('a HAR file has every request, with what it was and why', async () => {
  const server = await ownServer()
  await server.post('/boards', { name: 'Cups' })
  await server.get('/boards?page_size=2')
  await server.get('/nothing')
  await logged(server, 'status=404')
  const har = (await server.get('/_pinfold/requests.har')).body
  expect(har.log.entries).toHaveLength(3)
  expect(har.log.entries[0]).toMatchObject({
    request: { method: 'POST', url: `${server.url}/v5/boards`, postData: { text: '{"name":"Cups"}' } },
    response: { status: 201, content: { mimeType: expect.stringContaining('json') } },
  })
  expect(har.log.entries[1].request.queryString).toEqual([{ name: 'page_size', value: '2' }])
  expect(har.log.entries[2]._pinfold.why).toMatchObject({ kind: 'route' })
  expect((await server.get('/_pinfold/requests.har?operation=boards/list')).body.log.entries).toHaveLength(1)
})

test('calls are logged alone, and no pages or controls; the log can be off', async () => {
  const server = await ownServer()
  for (const path of [
    '/',
    '/docs',
    '/oauth/sign-in',
    '/_pinfold/health',
    '/_pinfold/clock',
    '/_pinfold/requests',
    '/nothing-here',
  ])
    await fetch(`${server.url}${path}`)
  await server.get('/boards')
  await logged(server, 'operation=boards/list')
  expect((await server.get('/_pinfold/requests')).body.items.map(({ path }: { path: string }) => path)).toEqual([
    '/v5/boards',
  ])

  const without = await ownServer({ requestLog: false })
  await without.get('/boards')
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/1'],
    ['GET', '/1.curl'],
    ['GET', '/wait'],
    ['GET', '/stream'],
    ['GET', '.har'],
    ['POST', '/1/replay'],
    ['DELETE', ''],
  ] as const) {
    const { status, body } = await without.request(method, `/_pinfold/requests${path}`)
    expect([path, status, body.message]).toEqual([path, 400, expect.stringContaining('keeps no log')])
  }
  // Where others reach the server, their requests are kept for who has the control token alone.
  const known = await proxiedServer('https://pins.example.com', { controlToken })
  const listed = await known.get(`${known.local}/_pinfold/requests`, { token: controlToken })
  expect([listed.status, listed.body.items]).toEqual([200, []])
})

test('who may not control the server gets neither the stream nor a command', async () => {
  const server = await ownServer()
  await server.get('/boards')
  const status = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${server.url}${path}`, { headers }, (answer) => {
        answer.destroy()
        resolve(answer.statusCode)
      })
      sent.on('error', reject).end()
    })
  for (const path of ['/_pinfold/requests/stream', '/_pinfold/requests/1.curl']) {
    expect(await status(path, { 'x-forwarded-for': '203.0.113.9' })).toBe(403)
    expect(await status(path, { origin: 'https://elsewhere.example' })).toBe(403)
    expect(await status(path, { 'sec-fetch-site': 'cross-site' })).toBe(403)
  }
  const guarded = await ownServer({ controlToken })
  for (const path of ['/_pinfold/requests/stream', '/_pinfold/requests/1.curl'])
    expect((await guarded.get(path)).status).toBe(401)
})

test('the control token is not in the log, wherever somebody sent it by mistake', async () => {
  const server = await ownServer({ controlToken })
  const asControl = { token: controlToken }
  await server.get('/boards', asControl)
  await server.get('/_pinfold/no-such-control', asControl)
  await server.get(`/boards?q=${controlToken}`)
  await server.get(`/${controlToken}`)
  await server.post('/boards', { name: controlToken, description: `It is ${controlToken}.` })
  await server.post('/boards', { name: [controlToken] })
  await server.get('/boards', { headers: { 'x-anything': controlToken } })
  const { text, body } = await server.get('/_pinfold/requests?page_size=50', asControl)
  expect(body.items.length).toBeGreaterThanOrEqual(7)
  const told = [text, (await server.get('/_pinfold/requests.har', asControl)).text]
  for (const { id } of body.items) told.push((await server.get(`/_pinfold/requests/${id}`, asControl)).text)
  expect(told.join('\n')).not.toContain(controlToken)
  const found = await server.get(`/_pinfold/requests?text=${controlToken}`, asControl)
  expect(found.body.items).toEqual([])
  const [board] = (await server.get('/_pinfold/requests?operation=boards/create&status=201', asControl)).body.items
  const again = await server.post(`/_pinfold/requests/${board.id}/replay`, undefined, asControl)
  expect([again.status, again.body.message]).toEqual([400, expect.stringContaining('secrets')])
})

test('the log holds so many calls and bytes, and forgets the oldest', () => {
  const log = requestLogOf({ calls: 10, bytes: 20_000 })
  const call = (text: string): KeptCall => ({
    id: 0,
    at: 0,
    durationMs: 1,
    requestId: 'r',
    method: 'GET',
    url: '/v5/pins',
    operation: undefined,
    app: undefined,
    account: undefined,
    sender: { by: 'nobody' },
    requestHeaders: '',
    request: { text, length: text.length },
    status: 200,
    answerHeaders: '',
    answer: { text: undefined, length: 0 },
    refusal: undefined,
    fault: undefined,
    replayOf: undefined,
    secrets: [],
  })
  const ids = () => [...log.newestBefore(Number.MAX_SAFE_INTEGER)].map(({ id }) => id)
  for (let i = 0; i < 25; i++) log.add(call(''))
  expect(ids()).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16])
  expect([...log.oldestFirst()].map(({ id }) => id)).toEqual(ids().toReversed())
  log.add(call('x'.repeat(15_000)))
  expect(ids()).toEqual([26, 25, 24, 23, 22, 21])
  log.add(call('x'.repeat(30_000)))
  expect(ids()).toEqual([])
  log.add(call(''))
  expect(ids()).toEqual([28])
})
