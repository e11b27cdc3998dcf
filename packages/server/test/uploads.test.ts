import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { until } from '@pinfold/test-support/pace'
import { base64Source, picture, webServer } from '@pinfold/test-support/pictures'
import { type Answer, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import {
  clip,
  clipPath,
  ended,
  pinOf,
  type Registered,
  register,
  startAgain,
  statusOf,
  upload,
  uploaded,
} from '@pinfold/test-support/uploads'
import FormOfNode from 'form-data'
import { beforeAll, describe, expect, test } from 'vitest'
import { verifyMedia } from '../src/app/maintenance.ts'
import type { MediaProblem } from '../src/storage/verify.ts'

// Without ffmpeg, as on many machines: a video that browsers can play is stored unchanged.

const run = promisify(execFile)
let server: TestServer
let dataDir: string
let board: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pinfold-uploads-'))
  server = await startTestServer({ ephemeral: false, dataDir, ffmpeg: false })
  board = (await server.post('/boards', { name: 'Videos' })).body.id
  return async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})

const sizeOf = (folder: string, upload: string) =>
  statSync(join(folder, 'uploads', upload), { throwIfNoEntry: false })?.size ?? 0
const waiting = () => filesBelow(join(dataDir, 'uploads'))
const cover = async (hue = 5) => {
  const { content_type, data } = await base64Source(hue)
  return { cover_image_content_type: content_type, cover_image_data: data }
}

/** Returns a form as it is sent; each part has its header lines after the name, and its content. */
function formOf(parts: [name: string, more: string, content: Buffer | string][]) {
  const boundary = 'b0undary'
  const bytes = Buffer.concat([
    ...parts.flatMap(([name, more, content]) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  return { bytes, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}

const fieldsOf = ({ upload_parameters }: Registered): [string, string, string][] =>
  Object.entries(upload_parameters).map(([name, value]) => [name, '', value])

async function send(url: string, { bytes, headers }: ReturnType<typeof formOf>): Promise<Answer> {
  return server.request('POST', url, { token: null, raw: bytes, headers })
}

describe('the way of a video', () => {
  test('registered, uploaded, and shown by a Pin', async () => {
    const registered = await register(server)
    expect(registered).toMatchObject({ media_type: 'video', upload_url: `${server.url}/uploads/` })
    expect(Object.keys(registered.upload_parameters).sort()).toEqual(
      [
        'x-amz-date',
        'x-amz-signature',
        'x-amz-security-token',
        'x-amz-algorithm',
        'key',
        'policy',
        'x-amz-credential',
        'Content-Type',
      ].sort(),
    )
    const id = registered.media_id
    expect(await statusOf(server, id)).toBe('registered')
    expect((await upload(registered, clip)).status).toBe(204)
    expect(await ended(server, id)).toBe('succeeded')

    const made = await pinOf(server, board, id, await cover())
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      creative_type: 'VIDEO',
      media: { media_type: 'video', duration: 2000, width: 96, height: 54, images: { originals: { width: 40 } } },
    })
    expect((await server.get(`/pins/${made.body.id}`)).body).toEqual(made.body)
    const { video_url, cover_image_url } = made.body.media
    const video = await fetch(video_url)
    expect([video.status, video.headers.get('content-type')]).toEqual([200, 'video/mp4'])
    expect(Buffer.from(await video.arrayBuffer()).equals(clip)).toBe(true)
    const part = await fetch(video_url, { headers: { range: 'bytes=10-19' } })
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, clip.subarray(10, 20)])
    expect((await fetch(cover_image_url)).headers.get('content-type')).toBe('image/jpeg')
    await until(() => waiting().length === 0)
  })

  test('a Pin of it is changed, saved, listed by its kind, and takes the files with it when the last one goes', async () => {
    const { id } = await uploaded(server)
    const made = (await pinOf(server, board, id, await cover(9))).body
    const other = (await server.post('/boards', { name: 'Saved videos' })).body.id
    const saved = (await server.post(`/pins/${made.id}/save`, { board_id: other })).body
    expect(saved).toMatchObject({ creative_type: 'VIDEO', parent_pin_id: made.id, media: made.media })
    const changed = await server.patch(`/pins/${made.id}`, { title: 'Moving', carousel_slots: undefined })
    expect(changed.body).toMatchObject({ title: 'Moving', media: made.media })
    const videos = await server.get('/pins?creative_types=VIDEO')
    expect(videos.body.items.map((pin: { id: string }) => pin.id)).toEqual(expect.arrayContaining([saved.id, made.id]))
    const pictures = await server.get('/pins?creative_types=REGULAR')
    expect(pictures.body.items).toEqual([])

    await server.delete(`/pins/${made.id}`)
    expect((await fetch(made.media.video_url)).status).toBe(200)
    await server.delete(`/boards/${other}`)
    expect((await fetch(made.media.video_url)).status).toBe(404)
    expect((await server.get(`/media/${id}`)).status).toBe(404)
  })

  test('uploads are listed newest first, each to its owner alone', async () => {
    const [one, two] = [await register(server), await register(server)]
    const page = await server.get('/media?page_size=1')
    expect(page.body.items).toEqual([{ media_id: two.media_id, media_type: 'video', status: 'registered' }])
    const next = await server.get(`/media?page_size=1&bookmark=${page.body.bookmark}`)
    expect(next.body.items[0].media_id).toBe(one.media_id)
    const asBob = { token: people.bob.token }
    expect((await server.get('/media', asBob)).body.items).toEqual([])
    expect((await server.get(`/media/${one.media_id}`, asBob)).body).toEqual({ code: 404, message: 'Media not found.' })
  })

  test('a Pin needs a video that is ready and its own, and a cover', async () => {
    const { media_id } = await register(server)
    const early = await pinOf(server, board, media_id, await cover())
    expect([early.status, early.body.message]).toEqual([400, 'The video cannot be used. It has not been uploaded yet.'])
    const bobs = await uploaded(server, clip, { token: people.bob.token })
    expect((await pinOf(server, board, bobs.id, await cover())).status).toBe(404)
    const { id } = await uploaded(server)
    const bare = await pinOf(server, board, id)
    expect(bare.status).toBe(400)
    expect(bare.body.message).toContain('cover_image_url or cover_image_content_type')
    const typeAlone = await pinOf(server, board, id, { cover_image_content_type: 'image/jpeg' })
    expect(typeAlone.body.message).toContain("lacks 'cover_image_data'")
    const frame = await pinOf(server, board, id, { cover_image_key_frame_time: 1 })
    expect([frame.status, frame.body.message]).toEqual([400, expect.stringContaining('no ffmpeg')])
  })

  test('a cover can be an address', async () => {
    const bytes = await picture({ hue: 31 })
    const web = await webServer((_request, response) => void response.end(bytes))
    const { id } = await uploaded(server)
    const made = await pinOf(server, board, id, { cover_image_url: `${web.url}/cover.jpg` })
    await web.close()
    expect(made.status).toBe(201)
  })
})

describe('clients', () => {
  test('Python requests: the file without a name and a type', async () => {
    const registered = await register(server)
    const form = formOf([...fieldsOf(registered), ['file', '', clip]])
    expect((await send(registered.upload_url, form)).status).toBe(204)
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })

  test('the file with a name and a type, and something after it', async () => {
    const registered = await register(server)
    const named = '; filename="a \\"b\\" é.mp4"\r\nContent-Type: video/mp4'
    const form = formOf([...fieldsOf(registered), ['file', named, clip], ['submit', '', 'Upload']])
    expect((await send(registered.upload_url, form)).status).toBe(204)
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })

  test('curl -F', async (context) => {
    const registered = await register(server)
    const fields = Object.entries(registered.upload_parameters).flatMap(([name, value]) => ['-F', `${name}=${value}`])
    const parameters = ['-s', '-w', '%{http_code}', ...fields, '-F', `file=@${clipPath}`, registered.upload_url]
    const result = await run('curl', parameters).catch((error) => error)
    if (result.code === 'ENOENT') context.skip('curl is not installed')
    expect(result.stdout).toBe('204')
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })

  test('the requests of Python itself', async (context) => {
    const registered = await register(server)
    const program = `
import json, sys, requests
given = json.loads(sys.argv[1])
with open(sys.argv[2], 'rb') as file:
    answer = requests.post(given['upload_url'], data=given['upload_parameters'], files={'file': (None, file)})
print(answer.status_code)`
    const parameters = ['-c', program, JSON.stringify(registered), clipPath]
    const result = await run('python3', parameters, { env: { ...process.env, NO_PROXY: '*' } }).catch((error) => error)
    if (result.code === 'ENOENT' || `${result.stderr}`.includes('ModuleNotFoundError'))
      context.skip('Python with requests is not installed')
    expect([result.stderr, result.stdout.trim()]).toEqual(['', '204'])
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })
})

describe('form-data, as Node programs use it', () => {
  /** Returns the form of such a program. */
  const formFor = ({ upload_parameters }: Registered): FormOfNode => {
    const form = new FormOfNode()
    for (const [name, value] of Object.entries(upload_parameters)) form.append(name, value)
    form.append('file', createReadStream(clipPath))
    return form
  }

  test('its submit, which says how long the form is', async () => {
    const registered = await register(server)
    const form = formFor(registered)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const request = form.submit(registered.upload_url, (error, answer) => (error ? reject(error) : resolve(answer)))
    const answer = await promise
    expect([answer.statusCode, await text(answer)]).toEqual([204, ''])
    expect(Number(request.getHeader('content-length'))).toBeGreaterThan(clip.length)
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })

  test('piped into a request, in chunks', async () => {
    const registered = await register(server)
    const form = formFor(registered)
    const request = httpRequest(registered.upload_url, { method: 'POST', headers: form.getHeaders() })
    const answered = once(request, 'response')
    form.pipe(request)
    const [answer] = await answered
    expect([answer.statusCode, await text(answer)]).toEqual([204, ''])
    expect(request.getHeader('content-length')).toBeUndefined()
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })
})

describe('what is refused', () => {
  const refusal = (answer: { status: number; body: { code: number; message: string } }) => [
    answer.status,
    answer.body.code,
    answer.body.message,
  ]

  test('a second upload with the same parameters', async () => {
    const registered = await register(server)
    expect((await upload(registered, clip)).status).toBe(204)
    const again = await upload(registered, clip)
    expect([again.status, await again.json()]).toMatchObject([403, { code: 29 }])
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })

  test('two at once: one is taken', async () => {
    const registered = await register(server)
    const answers = await Promise.all([upload(registered, clip), upload(registered, clip)])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403])
  })

  test('parameters that are changed, missing, made up or too old', async () => {
    const registered = await register(server)
    const { upload_parameters: right } = registered
    for (const name of Object.keys(right)) {
      const changed = await upload({ ...registered, upload_parameters: { ...right, [name]: `${right[name]}x` } }, clip)
      expect([name, changed.status]).toEqual([name, 403])
      const { [name]: _, ...missing } = right
      expect((await upload({ ...registered, upload_parameters: missing }, clip)).status).toBe(403)
    }
    const other = await register(server)
    const mixed = { ...right, key: other.upload_parameters.key ?? '' }
    expect((await upload({ ...registered, upload_parameters: mixed }, clip)).status).toBe(403)
    server.clock.advance(61 * 60 * 1000)
    const late = await upload(registered, clip)
    expect(await late.json()).toMatchObject({ code: 29, message: expect.stringContaining('have expired') })
    expect(await statusOf(server, registered.media_id)).toBe('registered')
    await until(() => waiting().length === 0)
  })

  test('forms that are no upload', async () => {
    const registered = await register(server)
    const { upload_url: url } = registered
    const withoutFile = await send(url, formOf(fieldsOf(registered)))
    expect(refusal(withoutFile)).toEqual([400, 1, expect.stringContaining("lacks the field 'file'")])
    const fileFirst = await send(url, formOf([['file', '; filename="a.mp4"', clip], ...fieldsOf(registered)]))
    expect(refusal(fileFirst)).toEqual([403, 29, expect.stringContaining('upload_parameters')])
    const long = await send(url, formOf([['key', '', 'x'.repeat(10_000)], ...fieldsOf(registered)]))
    expect(refusal(long)).toEqual([400, 1, expect.stringContaining("'key' is too long")])
    const many = Array.from({ length: 50 }, (_, i): [string, string, string] => [`f${i}`, '', 'x'])
    expect(refusal(await send(url, formOf(many)))).toEqual([400, 1, expect.stringContaining('more fields')])
    const json = await server.request('POST', url, { token: null, json: registered.upload_parameters })
    expect(refusal(json)).toEqual([415, 1, expect.stringContaining('multipart/form-data')])
    const noBoundary = await server.request('POST', url, {
      token: null,
      raw: 'x',
      headers: { 'content-type': 'multipart/form-data' },
    })
    expect(refusal(noBoundary)).toEqual([400, 1, expect.stringContaining('cannot be read')])
    const { bytes, headers } = formOf([...fieldsOf(registered), ['file', '', clip]])
    const cut = await server.request('POST', url, { token: null, raw: bytes.subarray(0, -400), headers })
    expect(refusal(cut)).toEqual([400, 1, expect.any(String)])
    expect((await send(url, { bytes, headers })).status).toBe(204)
  })

  test('more than 2 GB, before it is sent', async () => {
    const { upload_url } = await register(server)
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': 3 * 1024 ** 3 }
    const request = httpRequest(upload_url, { method: 'POST', headers })
    request.on('error', () => {})
    request.flushHeaders()
    const [answer] = await once(request, 'response')
    expect(answer.statusCode).toBe(413)
    expect(await text(answer)).toContain('A video may have 2 GB.')
    request.destroy()
  })

  test('more than it may have, when so much has come and no length was said', async () => {
    const bound = 20_000_000
    const strictDir = join(dataDir, 'strict')
    const strict = await startTestServer({ ephemeral: false, dataDir: strictDir, ffmpeg: false, uploadBytes: bound })
    const registered = await register(strict)
    let sent = 0
    let most = 0
    async function* endless() {
      yield formOf([...fieldsOf(registered), ['file', '', clip]]).bytes.subarray(0, -'\r\n--b0undary--\r\n'.length)
      for (; sent < bound * 10; sent += 100_000) {
        most = Math.max(most, ...filesBelow(join(strictDir, 'uploads')).map((name) => sizeOf(strictDir, name)))
        yield Buffer.alloc(100_000)
      }
    }
    const headers = { 'content-type': 'multipart/form-data; boundary=b0undary' }
    const body = ReadableStream.from(endless())
    const answer = await fetch(registered.upload_url, { method: 'POST', headers, body, duplex: 'half' })
    expect(answer.status).toBe(413)
    expect([sent > bound / 2, most > bound / 2, most <= bound]).toEqual([true, true, true])
    await until(() => filesBelow(join(strictDir, 'uploads')).length === 0)
    expect(await statusOf(strict, registered.media_id)).toBe('registered')
    expect((await upload(registered, clip)).status).toBe(204)
    expect(await ended(strict, registered.media_id)).toBe('succeeded')
    await strict.close()
  })

  test('an upload that breaks off leaves nothing, and can be sent again', async () => {
    const registered = await register(server)
    const { bytes, headers } = formOf([...fieldsOf(registered), ['file', '', Buffer.concat([clip, Buffer.alloc(1e6)])]])
    const request = httpRequest(registered.upload_url, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
    })
    request.on('error', () => {})
    request.write(bytes.subarray(0, 600_000))
    await until(() => waiting().length > 0)
    request.destroy()
    await until(() => waiting().length === 0)
    expect(await statusOf(server, registered.media_id)).toBe('registered')
    expect((await upload(registered, clip)).status).toBe(204)
    expect(await ended(server, registered.media_id)).toBe('succeeded')
  })

  test('too many uploads that are not done', async () => {
    const asBob = { token: people.bob.token }
    let answer = await server.post('/media', { media_type: 'video' }, asBob)
    for (let i = 0; i < 110 && answer.status === 201; i++)
      answer = await server.post('/media', { media_type: 'video' }, asBob)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '30'])
    server.clock.advance(61 * 60 * 1000)
    expect((await server.post('/media', { media_type: 'video' }, asBob)).status).toBe(201)
  })
})

describe('files that are no video to keep', () => {
  const asQuickTime = Buffer.from(clip)
  asQuickTime.write('qt  ', 8, 'latin1')
  const cases: [string, Buffer<ArrayBuffer>, string][] = [
    ['nothing', Buffer.alloc(0), 'It is empty.'],
    ['a text', Buffer.from('#EXTM3U\nhttp://127.0.0.1/\n'), 'It is damaged, cut off, or none of MP4, MOV and M4V.'],
    ['half of a video', clip.subarray(0, clip.length / 2), 'It is damaged, cut off, or none of MP4, MOV and M4V.'],
    ['what needs ffmpeg', asQuickTime, 'This server has no ffmpeg, and takes H.264 in MP4 only.'],
  ]
  test.each(cases)('%s', async (_name, bytes, problem) => {
    const { id, status } = await uploaded(server, bytes)
    expect(status).toBe('failed')
    expect((await server.get(`/media/${id}`)).headers.get('x-pinfold-failure')).toBe(problem)
    const pin = await pinOf(server, board, id, await cover())
    expect([pin.status, pin.body.message]).toEqual([400, `The video cannot be used. ${problem}`])
    await until(() => waiting().length === 0)
  })
})

// Last, since it ends the server.
test('an upload that no Pin shows is removed after a week', async () => {
  const { id } = await uploaded(server)
  const shown = await uploaded(server)
  expect((await pinOf(server, board, shown.id, await cover())).status).toBe(201)
  await expectSound(dataDir)
  server.clock.advance(8 * 24 * 60 * 60 * 1000)
  await server.close()
  const counts = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
  const found: MediaProblem[] = []
  const look = { repair: true, deep: true, counts, onProblem: (problem: MediaProblem) => found.push(problem) }
  await verifyMedia({ dataDir, clock: { now: () => Date.now() + 1e9 } }, look)
  expect(found).toEqual([])
  expect(counts.checked).toBeGreaterThan(2)
  const again = await startAgain(dataDir, { ffmpeg: false, clock: server.clock })
  expect((await again.get(`/media/${id}`)).status).toBe(404)
  expect((await again.get(`/media/${shown.id}`)).body.status).toBe('succeeded')
  await again.close()
  await expectSound(dataDir)
})
