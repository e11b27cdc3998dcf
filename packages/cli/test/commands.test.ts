import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer as createWebsite } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tools } from '@pinfold/test-support/clips'
import { main, pinfold, withBundle } from '@pinfold/test-support/command'
import { has } from '@pinfold/test-support/installed'
import { until } from '@pinfold/test-support/pace'
import { picture } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { clipPath } from '@pinfold/test-support/uploads'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cut, fields, plain, table } from '../program/output/print.ts'
import { uploadLine } from '../program/pin-media/options.ts'

const readOnlyToken = 'pina_reads_0000000000000000'

let server: TestServer
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-commands-'))
  await writeFile(join(folder, 'coat.jpg'), await picture({ hue: 77 }))
  await writeFile(join(folder, 'back.jpg'), await picture({ hue: 99 }))
  server = await startTestServer({ tokens: [{ text: readOnlyToken, scopes: ['boards:read', 'user_accounts:read'] }] })
  return () => rm(folder, { recursive: true, force: true })
})

interface Outcome {
  code: number | NodeJS.Signals
  out: string
  err: string
}

interface RunOptions {
  env?: Record<string, string>
  input?: string
}

const alice = () => ({ PINTEREST_API_URI: server.url, PINTEREST_ACCESS_TOKEN: people.alice.token })
/** Nobody is signed in, and a config folder of the test's own. */
const nobody = (name: string) => ({
  PINTEREST_API_URI: '',
  PINTEREST_ACCESS_TOKEN: '',
  XDG_CONFIG_HOME: join(folder, name),
})

/** Runs `pinfold` to its end, as Alice unless `env` says otherwise. */
async function run(args: readonly string[], { env = alice(), input = '' }: RunOptions = {}): Promise<Outcome> {
  const command = pinfold(args, { env, input, cwd: folder })
  const code = await command.ended
  return { code, out: command.stdout(), err: command.stderr() }
}

/** Returns the output of a command that must succeed. */
async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await run(args)
  // On a slow machine, lines say how far an upload is.
  expect([code, err.replaceAll(/^(The service is processing|Uploading:) .*\n/gm, '')]).toEqual([0, ''])
  return out
}

const okJson = async (...args: string[]) => JSON.parse(await ok(...args, '--json'))

describe('signing in', () => {
  test('with a token keeps it for this user alone', async () => {
    const env = nobody('by-token')
    expect(await run(['whoami'], { env })).toMatchObject({ code: 3, err: expect.stringContaining('pinfold login') })
    const login = ['login', '--api', `${server.url}/v5`, '--profile', 'shop', '--with-token']
    const signedIn = await run(login, { env, input: `${people.alice.token}\n` })
    expect(signedIn.out).toBe(`Signed in to ${server.url} as alice (profile shop).\n`)

    const profiles = join(folder, 'by-token/pinfold/profiles')
    expect(await readdir(profiles)).toEqual(['shop.json'])
    expect((await stat(join(profiles, 'shop.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(profiles)).mode & 0o777).toBe(0o700)
    expect((await stat(join(profiles, '..'))).mode & 0o777).toBe(0o700)

    const whoami = await run(['whoami', '--profile', 'shop', '--json'], { env })
    expect(JSON.parse(whoami.out)).toMatchObject({ username: 'alice' })
    expect((await run(['token'], { env: { ...env, PINFOLD_PROFILE: 'shop' } })).out).toBe(`${people.alice.token}\n`)
    const other = await run(['whoami', '--profile', 'shop', '--api', 'http://127.0.0.1:9'], { env })
    expect(other).toMatchObject({ code: 3, err: expect.stringContaining(`is of ${server.url}`) })

    const bob = { ...env, PINTEREST_API_URI: server.url, PINTEREST_ACCESS_TOKEN: people.bob.token }
    expect((await run(['whoami', '--profile', 'shop'], { env: bob })).out).toContain('bob')

    const logout = await run(['logout', '--profile', 'shop'], { env })
    expect(logout.out).toBe(`Signed out of ${server.url} (profile shop).\n`)
    expect(await readdir(profiles)).toEqual([])
    expect((await run(['logout', '--profile', 'shop'], { env })).code).toBe(3)
  })

  test('with a token that is none keeps nothing', async () => {
    const env = nobody('refused')
    const refused = await run(['login', '--api', server.url, '--with-token'], { env, input: 'pina_nobody' })
    expect(refused).toMatchObject({ code: 3, out: '' })
    expect(refused.err).toMatch(/^pinfold: Authentication failed\. \(status 401, code 2, request \d+\)\n$/)
    expect(refused.err).not.toContain('pina_nobody')
    await expect(readdir(join(folder, 'refused'))).rejects.toThrow('ENOENT')
  })

  test('through the browser: the consent page, the redirect, a renewal, and the end', async () => {
    const env = { ...nobody('by-browser'), PINTEREST_APP_ID: testApp.id, PINTEREST_APP_SECRET: testApp.secret }
    const command = pinfold(['login', '--api', server.url, '--port', '0', '--no-browser'], { env })
    await expect.poll(command.stderr).toMatch(/^http:.*\n/m)
    const [consent = ''] = /^http:.*$/m.exec(command.stderr()) ?? []
    const query = new URL(consent).searchParams
    expect(query.get('code_challenge_method')).toBe('S256')
    const redirectUri = query.get('redirect_uri') ?? ''
    expect(redirectUri).toMatch(/^http:\/\/localhost:\d+\/callback$/)

    const visitor = newVisitor(server.url)
    await visitor.signIn(people.alice)
    const page = await visitor.open(consent)
    const approved = await visitor.submit(page, '/oauth/', { decision: 'approve' })
    expect(await (await fetch(approved.location ?? '')).text()).toContain('Signed in')
    expect(await command.ended).toBe(0)
    expect(command.stdout()).toContain('as alice (profile default)')

    const file = join(folder, 'by-browser/pinfold/profiles/default.json')
    const profile = JSON.parse(await readFile(file, 'utf8'))
    expect(profile).toMatchObject({ api: server.url, clientId: testApp.id, refreshToken: expect.any(String) })
    await writeFile(file, JSON.stringify({ ...profile, accessTokenExpiresAt: Date.now() + 1000 }))
    const token = (await run(['token'], { env })).out.trim()
    expect(token).not.toBe(profile.accessToken)
    expect(JSON.parse(await readFile(file, 'utf8')).accessToken).toBe(token)
    expect((await stat(file)).mode & 0o777).toBe(0o600)

    // A token that the service no longer accepts is renewed on the way, and stored.
    await writeFile(file, JSON.stringify({ ...profile, accessToken: 'pina_gone' }))
    expect((await run(['whoami'], { env })).out).toContain('alice')
    const { accessToken } = JSON.parse(await readFile(file, 'utf8'))
    expect(accessToken).not.toBe('pina_gone')

    expect((await run(['logout'], { env })).out).toContain('its tokens are revoked')
    expect((await server.get('/user_account', { token: accessToken })).status).toBe(401)
  })

  test.each([
    ['not approved', 'error=access_denied', 'Access was denied'],
    ['with an answer to something else', 'code=forged&state=forged', 'another state'],
  ])('through the browser, %s', async (_, answer, message) => {
    const env = { ...nobody('denied'), PINTEREST_APP_ID: testApp.id, PINTEREST_APP_SECRET: testApp.secret }
    const command = pinfold(['login', '--api', server.url, '--port', '0', '--no-browser'], { env })
    await expect.poll(command.stderr).toMatch(/^http:.*\n/m)
    const query = new URL(/^http:.*$/m.exec(command.stderr())?.[0] ?? '').searchParams
    await fetch(`${query.get('redirect_uri')}?${answer}&state=${query.get('state')}`)
    expect(await command.ended).toBe(3)
    expect(command.stderr()).toContain(message)
  })
})

describe('boards', () => {
  test('are made, listed, changed and deleted', async () => {
    const board = await okJson('boards', 'create', 'Winter coats', '--description', 'Warm', '--privacy', 'SECRET')
    expect(board).toMatchObject({ name: 'Winter coats', description: 'Warm', privacy: 'SECRET' })
    await server.post('/boards', { name: '2026' })
    expect((await ok('boards', 'list')).split('\n')[1]).toBe(`${board.id}\tWinter coats\tSECRET\t0\tWarm`)
    const listed = (await ok('boards', 'list', '--json')).trim().split('\n')
    expect(listed.map((line) => JSON.parse(line).name)).toEqual(['2026', 'Winter coats'])
    expect((await ok('boards', 'list', '--limit', '1')).trim().split('\n')).toHaveLength(1)
    expect(await okJson('boards', 'list', '--privacy', 'SECRET')).toEqual(board)

    const changes = ['--name', 'Coats', '--description', '', '--privacy', 'PUBLIC']
    const changed = await okJson('boards', 'update', 'winter COATS', ...changes)
    expect(changed).toMatchObject({ id: board.id, name: 'Coats', privacy: 'PUBLIC' })
    expect(changed.description ?? '').toBe('')

    expect(await run(['boards', 'delete', 'Coats'])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') })
    expect(await ok('boards', 'delete', 'Coats', '--yes')).toBe(`Deleted the board "Coats" (${board.id}).\n`)
    await ok('boards', 'delete', '2026', '--yes')
    expect(await run(['boards', 'delete', 'Coats', '--yes'])).toMatchObject({ code: 4, out: '' })
  })

  test.skipIf(!has('script', '--version'))('on a terminal are a table, and deleting one asks', async () => {
    await server.post('/boards', { name: 'Asked about' })
    const onTerminal = (args: string, answer: string) =>
      promisify(execFile)(
        'sh',
        [
          '-c',
          `printf '${answer}' | script -qec 'stty cols 60; "${process.execPath}" ${withBundle} -- "${main}" ${args}' /dev/null`,
        ],
        { env: { ...process.env, ...alice() } },
      ).catch((error: { stdout: string }) => error)
    expect((await onTerminal('boards list', '')).stdout).toMatch(/^id +name +privacy +Pins +description\s/m)
    expect((await onTerminal('boards delete "Asked about"', 'n\\n')).stdout).toContain('Nothing was deleted.')
    expect((await onTerminal('boards delete "Asked about"', 'y\\n')).stdout).toContain('Deleted the board')
  })
})

describe('Pins', () => {
  test('are made from a file, shown, changed, saved, listed and deleted', async () => {
    const { body: board } = await server.post('/boards', { name: 'Pins of the test' })
    const section = await server.post(`/boards/${board.id}/sections`, { name: 'New' })
    const words = ['--title', 'A coat', '--description', 'Wool', '--link', 'https://example.com/coat']
    const pin = await okJson(
      ...['pins', 'create', 'Pins of the test', '--image', 'coat.jpg', '--section', 'new', ...words],
      ...['--alt-text', 'A coat on a hook', '--dominant-color', '#102030'],
    )
    expect(pin).toMatchObject({
      board_id: board.id,
      board_section_id: section.body.id,
      title: 'A coat',
      description: 'Wool',
      link: 'https://example.com/coat',
      alt_text: 'A coat on a hook',
    })
    expect(await okJson('pins', 'get', pin.id)).toEqual(pin)
    expect(await ok('pins', 'get', pin.id)).toContain('title\tA coat\n')
    expect((await okJson('pins', 'list', '--domain', 'www.example.com')).id).toBe(pin.id)
    expect(await ok('pins', 'list', '--domain', 'nowhere.example')).not.toContain(pin.id)

    const changed = await okJson('pins', 'update', pin.id, '--title', 'Warm', '--link', '', '--section', '')
    expect(changed).toMatchObject({ title: 'Warm', link: null, board_section_id: null, description: 'Wool' })
    expect((await okJson('pins', 'update', pin.id, '--section', 'New')).board_section_id).toBe(section.body.id)

    const { body: other } = await server.post('/boards', { name: 'Saved by the test' })
    const saved = await okJson('pins', 'save', pin.id, '--board', 'Saved by the test')
    expect(saved).toMatchObject({ board_id: other.id, parent_pin_id: pin.id })

    // From an address: the picture of another Pin.
    const image = pin.media.images.originals.url
    const fetched = await okJson('pins', 'create', other.id, '--image', image, '--title', 'By\u001b[31m address\n\ttoo')
    expect((await ok('pins', 'list', '--board', other.id)).split('\n')[0]).toBe(
      `${fetched.id}\tBy [31m address too\t${other.id}\t\t`,
    )
    expect((await okJson('pins', 'list', '--board', 'Pins of the test', '--section', 'New')).id).toBe(pin.id)
    expect((await ok('pins', 'list', '--limit', '2')).trim().split('\n')).toHaveLength(2)
    expect(await ok('pins', 'delete', pin.id, '--yes')).toBe(`Deleted the Pin "Warm" (${pin.id}).\n`)
  })
})

test('search finds Pins and boards by words, own ones or those of everybody', async () => {
  const board = await okJson('boards', 'create', 'Kitchen shelves')
  const pin = await okJson('pins', 'create', board.id, '--image', 'coat.jpg', '--title', 'Salt-glazed cup')
  expect((await ok('search', 'salt', 'glaz')).split('\t')).toMatchObject([pin.id, 'Salt-glazed cup', '', '\n'])
  expect(await okJson('search', '--boards', 'kitchn')).toMatchObject({ id: board.id, name: 'Kitchen shelves' })
  expect(await okJson('search', '--everybody', '--limit', '1', 'cup')).toMatchObject({ id: pin.id })
  expect(await ok('search', 'teapot')).toBe('')
  expect(await run(['search'])).toMatchObject({ code: 2, err: expect.stringContaining('words') })
  await ok('boards', 'delete', board.id, '--yes')
})

test('somebody is followed, and who follows whom is listed', async () => {
  const asBob = { env: { ...alice(), PINTEREST_ACCESS_TOKEN: people.bob.token } }
  expect(await ok('follow', 'bob')).toBe('username\tbob\n')
  expect(await ok('follow', 'bob', '--json')).toBe('{"type":"user","username":"bob"}\n')
  expect(await ok('following', '--explicit')).toBe('bob\n')
  expect(await ok('following', '--boards')).toBe('')
  expect((await run(['followers'], asBob)).out).toBe('alice\n')
  const nobodyThere = await run(['follow', 'nobody_here'])
  expect([nobodyThere.code, nobodyThere.err]).toEqual([4, expect.stringContaining('User not found.')])
})

test('a website is claimed once the code is there, listed and given up', async () => {
  const { metatag } = await okJson('websites', 'codes')
  let page = 'nothing yet'
  const site = createWebsite((_, response) => response.end(page))
  await once(site.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void site.close())
  const address = site.address()
  const website = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const early = await run(['websites', 'claim', website])
  expect(early).toMatchObject({ code: 1, err: expect.stringContaining(`${metatag} is not in http://${website}/.`) })
  page = `<head>${metatag}</head>`
  expect(await okJson('websites', 'claim', website)).toMatchObject({ website, status: 'success' })
  expect(await ok('websites', 'list')).toMatch(new RegExp(`^${website}\tverified\t`))
  expect(await ok('websites', 'remove', website, '--yes')).toBe(`${website} is claimed no longer.\n`)
  expect(await run(['websites', 'remove', website, '--yes'])).toMatchObject({ code: 4 })
})

describe('Pins that show more than a picture', () => {
  test('are made from a video, with a cover by file or address', async () => {
    const { body: board } = await server.post('/boards', { name: 'Films' })
    const create = ['pins', 'create', 'Films', '--video', clipPath]
    const pin = await okJson(...create, '--cover', 'coat.jpg', '--title', 'A walk')
    expect(pin).toMatchObject({ board_id: board.id, title: 'A walk', creative_type: 'VIDEO' })
    expect(pin.media).toMatchObject({ media_type: 'video', duration: expect.any(Number) })
    expect(await ok('pins', 'get', pin.id)).toContain(`video\t${pin.media.video_url}\n`)

    const address = pin.media.images.originals.url
    expect((await okJson(...create, '--cover', address)).media.media_type).toBe('video')

    const uploads = async () => (await server.get('/media?page_size=250')).body.items.length
    const before = await uploads()
    for (const [args, message] of [
      [['--video', clipPath, '--cover', 'gone.jpg'], 'The cover cannot be read: ENOENT'],
      [['--video', 'gone.mp4'], 'The video cannot be read: ENOENT'],
    ] as const)
      expect(await run(['pins', 'create', 'Films', ...args])).toMatchObject({
        code: 1,
        err: expect.stringContaining(message),
      })
    expect(await uploads()).toBe(before)
    const noVideo = await run(['pins', 'create', 'Films', '--video', 'coat.jpg'])
    expect(noVideo).toMatchObject({
      code: 1,
      err: expect.stringMatching(/cannot use the video\. It is damaged, cut off/),
    })
  })

  test.skipIf(!tools)('take their cover from a time in the video', async () => {
    await server.post('/boards', { name: 'Frames' })
    for (const cover of [[], ['--cover', '1'], ['--cover', '0:01']])
      expect((await okJson('pins', 'create', 'Frames', '--video', clipPath, ...cover)).creative_type).toBe('VIDEO')
  })

  test('are made from several pictures: files, or addresses', async () => {
    await server.post('/boards', { name: 'Both sides' })
    const create = ['pins', 'create', 'Both sides']
    const pin = await okJson(...create, '--image', 'coat.jpg', '--image', 'back.jpg')
    expect(pin.media).toMatchObject({ media_type: 'multiple_images', items: [{}, {}] })
    const addresses = pin.media.items.map(
      (item: { images: { originals: { url: string } } }) => item.images.originals.url,
    )
    expect(await ok('pins', 'get', pin.id)).toContain(`picture\t${addresses.join(' ')}\n`)
    const fetched = await okJson(...create, ...addresses.flatMap((address: string) => ['--image', address]))
    expect(fetched.creative_type).toBe('CAROUSEL')
  })

  test('show on a terminal how far an upload is', () => {
    expect(uploadLine(undefined)).toBe('Uploading: 0.0 of 0.0 MB (0 %)')
    const progress = { sentBytes: 2_500_000, totalBytes: 10_000_000 }
    expect(uploadLine({ phase: 'uploading', ...progress })).toBe('Uploading: 2.5 of 10.0 MB (25 %)')
    expect(uploadLine({ phase: 'processing', ...progress })).toBe('The service is processing the video')
  })
})

describe('what goes wrong', () => {
  test('is told in a line, with the request, and in the exit code', async () => {
    const missing = await run(['pins', 'get', '1'])
    expect(missing).toMatchObject({ code: 4, out: '' })
    expect(missing.err).toMatch(/^pinfold: Pin not found\. \(status 404, code 50, request \d+\)\n$/)
    expect(await run(['pins', 'list', '--board', 'No such'])).toMatchObject({
      code: 4,
      err: 'pinfold: There is no board "No such" of yours: name its id.\n',
    })
    const reader = { ...alice(), PINTEREST_ACCESS_TOKEN: readOnlyToken }
    expect(await run(['boards', 'create', 'Not permitted'], { env: reader })).toMatchObject({ code: 3, out: '' })
    const wrong = [
      ['fly'],
      ['serve', '--port', 'x'],
      ['exec', '--fly'],
      ['boards', 'create', 'B', '--image', 'x'],
      ['pins', 'create', 'B'],
      ['pins', 'create', 'B', '--image', 'a.jpg', '--video', 'b.mp4'],
      ['pins', 'create', 'B', '--image', 'a.jpg', '--image', 'https://example.com/b.jpg'],
      ['pins', 'create', 'B', '--image', 'a.jpg', '--cover', 'b.jpg'],
      ['pins', 'create', 'B', '--video', 'https://example.com/b.mp4'],
      ['pins', 'list', '--section', 'S'],
      ['pins', 'list', '--limit', 'many'],
      ['boards', 'update', 'B'],
      ['whoami', '--api', 'ftp://x'],
      ['whoami', '--profile', '../x'],
      ['login', '--api', server.url],
      ['login', '--token', 'pina_in_the_list_of_processes'],
    ]
    for (const { code, out, err } of await Promise.all(wrong.map((args) => run(args, { env: nobody('none') })))) {
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^pinfold: /)
      expect(err).not.toContain('pina_')
    }
    expect(await run(['login', '--with-token'], { env: nobody('none'), input: ' ' })).toMatchObject({ code: 2 })
  })
})

/** A port where nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  await once(server.close(), 'close')
  return typeof address === 'object' && address ? address.port : 0
}

describe('what to do next is said (12.25)', () => {
  test('where no service answers: what to start', async () => {
    const port = await closedPort()
    const down = { ...alice(), PINTEREST_API_URI: `http://127.0.0.1:${port}` }
    expect(await run(['whoami'], { env: down })).toMatchObject({
      code: 1,
      err:
        `pinfold: No service answers at http://127.0.0.1:${port}: start it with pinfold serve --port ${port}, ` +
        'or name another with --api or PINTEREST_API_URI.\n',
    })
  })

  test('where nobody is signed in: to which service, and how to use the demo', async () => {
    const { code, err } = await run(['whoami'], { env: nobody('none') })
    expect([code, err]).toEqual([3, expect.stringMatching(/^pinfold: [^\n]+\n$/)])
    expect(err).toContain('not signed in to Pinterest (https://api.pinterest.com): run pinfold login')
    expect(err).toMatch(/For the demo, run pinfold serve, and set .*PINTEREST_ACCESS_TOKEN=pina_demo_/)
    const local = await run(['whoami', '--api', server.url], { env: nobody('none') })
    expect(local.err).toContain(`not signed in to ${server.url}: run pinfold login --api ${server.url}`)
  })

  test('by help, for commands within commands too', async () => {
    expect(await ok('help', 'pins', 'create')).toBe(await ok('pins', 'create', '--help'))
    expect(await ok('help')).toBe(await ok('--help'))
    const wrong = await run(['help', 'pins', 'fly'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/^pinfold: there is no command 'pins fly'\n/)])
  })
})

test.each([
  ['boards', 'create', ''],
  ['boards', 'delete', ' ', '--yes'],
  ['boards', 'update', '1', '--name', ''],
  ['pins', 'list', '--board', ''],
  ['pins', 'list', '--board', '1', '--section', ''],
  ['pins', 'create', '', '--image', 'coat.jpg'],
  ['pins', 'export', '', '--to', 'nowhere'],
])('pinfold %s %s with an empty name says so, and ends with 2 (12.25)', async (...args) => {
  const { code, err } = await run(args)
  expect([code, err]).toEqual([2, expect.stringMatching(/^pinfold: [^\n]*It must not be empty\.\n/)])
  expect(err).not.toMatch(/\.ts:\d/)
})

test('a board of yours is named by its web address too (12.25)', async () => {
  const { id } = await okJson('boards', 'create', 'Hüte & Caps, 2026')
  const listed = (address: string) => run(['pins', 'list', '--board', address])
  const addresses = ['/alice/h%C3%BCte-caps-2026/', '/ALICE/hüte-caps-2026?mt=login']
  for (const address of addresses)
    expect(await listed(`https://www.pinterest.com${address}`)).toMatchObject({ code: 0 })
  for (const address of ['/bob/h%C3%BCte-caps-2026/', '/alice/caps/', '/pin/1/'])
    expect(await listed(`https://www.pinterest.com${address}`)).toMatchObject({ code: 4 })
  await ok('boards', 'delete', id, '--yes')
})

test('a narrow terminal cuts text, and no id, number, secret or address (12.25)', () => {
  const rows = [
    ['id', 'title', 'Pins'],
    ['1142048512397440', 'a long title indeed', '12345'],
  ]
  expect(table(rows, 30)).toBe('id                title  Pins\n1142048512397440  a lo…  12345\n')
  expect(table(rows, 10)).toBe('id                …  Pins\n1142048512397440  …  12345\n')
  const one = [['secret', 'ab'.repeat(20)] as const, ['about', 'many words of text'] as const]
  expect(fields(one, 20)).toBe(`secret  ${'ab'.repeat(20)}\nabout   many words …\n`)
})

test('a table is aligned, and cut to its width', () => {
  expect(
    table(
      [
        ['id', 'title'],
        ['1', 'one'],
        ['22', '両手'],
      ],
      80,
    ),
  ).toBe('id  title\n1   one\n22  両手\n')
  expect(
    table(
      [
        ['id', 'title'],
        ['1', 'a long title indeed'],
      ],
      12,
    ),
  ).toBe('id  title\n1   a long …\n')
  expect(cut('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧 …')
  expect(plain('a\u001b[2J\u0007\r\nb\u202e')).toBe('a [2J b')
})

test('webhooks are made, listened to, changed, sent again and deleted', async () => {
  const listening = run(['webhook', 'listen', '--events', 'board.created', '--times', '1', '--json'])
  await until(async () => (await ok('webhook', 'list', '--json')).includes('webhook listen'))
  const board = await okJson('boards', 'create', 'Heard of')
  const { code: ended, out: heard } = await listening
  expect(ended).toBe(0)
  expect(JSON.parse(heard)).toMatchObject({ type: 'board.created', data: { id: board.id, name: 'Heard of' } })
  expect(await ok('webhook', 'list')).toBe('')

  // What another webhook sends, by its secret: a message with another signature is refused, and the next one taken.
  const port = await closedPort()
  const there = (await server.post('/_pinfold/webhooks', { url: `http://127.0.0.1:${port}/` })).body
  const secretFile = join(folder, 'webhook.secret')
  await writeFile(secretFile, `${there.secret}\n`)
  const args = ['--secret-file', secretFile, '--port', String(port), '--times', '1', '--json']
  const checking = run(['webhook', 'listen', ...args])
  const forged = { method: 'POST', body: '{}', headers: { 'webhook-id': '1', 'webhook-timestamp': '1' } }
  await until(async () => (await fetch(`http://127.0.0.1:${port}/`, forged).catch(() => undefined))?.status === 400)
  await server.post('/boards', { name: 'Heard of by its secret' })
  const { code: checked, out: told, err: said } = await checking
  expect([checked, JSON.parse(told).data.name]).toEqual([0, 'Heard of by its secret'])
  expect(said).toContain(`Listening at http://127.0.0.1:${port}/`)
  expect(said).toContain('A message was refused. It lacks webhook-id, webhook-timestamp or webhook-signature.')
  await server.delete(`/_pinfold/webhooks/${there.id}`)
  await writeFile(secretFile, 'whsec?\n')

  const given = ['--events', 'pin.reached', '--threshold', 'SAVE=3']
  const { out: made, err: note } = await run(['webhook', 'create', 'http://127.0.0.1:9/', ...given])
  expect(note).toBe('Keep the secret now: it is not shown again.\n')
  const [id = ''] = / *id\t(\d+)/.exec(made)?.slice(1) ?? []
  expect(made).toContain('secret\twhsec_')
  const { thresholds } = await okJson('webhook', 'set', id, '--events', 'pin.reached,board.deleted')
  expect(thresholds).toEqual([{ metric: 'SAVE', count: 3 }])
  expect(await ok('webhook', 'list')).toBe(`${id}\thttp://127.0.0.1:9/\tenabled\tpin.reached board.deleted\t\t\n`)
  const { id: delivery } = await okJson('webhook', 'test', id)
  const deliveries = () => ok('webhook', 'deliveries', id)
  await until(async () => (await deliveries()).includes('The connection was refused.'))
  expect(await ok('webhook', 'resend', id, delivery)).toMatch(new RegExp(`^${delivery}\twebhook.test\twaiting\t0\t`))
  expect(await ok('webhook', 'resend', id, '--failed')).toBe('')
  expect((await run(['webhook', 'rotate', id])).out).toMatch(/secret\twhsec_/)
  expect(await ok('webhook', 'delete', id, '--yes')).toBe(`The webhook ${id} is deleted.\n`)
  for (const [code, ...wrong] of [
    [2, 'webhook', 'set', id],
    [2, 'webhook', 'resend', id],
    [2, 'webhook', 'listen', '--secret-file', secretFile],
    [2, 'webhook', 'listen', '--secret-file', secretFile, '--events', 'pin.created'],
    [2, 'webhook', 'create', 'https://app.example', '--threshold', 'SAVE'],
    [4, 'webhook', 'test', id],
    [1, 'webhook', 'create', 'http://10.0.0.1/'],
  ] as const)
    expect([wrong, (await run([...wrong])).code]).toEqual([wrong, code])
})
