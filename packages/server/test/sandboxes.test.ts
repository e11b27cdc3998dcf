import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, type TestServer } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { expect, onTestFinished, test } from 'vitest'

const controlToken = 'control-token-of-the-tests'

interface Sandbox {
  id: string
  url: string
  app_id: string
  app_secret: string
  access_token: string
  refresh_token: string
  username: string
  password: string
  env: Record<string, string>
}

async function sandboxIn(server: TestServer, wanted: object = {}, token: string | null = null): Promise<Sandbox> {
  const made = await server.post('/_pinfold/sandboxes', wanted, { token })
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ bytes: 0 })])
  return made.body
}

const as = ({ access_token: token }: Sandbox) => ({ token })
const basic = ({ app_id: id, app_secret: secret }: Sandbox) => ({
  token: null,
  headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
})
const boardNames = async (server: TestServer, token?: string) =>
  (await server.get('/boards', token === undefined ? {} : { token })).body.items
    .map(({ name }: { name: string }) => name)
    .toSorted()

/** A process that speaks in lines of JSON. */
function inProcess(number: number, env: Record<string, string>, picture: string) {
  const program = join(import.meta.dirname, '../../test-support/src/in-a-sandbox.ts')
  const child: ChildProcess = spawn(process.execPath, [program, String(number), picture], {
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  if (!child.stdout) throw new Error('The process has no output.')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async said() {
      const { value, done } = await lines.next()
      if (done) throw new Error(`The process ${number} ended with ${child.exitCode ?? (await once(child, 'exit'))}.`)
      return JSON.parse(value)
    },
    tell: (value: unknown) => child.stdin?.write(`${JSON.stringify(value)}\n`),
  }
}

const numbers = [1, 2, 3, 4, 5, 6, 7, 8]

test.each(databases)('eight processes at once on one server never see each other, on $name', async ({ open }) => {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  const server = await ownServer(database)
  await server.post('/boards', { name: 'Outside' })
  const { data } = await base64Source(5)
  const sandboxes = await Promise.all(numbers.map(() => sandboxIn(server)))
  const processes = sandboxes.map(({ env }, i) => inProcess(i + 1, env, data))
  const made = await Promise.all(processes.map(({ said }) => said()))

  // Everything of all of them is there before any of them looks.
  for (const [i, { tell }] of processes.entries())
    tell({ pins: made.filter((_, other) => other !== i).flatMap(({ pins }) => pins) })
  const seen = await Promise.all(processes.map(({ said }) => said()))
  for (const [i, what] of seen.entries()) {
    const number = i + 1
    const all = (thing: string) => Array.from({ length: number }, (_, n) => `${thing} ${n} of ${number}`)
    expect(what).toEqual({
      boards: all('Board'),
      pins: all('Teapot'),
      found: all('Teapot'),
      foundOwn: all('Teapot'),
      feed: all('Teapot'),
      account: expect.objectContaining({ username: 'sandbox', board_count: number, pin_count: number }),
      impressions: number * number,
      failed: [...Array(number).fill(503), 200],
      faults: 1,
      aheadDays: number,
      apps: [sandboxes[i]?.app_id],
      limit: expect.stringContaining(`${100 + number};w=3600`),
      foreign: Array(made.flatMap(({ pins }) => pins).length - number).fill(404),
      sandboxes: 1,
    })
  }

  // Pictures have the address of their sandbox, and are at no other.
  for (const [i, { picture }] of made.entries()) {
    const own = sandboxes[i] as Sandbox
    expect(picture.startsWith(`${own.url}/media/`)).toBe(true)
    expect((await fetch(picture)).status).toBe(200)
    for (const other of [server.url, sandboxes[(i + 1) % 8]?.url ?? ''])
      expect((await fetch(picture.replace(own.url, other))).status).toBe(404)
  }
  // The server itself is as it was.
  expect(await boardNames(server)).toEqual(['Outside'])
  expect((await server.get('/_pinfold/faults')).body.items).toEqual([])
  expect((await server.get('/_pinfold/clock')).body.ahead_ms).toBe(0)
  expect((await server.get('/_pinfold/web/feed', { token: null })).body.items).toEqual([])
  expect((await server.get('/_pinfold/sandboxes')).body.items.map(({ id }: Sandbox) => id)).toEqual(
    expect.arrayContaining(sandboxes.map(({ id }) => id)),
  )
})

test('a token of a sandbox gives nothing outside, and ends with it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-sandboxes-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = await ownServer({ dataDir, ephemeral: false })
  const [one, other] = [await sandboxIn(server), await sandboxIn(server)]
  await server.post('/boards', { name: 'Mine' }, as(one))
  const renewal = { grant_type: 'refresh_token', refresh_token: one.refresh_token }
  expect((await server.request('POST', '/oauth/token', { ...basic(other), form: renewal })).status).toBe(401)
  const asOther = (path: string) => server.get(`${one.url}${path}`, as(other))
  expect([(await asOther('/v5/boards')).status, (await server.get('/boards', as(other))).body.items]).toEqual([401, []])
  expect((await server.get(`${one.url}/v5/boards`)).status).toBe(401)
  expect((await server.get(`${one.url}/v5/boards`, as(one))).body.items).toHaveLength(1)
  // Also as Pinterest's SDK for Python asks, without the version.
  expect((await server.get(`${one.url}/boards`, as(one))).body.items).toHaveLength(1)
  // A made-up token in the right form is refused where it leads.
  expect((await server.get('/boards', { token: `pina_sandbox_${one.id}_made-up` })).status).toBe(401)

  // It has no sandboxes of its own, and sees itself alone.
  const nested = await server.post('/_pinfold/sandboxes', {}, as(one))
  expect([nested.status, nested.body.message]).toEqual([400, expect.stringContaining('no sandboxes of its own')])
  expect((await server.get('/_pinfold/sandboxes', as(one))).body.items.map(({ id }: Sandbox) => id)).toEqual([one.id])
  expect((await server.delete(`/_pinfold/sandboxes/${other.id}`, as(one))).status).toBe(404)
  expect((await server.get('/boards', as(other))).status).toBe(200)

  // A sandbox ends itself, or is ended, with all that it had.
  expect((await server.delete(`/_pinfold/sandboxes/${one.id}`, as(one))).status).toBe(204)
  expect((await server.delete(`/_pinfold/sandboxes/${other.id}`)).status).toBe(204)
  expect((await server.delete(`/_pinfold/sandboxes/${other.id}`)).status).toBe(404)
  await until(() => readdirSync(join(dataDir, 'sandboxes')).join() === 'empty')
  expect((await server.get(`${one.url}/v5/boards`, as(one))).status).toBe(404)
  for (const path of ['/boards', '/_pinfold/clock']) expect((await server.get(path, as(one))).status).toBe(401)
  const reset = await server.post('/_pinfold/reset', {}, as(one))
  expect([reset.status, reset.body.message]).toEqual([401, expect.stringContaining('has ended')])
  expect((await server.request('POST', '/oauth/token', { ...basic(one), form: {} })).status).toBe(401)
})

test('controls with the token of a sandbox are those of the sandbox, where the server takes a control token too', async () => {
  const server = await ownServer({ controlToken, host: '127.0.0.1' })
  expect((await server.post('/_pinfold/sandboxes', {})).status).toBe(401)
  const sandbox = await sandboxIn(server, {}, controlToken)
  const ahead = async (token: string) => (await server.get('/_pinfold/clock', { token })).body.ahead_ms
  const renew = () =>
    server.request('POST', '/oauth/token', {
      ...basic(sandbox),
      form: { grant_type: 'refresh_token', refresh_token: sandbox.refresh_token },
    })
  const { access_token: renewed, refresh_token: refresh } = (await renew()).body
  expect([renewed, refresh]).toEqual([
    expect.stringMatching(new RegExp(`^pina_sandbox_${sandbox.id}_`)),
    expect.stringMatching(new RegExp(`^pinr_sandbox_${sandbox.id}_`)),
  ])
  expect((await server.post('/_pinfold/clock/advance', { by: '1d' }, { token: renewed })).status).toBe(200)
  expect(await ahead(sandbox.access_token)).toBe(86_400_000)
  expect(await ahead(controlToken)).toBe(0)
  const below = await server.get(`${sandbox.url}/_pinfold/clock`, { token: controlToken })
  expect([below.status, below.body.ahead_ms]).toEqual([200, 86_400_000])
  for (const path of ['/_pinfold/clock', `${sandbox.url}/_pinfold/clock`])
    expect((await server.get(path, { token: people.alice.token })).status).toBe(401)
  // It still controls the sandbox when it has expired there; a renewed one does not.
  await server.post('/_pinfold/clock/advance', { by: '4000d' }, as(sandbox))
  expect((await server.get('/boards', as(sandbox))).status).toBe(401)
  expect([(await server.get('/_pinfold/clock', as(sandbox))).status, await ahead(renewed)]).toEqual([200, undefined])
  expect((await server.delete(`/_pinfold/sandboxes/${sandbox.id}`, as(sandbox))).status).toBe(204)
  expect((await server.get('/_pinfold/sandboxes', { token: controlToken })).body.items).toEqual([])
})

test('a sandbox is reset, seeded and restored without losing its credentials', async () => {
  const server = await ownServer()
  const token = 'pina_carol_00000000000000000'
  const seed = {
    accounts: [{ username: 'carol', password: "it's carol's", boards: [{ name: 'Plates' }] }, { username: 'dave' }],
    apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
    tokens: [{ app: '7', account: 'dave', access_token: token }],
  }
  const wrong = await server.post('/_pinfold/sandboxes', { seed: { accounts: [{ username: 'no' }] } })
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('/accounts/0/username')])
  expect((await server.get('/_pinfold/sandboxes')).body.items).toEqual([])

  const [one, other] = [await sandboxIn(server, { seed }), await sandboxIn(server, { seed })]
  expect([one.username, one.password]).toEqual(['carol', "it's carol's"])
  await server.post('/boards', { name: 'Cups' }, as(one))
  expect(await boardNames(server, one.access_token)).toEqual(['Cups', 'Plates'])
  expect(await boardNames(server, other.access_token)).toEqual(['Plates'])
  // Tokens that a seed names are many's: they count below the address of the sandbox.
  expect((await server.get('/boards', { token })).status).toBe(401)
  expect((await server.get(`${one.url}/v5/user_account`, { token })).body.username).toBe('dave')

  const save = await server.post('/_pinfold/snapshots', { name: 'cups' }, as(one))
  expect([save.status, (await server.get('/_pinfold/snapshots')).body.items]).toEqual([201, []])
  expect((await server.post('/_pinfold/reset', {}, as(one))).status).toBe(204)
  expect(await boardNames(server, one.access_token)).toEqual(['Plates'])
  expect((await server.post('/_pinfold/snapshots/cups/restore', {}, as(one))).status).toBe(204)
  expect(await boardNames(server, one.access_token)).toEqual(['Cups', 'Plates'])
  const bowls = { accounts: [{ username: 'erin', boards: [{ name: 'Bowls' }] }] }
  expect((await server.post('/_pinfold/seed', { seed: bowls }, as(one))).status).toBe(204)
  expect(await boardNames(server, one.access_token)).toEqual(['Bowls'])
  expect((await server.post('/_pinfold/seed', { seed: { accounts: [] } }, as(one))).status).toBe(204)
  expect((await server.get('/user_account', as(one))).body.username).toBe('sandbox')
  expect(await boardNames(server, other.access_token)).toEqual(['Plates'])
  expect(await boardNames(server)).toEqual([])

  // A state that was prepared outside is taken along: the token acts for its first account.
  await server.post('/boards', { name: 'Prepared' })
  await server.post('/_pinfold/snapshots', { name: 'prepared' })
  const file = await (await fetch(`${server.url}/_pinfold/snapshots/prepared`)).arrayBuffer()
  const put = await fetch(`${server.url}/_pinfold/snapshots/prepared`, {
    method: 'PUT',
    body: file,
    headers: { authorization: `Bearer ${one.access_token}` },
  })
  expect(put.status).toBe(201)
  expect((await server.post('/_pinfold/snapshots/prepared/restore', {}, as(one))).status).toBe(204)
  expect(await boardNames(server, one.access_token)).toEqual(['Prepared'])
  expect((await server.get('/user_account', as(one))).body.username).toBe('alice')
})

test('a sandbox keeps the requests that were sent to it, and sends them there again', async () => {
  const server = await ownServer()
  const [one, other] = [await sandboxIn(server), await sandboxIn(server)]
  await server.post('/boards', { name: 'Outside' })
  await server.post('/boards', { name: 'Cups' }, as(one))
  await server.post('/boards', { name: 'Bowls' }, as(other))
  const kept = async (options: object) =>
    (await server.get('/_pinfold/requests?operation=boards/create', options)).body.items
  expect([(await kept({})).length, (await kept(as(other))).length]).toEqual([1, 1])
  const [call] = await kept(as(one))
  await server.post('/_pinfold/reset', {}, as(one))
  const again = await server.post(`/_pinfold/requests/${call.id}/replay`, undefined, as(one))
  expect([again.status, again.body.status]).toEqual([expect.any(Number), 201])
  expect(await boardNames(server, one.access_token)).toEqual(['Cups'])
  const curl = await server.get(`/_pinfold/requests/${call.id}.curl`, as(one))
  expect(curl.text).toContain(`${one.url}/v5/boards`)
})

test('an app is given access on the pages of its sandbox, which have cookies of their own', async () => {
  const server = await ownServer()
  const [one, other] = [await sandboxIn(server), await sandboxIn(server)]
  const visitor = newVisitor(server.url)
  const path = new URL(one.url).pathname
  const back = 'http://127.0.0.1:8085/'
  const asked = new URLSearchParams({
    ...{ client_id: one.app_id, redirect_uri: back, response_type: 'code' },
    scope: 'boards:read',
  })
  const led = await visitor.open(`/oauth/?${asked}`)
  expect([led.status, led.location]).toEqual([302, `${path}/oauth/?${asked}`])
  const signIn = await visitor.open(led.location ?? '')
  const wrong = await visitor.submit(signIn, `${path}/oauth/sign-in`, {
    username: 'alice',
    password: people.alice.password,
  })
  expect(wrong.status).toBe(401)
  const signedIn = await visitor.submit(signIn, `${path}/oauth/sign-in`, {
    username: one.username,
    password: one.password,
  })
  expect(signedIn.headers.getSetCookie().join()).toContain(`; Path=${path}/;`)
  expect(signedIn.location).toBe(`${path}/oauth/?${asked}`)
  const consent = await visitor.open(signedIn.location ?? '')
  const picture = /<img src="([^"]+)"/.exec(consent.html)?.[1] ?? ''
  expect([picture.startsWith(`${path}/media/`), (await visitor.open(picture)).status]).toEqual([true, 200])
  const approved = await visitor.submit(consent, `${path}/oauth/`, { decision: 'approve' })
  const code = new URL(approved.location ?? '').searchParams.get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: back }
  expect((await server.request('POST', '/oauth/token', { ...basic(other), form })).status).toBe(401)
  const tokens = await server.request('POST', '/oauth/token', { ...basic(one), form })
  expect(tokens.body.access_token).toMatch(new RegExp(`^pina_sandbox_${one.id}_`))
  expect((await server.get('/user_account', { token: tokens.body.access_token })).status).toBe(401)
  expect((await server.get('/boards', { token: tokens.body.access_token })).body.items).toEqual([])
  // What carries no credential goes where its address leads.
  const media = await server.post('/media', { media_type: 'video' }, as(one))
  expect(media.body.upload_url).toBe(`${one.url}/uploads/`)
})

test('idle sandboxes end, and there is a most for how many there are and what each has', async () => {
  const server = await ownServer({ sandboxBytes: 1_000_000 })
  const brief = await sandboxIn(server, { idle_seconds: 60 })
  const long = await sandboxIn(server, { idle_seconds: 7200 })
  server.clock.advance(50_000)
  expect((await server.get('/boards', as(brief))).status).toBe(200)
  server.clock.advance(50_000)
  expect((await server.get('/_pinfold/sandboxes')).body.items.map(({ id }: Sandbox) => id)).toEqual([brief.id, long.id])
  // A clock of a sandbox makes none of them old.
  await server.post('/_pinfold/clock/advance', { by: '1d' }, as(long))
  await server.post('/_pinfold/clock/advance', { by: '1d' })
  server.clock.advance(61_000)
  expect((await server.get('/_pinfold/sandboxes')).body.items.map(({ id }: Sandbox) => id)).toEqual([long.id])
  expect((await server.get('/boards', as(brief))).status).toBe(401)
  for (const idle_seconds of [9, 86_401, 1.5])
    expect((await server.post('/_pinfold/sandboxes', { idle_seconds })).status).toBe(400)

  const { data } = await base64Source(9)
  const fill = async () => {
    server.clock.advance(2000)
    const name = `${performance.now()} ${data.repeat(20)}`.slice(0, 180)
    return (await server.post('/boards', { name, description: name }, as(long))).status
  }
  await until(async () => (await fill()) === 503)
  const refused = await server.post('/boards', { name: 'One more' }, as(long))
  expect(refused.body.message).toContain('more than 1 MB')
  const save = (name: string) => server.post('/_pinfold/snapshots', { name }, as(long))
  const saved = [await save('one'), await save('two')]
  expect(saved.map(({ status }) => status)).toEqual([201, 400])
  expect(saved[1]?.body.message).toContain('too large')
  expect((await server.get('/boards', as(long))).status).toBe(200)
  expect((await server.post('/boards', { name: 'Outside' })).status).toBe(201)
})

test('a server that starts anew has none of the sandboxes', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-sandboxes-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = await ownServer({ dataDir, ephemeral: false })
  const sandbox = await sandboxIn(server)
  // Also while a request waits in one.
  await server.post('/_pinfold/faults', { effect: 'timeout' }, as(sandbox))
  const held = server.get('/boards', as(sandbox)).catch(() => 'no answer')
  await until(async () => (await server.get('/_pinfold/faults', as(sandbox))).body.items[0].happened === 1)
  await server.close()
  expect(await held).toBe('no answer')
  expect(existsSync(join(dataDir, 'sandboxes', sandbox.id))).toBe(false)
  const again = await ownServer({ dataDir, ephemeral: false })
  expect((await again.get('/_pinfold/sandboxes')).body.items).toEqual([])
  expect((await again.get('/boards', as(sandbox))).status).toBe(401)
})
