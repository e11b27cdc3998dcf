import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestClock } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { cutGuide, type GuideCode, indent } from '@pinfold/test-support/guide-text'
import { has, hasPhpCurl, hasRequests, olderNode } from '@pinfold/test-support/installed'
import { base64Source, picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

// The code of the guide to Pinterest's API, byte for byte and with Pinterest's address, under `pinfold exec`. The text
// is read from the variable's path; without it nothing is run.
const file = process.env.PINFOLD_GUIDE_TEXT

describe.skipIf(!file)('the code of the guide, unchanged, under pinfold exec', () => {
  const redirectUri = 'http://localhost:8080/callback'
  let guide: GuideCode
  let server: TestServer
  let pictures: Awaited<ReturnType<typeof webServer>>
  let imageUrl: string
  let boardId: string
  let folder: string
  beforeAll(async () => {
    guide = cutGuide(await readFile(file ?? '', 'utf8'))
    folder = await mkdtemp(join(tmpdir(), 'pinfold-guide-'))
    server = await startTestServer()
    const bytes = await picture({ width: 1200, height: 800 })
    pictures = await webServer((_, response) => response.setHeader('content-type', 'image/jpeg').end(bytes))
    imageUrl = `${pictures.url}/image.jpg`
    boardId = (await server.post('/boards', { name: 'Of the guide' })).body.id
    return async () => {
      await pictures.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  /** The server that programs reach, if it is not the usual one. */
  let elsewhere: TestServer | undefined

  /** Runs a program under `pinfold exec`. */
  async function exec(...command: string[]) {
    const env = { XDG_CONFIG_HOME: join(folder, 'config'), HTTPS_PROXY: '', https_proxy: '' }
    const running = pinfold(['exec', '--server', (elsewhere ?? server).url, '--', ...command], { cwd: folder, env })
    const code = await running.ended
    return { code, stdout: running.stdout(), stderr: running.stderr() }
  }

  /** Returns the output of a program that must succeed. */
  async function output(...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await exec(...command)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }

  /** Replaces the guide's placeholders by values. Each placeholder must be there. */
  function fillIn(code: string, values: Record<string, string>): string {
    return Object.entries(values).reduce((text, [placeholder, value]) => {
      expect(text).toContain(placeholder)
      return text.replaceAll(placeholder, value)
    }, code)
  }

  describe.each([
    { name: 'Node 26', node: process.execPath },
    { name: 'an older Node', node: olderNode },
  ])('JavaScript with $name', ({ node = '' }) => {
    test.skipIf(node === '')('as it stands says that its token is none', async () => {
      await writeFile(join(folder, 'as-it-stands.mjs'), guide.javascriptClass + guide.javascriptUsage)
      const { code, stderr } = await exec(node, 'as-it-stands.mjs')
      expect(code).toBe(1)
      expect(stderr).toContain('Pinterest API Error: Authentication failed.')
    })

    test.skipIf(node === '')("with a reader's values makes a Pin", async () => {
      const values = {
        your_access_token: people.alice.token,
        board_id: boardId,
        'https://example.com/image.jpg': imageUrl,
      }
      const more = `
        const { items } = await client.getUserBoards()
        const { all } = await client.getPinAnalytics(pin.id, '2026-03-01', '2026-03-14')
        const analytics = [all.daily_metrics.length, all.daily_metrics.at(-1)]
        const failure = await client.createPin('1', 'Nowhere', '${imageUrl}').catch((error) => error.message)
        console.log(JSON.stringify({ pin: pin.id, boards: items.map(({ name }) => name), analytics, failure }))`
      const program = guide.javascriptClass + fillIn(guide.javascriptUsage, values) + more
      await writeFile(join(folder, 'client.mjs'), program)
      const { pin, ...rest } = JSON.parse(await output(node, 'client.mjs'))
      const metrics = { IMPRESSION: 0, SAVE: 0, PIN_CLICK: 0 }
      expect(rest).toEqual({
        boards: ['Of the guide'],
        analytics: [14, { date: '2026-03-14', data_status: 'PROCESSING', metrics }],
        failure: 'Pinterest API Error: Board not found.',
      })
      const { title, board_id } = (await server.get(`/pins/${pin}`)).body
      expect(guide.javascriptUsage).toContain(`'board_id', '${title}'`)
      expect(board_id).toBe(boardId)
    })
  })

  test.skipIf(!hasRequests)('Python makes Pins, and tells what went wrong (needs the package requests)', async () => {
    const { createPin, bulkCreatePins } = guide.python
    for (const code of [createPin, bulkCreatePins]) expect(indent(code).replaceAll(/^ +/gm, '')).toBe(code)
    const program = `
import json
import time
${indent(createPin)}

${indent(bulkCreatePins)}

made = bulk_create_pins("${people.alice.token}", "${boardId}", [
    {"title": title, "image_url": "${imageUrl}"} for title in ["First", "Second"]
])
print(json.dumps([pin["id"] for pin in made]))
print(create_pin("${people.alice.token}", "1", "Nowhere", "${imageUrl}"))
print(create_pin("pina_nobody", "${boardId}", "By nobody", "${imageUrl}"))
`
    await writeFile(join(folder, 'pins.py'), program)
    const [ids = '', ...rest] = (await output('python3', 'pins.py')).trimEnd().split('\n')
    expect(rest).toEqual(['Error 40: Board not found.', 'None', 'Error 2: Authentication failed.', 'None'])
    const pins = await Promise.all(JSON.parse(ids).map((id: string) => server.get(`/pins/${id}`)))
    expect(pins.map(({ body }) => body.title)).toEqual(['First', 'Second'])
  })

  test.skipIf(!hasPhpCurl)('PHP curl, for which the guide has no code, does the same (needs php-curl)', async () => {
    const program = `<?php
      $curl = curl_init('https://api.pinterest.com/v5/pins');
      curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ${people.alice.token}', 'Content-Type: application/json'],
        CURLOPT_POSTFIELDS => json_encode([
          'board_id' => '${boardId}',
          'title' => 'From PHP',
          'media_source' => ['source_type' => 'image_url', 'url' => '${imageUrl}'],
        ]),
      ]);
      echo curl_exec($curl), curl_error($curl);`
    await writeFile(join(folder, 'pins.php'), program)
    expect(JSON.parse(await output('php', 'pins.php'))).toMatchObject({ title: 'From PHP', board_id: boardId })
  })

  describe.skipIf(!has('curl', '--version'))('the curl commands', () => {
    /**
     * Runs the guide's command with this method and path, with a reader's values. Returns the answer, and what the
     * guide sends.
     */
    async function curl(method: string, path: string, values: Record<string, string>) {
      const commands = guide.curls.filter((each) => {
        const [, ...found] = /^curl -X (\w+) "?https:\/\/api\.pinterest\.com\/v5([^\s"]*)/.exec(each) ?? []
        return found.join(' ') === `${method} ${path}`
      })
      expect(commands, `${method} ${path}`).toHaveLength(1)
      const status = `curl() { command curl --silent --show-error --write-out '\\n%{http_code}' "$@"; }\n`
      const stdout = await output('bash', '-c', status + fillIn(commands[0] ?? '', values))
      const end = stdout.lastIndexOf('\n')
      const [, sent = '{}'] = /-d '([^']*)'/.exec(commands[0] ?? '') ?? []
      return {
        status: Number(stdout.slice(end + 1)),
        body: end > 0 ? JSON.parse(stdout.slice(0, end)) : undefined,
        sent: JSON.parse(sent),
      }
    }

    /** Does what a person does at the guide's address, on Pinfold's consent pages. Returns the app's code. */
    async function approve(): Promise<string> {
      const url = new URL(fillIn(guide.consentUrl, { '{CLIENT_ID}': testApp.id, '{REDIRECT_URI}': redirectUri }))
      const visitor = newVisitor(server.url)
      await visitor.signIn(people.alice)
      const page = await visitor.open(`${server.url}${url.pathname}${url.search}`)
      const { location } = await visitor.submit(page, '/oauth/', { decision: 'approve' })
      return new URL(location ?? '').searchParams.get('code') ?? ''
    }

    const writer = { '{ACCESS_TOKEN}': people.alice.token }

    test('are all known', () => {
      expect(guide.curls).toHaveLength(12)
    })

    test('from the consent page to a token that reads', async () => {
      const app = { your_client_id: testApp.id, your_client_secret: testApp.secret }
      const { status, body } = await curl('POST', '/oauth/token', {
        '{BASE64_ENCODED_CLIENT_CREDENTIALS}': (await output('bash', '-c', fillIn(guide.encode, app))).trim(),
        '{AUTHORIZATION_CODE}': await approve(),
        '{REDIRECT_URI}': redirectUri,
      })
      expect([status, body.token_type, body.expires_in]).toEqual([200, 'bearer', 2_592_000])
      const reader = { '{ACCESS_TOKEN}': body.access_token }
      expect(await curl('GET', '/user_account', reader)).toMatchObject({ status: 200, body: { username: 'alice' } })
      const boards = await curl('GET', '/boards', reader)
      expect(boards.body.items.map(({ name }: { name: string }) => name)).toContain('Of the guide')
    })

    test('make a board, and make, read, change and delete a Pin', async () => {
      const board = await curl('POST', '/boards', writer)
      expect(board).toMatchObject({ status: 201, body: board.sent })
      const places = { 123456789: board.body.id, 'https://example.com/image.jpg': imageUrl }
      const made = await curl('POST', '/pins', { ...writer, ...places })
      const { media_source: _, ...words } = made.sent
      expect(made).toMatchObject({ status: 201, body: { ...words, board_id: board.body.id } })
      const pin = { ...writer, '{PIN_ID}': made.body.id }
      expect(await curl('GET', '/pins/{PIN_ID}', pin)).toMatchObject({ status: 200, body: made.body })
      const listed = await curl('GET', '/boards/{BOARD_ID}/pins', { ...writer, '{BOARD_ID}': board.body.id })
      expect(listed.body.items).toMatchObject([{ id: made.body.id }])
      const changed = await curl('PATCH', '/pins/{PIN_ID}', pin)
      expect(changed).toMatchObject({ status: 200, body: changed.sent })
      expect(await curl('DELETE', '/pins/{PIN_ID}', pin)).toMatchObject({ status: 204, body: undefined })
      expect(await curl('GET', '/pins/{PIN_ID}', pin)).toMatchObject({ status: 404 })
    })

    test('read the analytics of a Pin, at the time of the guide', async () => {
      elsewhere = await startTestServer({ clock: new TestClock(Date.UTC(2025, 0, 31, 12)) })
      onTestFinished(() => {
        elsewhere = undefined
      })
      const board = (await elsewhere.post('/boards', { name: 'Counted' })).body.id
      const { id } = (await elsewhere.post('/pins', { board_id: board, media_source: await base64Source() })).body
      const event = { id: 'seen', type: 'impression', pin_id: id, at: '2025-01-15T12:00:00Z', viewer: 'somebody' }
      await elsewhere.post('/_pinfold/events', { events: [event] })
      const path = `/pins/{PIN_ID}/analytics?start_date=2025-01-01&end_date=2025-01-31&metric_types=IMPRESSION,SAVE,PIN_CLICK`
      const { status, body } = await curl('GET', path, { ...writer, '{PIN_ID}': id })
      expect([status, body.all.daily_metrics.length]).toEqual([200, 31])
      expect(body.all.summary_metrics).toEqual({ IMPRESSION: 1, SAVE: 0, PIN_CLICK: 0 })
    })

    test('read a board page by page', async () => {
      const board = (await server.post('/boards', { name: 'Of two pages' })).body.id
      const media_source = await base64Source()
      const ids: string[] = []
      for (let i = 0; i < 30; i++) ids.unshift((await server.post('/pins', { board_id: board, media_source })).body.id)
      const place = { ...writer, '{BOARD_ID}': board }
      const first = await curl('GET', '/boards/{BOARD_ID}/pins?page_size=25', place)
      const second = await curl('GET', '/boards/{BOARD_ID}/pins?page_size=25&bookmark={BOOKMARK}', {
        ...place,
        '{BOOKMARK}': first.body.bookmark,
      })
      const seen = [...first.body.items, ...second.body.items].map(({ id }) => id)
      expect([seen, second.body.bookmark]).toEqual([ids, null])
    })
  })
})
