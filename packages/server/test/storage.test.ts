import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3'
import { copyMedia, TestClock } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { until } from '@pinfold/test-support/pace'
import { base64Source, picture } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import {
  clientOf,
  gateBefore,
  isWholeS3,
  s3Credentials,
  startS3,
  storages,
  type TestBucket,
} from '@pinfold/test-support/storages'
import { clip, ended, pinOf, type Registered, startAgain, upload, uploaded } from '@pinfold/test-support/uploads'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { StorageUnavailable } from '../src/core/unavailable.ts'
import { openStorage } from '../src/storage/open.ts'
import type { KeptEntry, MediaStorage } from '../src/storage/storage.ts'
import { readLocation } from '../src/storage/storage-location.ts'

/** A clip that is uploaded in two parts: it is followed by a box that players ignore. */
const boxBytes = 9 * 1024 * 1024
const boxHead = Buffer.concat([Buffer.alloc(4), Buffer.from('free')])
boxHead.writeUInt32BE(boxBytes)
const largeClip = Buffer.concat([clip, boxHead, randomBytes(boxBytes - boxHead.length)])

const newKey = () => randomBytes(16).toString('hex')
const open = (storage: string) => openStorage(readLocation(storage), { sync: false, reads: 'proxy' })
const everything = (storage: MediaStorage): Promise<KeptEntry[]> => Array.fromAsync(storage.list())

describe.each(storages)('in $name', (kind) => {
  let place: string
  let storage: MediaStorage
  let discard: () => Promise<void>
  beforeAll(async () => {
    const made = await kind.open()
    place = made.storage
    discard = made.discard
    storage = await open(place)
    await storage.sweep()
    return async () => {
      await storage.close()
      await discard()
    }
  })

  const read = async (key: string, name: string, range?: { start: number; end: number }) => {
    const file = await storage.open(key, name, range)
    return file && { size: file.size, bytes: await buffer(file.stream) }
  }

  test('files are kept by key, read whole or in part, listed and removed', async () => {
    const [key, other] = [newKey(), newKey()]
    const bytes = randomBytes(5000)
    const begun = Date.now()
    await storage.save(key, [
      { name: '600x.jpg', bytes },
      { name: 'originals.png', bytes: Buffer.from('png') },
    ])
    await storage.save(other, [{ name: 'video.mp4', bytes: Readable.from([bytes, bytes]) }])
    expect(await read(key, '600x.jpg')).toEqual({ size: 5000, bytes })
    expect(await read(key, '600x.jpg', { start: 10, end: 19 })).toEqual({ size: 10, bytes: bytes.subarray(10, 20) })
    expect(await read(other, 'video.mp4')).toEqual({ size: 10_000, bytes: Buffer.concat([bytes, bytes]) })
    expect([await storage.sizeOf(key, '600x.jpg'), await storage.sizeOf(key, '1200x.jpg')]).toEqual([5000, undefined])
    expect([await read(key, '1200x.jpg'), await read(newKey(), '600x.jpg')]).toEqual([undefined, undefined])

    const listed = await everything(storage)
    const expected = [
      { key, files: [file('600x.jpg', 5000), file('originals.png', 3)] },
      { key: other, files: [file('video.mp4', 10_000)] },
    ]
    expect(listed).toEqual(expected.sort((a, b) => (a.key < b.key ? -1 : 1)))
    for (const { writtenAt } of listed.flatMap(({ files }) => files))
      expect(Math.abs(writtenAt - begun)).toBeLessThan(60_000 + Date.now() - begun)

    for (const gone of [key, other, newKey()]) await storage.remove(gone)
    expect(await everything(storage)).toEqual([])
    expect(await read(key, '600x.jpg')).toBeUndefined()
  })
  const file = (name: string, size: number) => ({ name, size, writtenAt: expect.any(Number) })

  test('a stream larger than what is held in memory arrives whole', async () => {
    const key = newKey()
    const part = randomBytes(1024 * 1024)
    await storage.save(key, [{ name: 'video.mp4', bytes: Readable.from(Array.from({ length: 21 }, () => part)) }])
    const kept = await storage.open(key, 'video.mp4')
    let same = true
    let size = 0
    for await (const chunk of kept?.stream ?? []) {
      for (let at = 0; at < chunk.length; ) {
        const place = (size + at) % part.length
        const length = Math.min(part.length - place, chunk.length - at)
        same &&= part.subarray(place, place + length).equals(chunk.subarray(at, at + length))
        at += length
      }
      size += chunk.length
    }
    expect([size, same]).toEqual([21 * part.length, true])
    // Where one uploaded part ends and the next one begins.
    const start = 8 * part.length - 10
    const across = Buffer.concat([part.subarray(-10), part.subarray(0, 10)])
    expect(await read(key, 'video.mp4', { start, end: start + 19 })).toEqual({ size: 20, bytes: across })
    await storage.remove(key)
    expect(await everything(storage)).toEqual([])
  })

  test('when one file cannot be kept none is', async () => {
    const broken = new Readable({ read: () => void broken.destroy(new Error('The source broke')) })
    const bytes = Buffer.alloc(1000)
    const saving = storage.save(newKey(), [
      { name: 'a.jpg', bytes },
      { name: 'b.mp4', bytes: broken },
    ])
    await expect(saving).rejects.toThrow('The source broke')
    expect(await everything(storage)).toEqual([])
  })

  test('a server keeps its pictures there, and serves them whole and in part', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-data-'))
    const server = await startTestServer({ ephemeral: false, dataDir, storage: place })
    const { id: board } = (await server.post('/boards', { name: 'Stored' })).body
    const bytes = await picture({ hue: 5, width: 300, height: 200 }, 'webp')
    const source = { source_type: 'image_base64', content_type: 'image/png', data: bytes.toString('base64') }
    const made = await server.post('/pins', { board_id: board, media_source: source })
    expect(made.status, made.text).toBe(201)
    const names = ['1200x.jpg', '150x150.jpg', '360x.webp', '400x300.jpg', '600x.jpg', 'originals.webp']
    expect((await everything(storage)).map(({ files }) => files.map(({ name }) => name))).toEqual([names])

    const { url } = made.body.media.images.originals
    const whole = await fetch(url)
    const served = Buffer.from(await whole.arrayBuffer())
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(served.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'accept-ranges': 'bytes',
    })
    const part = await fetch(url, { headers: { range: 'bytes=2-5' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${served.length}`])
    expect(Buffer.from(await part.arrayBuffer())).toEqual(served.subarray(2, 6))
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(served.length)])
    expect((await fetch(url, { headers: { range: 'bytes=99999-' } })).status).toBe(416)
    expect((await fetch(url, { headers: { 'if-none-match': '*' } })).status).toBe(304)
    expect((await fetch(url.replace('originals', '600x'))).status).toBe(404)

    await server.delete(`/pins/${made.body.id}`)
    expect((await fetch(url)).status).toBe(404)
    expect(await everything(storage)).toEqual([])
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  test('a server keeps a large video there, and serves it whole and in part', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-data-'))
    const server = await startTestServer({ ephemeral: false, dataDir, storage: place, ffmpeg: false })
    const { id: board } = (await server.post('/boards', { name: 'Films' })).body
    const { id, status } = await uploaded(server, largeClip)
    expect(status).toBe('succeeded')
    const pin = await pinOf(server, board, id, { cover_image_data: (await base64Source(6)).data })
    expect(pin.status, pin.text).toBe(201)
    const url = pin.body.media.video_url
    const whole = Buffer.from(await (await fetch(url)).arrayBuffer())
    expect([whole.length, whole.equals(largeClip)]).toEqual([largeClip.length, true])
    const first = 8 * 1024 * 1024 - 1000
    const part = await fetch(url, { headers: { range: `bytes=${first}-${first + 1999}` } })
    const range = `bytes ${first}-${first + 1999}/${largeClip.length}`
    expect([part.status, part.headers.get('content-range')]).toEqual([206, range])
    expect(Buffer.from(await part.arrayBuffer()).equals(largeClip.subarray(first, first + 2000))).toBe(true)

    await server.delete(`/pins/${pin.body.id}`)
    expect(await everything(storage)).toEqual([])
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
})

describe('with S3', () => {
  let s3: TestBucket
  let folder: string
  beforeAll(async () => {
    s3 = await startS3()
    folder = await mkdtemp(join(tmpdir(), 'pinfold-s3-data-'))
    return async () => {
      await s3.discard()
      await rm(folder, { recursive: true, force: true })
    }
  })

  const start = (name: string, more: object): Promise<TestServer> =>
    startTestServer({ ephemeral: false, dataDir: join(folder, name), ...more })

  const asAlice = { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' }

  /**
   * Starts a server without ffmpeg, in a process that can be killed, with a board of Alice's. Its pictures are below
   * `name`.
   */
  async function ownServer(name: string) {
    const dataDir = join(folder, name)
    const seed = join(folder, `${name}.json`)
    await writeFile(
      seed,
      JSON.stringify({
        accounts: [{ username: 'alice', password: 'alice-password', boards: [{ name: 'Killed' }] }],
        apps: [{ id: '1001', secret: 'alice-app-secret-0001', name: 'App', owner: 'alice' }],
        tokens: [{ app: '1001', account: 'alice', access_token: people.alice.token }],
      }),
    )
    const start = (endpoint: string) => {
      const data = ['--data', dataDir, '--seed', seed, '--storage', `s3://${s3.bucket}/${name}?endpoint=${endpoint}`]
      return pinfold(['serve', '--port', '0', ...data], { env: { ...s3Credentials, PATH: '' } })
    }
    return { dataDir, start }
  }

  test('pictures can be read from the service itself, at addresses that are good for a while', async () => {
    const server = await start('redirect', { storage: s3.storage, mediaReads: 'redirect' })
    const { id: board } = (await server.post('/boards', { name: 'Redirected' })).body
    const { body: pin } = await server.post('/pins', { board_id: board, media_source: await base64Source(9) })
    const { url } = pin.media.images['600x']
    const sent = await fetch(url, { redirect: 'manual' })
    expect([sent.status, sent.headers.get('cache-control')]).toEqual([302, 'private, max-age=1800'])
    const address = new URL(sent.headers.get('location') ?? '')
    expect(address.origin).toBe(s3.endpoint)
    expect(address.searchParams.get('X-Amz-Expires')).toBe('3600')
    const direct = await fetch(address)
    expect([direct.status, direct.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    address.pathname = address.pathname.replace('600x', '1200x')
    expect((await fetch(address)).status).toBe(403)
    await server.delete(`/boards/${board}`)
    await server.close()
  })

  test('addresses of media can begin with that of a CDN', async () => {
    const server = await start('cdn', { storage: s3.storage, mediaUrl: 'https://cdn.example.com/pins/' })
    const { id: board } = (await server.post('/boards', { name: 'With a CDN' })).body
    const { body: pin } = await server.post('/pins', { board_id: board, media_source: await base64Source(10) })
    expect(pin.media.images['600x'].url).toMatch(/^https:\/\/cdn\.example\.com\/pins\/media\/600x\/[0-9a-f]{32}\.jpg$/)
    const { body } = await server.get(`/boards/${board}`)
    expect(body.media.image_cover_url).toMatch(/^https:\/\/cdn\.example\.com\/pins\/media\//)
    const account = (await server.get('/user_account')).body
    expect(account.profile_image).toMatch(/^https:\/\/cdn\.example\.com\/pins\/media\/avatars\//)
    await server.delete(`/boards/${board}`)
    await server.close()
  })

  test('what cannot be used is one clear line at start', async () => {
    const refused = async (storage: string) => {
      const starting = start('refused', { storage })
      return starting.then(
        () => 'it started',
        (error: Error) => `${error.constructor.name}: ${error.message}`,
      )
    }
    const endpoint = `endpoint=${s3.endpoint}`
    expect(await refused(`s3://nowhere?${endpoint}`)).toBe('ConfigError: s3://nowhere/: there is no such bucket.')
    expect(await refused('s3://media?endpoint=http://127.0.0.1:9')).toContain('ConfigError: s3://media/ does not do')
    expect(await refused('s3://key:secret@media')).toMatch(/^ConfigError: --storage names the bucket alone/)
    expect(await refused('s3://media?acl=public')).toMatch(/^ConfigError: --storage: unknown parameter 'acl'/)
    expect(await refused('gs://media')).toMatch(/^ConfigError: --storage must be a folder, or like s3:/)
    expect(await refused('s3://media?endpoint=ftp://x')).toMatch(/^ConfigError: --storage: endpoint must be/)
    const ephemeral = startTestServer({ storage: s3.storage })
    await expect(ephemeral).rejects.toThrow('--ephemeral keeps nothing, so it does not go with --storage.')
  })

  /** Returns what `pinfold serve` prints with these credentials, and its exit code. */
  async function refusedWith(env: Record<string, string>) {
    const data = ['--data', join(folder, 'refused'), '--storage', s3.storage]
    const command = pinfold(['serve', '--port', '0', ...data], { env: { ...s3Credentials, ...env } })
    return [await command.ended, command.stderr()]
  }
  const oneLine = (why: string) =>
    expect.stringMatching(
      new RegExp(`^pinfold: s3://${s3.bucket}/some/where/ does not do what it is asked: ${why}.+\\n$`),
    )

  test('credentials that are not known are one clear line at start', async () => {
    const why = '(InvalidAccessKeyId|SignatureDoesNotMatch): '
    expect(await refusedWith({ AWS_ACCESS_KEY_ID: 'nobody' })).toEqual([2, oneLine(why)])
  })

  test.skipIf(!isWholeS3)('a secret or a region that is wrong is one clear line at start', async () => {
    expect(await refusedWith({ AWS_SECRET_ACCESS_KEY: 'wrong' })).toEqual([2, oneLine('SignatureDoesNotMatch: ')])
    expect(await refusedWith({ AWS_REGION: 'eu-west-9' })).toEqual([2, oneLine('AuthorizationHeaderMalformed: ')])
  })

  test('an answer without words is told by its status', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong')
    onTestFinished(() => void vi.unstubAllEnvs())
    const storage = await open(s3.storage)
    onTestFinished(() => storage.close())
    const asking = storage.sizeOf(newKey(), '600x.jpg')
    await expect(asking).rejects.toThrow(/some\/where\/ does not do what it is asked: HTTP status 403$/)
  })

  test('errors of a service hold no credentials', async () => {
    const storage = await open(`s3://media?endpoint=http://127.0.0.1:9`)
    onTestFinished(() => storage.close())
    const error: unknown = await storage.sweep().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StorageUnavailable)
    expect(Object.keys(error as object)).toEqual([])
    expect(String((error as Error).stack)).not.toContain(s3Credentials.AWS_SECRET_ACCESS_KEY)
  })

  test('a server that is killed in the middle of an upload leaves nothing that a Pin points to, or that stays', async () => {
    let puts = 0
    const gate = await gateBefore(s3.endpoint, (method) => method !== 'PUT' || ++puts <= 3)
    const { dataDir, start } = await ownServer('killed')
    const running = start(gate.endpoint)
    const url = await running.ready()
    const state = serverState(dataDir)
    const board = String(state.all('SELECT id FROM boards')[0]?.id)
    const creating = fetch(`${url}/v5/pins`, {
      method: 'POST',
      headers: asAlice,
      body: JSON.stringify({ board_id: board, media_source: await base64Source(11) }),
    })
    creating.catch(() => {})
    await gate.holdsBack
    await gate.allAnswered()
    await running.kill()
    await expect(creating).rejects.toThrow()
    await gate.close()
    expect(state.all('SELECT id FROM pins')).toEqual([])

    const storage = await open(`s3://${s3.bucket}/killed?endpoint=${s3.endpoint}`)
    expect((await everything(storage)).map(({ files }) => files.length)).toEqual([3])
    const again = start(s3.endpoint)
    await again.ready()
    expect(await everything(storage)).toEqual([])
    await again.stop()
    await storage.close()
    state.close()
  })

  describe.skipIf(!isWholeS3)('where uploads in parts can be listed', () => {
    let client: S3Client
    beforeAll(() => {
      client = clientOf(s3.endpoint)
    })
    afterAll(() => client.destroy())

    /** Returns how many uploads below `prefix` have begun and are not done, up to the length of a list. */
    async function unfinished(prefix: string): Promise<number> {
      const command = new ListMultipartUploadsCommand({ Bucket: s3.bucket, Prefix: prefix })
      return (await client.send(command)).Uploads?.length ?? 0
    }

    test('parts that a killed server left are removed after a day, and the video is kept after all', async () => {
      const gate = await gateBefore(s3.endpoint, (_method, path) => !path.includes('partNumber=2'))
      const { dataDir, start } = await ownServer('killed-video')
      const running = start(gate.endpoint)
      const url = await running.ready()
      const request = { method: 'POST', headers: asAlice, body: '{"media_type":"video"}' }
      const registered: Registered = JSON.parse(await (await fetch(`${url}/v5/media`, request)).text())
      expect((await upload(registered, largeClip)).status).toBe(204)
      await gate.holdsBack
      await running.kill()
      await gate.close()
      const place = `s3://${s3.bucket}/killed-video?endpoint=${s3.endpoint}`
      const storage = await open(place)
      expect([await unfinished('killed-video/'), await everything(storage)]).toEqual([1, []])

      const soon = await startAgain(dataDir, { ffmpeg: false, clock: new TestClock(Date.now()), storage: place })
      expect(await ended(soon, registered.media_id)).toBe('succeeded')
      const size = largeClip.length
      const kept = [{ key: expect.any(String), files: [{ name: 'video.mp4', size, writtenAt: expect.any(Number) }] }]
      await soon.close()
      expect([await unfinished('killed-video/'), await everything(storage)]).toEqual([1, kept])

      const clock = new TestClock(Date.now() + 25 * 60 * 60 * 1000)
      const later = await startAgain(dataDir, { ffmpeg: false, clock, storage: place })
      await until(async () => (await unfinished('killed-video/')) === 0)
      expect(await everything(storage)).toEqual(kept)
      await later.close()
      await storage.close()
    })

    const begin = async (Key: string) =>
      void (await client.send(new CreateMultipartUploadCommand({ Bucket: s3.bucket, Key })))

    test('a copy removes what copies before it have left a day ago', async () => {
      await begin(`backup/${newKey()}/video.mp4`)
      const place = { dataDir: folder, storage: join(folder, 'nothing') }
      const backup = `s3://${s3.bucket}/backup?endpoint=${s3.endpoint}`
      const counts = { copied: 0, bytes: 0, present: 0 }
      const copyAt = (ms: number) => copyMedia({ ...place, clock: new TestClock(ms) }, backup, counts)
      await copyAt(Date.now())
      expect(await unfinished('backup/')).toBe(1)
      await copyAt(Date.now() + 25 * 60 * 60 * 1000)
      expect(await unfinished('backup/')).toBe(0)
    })

    test('of more than fit a list all are removed, and no younger ones', async () => {
      const names = Array.from({ length: 50 }, (_, i) => `many/${newKey()}/${i}.mp4`)
      await Readable.from(names).forEach(begin, { concurrency: 4 })
      await begin(`other/${newKey()}/video.mp4`)
      const storage = await open(`s3://${s3.bucket}/many?endpoint=${s3.endpoint}`)
      await storage.forgetUnfinished(Date.now() - 60 * 60 * 1000)
      expect(await unfinished('many/')).toBeGreaterThanOrEqual(20)
      await storage.forgetUnfinished(Date.now() + 60 * 60 * 1000)
      expect([await unfinished('many/'), await unfinished('other/')]).toEqual([0, 1])
      await storage.close()
    })
  })
})
