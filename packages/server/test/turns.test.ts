import type { ServerResponse } from 'node:http'
import { h264, makeClip, pictures, tools } from '@pinfold/test-support/clips'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { clip, register, statusOf, upload } from '@pinfold/test-support/uploads'
import { beforeAll, describe, expect, test, vi } from 'vitest'

// An account waits for one turn of another, not for all of its work. Turns are counted, so that the speed of the
// machine does not matter.

const asBob = { token: people.bob.token }
let server: TestServer
let alices: string
let bobs: string
beforeAll(async () => {
  server = await startTestServer()
  alices = (await server.post('/boards', { name: 'A flood' })).body.id
  bobs = (await server.post('/boards', { name: 'A single one' }, asBob)).body.id
})

const inBase64 = (bytes: Buffer) => ({
  source_type: 'image_base64',
  content_type: 'image/jpeg',
  data: bytes.toString('base64'),
})
const pinAsBob = (source: object) => server.post('/pins', { board_id: bobs, media_source: source }, asBob)

/** Makes Alice's Pins of all these sources at once; `answered` returns how many of them are done. */
function flood(sources: readonly object[]) {
  let answered = 0
  const answers = Promise.all(
    sources.map(async (media_source) => {
      const answer = await server.post('/pins', { board_id: alices, media_source })
      answered++
      return answer
    }),
  )
  return { answers, answered: () => answered }
}

test("a picture is fetched while all of another account's wait for a server that never answers (12.3)", async () => {
  const jpeg = await picture({ hue: 201 })
  const held: ServerResponse[] = []
  const web = await webServer((request, response) => {
    if (request.url === '/bob') response.end(jpeg)
    else held.push(response)
  })
  const sources = Array.from({ length: 64 }, (_, i) => ({ source_type: 'image_url', url: `${web.url}/alice/${i}` }))
  const alice = flood(sources)
  await vi.waitUntil(() => held.length > 0, { timeout: 60_000 })
  // Alice's slots are all taken by now, or will be before Bob arrives.
  const bob = await pinAsBob({ source_type: 'image_url', url: `${web.url}/bob` })
  expect([bob.status, alice.answered()]).toEqual([201, 0])
  await web.close()
  await alice.answers
})

test("a picture is made after a few of another account's, not after all of them (12.3)", async () => {
  const hues = Array.from({ length: 40 }, (_, hue) => hue)
  const sources = (await Promise.all(hues.map((hue) => picture({ hue, width: 2000, height: 2000 })))).map(inBase64)
  const small = inBase64(await picture({ hue: 202 }))
  const alice = flood(sources)
  await vi.waitUntil(() => alice.answered() > 0, { timeout: 60_000, interval: 1 })
  const before = alice.answered()
  expect((await pinAsBob(small)).status).toBe(201)
  expect(alice.answered() - before).toBeLessThan(20)
  expect(new Set((await alice.answers).map(({ status }) => status))).toEqual(new Set([201]))
})

describe.skipIf(!tools)('videos', () => {
  test("a short one is ready before another account's long ones are (12.3)", async () => {
    const long = await makeClip([...pictures('1280x720', 20), ...h264])
    const ids: string[] = []
    for (let i = 0; i < 4; i++) {
      const registered = await register(server)
      expect((await upload(registered, long)).status).toBe(204)
      ids.push(registered.media_id)
    }
    const registered = await register(server, asBob)
    expect((await upload(registered, clip)).status).toBe(204)
    const bobsStatus = async () => (await server.get(`/media/${registered.media_id}`, asBob)).body.status
    await vi.waitUntil(async () => (await bobsStatus()) === 'succeeded', { timeout: 60_000, interval: 10 })
    const statuses = await Promise.all(ids.map((id) => statusOf(server, id)))
    expect(statuses.filter((status) => status === 'processing').length).toBeGreaterThanOrEqual(2)
  })
})

describe('a picture that costs too much is refused, and those that are made beside it are not (12.3):', () => {
  const enough = { cpuMs: 60_000, memoryBytes: 4_000_000_000 }
  /** As much work as a picture may be: thirty times that of a small one. */
  const slow = async () => inBase64(await picture({ width: 1666, height: 30_000 }, 'gif'))
  const boardsOf = async (strict: TestServer) => [
    (await strict.post('/boards', { name: 'Slow' })).body.id,
    (await strict.post('/boards', { name: 'Quick' }, asBob)).body.id,
  ]

  test('of time', async () => {
    const strict = await startTestServer({ pictureCost: { ...enough, cpuMs: 150 } })
    const [board, bobsBoard] = await boardsOf(strict)
    const pinQuick = async (hue: number) =>
      (await strict.post('/pins', { board_id: bobsBoard, media_source: inBase64(await picture({ hue })) }, asBob))
        .status
    expect(await pinQuick(1)).toBe(201)
    const [refused, ...made] = await Promise.all([
      strict.post('/pins', { board_id: board, media_source: await slow() }),
      ...[2, 3, 4, 5].map(pinQuick),
    ])
    expect(refused).toMatchObject({
      status: 400,
      body: { message: 'The picture cannot be used. It takes too long to process.' },
    })
    expect(made).toEqual([201, 201, 201, 201])
  })

  test('of memory', async () => {
    const strict = await startTestServer({ pictureCost: { ...enough, memoryBytes: 1 } })
    const [board] = await boardsOf(strict)
    expect(await strict.post('/pins', { board_id: board, media_source: await slow() })).toMatchObject({
      status: 400,
      body: { message: 'The picture cannot be used. It takes too much memory to process.' },
    })
  })
})
