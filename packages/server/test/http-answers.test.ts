import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { connectTo, requestHead } from '@pinfold/test-support/connection'
import { has } from '@pinfold/test-support/installed'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let board: string
beforeAll(async () => {
  server = await startTestServer()
  board = (await server.post('/boards', { name: 'Answered' })).body.id
})

const authorization = `Bearer ${people.alice.token}`

/** The status and the body of an answer that came over a connection. */
function read(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head.toLowerCase()).toMatch(/^x-pinterest-rid: \d+$/m)
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) }
}

describe('what no operation answers has the shape of every answer, and the status that says what it is (12.21)', () => {
  const cases: [what: string, request: string, status: number, message: string][] = [
    ['no Host', 'GET /v5/boards HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'The header Host is missing.'],
    ['an unknown Expect', requestHead('GET /v5/boards', { expect: 'a-miracle' }), 417, "not 'a-miracle'"],
    ['the method QUERY', requestHead('QUERY /v5/boards', { connection: 'close' }), 404, 'QUERY /v5/boards.'],
    ['a method of nobody', requestHead('FETCH /v5/boards', {}), 400, 'This is not valid HTTP.'],
    ['headers that are too long', requestHead('GET /v5/boards', { x: 'x'.repeat(20_000) }), 431, '16 KB together'],
    ['an address that is too long', requestHead(`GET /v5/boards?${'x'.repeat(20_000)}`, {}), 431, '16 KB together'],
    ['a tunnel', 'CONNECT pinterest.com:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 404, 'This is no proxy.'],
    [
      'a broken body to nobody',
      `${requestHead('POST /nobody', { connection: 'close', 'content-type': 'application/json', 'content-length': 1 })}{`,
      404,
      'POST /nobody.',
    ],
  ]
  test.each(cases)('%s', async (_what, request, status, message) => {
    const answer = read(await connectTo(server.url, request).closed)
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ code: expect.any(Number), message: expect.stringContaining(message) })
  })
})

describe('a body that is too large is answered in a way that every client can read (12.21)', () => {
  const size = 40_000_000
  const headers = { authorization, 'content-type': 'application/json', 'content-length': size }
  const refused = { code: 1, message: 'The request body is too large. 35000000 bytes are the most here.' }

  test('one that first sends everything, and then reads', async () => {
    const head = requestHead('POST /v5/pins', { ...headers, connection: 'close' })
    const connection = connectTo(server.url, head)
    const sent = new Promise<Error | null | undefined>((resolve) =>
      connection.socket.write(Buffer.alloc(size), resolve),
    )
    expect(await sent).toBeFalsy()
    expect(read(await connection.closed)).toEqual({ status: 413, body: refused })
  })

  test("Node's fetch and http", async () => {
    for (let i = 0; i < 3; i++) {
      const answer = await server.request('POST', '/pins', {
        raw: new Uint8Array(size),
        headers: { 'content-type': 'application/json' },
      })
      expect([answer.status, answer.body]).toEqual([413, refused])
      const request = httpRequest(`${server.url}/v5/pins`, {
        method: 'POST',
        headers: { ...headers, connection: 'close' },
      })
      request.end(Buffer.alloc(size))
      const [response] = await once(request, 'response')
      expect([response.statusCode, JSON.parse(await text(response))]).toEqual([413, refused])
    }
  })

  test.skipIf(!has('python3', '--version'))("Python's urllib", async () => {
    const program = `
import sys, urllib.request, urllib.error
request = urllib.request.Request(sys.argv[1], data=b'x' * ${size}, headers={'Authorization': '${authorization}', 'Content-Type': 'application/json'})
try:
    urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
`
    const python = spawn('python3', ['-c', program, `${server.url}/v5/pins`], { stdio: ['ignore', 'pipe', 'inherit'] })
    expect((await text(python.stdout)).trim()).toBe(`413 ${JSON.stringify(refused)}`)
  })

  test('one that never stops is hung up on', async () => {
    const connection = connectTo(server.url, requestHead('POST /v5/pins', { ...headers, 'content-length': 1e12 }), {
      allowHalfOpen: true,
    })
    let open = true
    connection.closed.then(() => {
      open = false
    })
    const megabyte = Buffer.alloc(1e6)
    while (open) {
      const isFull = !connection.socket.write(megabyte)
      if (isFull) await Promise.race([once(connection.socket, 'drain').catch(() => {}), connection.closed])
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(read(connection.received())).toEqual({ status: 413, body: refused })
  })
})

describe('a body that does not come is answered 408 (12.2, 12.21)', () => {
  const json = { authorization, 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const upload = { 'content-type': 'multipart/form-data; boundary=b0undary' }
  const cases: [what: string, line: string, headers: Record<string, string>, begin: string][] = [
    ['nothing of it', 'POST /v5/boards', json, ''],
    ['JSON that stops', 'POST /v5/pins', json, '{"board_id":'],
    ['a form that stops', 'POST /oauth/sign-in', form, 'username=alice&'],
    [
      'an upload that stops',
      'POST /uploads/',
      upload,
      '--b0undary\r\nContent-Disposition: form-data; name="key"\r\n\r\n1',
    ],
  ]
  test.each(cases)('%s', async (_what, line, headers, begin) => {
    const connection = connectTo(server.url, requestHead(line, { ...headers, 'content-length': 100_000 }) + begin)
    const drip = setInterval(() => {
      connection.socket.write('x')
      server.clock.advance(1000)
    }, 20)
    const answer = await connection.closed
    clearInterval(drip)
    expect(read(answer)).toEqual({
      status: 408,
      body: { code: 1, message: expect.stringContaining('Less than 10000 bytes of the body came within 10 s.') },
    })
  })

  test('one that comes slowly, but comes, is waited for', async () => {
    const body = JSON.stringify({ name: 'Slow', description: 'é'.repeat(50), filling: 'x'.repeat(200_000) })
    const connection = connectTo(
      server.url,
      requestHead('POST /v5/boards', { ...json, 'content-length': Buffer.byteLength(body), connection: 'close' }),
    )
    const bytes = Buffer.from(body)
    let at = 0
    const drip = setInterval(() => {
      connection.socket.write(bytes.subarray(at, at + 3000))
      at += 3000
      server.clock.advance(1000)
      if (at >= bytes.length) clearInterval(drip)
    }, 20)
    expect(read(await connection.closed).status).toBe(201)
  })
})

describe('JSON as programs write it', () => {
  test('a byte order mark before it is passed over (12.22)', async () => {
    const raw = `\ufeff${JSON.stringify({ name: 'From Windows' })}`
    const headers = { 'content-type': 'application/json' }
    expect((await server.request('POST', '/boards', { raw, headers })).body.name).toBe('From Windows')
  })

  test.each(['small', 'large'])(
    'a %s picture with the words of an address before it is told what to leave out (12.22)',
    async (size) => {
      const source = await base64Source(1)
      const data = `data:image/jpeg;base64,${size === 'small' ? source.data.slice(0, 400) : source.data.repeat(20)}`
      const refusal = await server.post('/pins', { board_id: board, media_source: { ...source, data } })
      expect([refusal.status, refusal.body.message]).toEqual([
        400,
        "Invalid request. 'data' must be the base64 alone: leave out 'data:image/jpeg;base64,' before it.",
      ])
    },
  )

  test('what is nested 8,000 levels deep is a 400, with an Idempotency-Key too (12.4)', async () => {
    for (const [headers, depth] of [
      [{}, 8000],
      [{ 'idempotency-key': 'deep' }, 8000],
      [{}, 33],
    ] as const) {
      const raw = `{"name":"Deep","x":${'['.repeat(depth)}${']'.repeat(depth)}}`
      const answer = await server.request('POST', '/boards', {
        raw,
        headers: { 'content-type': 'application/json', ...headers },
      })
      expect([answer.status, answer.body]).toEqual([
        400,
        { code: 1, message: 'Invalid request. The body is nested more than 32 levels deep.' },
      ])
    }
  })

  test('what cannot be stored is refused at every depth (12.4)', async () => {
    for (let depth = 1; depth < 31; depth++) {
      const raw = `{"name":"NUL ${depth}","x":${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}}`
      const answer = await server.request('POST', '/boards', { raw, headers: { 'content-type': 'application/json' } })
      expect([depth, answer.status]).toEqual([depth, 400])
    }
  })
})

test('a path below /v5 that no operation has is JSON for browsers too, and a name may be as long as the address', async () => {
  const headers = { accept: 'text/html' }
  expect(await server.get('/nothing-here', { headers })).toMatchObject({ status: 404, body: { code: 404 } })
  const long = `/user_account/following/${'z'.repeat(1000)}`
  expect(await server.post(long, {}, { headers })).toMatchObject({ status: 404, body: { code: 30 } })
})
