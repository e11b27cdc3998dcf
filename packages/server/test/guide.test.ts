import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'

// Runs guide/guide.md like a reader who copies it into a terminal.

const run = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).status === 0
const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0
if (!hasCurl) console.warn('curl is not installed: the curl commands of the guide are skipped.')
if (!hasRequests) console.warn('python3 with requests is not installed: the Python of the guide is skipped.')
/** No request may leave the machine, whatever proxies are configured. */
const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' }
const redirectUri = 'http://localhost:8080/callback'

const guide = await readFile(join(import.meta.dirname, 'guide/guide.md'), 'utf8')

let server: TestServer
let pictures: Awaited<ReturnType<typeof webServer>>
let imageUrl: string

beforeAll(async () => {
  server = await startTestServer()
  const bytes = await picture({ width: 1200, height: 800 }, 'png')
  // Each address returns other bytes of the same picture.
  pictures = await webServer((request, response) =>
    response.setHeader('content-type', 'image/png').end(Buffer.concat([bytes, Buffer.from(request.url ?? '')])),
  )
  imageUrl = `${pictures.url}/lamp.png`
  return () => pictures.close()
})

/** Returns the code under a heading of the guide, with its placeholders filled in. */
function block(heading: string, values: Record<string, string> = {}): string {
  const [, after = ''] = guide.split(`\n## ${heading}\n`)
  const [, text] = /^[^#]*?```\w+\n([\s\S]*?)\n```/.exec(after) ?? []
  if (text === undefined) throw new Error(`The guide has no block under '${heading}'.`)
  const all: Record<string, string> = { API: `${server.url}/v5`, SITE: server.url, ...values }
  return text.replace(/\{([A-Z_]+)\}/g, (placeholder, name: string) => {
    const value = all[name]
    if (value === undefined) throw new Error(`'${heading}' needs a value for ${placeholder}.`)
    return value
  })
}

/** Runs a curl command of the guide, and returns the status and the body. */
async function curl(heading: string, values: Record<string, string>) {
  const quiet = `curl() { command curl --silent --show-error --write-out '\\n%{http_code}' "$@"; }\n`
  const { stdout } = await run('bash', ['-c', quiet + block(heading, values)], { env })
  const end = stdout.lastIndexOf('\n')
  const text = stdout.slice(0, end)
  return { status: Number(stdout.slice(end + 1)), body: text === '' ? undefined : JSON.parse(text) }
}

/** Does what a person does on the pages at an authorization URL, and returns the app's code. */
async function approve(authorizationUrl: string): Promise<string> {
  const visitor = newVisitor(server.url)
  const signInPage = await visitor.open(authorizationUrl)
  expect(signInPage.html).toContain('Test app')
  const { username, password } = people.alice
  const signedIn = await visitor.submit(signInPage, '/oauth/sign-in', { username, password })
  const consentPage = await visitor.open(signedIn.location ?? '')
  const decided = await visitor.submit(consentPage, '/oauth/', { decision: 'approve' })
  const [address, code] = decided.location?.split('?code=') ?? []
  expect(address).toBe(redirectUri)
  expect(code).toMatch(/^[^=&]+$/)
  return code ?? ''
}

const authorizationUrl = () =>
  block('Send somebody to the consent page', { APP_ID: testApp.id, REDIRECT_URI: redirectUri })

test('the authorization URL leads through sign-in and consent to a code', async () => {
  expect(await approve(authorizationUrl())).not.toBe('')
})

describe('the curl commands', () => {
  beforeEach(({ skip }) => skip(!hasCurl, 'curl is not installed'))

  let token: string
  let boardId: string
  beforeAll(async () => {
    if (!hasCurl) return
    const encode = block("Encode the app's credentials", {
      APP_ID: testApp.id,
      APP_SECRET: testApp.secret,
    })
    const credentials = (await run('bash', ['-c', encode])).stdout.trim()
    const answer = await curl('Exchange the code for a token', {
      CREDENTIALS: credentials,
      CODE: await approve(authorizationUrl()),
      REDIRECT_URI: redirectUri,
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      access_token: expect.stringMatching(/^pina_/),
      token_type: 'bearer',
      expires_in: 2_592_000,
      refresh_token: expect.any(String),
    })
    expect(answer.body.scope.split(/[ ,]/).toSorted()).toEqual(
      ['boards:read', 'boards:write', 'pins:read', 'pins:write', 'user_accounts:read'].toSorted(),
    )
    token = answer.body.access_token
    const board = await curl('Create a board', { ACCESS_TOKEN: token })
    expect([board.status, board.body]).toEqual([
      201,
      expect.objectContaining({ name: 'Lamps', description: 'Warm light for dark evenings', privacy: 'PUBLIC' }),
    ])
    boardId = board.body.id
  })

  const createPin = (name: string) =>
    curl('Create a Pin', { ACCESS_TOKEN: token, BOARD_ID: boardId, IMAGE_URL: `${pictures.url}/${name}.png` })

  test('read the account', async () => {
    const { status, body } = await curl('Read the account', { ACCESS_TOKEN: token })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      account_type: 'BUSINESS',
      id: expect.stringMatching(/^\d+$/),
      username: 'alice',
      website_url: expect.any(String),
      profile_image: expect.stringMatching(/^http/),
      follower_count: 0,
      following_count: 0,
      board_count: 1,
      pin_count: 0,
    })
  })

  test('list the boards', async () => {
    const { body } = await curl('List the boards', { ACCESS_TOKEN: token })
    expect(body).toMatchObject({ items: [{ id: boardId, name: 'Lamps' }], bookmark: null })
  })

  test('create, read, change and delete a Pin', async () => {
    const made = await createPin('first')
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      link: 'https://example.com/lamps/1',
      title: 'A paper lamp',
      description: 'Folded by hand, from one sheet',
      board_id: boardId,
      media: {
        media_type: 'image',
        images: {
          '150x150': { url: expect.stringMatching(/^http/), width: 150, height: 150 },
          '400x300': { url: expect.stringMatching(/^http/), width: 400, height: 300 },
          originals: { url: expect.stringMatching(/^http/), width: 1200, height: 800 },
        },
      },
    })
    const values = { ACCESS_TOKEN: token, PIN_ID: made.body.id }
    expect(await curl('Read a Pin', values)).toEqual({ status: 200, body: made.body })
    const changes = {
      title: 'A paper lamp, lit',
      description: 'The same one, in the evening',
      link: 'https://example.com/lamps/2',
    }
    expect(await curl('Change a Pin', values)).toEqual({ status: 200, body: { ...made.body, ...changes } })
    expect(await curl('Delete a Pin', values)).toEqual({ status: 204, body: undefined })
    expect(await curl('Read a Pin', values)).toEqual({ status: 404, body: { code: 50, message: 'Pin not found.' } })
  })

  test('list a board’s Pins, whole and page by page', async () => {
    const ids: string[] = []
    for (const name of ['one', 'two', 'three']) ids.unshift((await createPin(name)).body.id)
    const values = { ACCESS_TOKEN: token, BOARD_ID: boardId }
    const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id)

    const whole = await curl("List a board's Pins", values)
    expect([idsOf(whole.body), whole.body.bookmark]).toEqual([ids, null])

    const first = await curl("List a board's Pins, the first page", values)
    expect(idsOf(first.body)).toEqual(ids.slice(0, 2))
    const second = await curl("List a board's Pins, the page after", { ...values, BOOKMARK: first.body.bookmark })
    expect([idsOf(second.body), second.body.bookmark]).toEqual([ids.slice(2), null])
  })
})

describe('the Python functions', () => {
  beforeEach(({ skip }) => skip(!hasRequests, 'python3 with requests is not installed'))

  /** Runs the guide's functions and then `script`, which finds its input in `given`. */
  async function python(script: string, given: object): Promise<string[]> {
    const lines = ['import json, sys', block('Create Pins in Python'), 'given = json.loads(sys.argv[1])', script]
    const values = { token: people.alice.token, ...given }
    const { stdout } = await run('python3', ['-c', lines.join('\n'), JSON.stringify(values)], { env })
    return stdout.trimEnd().split('\n')
  }

  test('create one Pin', async () => {
    const board = (await server.post('/boards', { name: 'Python' })).body.id
    const [line = ''] = await python(
      'print(json.dumps(create_pin(given["token"], given["board"], "From Python", given["image"])))',
      { board, image: imageUrl },
    )
    const pin = JSON.parse(line)
    expect(pin).toMatchObject({ title: 'From Python', board_id: board })
    expect((await server.get(`/pins/${pin.id}`)).body).toEqual(pin)
  })

  test('create several Pins, with one result each', async () => {
    const board = (await server.post('/boards', { name: 'Python bulk' })).body.id
    const titles = ['Monday', 'Tuesday', 'Wednesday', 'Thursday']
    const pins = titles.map((title) => ({ title, image_url: `${pictures.url}/${title}.png` }))
    pins.splice(2, 0, { title: 'No picture', image_url: 'http://127.0.0.1:1/none.png' })
    const [problem, line = ''] = await python(
      'print(json.dumps(bulk_create_pins(given["token"], given["board"], given["pins"], pause_seconds=0)))',
      { board, pins },
    )
    expect(problem).toMatch(/^Error 1: Unable to reach the URL/)
    const results: ({ id: string; title: string } | null)[] = JSON.parse(line)
    expect(results.map((pin) => pin?.title)).toEqual(['Monday', 'Tuesday', undefined, 'Wednesday', 'Thursday'])
    const listed = await server.get(`/boards/${board}/pins`)
    expect(listed.body.items.map(({ title }: { title: string }) => title)).toEqual(titles.toReversed())
  })

  test('say what went wrong', async () => {
    const lines = await python('print(create_pin(given["token"], "1", "Nowhere", given["image"]))', { image: imageUrl })
    expect(lines).toEqual(['Error 40: Board not found.', 'None'])
    const refused = await python('print(create_pin("pina_wrong", "1", "Nowhere", given["image"]))', { image: imageUrl })
    expect(refused).toEqual(['Error 2: Authentication failed.', 'None'])
  })
})

describe('the JavaScript client', () => {
  /** Runs `script` with the guide's class in a separate Node, and returns what it logs as JSON. */
  async function javaScript(script: string, ...given: string[]) {
    const text = `${block('Use a client in JavaScript')}\nconst given = process.argv.slice(1)\n${script}`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text, '--', ...given], { env })
    return JSON.parse(stdout)
  }

  test('lists boards and creates a Pin, with and without its optional words', async () => {
    const board = (await server.post('/boards', { name: 'JavaScript' })).body.id
    const { boards, plain, worded } = await javaScript(
      `const [token, board, image] = given
       const client = new PinterestClient(token)
       console.log(JSON.stringify({
         boards: await client.getUserBoards(),
         plain: await client.createPin(board, 'Plain', image),
         worded: await client.createPin(board, 'Worded', image, 'With words', 'https://example.com/lamps'),
       }))`,
      people.alice.token,
      board,
      imageUrl,
    )
    expect(boards.items[0]).toMatchObject({ id: board, name: 'JavaScript' })
    expect(plain).toMatchObject({ title: 'Plain', board_id: board, description: null, link: null })
    expect(worded).toMatchObject({ description: 'With words', link: 'https://example.com/lamps' })
    const listed = await server.get(`/boards/${board}/pins`)
    expect(listed.body.items).toEqual([worded, plain])
  })

  test('throws with the server’s message', async () => {
    const message = await javaScript(
      `const [token, image] = given
       const client = new PinterestClient(token)
       console.log(JSON.stringify(await client.createPin('1', 'Nowhere', image).catch((error) => error.message)))`,
      people.alice.token,
      imageUrl,
    )
    expect(message).toBe('Pinterest API Error: Board not found.')
  })
})
