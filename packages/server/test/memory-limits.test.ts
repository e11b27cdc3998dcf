import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { picture, webServer } from './support/pictures.ts'
import { people, startTestServer, type TestServer } from './support/server.ts'

let server: TestServer
let board: string
beforeAll(async () => {
  server = await startTestServer()
  board = (await server.post('/boards', { name: 'Many at once' })).body.id
})

const busy = (what: string) => ({
  status: 429,
  body: { code: 8, message: `This request exceeded a rate limit. Too many pictures are ${what}. Try again in 2 s.` },
})

test('when too many large bodies are on their way more are told to come back, and others are answered', async () => {
  const { hostname, port } = new URL(server.url)
  const head = `POST /v5/pins HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${people.alice.token}\r\n`
  const socketOf = async (length: number) => {
    const socket = connect({ host: hostname, port: Number(port) })
    onTestFinished(() => void socket.destroy())
    let answer = ''
    socket.on('data', (part) => {
      answer += part
    })
    socket.on('error', () => {})
    socket.write(`${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n{`)
    return { socket, answer: () => answer }
  }
  const senders = await Promise.all(Array.from({ length: 12 }, () => socketOf(14_000_000)))
  const refused = () => senders.filter(({ answer }) => answer().includes('429')).length
  await expect.poll(refused).toBe(3)
  const small = { source_type: 'image_base64', content_type: 'image/png', data: (await picture()).toString('base64') }
  expect((await server.post('/pins', { board_id: board, media_source: small })).status).toBe(201)
  const large = { ...small, data: Buffer.alloc(2_000_000).toString('base64') }
  const answer = await server.post('/pins', { board_id: board, media_source: large })
  expect(answer).toMatchObject(busy('being received'))
  expect(answer.headers.get('retry-after')).toBe('2')

  for (const { socket } of senders) socket.destroy()
  const attempt = async () => (await server.post('/pins', { board_id: board, media_source: large })).status
  await expect.poll(attempt).toBe(400)
})

test('when too many pictures wait to be fetched more are told to come back', async () => {
  const held: (() => void)[] = []
  const web = await webServer((_, response) => void held.push(() => response.writeHead(404).end()))
  const pin = () =>
    server.post('/pins', {
      board_id: board,
      media_source: { source_type: 'image_url', url: `${web.url}/${randomBytes(4).toString('hex')}` },
    })
  const waiting = Array.from({ length: 16 + 256 + 20 }, pin)
  await Promise.any(waiting.map(async (answer) => (await answer).status === 429 || Promise.reject()))
  let done = false
  const all = Promise.all(waiting).finally(() => {
    done = true
  })
  while (!done) {
    for (const release of held.splice(0)) release()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const answers = await all
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 429]))
  for (const answer of answers.filter(({ status }) => status === 429))
    expect(answer).toMatchObject(busy('waiting to be fetched'))
  await web.close()
})
