import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { type Answer, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import sharp from 'sharp'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

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
  const waiting = Array.from({ length: 8 + 64 + 20 }, pin)
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

describe('when too many pictures wait to be processed more are told to come back, and nothing of them stays:', () => {
  let dataDir: string
  let kept: TestServer
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'pinfold-memory-limits-'))
    kept = await startTestServer({ ephemeral: false, dataDir })
    return async () => {
      await kept.close()
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  /** Makes Pins at once, and then again those that were refused. */
  async function expectSomeRefused(name: string, count: number, sourceOf: (i: number) => object): Promise<number> {
    const { id } = (await kept.post('/boards', { name })).body
    const pin = (i: number): Promise<Answer> =>
      kept.post('/pins', { board_id: id, title: `${i}`, media_source: sourceOf(i) })
    const answers = await Promise.all(Array.from({ length: count }, (_, i) => pin(i)))
    const refused = answers.flatMap(({ status }, i) => (status === 201 ? [] : [i]))
    for (const i of refused) {
      expect(answers[i]).toMatchObject(busy('waiting to be processed'))
      expect(answers[i]?.headers.get('retry-after')).toBe('2')
    }
    await expectSound(dataDir)
    const pinsThere = async () => (await kept.get(`/boards/${id}`)).body.pin_count
    expect(await pinsThere()).toBe(count - refused.length)
    for (const i of refused) expect((await pin(i)).status).toBe(201)
    expect(await pinsThere()).toBe(count)
    return refused.length
  }

  test('many', async () => {
    const pictures = await Promise.all(
      Array.from({ length: 110 }, (_, hue) => picture({ hue, width: 600, height: 900 })),
    )
    const sourceOf = (i: number) => ({
      source_type: 'image_base64',
      content_type: 'image/jpeg',
      data: pictures[i]?.toString('base64'),
    })
    const refused = await expectSomeRefused('Many', pictures.length, sourceOf)
    // Of an account 3 are worked on while 64 wait; meanwhile some are done.
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThanOrEqual(110 - 67)
  })

  test('large ones', async () => {
    const count = 8
    const pictures = await Promise.all(Array.from({ length: count }, noise))
    // All of them come at the same moment.
    const held: (() => void)[] = []
    let asked = 0
    const web = await webServer((request, response) => {
      held.push(() => response.end(pictures[Number(request.url?.slice(1))]))
      if (++asked >= count) for (const release of held.splice(0)) release()
    })
    onTestFinished(web.close)
    const sourceOf = (i: number) => ({ source_type: 'image_url', url: `${web.url}/${i}` })
    expect(await expectSomeRefused('Large', count, sourceOf)).toBeGreaterThan(0)
  })
})

/** A picture of almost 20 MB. */
async function noise(): Promise<Buffer> {
  const side = 2550
  const bytes = randomBytes(side * side * 3)
  return sharp(bytes, { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}
