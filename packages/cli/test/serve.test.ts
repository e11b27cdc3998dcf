import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandOptions, pinfold } from '@pinfold/test-support/command'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

const token = 'pina_shop_00000000000000000000'
const readOnlyToken = 'pina_look_00000000000000000000'
const refreshToken = 'pinr_shop_00000000000000000000'
const [appId, appSecret] = ['4711', 'a-secret-of-the-shop']
const shop = { username: 'shop', password: 'shop-password' }

let folder: string
let seed: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-cli-'))
  seed = join(folder, 'seed.json')
  await mkdir(join(folder, 'pictures'))
  await writeFile(join(folder, 'pictures/coat.png'), await picture({ width: 300, height: 450 }, 'png'))
  await writeFile(seed, JSON.stringify(seedFile()))
  return () => rm(folder, { recursive: true, force: true })
})

function seedFile() {
  const pins = [
    {
      title: 'A coat',
      description: 'Wool',
      link: 'https://example.com/coat',
      section: 'Coats',
      image: 'pictures/coat.png',
    },
    { image: 'pictures/coat.png' },
  ]
  return {
    accounts: [
      {
        ...shop,
        account_type: 'BUSINESS',
        business_name: 'The Shop',
        website_url: 'https://shop.example',
        boards: [
          { name: 'Winter', description: 'Warm things', sections: ['Coats', 'Hats'], pins },
          { name: 'Ideas', privacy: 'SECRET' },
        ],
      },
    ],
    apps: [{ id: appId, secret: appSecret, name: 'Shop app', owner: 'shop', loopback_redirects: true }],
    tokens: [
      { app: appId, account: 'shop', access_token: token, refresh_token: refreshToken },
      { app: appId, account: 'shop', access_token: readOnlyToken, scopes: ['boards:read'] },
    ],
  }
}

let folders = 0
const newFolder = () => join(folder, `data-${++folders}`)

/** Options for a server that is gone after the test. */
const brief = () => ['serve', '--port', '0', '--ephemeral', '--seed', seed]

/** Calls the API at `url`, with the token of the seed unless another is given. */
async function ask(url: string, path: string, { json, as = token }: { json?: object; as?: string } = {}) {
  const response = await fetch(`${url}/v5${path}`, {
    method: json ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for each test to say
type Json = any

async function boardNames(url: string): Promise<string[]> {
  const { body } = await ask(url, '/boards')
  return body.items.map(({ name }: { name: string }) => name)
}

describe('pinfold serve', () => {
  test('prints its address and writes what clients read from their environment', async () => {
    const envFile = join(folder, 'demo.env')
    const server = pinfold(['serve', '--port', '0', '--ephemeral', '--write-env', envFile])
    const url = await server.ready()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await readFile(envFile, 'utf8')).toBe(
      [
        `export PINTEREST_API_URI=${url}`,
        `export PINTEREST_OAUTH_URI=${url}`,
        'export PINTEREST_APP_ID=1234567',
        'export PINTEREST_APP_SECRET=pinfold-demo-secret',
        'export PINTEREST_ACCESS_TOKEN=pina_demo_0123456789abcdefghijklmnopqrstuvwxyz',
        'export PINTEREST_REFRESH_ACCESS_TOKEN=pinr_demo_0123456789abcdefghijklmnopqrstuvwxyz',
        'export PINFOLD_USERNAME=demo',
        'export PINFOLD_PASSWORD=pinfold-demo',
        '',
      ].join('\n'),
    )
    expect((await stat(envFile)).mode & 0o777).toBe(0o600)
    expect((await fetch(`${url}/_pinfold/health`)).status).toBe(200)

    const as = 'pina_demo_0123456789abcdefghijklmnopqrstuvwxyz'
    expect((await ask(url, '/user_account', { as })).body).toMatchObject({ username: 'demo', account_type: 'BUSINESS' })
    const boards = (await ask(url, '/boards', { as })).body.items
    expect(boards.map(({ privacy }: { privacy: string }) => privacy)).toContain('SECRET')
    expect((await newVisitor(url).signIn({ username: 'demo', password: 'pinfold-demo' })).status).toBe(303)

    const date = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
    const range = `start_date=${date(89)}&end_date=${date(0)}`
    const { all } = (await ask(url, `/user_account/analytics?${range}&metric_types=IMPRESSION,SAVE`, { as })).body
    const impressions = all.daily_metrics.map((day: { metrics: { IMPRESSION: number } }) => day.metrics.IMPRESSION)
    // Two days of them, which are the same on every machine and day.
    expect(impressions).toEqual(expect.arrayContaining([3949, 3776]))
    expect(impressions.filter((count: number) => count === 0)).toEqual([])
    const top = await ask(url, `/user_account/analytics/top_pins?${range}&sort_by=IMPRESSION&num_of_pins=50`, { as })
    const secret = boards.find(({ privacy }: { privacy: string }) => privacy === 'SECRET')
    const secretPins = (await ask(url, `/boards/${secret.id}/pins?page_size=250`, { as })).body.items
    const seen = top.body.pins.map(({ pin_id }: { pin_id: string }) => pin_id)
    expect(secretPins.filter(({ id }: { id: string }) => seen.includes(id))).toEqual([])
    expect(seen).toHaveLength(26)

    expect((await server.stop()).code).toBe(0)
    expect(server.stderr()).toBe('')
  })

  test('with another seed writes the address alone', async () => {
    const envFile = join(folder, 'other.env')
    const url = await pinfold([...brief(), '--write-env', envFile]).ready()
    expect(await readFile(envFile, 'utf8')).toBe(`export PINTEREST_API_URI=${url}\nexport PINTEREST_OAUTH_URI=${url}\n`)
  })

  test('fills empty data from a seed file, with pictures beside it', async () => {
    const url = await pinfold(brief()).ready()
    expect((await ask(url, '/user_account')).body).toMatchObject({
      username: 'shop',
      account_type: 'BUSINESS',
      business_name: 'The Shop',
      website_url: 'https://shop.example',
      board_count: 2,
      pin_count: 2,
    })
    const { items: boards } = (await ask(url, '/boards')).body
    expect(boards).toMatchObject([
      { name: 'Ideas', privacy: 'SECRET', pin_count: 0 },
      { name: 'Winter', description: 'Warm things', privacy: 'PUBLIC', pin_count: 2 },
    ])
    const { items: sections } = (await ask(url, `/boards/${boards[1].id}/sections`)).body
    expect(sections.map(({ name }: { name: string }) => name).toSorted()).toEqual(['Coats', 'Hats'])
    const { items: pins } = (await ask(url, `/boards/${boards[1].id}/pins`)).body
    expect(pins).toMatchObject([{ title: 'A coat', link: 'https://example.com/coat' }, { title: null }])
    const [original, file] = await Promise.all([
      fetch(pins[0].media.images.originals.url).then((answer) => answer.bytes()),
      readFile(join(folder, 'pictures/coat.png')),
    ])
    expect(Buffer.from(original)).toEqual(file)
    expect((await ask(url, '/pins', { as: readOnlyToken })).body.code).toBe(3)
    expect((await newVisitor(url).signIn(shop)).status).toBe(303)
  })

  test('keeps its data over a restart, and fills them once', async () => {
    const data = newFolder()
    const args = ['serve', '--port', '0', '--data', data]
    const first = pinfold([...args, '--seed', seed])
    await ask(await first.ready(), '/boards', { json: { name: 'Added' } })
    expect((await first.stop()).code).toBe(0)

    const second = pinfold([...args, '--seed', seed])
    const url = await second.ready()
    expect(await boardNames(url)).toEqual(['Added', 'Ideas', 'Winter'])
    const picture = (await ask(url, '/pins')).body.items[0].media.images['600x'].url
    expect((await fetch(picture)).status).toBe(200)
    second.child.kill('SIGKILL')
    expect(await second.ended).toBe('SIGKILL')

    const third = pinfold(args)
    expect(await boardNames(await third.ready())).toEqual(['Added', 'Ideas', 'Winter'])
    await third.stop()
    const fourth = pinfold([...args, '--seed', 'demo'])
    expect(await fourth.ended).toBe(2)
    expect(fourth.stderr()).toContain('Leave --seed out')
  })

  test('puts its data where it is told, and by default into .pinfold', async () => {
    const cwd = newFolder()
    await mkdir(cwd)
    const server = pinfold(['serve', '--port', '0', '--seed', 'none'], { cwd })
    await server.ready()
    await server.stop()
    expect(existsSync(join(cwd, '.pinfold/pinfold.db'))).toBe(true)
  })

  test('refuses a data folder that another process uses', async () => {
    const data = newFolder()
    const args = ['serve', '--port', '0', '--seed', 'none', '--data', data]
    await pinfold(args).ready()
    const second = pinfold(args)
    expect(await second.ended).toBe(2)
    expect(second.stderr()).toBe(
      `pinfold: Another Pinfold process uses the data folder ${data}. Stop it, or name another --data.\n`,
    )
  })
})

describe('ffmpeg', () => {
  /** Returns what a server prints about ffmpeg until it is ready, when these programs are in its PATH. */
  async function saidOf(...programs: string[]): Promise<string[]> {
    const PATH = newFolder()
    await mkdir(PATH)
    for (const name of programs) await writeFile(join(PATH, name), '#!/bin/sh\n', { mode: 0o755 })
    const server = pinfold(brief(), { env: { PATH } })
    await server.ready()
    const lines = `${server.stdout()}${server.stderr()}`.split('\n').filter((line) => line.includes('ffmpeg'))
    return lines.map((line) => JSON.parse(line).msg)
  }
  const missing = 'ffmpeg and ffprobe are not installed: videos are taken as H.264 in MP4 only, and kept as they are'

  test('is missed once, with what that means', async () => {
    expect(await saidOf()).toEqual([missing])
    expect(await saidOf('ffmpeg')).toEqual([missing])
  })

  test('is not spoken of when it is there', async () => {
    expect(await saidOf('ffmpeg', 'ffprobe')).toEqual([])
  })
})

describe('SIGTERM', () => {
  test('finishes a Pin that is being made, does not wait for an idle connection, and exits with 0', async () => {
    const data = newFolder()
    const server = pinfold(['serve', '--port', '0', '--data', data, '--seed', seed])
    const url = await server.ready()
    const agent = new http.Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    await new Promise((resolve) =>
      http.get(`${url}/_pinfold/health`, { agent }, (answer) => answer.resume().on('end', resolve)),
    )

    const pictures = await slowPictures()
    const boardId = (await ask(url, '/boards')).body.items[0].id
    const media_source = { source_type: 'image_url', url: pictures.url }
    const making = ask(url, '/pins', { json: { board_id: boardId, title: 'At the last moment', media_source } })
    await pictures.asked
    const stopped = server.stop()
    await expect.poll(() => fetch(`${url}/_pinfold/health`).catch(() => 'refused')).toBe('refused')
    pictures.answer()

    const made = await making
    expect(made.status).toBe(201)
    const { code, ms } = await stopped
    expect(code).toBe(0)
    expect(ms).toBeLessThan(onThisMachine(5000))

    const again = await pinfold(['serve', '--port', '0', '--data', data]).ready()
    const { body } = await ask(again, `/pins/${made.body.id}`)
    expect(body.title).toBe('At the last moment')
  })

  test('exits with 0 within 5 seconds though a request does not end', async () => {
    const server = pinfold(brief())
    const url = await server.ready()
    const pictures = await slowPictures()
    const boardId = (await ask(url, '/boards')).body.items[0].id
    const making = ask(url, '/pins', {
      json: { board_id: boardId, media_source: { source_type: 'image_url', url: pictures.url } },
    }).catch(() => 'cut off')
    await pictures.asked
    const { code, ms } = await server.stop()
    expect([code, await making]).toEqual([0, 'cut off'])
    expect(ms).toBeLessThan(onThisMachine(5000))
  })

  test('exits with 0 within 5 seconds though it is still filling its data, which the next start does anew', async () => {
    const data = newFolder()
    const args = ['serve', '--port', '0', '--data', data]
    const server = pinfold(args)
    await expect.poll(() => server.stdout()).toContain('filling the empty database')
    const { code, ms } = await server.stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(onThisMachine(5000))
    const as = 'pina_demo_0123456789abcdefghijklmnopqrstuvwxyz'
    const { body } = await ask(await pinfold(args).ready(), '/user_account', { as })
    expect(body).toMatchObject({ board_count: 4, pin_count: 38 })
  })

  /** Starts a web server whose picture arrives when the test says so. */
  async function slowPictures() {
    const bytes = await picture()
    const asked = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const server = await webServer(async (_request, response) => {
      asked.resolve()
      await released.promise
      response.end(bytes)
    })
    onTestFinished(server.close)
    return { url: `${server.url}/a.jpg`, asked: asked.promise, answer: () => released.resolve() }
  }
})

describe('when it is ready it says what to do next (12.24)', () => {
  test('on the demo, who to be', async () => {
    const running = pinfold(['serve', '--port', '0', '--ephemeral', '--seed', 'demo'])
    const url = await running.ready()
    await until(() => /The demo's user/.test(running.stdout()))
    const [, user = '', password = '', accessToken = ''] =
      /The demo's user is (\S+), with the password (\S+) and the access token (\S+)$/m.exec(running.stdout()) ?? []
    const answer = await fetch(`${url}/v5/user_account`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(await answer.json()).toMatchObject({ username: user })
    expect(password).toMatch(/^\S{8,}$/)
    expect(running.stderr()).toBe('')
  })

  test('on empty data, how to fill them; and where others reach it, that its address is missing', async () => {
    const data = newFolder()
    const running = pinfold(['serve', '--port', '0', '--host', '0.0.0.0', '--data', data])
    const url = await running.ready()
    await until(() => running.stdout().includes(`pinfold users create NAME --data ${data};`))
    expect(running.stderr()).toMatch(/^pinfold: others can reach this server.*--public-url https:\S+\n$/)
    expect((await fetch(`${url}/oauth/sign-up`)).status).toBe(403)
  })
})

describe('a wrong call ends with 2 and says why in one line', () => {
  /** Runs `pinfold serve` with `args`, and returns its one line. */
  async function problemOf(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    const command = pinfold(['serve', ...args], { cwd: folder, ...options })
    expect(await command.ended).toBe(2)
    expect(command.stderr()).toMatch(/^[^\n]+\n$/)
    expect(command.stderr()).not.toMatch(/node:internal|\.m?ts:\d/)
    return command.stderr().trimEnd()
  }

  test.each([
    ['--port abc', 'must be a number from 0 to 65535'],
    ['--port 65536', 'must be a number from 0 to 65535'],
    ['--colour red', "unknown option '--colour'"],
    ['extra', 'too many arguments'],
    ['--public-url pins.example.com', 'must be an http or https address'],
    ['--durability somewhat', 'Allowed choices are full, relaxed'],
    ['--analytics-days many', 'must be a number of days'],
    ['--ephemeral --analytics-days 121', 'keep 122 at least'],
    ['--ephemeral --rate-limits missing.json', 'Cannot read the rate limits file missing.json'],
    ['--ephemeral --seed missing.json', 'Cannot read the seed file missing.json'],
    ['--data . --host 0.0.0.0 --seed demo', 'have a password that everybody knows'],
    ['--ephemeral --seed none --host no-such-host.invalid', 'Cannot listen on no-such-host.invalid'],
    ['--ephemeral --seed none --port 0 --write-env missing/a.env', 'Cannot write the env file missing/a.env'],
    ['--seed none --data seed.json', 'Cannot make the data folder'],
    ['--seed none --database-url nonsense', 'must begin with postgres://'],
    ['--seed none --database-url postgres://[nonsense', 'Cannot use the database'],
    ['--seed none --database-url postgres://127.0.0.1:1/pins', 'Cannot use the database'],
  ])('%s', async (args, problem) => {
    expect(await problemOf(args.split(' '))).toContain(problem)
  })

  test.runIf(existsSync('/proc/self'))('a folder that can never be made, at once (12.5)', async () => {
    for (const option of ['--data', '--storage']) {
      const args = ['--port', '0', '--data', newFolder(), option, '/proc/pinfold/data']
      expect(await problemOf(args)).toMatch(/Cannot (make the data folder|use --storage).*\/proc\/pinfold/)
    }
  })

  test.each([
    ['is not JSON', '{', 'is not valid JSON'],
    ['has a field that there is not', '{"accounts": [{"username": "ann", "colour": "red"}]}', "'colour'"],
    [
      'names an account that it has not',
      '{"accounts": [], "apps": [{"id": "1", "secret": "0123456789abcdef", "name": "A", "owner": "ann"}]}',
      "'ann', is no account",
    ],
    ['has an app twice', '{"accounts": [{"username": "ann"}], "apps": [APP, APP]}', "the app id '1' is there twice"],
    [
      'has a board twice',
      '{"accounts": [{"username": "ann", "boards": [{"name": "A"}, {"name": "a"}]}]}',
      "the board 'A'",
    ],
    ['has an account twice', '{"accounts": [{"username": "ann"}, {"username": "Ann"}]}', 'This username is taken'],
    [
      'follows an account that it has not',
      '{"accounts": [{"username": "ann", "follows": {"users": ["ben"]}}]}',
      "'ann' follows 'ben', who is no account",
    ],
    [
      'follows a secret board',
      '{"accounts": [{"username": "ann", "follows": {"boards": [{"owner": "ben", "board": "A"}]}}, {"username": "ben", "boards": [{"name": "A", "privacy": "SECRET"}]}]}',
      "'A', which is no public board of 'ben'",
    ],
    [
      'follows itself',
      '{"accounts": [{"username": "ann", "follows": {"users": ["ann"]}}]}',
      "what 'ann' follows: Invalid request. You cannot follow yourself",
    ],
    [
      'invites somebody whom it has not',
      '{"accounts": [{"username": "ann", "boards": [{"name": "A", "collaborators": ["ben"]}]}]}',
      "the board 'A' of 'ann' names the collaborator 'ben', which is no other account",
    ],
    [
      'invites the owner of a board',
      '{"accounts": [{"username": "ann", "boards": [{"name": "A", "collaborators": ["ann"]}]}]}',
      "the collaborator 'ann', which is no other account",
    ],
    [
      'names a picture that is not there',
      '{"accounts": [{"username": "ann", "boards": [{"name": "A", "pins": [{"image": "no.png"}]}]}]}',
      'cannot read the picture',
    ],
    [
      'names a picture that is none',
      '{"accounts": [{"username": "ann", "boards": [{"name": "A", "pins": [{"image": "seed.json"}]}]}]}',
      "the Pin 'seed.json' on the board 'A': The picture cannot be used.",
    ],
  ])('a seed file that %s', async (_what, text, problem) => {
    const app = '{"id": "1", "secret": "0123456789abcdef", "name": "A", "owner": "ann"}'
    await writeFile(join(folder, 'bad.json'), text.replaceAll('APP', app))
    expect(await problemOf(['--ephemeral', '--port', '0', '--seed', 'bad.json'])).toContain(problem)
  })

  test('a port that is taken, before anything is filled (12.29)', async () => {
    const { url, close } = await webServer(() => {})
    onTestFinished(close)
    const { port } = new URL(url)
    const data = newFolder()
    const problem = await problemOf(['--data', data, '--seed', 'demo', '--port', port])
    expect(problem).toBe(`pinfold: Port ${port} on 127.0.0.1 is taken. Name another with --port, or 0 for a free one.`)
    expect(existsSync(data)).toBe(false)
  })

  test('a data folder whose database is none', async () => {
    const data = newFolder()
    await mkdir(data)
    await writeFile(
      join(data, 'pinfold.db'),
      'This is no database, but it is long enough to be taken for one.'.repeat(20),
    )
    expect(await problemOf(['--seed', 'none', '--port', '0', '--data', data])).toContain(join(data, 'pinfold.db'))
  })

  test('a variable that makes no sense', async () => {
    expect(await problemOf([], { env: { PINFOLD_PORT: 'abc' } })).toContain("from env 'PINFOLD_PORT' is invalid")
  })
})

describe('without words', () => {
  test('it serves', async () => {
    const env = { PINFOLD_PORT: '0', PINFOLD_SEED: 'none', PINFOLD_DATA: newFolder() }
    const server = pinfold([], { env })
    expect((await fetch(`${await server.ready()}/_pinfold/health`)).status).toBe(200)
  })
})

describe('help', () => {
  test('names the commands', async () => {
    const help = pinfold(['--help'])
    expect(await help.ended).toBe(0)
    expect(help.stdout()).toMatch(/^Usage: pinfold .*serve .*Example/s)
    const version = pinfold(['--version'])
    expect([await version.ended, version.stdout()]).toEqual([0, `${manifest.version}\n`])
  })

  test('of serve names every option with its variable and its default, and gives examples', async () => {
    const help = pinfold(['serve', '--help'])
    expect(await help.ended).toBe(0)
    const text = help.stdout().replaceAll(/\s+/g, ' ')
    for (const name of [
      'port',
      'host',
      'data',
      'ephemeral',
      'database-url',
      'public-url',
      'trust-proxy',
      'seed',
      'write-env',
      'durability',
      'rate-limits',
      'error-codes',
      'sign-up',
    ]) {
      const variable = `PINFOLD_${name.toUpperCase().replaceAll('-', '_')}`
      expect(text).toMatch(new RegExp(`--${name} [^-].*env: ${variable}\\)`))
    }
    for (const preset of ['4000', '127.0.0.1', './.pinfold', 'demo on a loopback host', 'full', 'pinterest', 'open'])
      expect(text).toMatch(new RegExp(`default: "?${RegExp.escape(preset)}`))
    expect(text).toContain('$ pinfold serve')
  })

  test('is pointed at when a command is unknown', async () => {
    const command = pinfold(['sevre'])
    expect(await command.ended).toBe(2)
    expect(command.stderr()).toContain("unknown command 'sevre'")
    expect(command.stderr()).toContain('pinfold --help')
  })
})

describe('the environment', () => {
  test('sets every option', async () => {
    const [data, envFile, limits] = [newFolder(), join(folder, 'variables.env'), join(folder, 'limits.json')]
    await writeFile(limits, '{"org_read": {"limit": 7, "windowSeconds": 60}}')
    const env = {
      PINFOLD_PORT: '0',
      PINFOLD_HOST: 'localhost',
      PINFOLD_DATA: data,
      PINFOLD_PUBLIC_URL: 'https://pins.example.com',
      PINFOLD_SEED: seed,
      PINFOLD_WRITE_ENV: envFile,
      PINFOLD_DURABILITY: 'relaxed',
      PINFOLD_RATE_LIMITS: limits,
      PINFOLD_ERROR_CODES: 'guide',
      PINFOLD_SIGN_UP: 'closed',
    }
    const server = pinfold(['serve'], { env })
    expect(await server.ready()).toBe('https://pins.example.com')
    expect(await readFile(envFile, 'utf8')).toContain('PINTEREST_API_URI=https://pins.example.com\n')
    const listening = /Server listening at (http:[^"]+)"/
    await expect.poll(() => server.stdout()).toMatch(listening)
    const [, url = ''] = listening.exec(server.stdout()) ?? []
    const { headers, body } = await ask(url, '/user_account')
    expect(headers.get('x-ratelimit-limit')).toMatch(/^7,/)
    expect(body.profile_image).toMatch(/^https:\/\/pins\.example\.com\/media\//)
    expect((await ask(url, '/pins/1')).body.code).toBe(3)
    expect((await newVisitor(url).open('/oauth/sign-up')).status).toBe(403)
    await server.stop()
    expect(existsSync(join(data, 'pinfold.db'))).toBe(true)
  })

  test('can ask for ephemeral data, and can say that it does not', async () => {
    for (const [value, kept] of [
      ['1', false],
      ['true', false],
      ['0', true],
      ['false', true],
      ['', true],
    ] as const) {
      const data = newFolder()
      const env = { PINFOLD_EPHEMERAL: value }
      const server = pinfold(['serve', '--port', '0', '--seed', 'none', '--data', data], { env })
      await server.ready()
      await server.stop()
      expect([value, existsSync(join(data, 'pinfold.db'))]).toEqual([value, kept])
    }
  })

  test('and the options still take the former name of the file for credentials', async () => {
    const [byOption, byVariable] = [join(folder, 'option.env'), join(folder, 'variable.env')]
    for (const [args, env, file] of [
      [['--env-file', byOption], {}, byOption],
      [[], { PINFOLD_ENV_FILE: byVariable }, byVariable],
    ] as const) {
      const server = pinfold([...brief(), ...args], { env })
      const url = await server.ready()
      expect(await readFile(file, 'utf8')).toContain(`PINTEREST_API_URI=${url}\n`)
      await server.stop()
    }
  })

  test('gives way to an option', async () => {
    const taken = await webServer(() => {})
    onTestFinished(taken.close)
    const url = await pinfold(brief(), { env: { PINFOLD_PORT: new URL(taken.url).port } }).ready()
    expect(url).not.toBe(taken.url)
  })

  test('can ask for the five error codes of the guide', async () => {
    const limits = join(folder, 'tight.json')
    await writeFile(limits, '{"org_write": {"limit": 2, "windowSeconds": 60}}')
    const env = { PINFOLD_ERROR_CODES: 'guide', PINFOLD_RATE_LIMITS: limits }
    const url = await pinfold(brief(), { env }).ready()
    const answers = [
      await ask(url, '/boards', { json: { name: '' } }),
      await ask(url, '/pins/1'),
      await ask(url, '/user_account', { as: readOnlyToken }),
      await ask(url, '/boards', { as: 'pina_nobody_00000000000000' }),
      await ask(url, '/boards', { json: { name: 'One more' } }),
      await ask(url, '/boards', { json: { name: 'One too many' } }),
    ]
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [400, 1],
      [404, 3],
      [401, 4],
      [401, 8],
      [201, undefined],
      [429, 2],
    ])
  })
})

describe('the log', () => {
  test('has a line for each request and no secret in any', async () => {
    const server = pinfold(brief())
    const url = await server.ready()
    const redirectUri = 'http://localhost:9/callback'
    const basic = Buffer.from(`${appId}:${appSecret}`).toString('base64')
    let requests = 0
    const send = async (path: string, init: RequestInit = {}) => {
      requests++
      return fetch(url + path, { redirect: 'manual', ...init })
    }
    const form = (fields: Record<string, string>) => ({
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams(fields),
    })

    const visitor = newVisitor(url)
    const query = new URLSearchParams({
      client_id: appId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'boards:read',
      state: 'a-state-of-the-app',
    })
    const wrong = { username: 'shop', password: 'not-the-password' }
    await visitor.signIn(wrong)
    const signInPage = await visitor.open(`/oauth/?${query}`)
    const { location } = await visitor.submit(signInPage, '/oauth/sign-in', shop)
    const consentPage = await visitor.open(location ?? '')
    const decided = await visitor.submit(consentPage, '/oauth/', { decision: 'approve' })
    requests += 6
    const code = new URL(decided.location ?? '').searchParams.get('code') ?? ''
    const csrf = /name="csrf" value="([^"]+)"/.exec(consentPage.html)?.[1] ?? ''

    const exchange = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    const given = (await (await send('/v5/oauth/token', form(exchange))).json()) as Json
    await send('/v5/oauth/token', form(exchange))
    await send('/v5/oauth/token', form({ grant_type: 'refresh_token', refresh_token: given.refresh_token }))
    await send('/v5/boards', { headers: { authorization: `Bearer ${given.access_token}` } })
    await send(`/v5/boards?access_token=${given.access_token}`)
    await send(`/v5/boards?bookmark=${given.access_token}`, { headers: { authorization: `Bearer ${token}` } })
    await send(`/nowhere?token=${given.refresh_token}`)
    await send('/v5/boards', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{"name": "broken',
    })
    await send('/v5/oauth/token/revoke', form({ token: given.refresh_token }))
    const visits = {
      username: 'newcomer',
      password: 'newcomer-password',
      account_type: 'PINNER',
      return_to: '/oauth/sign-in',
    }
    await send('/oauth/sign-up', form(visits))
    await server.stop()

    const lines = server
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    const logged = lines.filter(({ msg }) => msg === 'request')
    expect(logged).toHaveLength(requests)
    for (const line of logged)
      expect(line).toMatchObject({
        rid: expect.any(String),
        method: expect.any(String),
        path: expect.stringMatching(/^\/[^?]*$/),
        status: expect.any(Number),
        ms: expect.any(Number),
      })
    const output = server.stdout() + server.stderr()
    const secrets = {
      code,
      csrf,
      basic,
      token,
      refreshToken,
      appSecret,
      session: visitor.cookie('pinfold_session'),
      access: given.access_token,
      refresh: given.refresh_token,
      wrong: wrong.password,
      password: shop.password,
      newPassword: visits.password,
    }
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret, name).toEqual(expect.stringMatching(/^.{8,}$/))
      expect(output.includes(String(secret)), `the log holds ${name}`).toBe(false)
    }
  })
})

describe('a web page elsewhere', () => {
  test('cannot ask under a host name of its own, nor read answers', async () => {
    const url = await pinfold(brief()).ready()
    const { port } = new URL(url)
    const foreign = await new Promise<{ status: number | undefined; rid: unknown; body: string }>((resolve, reject) => {
      const request = http.get(
        `${url}/v5/boards`,
        { headers: { host: `evil.example:${port}`, authorization: `Bearer ${token}` } },
        async (answer) => {
          const body = (await answer.toArray()).join('')
          resolve({ status: answer.statusCode, rid: answer.headers['x-pinterest-rid'], body })
        },
      )
      request.on('error', reject)
    })
    expect(foreign.status).toBe(421)
    expect(foreign.rid).toMatch(/^\d+$/)
    expect(JSON.parse(foreign.body)).toEqual({ code: 29, message: expect.stringContaining('--public-url') })
    expect((await fetch(`http://localhost:${port}/_pinfold/health`)).status).toBe(200)

    const headers = { origin: 'https://evil.example', authorization: `Bearer ${token}` }
    const answers = await Promise.all([
      fetch(`${url}/v5/boards`, { headers }),
      fetch(`${url}/v5/boards`, { headers: { origin: 'https://evil.example' } }),
      fetch(`${url}/openapi.json`, { headers }),
      fetch(`${url}/oauth/sign-in`, { headers }),
      fetch(`${url}/v5/boards`, {
        method: 'OPTIONS',
        headers: { ...headers, 'access-control-request-method': 'POST' },
      }),
    ])
    for (const answer of answers)
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('an older Node', () => {
  const older = ['/usr/bin/node', '/usr/local/bin/node', '/usr/bin/nodejs'].find((file) => {
    const [major = 0, minor = 0] = (spawnSync(file, ['--version']).stdout?.toString().slice(1) ?? '99')
      .split('.')
      .map(Number)
    return major > 0 && (major < 24 || (major === 24 && minor < 7))
  })

  test.skipIf(!older)('hands over to the one that npm ci brings', async () => {
    const help = pinfold(['--help'], { node: older ?? '' })
    expect(await help.ended).toBe(0)
    expect(help.stdout()).toContain('Usage: pinfold')
    expect(help.stderr()).toBe('')

    const server = pinfold(brief(), { node: older ?? '' })
    expect((await ask(await server.ready(), '/user_account')).body.username).toBe('shop')
    expect((await server.stop()).code).toBe(0)
    const wrong = pinfold(['serve', '--port', 'abc'], { node: older ?? '' })
    expect(await wrong.ended).toBe(2)
  })
})
