import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectTo, requestHead } from '@pinfold/test-support/connection'
import { until } from '@pinfold/test-support/pace'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { type Answer, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { FairBudget } from '../src/http/body/budget.ts'

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

describe('bodies that are on their way (12.2)', () => {
  /** Begins to send a picture of `bytes` bytes as base64, and does not end it. */
  function beginPin(bytes: number, token: string) {
    const begin = '{"media_source":{"data":"'
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': 34_000_000,
    }
    const connection = connectTo(server.url, requestHead('POST /v5/pins', headers) + begin)
    connection.socket.write('A'.repeat(bytes))
    return connection
  }
  const large = {
    source_type: 'image_base64',
    content_type: 'image/png',
    data: Buffer.alloc(2_000_000).toString('base64'),
  }
  const sendLarge = () => server.post('/pins', { board_id: board, media_source: large })
  const pin = async () => {
    const small = { source_type: 'image_base64', content_type: 'image/png', data: (await picture()).toString('base64') }
    return (await server.post('/pins', { board_id: board, media_source: small })).status
  }

  test('count by what came: announcing much and sending nothing takes nothing from others', async () => {
    const idle = Array.from({ length: 300 }, (_, i) => {
      const json = { 'content-type': 'application/json', 'content-length': 2_000_000 }
      const authorization = `Bearer ${people.bob.token}`
      return connectTo(
        server.url,
        i % 2 === 0
          ? requestHead('POST /_pinfold/events', json)
          : requestHead('POST /v5/pins', { ...json, authorization }),
      )
    })
    // Some anonymous senders are refused.
    await until(() => idle.some(({ received }) => received().includes(' 429 ')))
    expect(await pin()).toBe(201)
    expect((await sendLarge()).status).toBe(400)
    // Bob has his share, and more of the network's than anybody else.
    expect(idle.filter(({ received }) => received().includes(' 429 ')).length).toBeLessThan(100)
  })

  test('of one account leave room for others', async () => {
    const bobs = Array.from({ length: 12 }, () => beginPin(16_000_000, people.bob.token))
    const refused = () => bobs.filter(({ received }) => received().includes(' 429 ')).length
    await until(() => refused() >= 3)
    expect([await pin(), (await sendLarge()).status]).toEqual([201, 400])
  })

  test('too many are told so, and when to come back', async () => {
    const connections = Array.from({ length: 12 }, () => beginPin(16_000_000, people.alice.token))
    await until(() => connections.some(({ received }) => received().includes(' 429 ')))
    const answer = connections.map(({ received }) => received()).find((text) => text !== '') ?? ''
    expect(answer).toMatch(/^retry-after: 2\r$/m)
    expect(answer).toContain('Too many large requests are being received. Try again in 2 s.')
  })
})

test('memory is shared so that nobody alone leaves nothing to the others (12.2)', () => {
  const account = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const step = fc.record({ account, network: fc.constantFrom('x', 'y'), bytes: fc.integer({ min: 1, max: 30 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const budget = new FairBudget({ open: 60, reserved: 100 })
      let open = 60
      const held = new Map<string, number>()
      const of = (name: string) => held.get(name) ?? 0
      const claims = steps.map(({ account, network, bytes }) => {
        const claim = budget.claim([
          { name: account, share: 1 / 4 },
          { name: network, share: 1 / 2 },
        ])
        if (bytes <= open) {
          open -= bytes
          claim.add(bytes)
        } else if (of('x') + of('y') + bytes <= 100 && of(account) + bytes <= 25 && of(network) + bytes <= 50) {
          for (const name of [account, network]) held.set(name, of(name) + bytes)
          claim.add(bytes)
        } else expect(() => claim.add(bytes)).toThrow('Too many large requests')
        return claim
      })
      for (const claim of claims) claim.release()
      for (const bytes of [60, 25]) budget.claim([{ name: 'a', share: 1 / 4 }]).add(bytes)
      expect(() => budget.claim([{ name: 'a', share: 1 / 4 }]).add(1)).toThrow('Too many large requests')
    }),
  )
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
    // Of an account, 3 are in progress while 64 wait; meanwhile some are done.
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThanOrEqual(110 - 67)
  })

  test('large ones', async () => {
    const count = 8
    const pictures = await Promise.all(Array.from({ length: count }, noise))
    // All of them arrive at the same moment.
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
