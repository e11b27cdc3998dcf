import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { picture } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

let folder: string
let data: string
let server: TestServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-operator-'))
  data = join(folder, 'data')
  server = await startTestServer({ ephemeral: false, dataDir: data })
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
})

/** Runs a command on the data to its end. */
async function run(args: readonly string[], input = '', dataDir = data) {
  const command = pinfold([...args, '--data', dataDir], { input, env: { PATH: '' } })
  return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
}

/** Runs a command that must succeed, and returns its output as JSON. */
async function json(args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await run([...args, '--json'], input)
  expect([code, stderr.replace(/^Keep the \w+ now: it is not shown again\.\n$/, '')]).toEqual([0, ''])
  return JSON.parse(stdout)
}

const whoIs = async (token: string) => (await server.get('/user_account', { token })).body?.username
/**
 * Signs in on the page, and returns whether that opens a session. Ten wrong passwords are slowed down, and a server sees an
 * account that a command made a quarter of a second later.
 */
async function signsIn(username: string, password: string): Promise<boolean> {
  const body = new URLSearchParams({ username, password, return_to: '/' })
  const headers = { origin: server.url }
  const answer = await fetch(`${server.url}/oauth/sign-in`, { method: 'POST', redirect: 'manual', headers, body })
  return answer.headers.getSetCookie().length > 0
}
/** Requests a token for the app itself, and returns the status. */
async function appToken(id: string, secret: string): Promise<number> {
  const form = { grant_type: 'client_credentials', scope: 'boards:read' }
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  return (await server.request('POST', '/oauth/token', { token: null, form, headers: { authorization } })).status
}

describe('while the server runs (12.24)', () => {
  test('an account, an app and a token are made, and work', async () => {
    const user = await json(['users', 'create', 'studio'])
    expect(user).toMatchObject({ username: 'studio', type: 'BUSINESS', password: expect.stringMatching(/^\S{20}$/) })
    await until(() => signsIn('studio', user.password), { intervalMs: 100 })

    const redirect = 'https://look.example.com/callback'
    const app = await json(['apps', 'create', 'Look book', '--owner', 'studio', '--redirect-uri', redirect])
    expect(app).toMatchObject({ name: 'Look book', owner: 'studio', tier: 'standard', redirectUris: [redirect] })
    await until(async () => (await appToken(app.id, app.secret)) === 200)

    const token = await json(['tokens', 'create', '--app', app.id, '--user', 'studio'])
    await until(async () => (await whoIs(token.accessToken)) === 'studio')
    expect((await server.post('/boards', { name: 'Look book' }, { token: token.accessToken })).status).toBe(201)
  })

  test('a token has the scopes that are named, and no more', async () => {
    const app = await json(['apps', 'create', 'Reader', '--owner', 'alice'])
    const { accessToken: token } = await json([
      ...['tokens', 'create', '--app', app.id, '--user', 'alice', '--scopes', 'boards:read, pins:read'],
    ])
    await until(async () => (await server.get('/boards', { token })).status === 200)
    expect((await server.post('/boards', { name: 'No' }, { token })).status).toBe(401)
  })

  test('a revoked token is good no longer, a moment later', async () => {
    const app = await json(['apps', 'create', 'Revoked', '--owner', 'alice'])
    const { accessToken } = await json(['tokens', 'create', '--app', app.id, '--user', 'alice'])
    await until(async () => (await whoIs(accessToken)) === 'alice')
    expect(await json(['tokens', 'revoke'], `${accessToken}\n`)).toEqual({ revoked: true })
    await until(async () => (await server.get('/user_account', { token: accessToken })).status === 401)
    const again = await run(['tokens', 'revoke'], accessToken)
    expect(again).toMatchObject({ code: 4, stderr: 'pinfold: There is no such token, or it has expired.\n' })
  })

  test('another secret replaces the one before', async () => {
    const { id, secret } = await json(['apps', 'create', 'Rotated', '--owner', 'alice'])
    await until(async () => (await appToken(id, secret)) === 200)
    const rotated = await json(['apps', 'rotate', id])
    await until(async () => (await appToken(id, rotated.secret)) === 200)
    expect(await appToken(id, secret)).toBe(401)
  })

  test('another password replaces the one before, and ends sessions', async () => {
    await json(['users', 'create', 'forgetful', '--type', 'PINNER', '--password-stdin'], 'the old password\n')
    await until(() => signsIn('forgetful', 'the old password'), { intervalMs: 100 })
    await json(['users', 'password', 'forgetful', '--password-stdin'], 'the new password\n')
    await until(() => signsIn('forgetful', 'the new password'), { intervalMs: 100 })
    expect(await signsIn('forgetful', 'the old password')).toBe(false)
  })

  test('a role lets an account act for the owner at once, until it is taken', async () => {
    const made = await json(['ad-accounts', 'create', '--owner', 'alice', '--name', 'Europe', '--country', 'DE'])
    expect(made).toMatchObject({
      ...{ name: 'Europe', owner: 'alice', country: 'DE', currency: 'EUR', timeZone: null },
      roles: [{ username: 'alice', role: 'OWNER' }],
    })
    const bob = { token: people.bob.token }
    const acting = async () => (await server.get(`/user_account?ad_account_id=${made.id}`, bob)).body.username
    expect(await acting()).toBeUndefined()
    const shared = await json(['ad-accounts', 'share', made.id, 'bob', 'ADMIN'])
    expect(shared.roles).toContainEqual({ username: 'bob', role: 'ADMIN' })
    await until(async () => (await acting()) === 'alice')
    const listed = await run(['ad-accounts', 'list'])
    expect(listed.stdout).toMatch(new RegExp(`^${made.id}\\tEurope\\talice\\tDE\\tEUR\\t.*bob ADMIN`, 'm'))

    await json(['ad-accounts', 'unshare', made.id, 'bob', 'ADMIN'])
    await until(async () => (await acting()) === undefined)
    expect((await run(['ad-accounts', 'unshare', made.id, 'bob'])).code).toBe(4)
  })

  test('a collaborator sees and fills a board of somebody else, until they are removed', async () => {
    const bob = { token: people.bob.token }
    const { id } = (await server.post('/boards', { name: 'Winter/Coats', privacy: 'SECRET' })).body
    const sees = async () => (await server.get(`/boards/${id}`, bob)).status === 200
    expect(await sees()).toBe(false)
    const board = { id, name: 'Winter/Coats', owner: 'alice', privacy: 'SECRET' }
    for (const named of ['Alice/winter/coats', id])
      expect(await json(['collaborators', 'add', named, 'bob'])).toEqual({ ...board, collaborators: ['bob'] })
    await until(sees)
    expect((await server.get(`/boards/${id}`)).body.collaborator_count).toBe(1)

    const row = [id, 'Winter/Coats', 'alice', 'SECRET', 'bob'].join('\t')
    for (const which of [[], ['alice/Winter/Coats']])
      expect((await run(['collaborators', 'list', ...which])).stdout).toBe(`${row}\n`)

    expect(await json(['collaborators', 'remove', id, 'bob'])).toEqual({ ...board, collaborators: [] })
    await until(async () => !(await sees()))
    expect((await run(['collaborators', 'remove', id, 'bob'])).code).toBe(4)
    expect((await run(['collaborators', 'list'])).stdout).toBe('')
  })

  test('a board of one’s own is meant where a group board has the same name', async () => {
    const [alice, bob] = [{ token: people.alice.token }, { token: people.bob.token }]
    const make = async (name: string, who: object): Promise<string> =>
      (await server.post('/boards', { name }, who)).body.id
    const [own, others] = [await make('Scarves', bob), await make('Scarves', alice)]
    const guest = await make('Gloves', alice)
    for (const board of [others, guest]) await json(['collaborators', 'add', board, 'bob'])
    await until(async () => (await server.get(`/boards/${guest}`, bob)).status === 200)

    const env = { PATH: '', PINTEREST_API_URI: server.url, PINTEREST_ACCESS_TOKEN: people.bob.token }
    const asBob = async (...args: string[]) => {
      const command = pinfold(args, { env, cwd: folder })
      return { code: await command.ended, stdout: command.stdout(), stderr: command.stderr() }
    }
    expect((await asBob('boards', 'update', 'scarves', '--description', 'Mine', '--json')).stdout).toContain(own)
    expect((await server.get(`/boards/${others}`)).body.description).toBe('')
    await writeFile(join(folder, 'scarf.jpg'), await picture({ hue: 5 }))
    const rows = ['Scarves', 'Gloves'].map((board) => JSON.stringify({ board, picture: 'scarf.jpg' })).join('\n')
    await writeFile(join(folder, 'pins.jsonl'), rows)
    expect(await asBob('pins', 'import', 'pins.jsonl')).toMatchObject({ code: 0 })
    const count = async (board: string) => (await server.get(`/boards/${board}`, bob)).body.pin_count
    expect([await count(own), await count(others), await count(guest)]).toEqual([1, 0, 1])
    const refused = await asBob('boards', 'delete', 'Gloves', '--yes')
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('Only the owner of a board')])
  })

  test('an app of the trial tier has the restricted features that it is given', async () => {
    const trial = ['apps', 'create', 'Trial', '--owner', 'alice', '--tier', 'trial']
    const status = async (...more: string[]) => {
      const app = await json([...trial, ...more])
      const { accessToken: token } = await json(['tokens', 'create', '--app', app.id, '--user', 'alice'])
      await until(async () => (await whoIs(token)) === 'alice')
      return (await server.request('PATCH', '/pins/1', { token, json: { title: 'Edited' } })).status
    }
    expect([await status('--features', 'pin_edit, multi_pin_analytics'), await status()]).toEqual([404, 401])
  })

  test('secrets are printed once, and lists have none', async () => {
    const made = await run(['apps', 'create', 'Once', '--owner', 'alice'])
    const [, secret = ''] = /^secret\t(\S+)$/m.exec(made.stdout) ?? []
    expect(secret).toHaveLength(43)
    expect(made.stderr).toBe('Keep the secret now: it is not shown again.\n')
    const apps = await run(['apps', 'list', '--json'])
    expect(
      apps.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).name),
    ).toContain('Once')
    const users = await run(['users', 'list'])
    expect(users.stdout).toMatch(/^\d+\talice\tBUSINESS\t/m)
    expect(`${apps.stdout}${users.stdout}`).not.toContain(secret)
  })
})

describe('what cannot be says why in a line', () => {
  beforeAll(async () => {
    expect((await server.post('/boards', { name: 'Of the owner' })).status).toBe(201)
  })

  test.each([
    [['users', 'create', 'al'], 2, 'A username has 3 to 30 letters'],
    [['users', 'create', 'Alice'], 2, 'This username is taken'],
    [['users', 'create', 'short', '--password-stdin'], 2, 'Standard input has no password'],
    [['users', 'password', 'nobody'], 4, "There is no user 'nobody'"],
    [['apps', 'create', 'App', '--owner', 'nobody'], 4, "There is no user 'nobody'"],
    [['apps', 'create', ' ', '--owner', 'alice'], 2, 'has 1 to 100 characters'],
    [['apps', 'create', 'App', '--owner', 'alice', '--redirect-uri', 'https://a.example/#x'], 2, 'it has a fragment'],
    [['apps', 'create', 'App', '--owner', 'alice', '--features', 'flying'], 2, 'There is no feature flying'],
    [['ad-accounts', 'share', '12', 'bob', 'ADMIN'], 4, "There is no ad account '12'"],
    [['ad-accounts', 'create', '--owner', 'bob'], 2, 'Only the account of a business'],
    [['ad-accounts', 'create', '--owner', 'alice', '--country', 'XX'], 2, 'There is no country XX'],
    [['ad-accounts', 'create', '--owner', 'alice', '--time-zone', 'Mars'], 2, 'Europe/Berlin'],
    [['collaborators', 'add', '12', 'bob'], 4, "There is no board '12'"],
    [['collaborators', 'add', 'alice/None', 'bob'], 4, "There is no board 'alice/None'"],
    [['collaborators', 'add', 'nobody/None', 'bob'], 4, "There is no user 'nobody'"],
    [['collaborators', 'add', 'alice/Of the owner', 'alice'], 2, 'The owner of a board is on it'],
    [['collaborators', 'add', 'alice/Of the owner', 'nobody'], 4, "There is no user 'nobody'"],
    [['collaborators', 'remove', 'alice/Of the owner', 'bob'], 4, "'bob' is no collaborator of the board"],
    [['apps', 'rotate', '12'], 4, "There is no app '12'"],
    [['tokens', 'create', '--app', '12', '--user', 'alice'], 4, "There is no app '12'"],
    [
      ['tokens', 'create', '--app', '1001', '--user', 'alice', '--scopes', 'boards:fly'],
      2,
      'There is no scope boards:fly',
    ],
    [['tokens', 'create', '--app', '1001'], 2, "required option '--user <username>' not specified"],
  ])('%j', async (args, code, problem) => {
    const { code: ended, stderr } = await run(args)
    expect([ended, stderr]).toEqual([
      code,
      expect.stringMatching(/^pinfold: [^\n]+\n(\(pinfold --help says more\)\n)?$/),
    ])
    expect(stderr).toContain(problem)
  })

  test('a folder without data', async () => {
    const missing = join(folder, 'missing')
    const { code, stderr } = await run(['users', 'list'], '', missing)
    expect([code, stderr]).toEqual([2, expect.stringContaining(`There are no data in ${missing}.`)])
  })
})

test.skipIf(!isPostgresThere)('on PostgreSQL the same commands work beside a server', async () => {
  const { databaseUrl = '', discard } = await postgres.open()
  onTestFinished(discard)
  const other = await startTestServer({ ephemeral: false, dataDir: join(folder, 'postgres'), databaseUrl })
  onTestFinished(other.close)
  const made = async (...args: string[]) =>
    JSON.parse((await run([...args, '--json', '--database-url', databaseUrl])).stdout)
  await made('users', 'create', 'studio')
  const { id } = await made('apps', 'create', 'Look book', '--owner', 'studio')
  const { accessToken: token } = await made('tokens', 'create', '--app', id, '--user', 'studio')
  await until(async () => (await other.get('/user_account', { token })).body?.username === 'studio')
})

test('without a server the same commands work, and the next server knows what they made', async () => {
  const dataDir = join(folder, 'alone')
  const first = await startTestServer({ ephemeral: false, dataDir })
  await first.close()
  const made = await run(['users', 'create', 'alone', '--json'], '', dataDir)
  const app = await run(['apps', 'create', 'Alone', '--owner', 'alone', '--json'], '', dataDir)
  const args = ['tokens', 'create', '--app', JSON.parse(app.stdout).id, '--user', 'alone', '--json']
  const token = await run(args, '', dataDir)
  expect([made.code, app.code, token.code]).toEqual([0, 0, 0])
  const next = await startTestServer({ ephemeral: false, dataDir })
  onTestFinished(next.close)
  const { body } = await next.get('/user_account', { token: JSON.parse(token.stdout).accessToken })
  expect(body.username).toBe('alone')
})
