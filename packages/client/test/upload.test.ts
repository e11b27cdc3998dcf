import { createReadStream } from 'node:fs'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { clip, clipPath } from '@pinfold/test-support/uploads'
import { beforeAll, expect, test } from 'vitest'
import { InvalidRequestError, NotFoundError, PinterestClient, type UploadProgress, type Video } from '../src/index.ts'

let server: TestServer
let client: PinterestClient
let board: string
beforeAll(async () => {
  // Without ffmpeg, so that what is stored can be compared with what was sent.
  server = await startTestServer({ ffmpeg: false })
  client = new PinterestClient({ accessToken: people.alice.token, baseUrl: server.url })
  board = (await client.boards.create({ name: 'Uploads' })).id
})

const kinds: [string, () => Video, number | undefined][] = [
  ['the path of a file', () => clipPath, clip.length],
  ['bytes', () => clip, clip.length],
  ['a Blob', () => new Blob([clip]), clip.length],
  ['a stream', () => new Blob([clip]).stream(), undefined],
  ["a stream of Node's", () => createReadStream(clipPath), undefined],
]
test.each(kinds)('uploads %s, and tells how far it is', async (_name, video, totalBytes) => {
  const seen: UploadProgress[] = []
  const done = await client.media.upload(video(), { onProgress: (progress) => seen.push(progress) })
  expect(done).toMatchObject({ media_type: 'video', status: 'succeeded' })
  expect(seen.at(0)).toMatchObject({ phase: 'uploading', totalBytes })
  expect(seen.at(-1)).toEqual({ phase: 'processing', sentBytes: clip.length, totalBytes })
  const cover = await picture({ hue: 7 })
  const { media } = await client.pins.create({
    board_id: board,
    media_source: {
      source_type: 'video_id',
      media_id: done.media_id,
      cover_image_content_type: 'image/jpeg',
      cover_image_data: cover.toString('base64'),
    },
  })
  const url = media?.media_type === 'video' ? (media.video_url ?? '') : ''
  expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(clip)).toBe(true)
})

test('names the size of what it sends, for services that want it', async () => {
  let headers: Record<string, string | string[] | undefined> = {}
  const web = await webServer((request, response) => {
    if (request.url === '/v5/media')
      return void response.end(
        JSON.stringify({
          media_id: '1',
          media_type: 'video',
          upload_url: `${web.url}/up`,
          upload_parameters: { key: 'k' },
        }),
      )
    if (request.url === '/up') headers = request.headers
    request.resume().on('end', () => response.end(JSON.stringify({ media_id: '1', status: 'succeeded' })))
  })
  const other = new PinterestClient({ accessToken: 'x', baseUrl: web.url })
  for (const video of [clipPath, clip])
    await other.media.upload(video).then(() => {
      expect(Number(headers['content-length'])).toBeGreaterThan(clip.length)
      expect(headers['transfer-encoding']).toBeUndefined()
      expect(headers.authorization).toBeUndefined()
    })
  await other.media.upload(new Blob([clip]).stream(), { size: clip.length })
  expect(Number(headers['content-length'])).toBeGreaterThan(clip.length)
  await web.close()
})

test('tells when all is sent; another program can wait from there', async () => {
  let sent = ''
  const gone = client.media.upload(clip, {
    onSent: (mediaId) => {
      sent = mediaId
      throw new Error('killed')
    },
  })
  await expect(gone).rejects.toThrow('killed')
  const seen: UploadProgress[] = []
  const done = await client.media.whenReady(sent, { onProgress: (progress) => seen.push(progress) })
  expect(done).toMatchObject({ media_id: sent, status: 'succeeded' })
  expect(new Set(seen.map(({ phase }) => phase)).has('uploading')).toBe(false)
  await expect(client.media.whenReady('1')).rejects.toThrow(NotFoundError)
})

test('says what is wrong', async () => {
  await expect(client.media.upload('/no/such/file.mp4')).rejects.toThrow('ENOENT')
  await expect(client.media.upload(Buffer.from('no video'))).rejects.toThrow(InvalidRequestError)
  await expect(client.media.upload(clip, { signal: AbortSignal.abort(new Error('not now')) })).rejects.toThrow(
    'not now',
  )
  const stop = new AbortController()
  const endless = async function* () {
    for (;;) yield await new Promise<Uint8Array>((resolve) => setImmediate(resolve, new Uint8Array(65_536)))
  }
  const onProgress = ({ sentBytes }: UploadProgress) => sentBytes > 1e6 && stop.abort(new Error('enough'))
  await expect(client.media.upload(endless(), { signal: stop.signal, onProgress })).rejects.toThrow('enough')
})

test('Pins of a video and of several pictures are made like those of one', async () => {
  const cover = await picture({ hue: 8 })
  const film = await client.pins.create({ board_id: board, title: 'Film', video: clipPath, cover })
  expect(film).toMatchObject({ title: 'Film', creative_type: 'VIDEO', media: { duration: 2000 } })
  const [front, back] = [await picture({ hue: 9 }), await picture({ hue: 10 })]
  const both = await client.pins.create({
    board_id: board,
    pictures: [front, { picture: back, title: 'Back' }],
    first: 1,
  })
  expect(both).toMatchObject({ creative_type: 'CAROUSEL', media: { items: [{ title: null }, { title: 'Back' }] } })
  const many = await client.pins.createMany([
    { board_id: board, video: clip, cover },
    { board_id: board, video: Buffer.from('no video'), cover },
  ])
  expect(many.map(({ status }) => status)).toEqual(['created', 'failed'])
})
