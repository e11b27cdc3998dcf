import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { ownServer } from '@pinfold/test-support/own-server'
import { picture } from '@pinfold/test-support/pictures'
import { people, testApp } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

/** Runs a command against the server at `url`, and returns what it printed. */
async function ran(args: readonly string[], url: string, env: Record<string, string> = {}) {
  const command = pinfold(args, { env: { PINTEREST_API_URI: url, ...env } })
  return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
}

test("somebody moves the server's clock, and has it follow the machine's again", async () => {
  const { url, clock } = await ownServer()
  const advanced = await ran(['clock', 'advance', '31d', '--json'], url)
  expect([advanced.code, JSON.parse(advanced.stdout)]).toEqual([
    0,
    { now: new Date(clock.now() + 31 * 86_400_000).toISOString(), runs: true, ahead_ms: 31 * 86_400_000 },
  ])
  const set = await ran(['clock', 'set', '2027-01-01T00:00:00Z'], url)
  expect(set.stdout).toMatch(/2027-01-01T00:00:00.000Z[\s\S]*stands still/)
  expect((await ran(['clock', 'show', '--json'], url)).stdout).toContain('2027-01-01T00:00:00.000Z')
  expect(JSON.parse((await ran(['clock', 'resume', '--json'], url)).stdout)).toMatchObject({ runs: true, ahead_ms: 0 })

  const wrong = await ran(['clock', 'advance', 'soon'], url)
  expect([wrong.code, wrong.stderr]).not.toEqual([0, ''])
  const atPinterest = await ran(['clock', 'show', '--api', 'https://api.pinterest.com'], url)
  expect([atPinterest.code, atPinterest.stderr]).toEqual([2, expect.stringContaining('cannot be controlled')])
})

test('somebody has requests fail on purpose, and stops that', async () => {
  const server = await ownServer()
  const { url } = server
  const added = await ran(
    ['fault', 'add', 'boards/list', '--error', 'rateLimited', '--retry-after', '3', '--times', '1', '--json'],
    url,
  )
  expect([added.code, JSON.parse(added.stdout)]).toEqual([
    0,
    expect.objectContaining({ operation: 'boards/list', effect: 'error', error: 'rateLimited', retry_after: 3 }),
  ])
  await ran(['fault', 'add', '--effect', 'lost_response', '--account', 'bob'], url)
  expect((await server.get('/boards')).status).toBe(429)
  expect((await server.get('/boards')).status).toBe(200)
  const listed = (await ran(['fault', 'list', '--json'], url)).stdout.trimEnd().split('\n')
  expect(listed.map((line) => JSON.parse(line).happened)).toEqual([1, 0])
  expect((await ran(['fault', 'list'], url)).stdout).toContain('lost_response')
  expect(await ran(['fault', 'clear'], url)).toMatchObject({ code: 0, stdout: 'There are no faults.\n' })
  expect((await ran(['fault', 'list', '--json'], url)).stdout).toBe('')

  const unknown = await ran(['fault', 'add', 'pins/paint', '--error', 'rateLimited'], url)
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no operation pins/paint')])
})

test('somebody sets what an app may do, and has it as it was', async () => {
  const server = await ownServer()
  const { url } = server
  const set = (...args: string[]) => ran(['apps', 'set', testApp.id, ...args], url)
  const shown = await set('--tier', 'trial', '--limits', 'org_read=1/60,universal=50/1', '--json')
  expect([shown.code, JSON.parse(shown.stdout)]).toEqual([
    0,
    expect.objectContaining({
      ...{ id: testApp.id, owner: 'alice', tier: 'trial', features: [], features_of_tier: true },
      limits: { org_read: { limit: 1, window_seconds: 60 }, universal: { limit: 50, window_seconds: 1 } },
    }),
  ])
  expect([(await server.get('/boards')).status, (await server.get('/boards')).status]).toEqual([200, 429])

  const listed = await ran(['apps', 'list', '--api', url, '--json'], url)
  expect(
    listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).tier),
  ).toEqual(['trial', 'standard', 'trial'])
  expect((await ran(['apps', 'list', '--api', url], url)).stdout).toContain('org_read=1/60 universal=50/1')

  const folder = await mkdtemp(join(tmpdir(), 'pinfold-set-app-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'limits.json')
  await writeFile(file, JSON.stringify({ org_write: { limit: 7, windowSeconds: 60 } }))
  expect((await set('--limits', file, '--features', 'pin_edit')).stdout).toMatch(
    /trial\n[\s\S]*pin_edit\n[\s\S]*org_write=7\/60/,
  )
  await writeFile(file, JSON.stringify({ org_write: null }))
  expect(await set('--limits', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('limit') })
  const asItWas = await set('--tier', 'standard', '--features', 'default', '--limits', 'default', '--json')
  expect(JSON.parse(asItWas.stdout)).toMatchObject({ tier: 'standard', features_of_tier: true, limits: null })

  const refusals: [string[], number, string][] = [
    [[], 2, 'Name what to change'],
    [['--tier', 'gold'], 2, 'standard'],
    [['--limits', 'org_write'], 2, 'no file org_write'],
    [['--limits', 'org_write=2'], 2, 'org_write=100/60'],
    [['--limits', 'org_paint=2/60'], 1, 'org_paint'],
    [['--limits', 'org_write=0/60'], 1, 'limit'],
    [['--features', 'time_travel'], 1, 'pin_edit'],
  ]
  for (const [args, code, says] of refusals) {
    const refused = await set(...args)
    expect([refused.code, refused.stderr], args.join(' ')).toEqual([code, expect.stringContaining(says)])
  }
  const unknown = await ran(['apps', 'set', '77', '--tier', 'trial'], url)
  expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('App not found')])
})

test('from elsewhere, the control token is needed', async () => {
  const token = 'control-token-of-the-tests'
  const { url } = await ownServer({ controlToken: token })
  const without = await ran(['clock', 'show'], url)
  expect([without.code, without.stderr]).toEqual([3, expect.stringContaining('PINFOLD_CONTROL_TOKEN')])
  expect((await ran(['clock', 'show'], url, { PINFOLD_CONTROL_TOKEN: token })).code).toBe(0)
})

test('somebody saves all data, restores, resets and seeds them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-seed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const server = await ownServer()
  const { url } = server
  const boards = async () => (await server.get('/boards')).body.items.map(({ name }: { name: string }) => name)
  await server.post('/boards', { name: 'Cups' })
  const saved = await ran(['snapshot', 'save', 'with-cups', '--json'], url)
  expect([saved.code, JSON.parse(saved.stdout)]).toEqual([0, expect.objectContaining({ name: 'with-cups' })])
  expect(await ran(['reset'], url)).toMatchObject({ code: 0, stdout: expect.stringContaining('at the start') })
  expect(await boards()).toEqual([])
  expect(await ran(['snapshot', 'restore', 'with-cups', '--json'], url)).toMatchObject({ code: 0, stdout: '' })
  expect(await boards()).toEqual(['Cups'])
  expect((await ran(['snapshot', 'list'], url)).stdout).toMatch(/^with-cups\t/)
  const archive = join(folder, 'cups.tar')
  expect(await ran(['snapshot', 'export', 'with-cups', archive], url)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^with-cups is in .*cups\.tar, 0\.\d MB\.\n$/),
  })
  const imported = await ran(['snapshot', 'import', 'cups-again', archive, '--json'], url)
  expect([imported.code, JSON.parse(imported.stdout)]).toEqual([0, expect.objectContaining({ name: 'cups-again' })])
  expect(await ran(['snapshot', 'import', 'cups-again', archive], url)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already'),
  })
  expect((await ran(['snapshot', 'export', 'plates', archive], url)).stderr).toContain('no such snapshot')
  expect((await ran(['snapshot', 'import', 'plates', join(folder, 'none.tar')], url)).code).toBe(2)
  expect(await ran(['snapshot', 'delete', 'with-cups'], url)).toMatchObject({ code: 0, stdout: 'with-cups is gone.\n' })
  expect((await ran(['snapshot', 'restore', 'with-cups'], url)).stderr).toContain('no such snapshot')

  const file = join(folder, 'seed.json')
  const pins = [{ title: 'A cup', image: 'cup.png' }]
  const token = 'pina_carol_00000000000000000'
  const seed = {
    accounts: [{ username: 'carol', boards: [{ name: 'Plates', pins }] }],
    apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
    tokens: [{ app: '7', account: 'carol', access_token: token }],
  }
  await writeFile(file, JSON.stringify(seed))
  expect(await ran(['seed', file], url)).toMatchObject({ code: 2, stderr: expect.stringContaining('cup.png') })
  await writeFile(join(folder, 'cup.png'), await picture())
  expect(await ran(['seed', file], url)).toMatchObject({ code: 0, stderr: '' })
  expect((await server.get('/boards', { token })).body.items).toMatchObject([{ name: 'Plates', pin_count: 1 }])
})

test('data without a seed are reset with --yes alone', async () => {
  const { url } = await ownServer({ seed: 'none' })
  expect(await ran(['reset'], url)).toMatchObject({ code: 1, stderr: expect.stringContaining('confirm') })
  expect(await ran(['reset', '--yes'], url)).toMatchObject({ code: 0, stderr: '' })
})

test('somebody asks what an app has shown of what a review looks for', async () => {
  const server = await ownServer()
  await server.get('/boards')
  expect((await server.post('/boards', { name: '' })).status).toBe(400)
  await server.get('/_pinfold/requests/wait?count=2')
  const { stdout } = await ran(['apps', 'review', testApp.id, '--json'], server.url)
  const points = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(points.map(({ point }) => point)).toEqual(['consent', 'scopes', 'errors', 'rate_limits', 'refresh'])
  expect(points[0]).toMatchObject({ state: 'open', text: expect.stringContaining('consent'), requests: [] })
  const read = await ran(['apps', 'review', testApp.id], server.url)
  expect(read).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^rate_limits\s+open/m) })
  expect(await ran(['apps', 'review', '77'], server.url)).toMatchObject({ code: 4, stdout: '' })
})

test('somebody looks at what a program sent, sends it again, and takes the log along', async () => {
  const server = await ownServer()
  const { url } = server
  await server.post('/boards', { name: 'Cups' })
  await server.post('/bords', { name: 'Cups' })
  await server.get('/_pinfold/requests/wait?count=2')
  const lines = (await ran(['logs', 'tail', '--json'], url)).stdout.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([201, 404])
  expect((await ran(['logs', 'wait', '--count', '2'], url)).code).toBe(0)
  const late = await ran(['logs', 'wait', '--count', '3', '--timeout', '0'], url)
  expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('2 of 3 requests')])
  const wrong = await ran(['logs', 'tail', '--status', '4xx', '-n', '1'], url)
  expect(wrong.stdout).toContain('Nearest: POST /v5/boards.')

  expect((await ran(['logs', 'tail', '--by', 'person'], url)).stdout).not.toContain('boards')
  expect((await ran(['logs', 'tail', '--by', 'program'], url)).stdout).toContain('boards/create')
  expect((await ran(['logs', 'tail', '--by', 'nobody'], url)).stderr).toContain('program, person')

  const shown = await ran(['logs', 'show', '1'], url)
  expect(shown.stdout).toContain('{"name":"Cups"}')
  expect(shown.stdout).not.toContain(people.alice.token)
  expect((await ran(['logs', 'show', '1', '--curl'], url)).stdout).toContain('$PINTEREST_ACCESS_TOKEN')
  const again = JSON.parse((await ran(['logs', 'replay', '1', '--json'], url)).stdout)
  expect(again).toMatchObject({ replay_of: '1', status: 409, account: 'alice' })
  const har = JSON.parse((await ran(['logs', 'export', '--operation', 'boards/create'], url)).stdout)
  expect(har.log.entries).toHaveLength(2)

  const following = pinfold(['logs', 'tail', '-n', '0', '--follow', '--json'], { env: { PINTEREST_API_URI: url } })
  // It begins after the newest call that there is when it starts: calls are made until it shows one.
  await expect
    .poll(async () => {
      await server.get('/user_account')
      return following.stdout()
    })
    .toContain('"operation":"user_account/get"')
  await following.kill()
  expect(await ran(['logs', 'clear'], url)).toMatchObject({ code: 0, stdout: 'The log is empty.\n' })
  const gone = await ran(['logs', 'show', '1'], url)
  expect([gone.code, gone.stderr]).toEqual([4, expect.stringContaining('not in the log')])
  const off = await ran(['logs', 'tail'], (await ownServer({ requestLog: false })).url)
  expect([off.code, off.stderr]).toEqual([1, expect.stringContaining('--no-request-log')])
})
