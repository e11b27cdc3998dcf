import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allScopes } from '@pinfold/contract'
import { tools } from '@pinfold/test-support/clips'
import { type Command, main, pinfold } from '@pinfold/test-support/command'
import { onThisMachine } from '@pinfold/test-support/pace'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer, testApp, trialApp } from '@pinfold/test-support/server'
import { clip } from '@pinfold/test-support/uploads'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { fileNameOf } from '../program/export/file-name.ts'
import { Progress, progressLine } from '../program/import/progress.ts'

/** The number of rows of the import with crashes. The full one, 5000, takes minutes. */
const crashRows = Number(process.env.PINFOLD_IMPORT_ROWS ?? 600)

const passingToken = 'pina_passing_00000000000000'
const noPinsToken = 'pina_no_pins_00000000000000'

let server: TestServer
let folder: string
let jpeg: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-import-'))
  jpeg = await picture({ width: 8, height: 8 })
  server = await startTestServer({
    tokens: [
      { text: passingToken, scopes: allScopes },
      { text: noPinsToken, scopes: allScopesBut('pins:write') },
    ],
  })
  return () => rm(folder, { recursive: true, force: true })
})

const as = (token: string, url = server.url) => ({
  PINTEREST_API_URI: url,
  PINTEREST_ACCESS_TOKEN: token,
})

// biome-ignore lint/suspicious/noExplicitAny: reports and Pins are read as JSON
type Json = any

async function importJson(
  args: readonly string[],
  env = as(people.alice.token),
): Promise<{ code: unknown; report: Json }> {
  const command = pinfold(['pins', 'import', ...args, '--json'], { env })
  const code = await command.ended
  if (command.stdout() === '') throw new Error(`It printed no report: ${code} ${command.stderr()}`)
  return { code, report: JSON.parse(command.stdout()) }
}

async function allOf(path: string, { url = server.url, token = people.alice.token as string } = {}): Promise<Json[]> {
  const items: Json[] = []
  for (let bookmark: string | null = ''; bookmark !== null; ) {
    const response = await fetch(`${url}/v5${path}?page_size=250${bookmark && `&bookmark=${bookmark}`}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const page: Json = await response.json()
    items.push(...page.items)
    bookmark = page.bookmark
  }
  return items
}

const boardNamed = async (name: string) => (await allOf('/boards')).find((board) => board.name === name)
const titlesOn = async (boardId: string) => (await allOf(`/boards/${boardId}/pins`)).map(({ title }) => title).sort()

const header = 'Title,Media URL,Pinterest board,Thumbnail,Description,Link,Publish date,Keywords'

describe('pinfold pins import', () => {
  test("reads Pinterest's CSV: boards and sections on demand, what failed and why, what is not carried over", async () => {
    const pictures = await webServer((_, response) =>
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg),
    )
    onTestFinished(pictures.close)
    const media = `${pictures.url}/a.jpg`
    const rows = [
      `${header},Price`,
      `"A coat, ""the"" coat",${media},Coats/New,,"Two\r\nlines",https://example.com/coat,2020-01-01T10:00:00,"wool, warm"`,
      `Hat,${media},Coats,${media},,,2999-01-01T10:00:00,,12`,
      ',,,,,,,',
      `${'x'.repeat(101)},${media},Coats,,,,,`,
      `Nowhere,${media},,,,,,`,
      `No file,gone.jpg,Hats,,,,,`,
      `Not a picture,pins.csv,Hats,,,,,`,
    ]
    const file = join(folder, 'pins.csv')
    await writeFile(file, `\ufeff${rows.join('\r\n')}\r\n`)

    const dry = await importJson([file, '--dry-run'])
    expect(dry.code).toBe(5)
    expect(dry.report).toMatchObject({ rows: 6, made: 2, failed: 4, dry_run: true })
    expect(dry.report.notes).toContain('The board "Coats" is not there yet: it will be made (1)')
    expect(await allOf('/boards')).toEqual([])

    const reportFile = join(folder, 'report.json')
    const { code, report } = await importJson([file, '--report', reportFile])
    expect(code).toBe(5)
    expect(report).toMatchObject({ rows: 6, made: 2, failed: 4, boards_made: 1, sections_made: 1, stopped: null })
    expect(report.failures.map(({ row }: Json) => row)).toEqual([5, 6, 7, 8])
    const reasons = report.failures.map(({ reason }: Json) => reason).join('\n')
    expect(reasons).toMatch(/title has 101 characters[\s\S]*names no board[\s\S]*cannot be read[\s\S]*is not a picture/)
    expect(report.notes).toEqual([
      'The column "Price" is not known and was left out (1)',
      'Keywords have no place in the API and were left out (1)',
      'Thumbnails are for videos and were left out (1)',
      'Publish dates to come: the API publishes at once, and so these Pins were (1)',
    ])
    expect(JSON.parse(await readFile(reportFile, 'utf8'))).toEqual(report)

    const coats = await boardNamed('Coats')
    const pins = await allOf(`/boards/${coats.id}/pins`)
    expect(pins.map(({ title }) => title).sort()).toEqual(['A coat, "the" coat', 'Hat'])
    const coat = pins.find(({ title }) => title !== 'Hat')
    expect(coat).toMatchObject({ description: 'Two\r\nlines', link: 'https://example.com/coat' })
    expect(coat.board_section_id).toBe((await allOf(`/boards/${coats.id}/sections`))[0].id)

    // A repeated run makes nothing; rows that were corrected are made, and so is a duplicate row.
    await writeFile(file, [...rows.slice(0, 3), ...rows.slice(1, 2), `Nowhere,${media},coats,,,,,`].join('\n'))
    const again = await importJson([file])
    expect(again).toMatchObject({ code: 0, report: { rows: 4, made: 2, made_before: 2, failed: 0, boards_made: 0 } })

    const other = pinfold(['pins', 'import', file], { env: as(people.bob.token) })
    expect(await other.ended).toBe(1)
    expect(other.stderr()).toContain('as alice. Name another with --journal.')
  })

  test('reads JSON Lines and folders of pictures, and tells people what it did', async () => {
    const pictures = join(folder, 'Look book')
    await mkdir(join(pictures, 'Spring/Shoes'), { recursive: true })
    for (const name of ['cover.jpg', 'Spring/one.jpg', 'Spring/two.png', 'Spring/Shoes/red.jpg', 'notes.txt'])
      await writeFile(join(pictures, name), jpeg)
    const made = pinfold(['pins', 'import', pictures], { env: as(people.alice.token) })
    expect(await made.ended).toBe(0)
    expect(made.stdout()).toMatch(
      /^4 Pins made in \d+ s \(.* a second\)\.\n2 boards and 1 section made\.\nNot carried over:\n/,
    )
    expect(await titlesOn((await boardNamed('Spring')).id)).toEqual(['one', 'red', 'two'])
    expect(await titlesOn((await boardNamed('Look book')).id)).toEqual(['cover'])

    const onOne = ['--board', 'All of it/Here', '--journal', join(folder, 'other.jsonl')]
    expect((await importJson([pictures, ...onOne])).report).toMatchObject({ made: 4, boards_made: 1, sections_made: 1 })

    const file = join(folder, 'pins.jsonl')
    const spring = (await boardNamed('Spring')).id
    const lines = [
      { board: 'Lines', section: 'S', picture: 'Look book/cover.jpg', title: 'By path', alt_text: 'A cover', id: '1' },
      {
        board_id: spring,
        media_source: { source_type: 'image_base64', content_type: 'image/jpeg', data: jpeg.toString('base64') },
      },
      { board: 'Lines', picture: 'Look book/cover.jpg', title: 5 },
      { board: 'Lines', picture: 'Look book/cover.jpg', colour: 'red' },
    ]
    await writeFile(file, [...lines.map((line) => JSON.stringify(line)), '{', ''].join('\n'))
    const { code, report } = await importJson([file])
    expect([code, report.made, report.notes]).toEqual([5, 3, ['The field "colour" is not known and was left out (1)']])
    expect(report.failures).toMatchObject([
      { row: 3, reason: 'Its title must be a text.' },
      { row: 5, reason: expect.stringContaining('It is not JSON') },
    ])
    expect((await allOf(`/boards/${spring}/pins`)).length).toBe(4)
  })

  test('a dry run opens pictures as the server would, and changes nothing (12.26)', async () => {
    const file = join(folder, 'opened.jsonl')
    const cut = await picture({ width: 400, height: 400 })
    await writeFile(join(folder, 'good.jpg'), jpeg)
    await writeFile(join(folder, 'cut.jpg'), cut.subarray(0, cut.length / 2))
    await writeFile(join(folder, 'large.jpg'), Buffer.concat([jpeg, Buffer.alloc(20_000_000)]))
    const inRow = (data: string) => ({
      media_source: { source_type: 'image_base64', content_type: 'image/jpeg', data },
    })
    const rows = [
      { picture: 'good.jpg' },
      { picture: 'cut.jpg' },
      { picture: 'large.jpg' },
      inRow(jpeg.toString('base64')),
      inRow('not base64!'),
      inRow(Buffer.from('no picture').toString('base64')),
    ]
    await writeFile(file, rows.map((row) => JSON.stringify({ board: 'Opened', ...row })).join('\n'))
    const { code, report } = await importJson([file, '--dry-run'])
    expect([code, report.made]).toEqual([5, 2])
    expect(report.failures).toMatchObject([
      { row: 2, reason: expect.stringContaining('It is damaged') },
      { row: 3, reason: expect.stringContaining('It is larger than 20 MB.') },
      { row: 5, reason: expect.stringContaining('not base64') },
      { row: 6, reason: expect.stringContaining('It is none of JPEG') },
    ])
    const real = await importJson([file])
    expect(real.report.failures.map(({ row }: Json) => row)).toEqual(report.failures.map(({ row }: Json) => row))
  })

  test('leaves no lock, and says which journal to remove when the boards are gone (12.26)', async () => {
    const place = join(folder, 'gone')
    await mkdir(place)
    await writeFile(join(place, 'a.jpg'), jpeg)
    await writeFile(join(place, 'b.jpg'), jpeg)
    expect((await importJson([place])).report).toMatchObject({ made: 2, notes: [] })
    const journal = `${place}.pinfold-journal.jsonl`
    expect((await readdir(folder)).filter((name) => name.startsWith('gone'))).toEqual([
      'gone',
      'gone.pinfold-journal.jsonl',
    ])

    const board = (await allOf('/boards')).find(({ name }) => name === 'gone')
    const headers = { authorization: `Bearer ${people.alice.token}` }
    await fetch(`${server.url}/v5/boards/${board.id}`, { method: 'DELETE', headers })
    const note = `The board "gone" is gone, and its rows count as made by an earlier run: to make them again, remove ${journal} (2)`
    for (const options of [['--dry-run'], []])
      expect((await importJson([place, ...options])).report).toMatchObject({ made: 0, made_before: 2, notes: [note] })
    await rm(journal)
    expect((await importJson([place])).report).toMatchObject({ made: 2, notes: [] })
  })

  test('refuses what is no input, and a second import with the same journal', async () => {
    const bad = join(folder, 'bad.csv')
    await writeFile(bad, 'Name,Picture\nx,y\n')
    const env = as(people.alice.token)
    const refused = pinfold(['pins', 'import', bad], { env })
    expect([await refused.ended, refused.stderr()]).toEqual([1, expect.stringContaining('no column "Media URL"')])
    await writeFile(bad, `${header}\n"never closed,https://example.com/a.jpg,B,,,,,\n`)
    const broken = pinfold(['pins', 'import', bad], { env })
    expect([await broken.ended, broken.stderr()]).toEqual([1, expect.stringContaining('is not CSV')])
    for (const args of [[join(folder, 'gone.csv')], [join(folder, 'report.json')], [bad, '--concurrency', '0']])
      expect(await pinfold(['pins', 'import', ...args], { env }).ended).toBe(2)

    // A server that does not answer keeps the first import waiting.
    const gate = Promise.withResolvers<void>()
    const slow = await webServer(async (_, response) => {
      await gate.promise
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
    })
    onTestFinished(slow.close)
    const file = join(folder, 'slow.csv')
    await writeFile(file, `${header}\nSlow,${slow.url}/a.jpg,Slow,,,,,\n`)
    const first = pinfold(['pins', 'import', file, '--json'], { env })
    await expect
      .poll(() =>
        stat(`${file}.pinfold-journal.jsonl`).then(
          ({ size }) => size > 120,
          () => false,
        ),
      )
      .toBe(true)
    const second = pinfold(['pins', 'import', file], { env })
    expect([await second.ended, second.stderr()]).toEqual([1, expect.stringContaining('Another import is using')])
    first.child.kill('SIGINT')
    await expect.poll(first.stderr).toContain('Stopping.')
    gate.resolve()
    expect(await first.ended).toBe(0)
    expect(JSON.parse(first.stdout())).toMatchObject({ made: 1 })
  })

  test('gives up a service that stays away, without a trace of failure, and continues later', async () => {
    const file = join(folder, 'away.csv')
    await writeFile(join(folder, 'a.jpg'), jpeg)
    await writeFile(
      file,
      `${header}\n${Array.from({ length: 300 }, (_, i) => `Away ${i},a.jpg,Away,,,,,`).join('\n')}\n`,
    )
    const away = await serveProcess(join(folder, 'away-data'))
    const command = pinfold(['pins', 'import', file, '--json', '--give-up-after', '1'], { env: as(token, away.url) })
    await made(file, 20)
    await away.kill()
    expect(await command.ended).toBe(1)
    const report = JSON.parse(command.stdout())
    expect(report).toMatchObject({ stopped: 'unavailable', failed: 0 })
    const back = await serveProcess(join(folder, 'away-data'), away.url)
    expect((await importJson([file], as(token, back.url))).code).toBe(0)
    const titles = (await allOf('/pins', { url: back.url, token })).map(({ title }) => title)
    expect([titles.length, new Set(titles).size]).toEqual([300, 300])
  })
})

describe('an import whose token does not suffice', () => {
  /** The picture of each row, at its own address. `asked` is called for each that is fetched. */
  async function rowsOf(name: string, asked: (path: string) => Promise<unknown> = async () => {}): Promise<string> {
    const pictures = await webServer(async (request, response) => {
      await asked(request.url ?? '')
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
    })
    onTestFinished(pictures.close)
    const file = join(folder, `${name}.csv`)
    const rows = Array.from({ length: 50 }, (_, i) => `Pin ${i},${pictures.url}/${i}.jpg,${name},,,,,`)
    await writeFile(file, [header, ...rows].join('\n'))
    return file
  }

  test('any more stops, and continues with another', async () => {
    const revoke = () =>
      server.request('POST', '/oauth/token/revoke', {
        token: null,
        form: { token: passingToken },
        headers: { authorization: `Basic ${btoa(`${testApp.id}:${testApp.secret}`)}` },
      })
    const file = await rowsOf('Revoked', async (path) => path === '/2.jpg' && revoke())
    const stopped = await importJson([file, '--concurrency', '1'], as(passingToken))
    expect(stopped).toMatchObject({ code: 3, report: { made: 3, failed: 0, stopped: 'notPermitted' } })
    expect(stopped.report.stopped_reason).toMatch(/^No Pin can be made: Authentication failed\. \(status 401/)
    const continued = await importJson([file])
    expect(continued).toMatchObject({ code: 0, report: { made: 47, made_before: 3, stopped: null } })
  })

  test.each([
    [
      'because its app is on the trial tier',
      trialApp.token,
      'Apps with Trial access may not create Pins in production https:',
    ],
    ['because it lacks a scope', noPinsToken, 'Your token does not have sufficient permissions'],
  ])('%s stops at once', async (_, token, reason) => {
    const fetched: string[] = []
    const file = await rowsOf(`Refused ${token}`, async (path) => fetched.push(path))
    const command = pinfold(['pins', 'import', file], { env: as(token) })
    expect([await command.ended, fetched]).toEqual([3, []])
    expect(command.stdout()).toContain(`No Pin can be made: ${reason}`)
    expect(command.stdout()).toContain('Use a token that may, and run the same command to continue.')
    expect(command.stdout()).not.toContain('failed')
  })
})

describe('videos and carousels', () => {
  const kindsOn = async (board: string) =>
    (await allOf(`/boards/${(await boardNamed(board)).id}/pins`))
      .map((pin) => `${pin.title}: ${pin.creative_type}`)
      .sort()

  test('are made of a CSV, of JSON Lines and of a folder', async () => {
    const films = join(folder, 'films')
    await mkdir(films)
    await writeFile(join(films, 'walk.MP4'), clip)
    await writeFile(join(films, 'still.jpg'), jpeg)
    await writeFile(join(films, 'talk.mov'), 'no video')
    const fromFolder = await importJson([films, '--journal', join(folder, 'films.jsonl')])
    expect(fromFolder).toMatchObject({ code: 5, report: { made: tools ? 2 : 1 } })
    expect(fromFolder.report.failures.at(-1).reason).toMatch(tools ? /talk.mov is not a video/ : /no ffmpeg/)

    const csv = join(folder, 'films.csv')
    await writeFile(csv, `${header}\nBy CSV,films/walk.MP4,By CSV,films/still.jpg,,,,\n`)
    expect(await importJson([csv])).toMatchObject({ code: 0, report: { made: 1, notes: [] } })
    expect(await kindsOn('By CSV')).toEqual(['By CSV: VIDEO'])

    const words = { title: 'Front', description: 'As worn', link: 'https://example.com/front' }
    const lines = [
      { title: 'Film', video: 'walk.MP4', cover: 'still.jpg' },
      { title: 'Both sides', pictures: ['still.jpg', { picture: 'still.jpg', ...words }] },
      { title: 'One side', pictures: ['still.jpg'] },
      { title: 'Mixed', pictures: ['still.jpg', 'https://example.com/a.jpg'] },
      { title: 'Far', video: 'https://example.com/a.mp4' },
      { title: 'No cover', video: 'walk.MP4', cover: 'gone.jpg' },
      { title: 'Between frames', video: 'walk.MP4', cover: 0.5 },
    ]
    const file = join(films, 'pins.jsonl')
    await writeFile(file, lines.map((line) => JSON.stringify({ board: 'By line', ...line })).join('\n'))
    const dry = await importJson([file, '--dry-run'])
    const { code, report } = await importJson([file])
    expect([code, report.made]).toEqual([5, 2])
    expect(dry.report.failures).toEqual(report.failures)
    expect(report.failures.map(({ reason }: Json) => reason)).toEqual([
      'Its pictures must be a list of two to five.',
      'Its pictures must be all files or all addresses.',
      'Its video must be a file: the service fetches none from addresses.',
      expect.stringContaining('The picture cannot be read: ENOENT'),
      'Its cover must be a path, an address or a whole second of the video.',
    ])
    expect(await kindsOn('By line')).toEqual(['Both sides: CAROUSEL', 'Film: VIDEO'])
    const carousel = (await allOf(`/boards/${(await boardNamed('By line')).id}/pins`)).find(
      ({ creative_type }) => creative_type === 'CAROUSEL',
    )
    expect(carousel.media.items[1]).toMatchObject(words)
  })

  test.each([
    ['and its Pin is not made', false],
    ['and its Pin is made all the same', true],
  ])('an import is killed when a video is uploaded, %s: one upload, one Pin', async (name, comesThrough) => {
    const asked = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    let isFirst = true
    const covers = await webServer(async (request, response) => {
      if (isFirst) {
        isFirst = false
        asked.resolve()
        await gate.promise
        if (!comesThrough) return request.socket.destroy()
      }
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
    })
    onTestFinished(covers.close)
    await writeFile(join(folder, 'killed.mp4'), clip)
    const file = join(folder, `${name}.csv`)
    await writeFile(file, `${header}\nKilled,killed.mp4,${name},${covers.url}/cover.jpg,,,,\n`)
    const before = (await allOf('/media')).length
    const killed = pinfold(['pins', 'import', file], { env: as(people.alice.token) })
    await asked.promise
    await killed.kill()
    gate.resolve()
    if (comesThrough) await expect.poll(() => kindsOn(name)).toHaveLength(1)

    expect(await importJson([file])).toMatchObject({ code: 0, report: { made: 1, failed: 0 } })
    expect(await kindsOn(name)).toEqual(['Killed: VIDEO'])
    expect((await allOf('/media')).length).toBe(before + 1)
    expect(await importJson([file])).toMatchObject({ code: 0, report: { made: 0, made_before: 1 } })
  })

  test('an import that is killed while a video is sent, while it is waited for, and before its Pin is asked for, sends it once more', async () => {
    const { url, server: behind, uploads, until } = await behindProxy()
    const film = join(folder, 'long.mp4')
    // Free space makes it long.
    await writeFile(film, Buffer.concat([clip, Buffer.from([1, 0, 0, 0]), Buffer.from('free')]))
    await truncate(film, clip.length + 2 ** 24)
    await writeFile(join(folder, 'long.jpg'), jpeg)
    const file = join(folder, 'long.csv')
    await writeFile(
      file,
      `${header}\n${['One', 'Two'].map((title) => `${title},long.mp4,Long,long.jpg,,,,`).join('\n')}\n`,
    )
    const start = () => pinfold(['pins', 'import', file, '--concurrency', '1'], { env: as(people.alice.token, url) })
    const journal = () => readFile(`${file}.pinfold-journal.jsonl`, 'utf8')

    await until('POST /uploads/', 1_000_000, start())
    expect(await journal()).not.toContain('"uploaded"')
    await until('GET /v5/media/', 0, start())
    expect(uploads()).toBe(2)
    await until('POST /v5/boards', 0, start())
    expect(await journal()).toContain('"uploaded"')
    expect(await journal()).not.toContain('"begun"')
    expect(uploads()).toBe(2)
    expect(await start().ended).toBe(0)

    const { items } = (await behind.get('/pins')).body
    expect(items.map(({ title, creative_type }: Json) => [title, creative_type])).toEqual([
      ['Two', 'VIDEO'],
      ['One', 'VIDEO'],
    ])
    // Of One, the interrupted part and the rest, and of Two.
    expect(uploads()).toBe(3)
    const media = (await behind.get('/media')).body.items
    expect(media.map(({ status }: Json) => status).sort()).toEqual(['registered', 'succeeded', 'succeeded'])
  })

  test('one that was uploaded and is no longer there is uploaded again', async () => {
    await writeFile(join(folder, 'late.mp4'), clip)
    await writeFile(join(folder, 'late.jpg'), jpeg)
    const file = join(folder, 'late.csv')
    await writeFile(file, `${header}\nLate,late.mp4,Late,late.jpg,,,,\n`)
    expect((await importJson([file])).report.made).toBe(1)
    // As if it had been killed before its Pin was made, and continued weeks later.
    const journal = `${file}.pinfold-journal.jsonl`
    const lines = (await readFile(journal, 'utf8')).split('\n').filter((line) => !/^{"(begun|made)"/.test(line))
    await writeFile(journal, lines.join('\n').replace(/"journal":"[^"]*"/, '"journal":"another"'))
    for (const { id } of await allOf(`/boards/${(await boardNamed('Late')).id}/pins`))
      await server.delete(`/pins/${id}`)

    const first = await importJson([file])
    expect(first.report.failures).toMatchObject([{ row: 2, reason: expect.stringContaining('not found') }])
    expect(await importJson([file])).toMatchObject({ code: 0, report: { made: 1, failed: 0 } })
    expect(await kindsOn('Late')).toEqual(['Late: VIDEO'])
  })
})

/** Starts a server behind a proxy of the test's own, which can stop a request on its way. */
async function behindProxy() {
  const free = await webServer(() => {})
  await free.close()
  let uploads = 0
  let awaited: { path: string; bytes: number; stopped: () => Promise<void> } | undefined
  const proxy = await webServer((request, response) => {
    const { method, headers, url = '' } = request
    if (url === '/uploads/') uploads++
    const forward = httpRequest(`${free.url}${url}`, { method: method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    forward.on('error', () => response.destroy())
    let left = awaited?.bytes ?? 0
    const isAwaited = () => awaited?.path === `${method} ${url.replace(/\d+$/, '')}` && left <= 0
    const stop = () => awaited?.stopped().then(() => forward.destroy())
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (!isAwaited()) return void forward.write(chunk)
      request.pause()
      stop()
    })
    request.on('end', () => (isAwaited() ? stop() : forward.end()))
  })
  onTestFinished(proxy.close)
  const behind: TestServer = await startTestServer({ publicUrl: proxy.url, port: Number(new URL(free.url).port) })

  /** Kills a command when it has sent this many bytes of its next request to a path; the rest is not sent. */
  async function until(path: string, bytes: number, command: Command): Promise<void> {
    awaited = { path, bytes, stopped: () => command.kill() }
    expect(await command.ended, `${command.stdout()}${command.stderr()}`).toBe('SIGKILL')
    awaited = undefined
  }
  return { url: proxy.url, server: behind, uploads: () => uploads, until }
}

describe('a Pin of which it is not known whether it was made', () => {
  const uncertain = { row: 2, reason: expect.stringContaining('It may have been made already: its answer was lost.') }

  test('because its key is forgotten is not made again, but with --retry-uncertain', async () => {
    // The first picture never arrives, so the importer is killed while its Pin is in progress.
    const asked = Promise.withResolvers<void>()
    let isFirst = true
    const pictures = await webServer((_, response) => {
      if (!isFirst) return response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
      isFirst = false
      return asked.resolve()
    })
    onTestFinished(pictures.close)
    const file = join(folder, 'forgotten.csv')
    await writeFile(file, `${header}\nForgotten,${pictures.url}/a.jpg,Forgotten,,,,,\n`)
    const killed = pinfold(['pins', 'import', file], { env: as(people.alice.token) })
    await asked.promise
    await killed.kill()
    // A day passes.
    const journal = `${file}.pinfold-journal.jsonl`
    const dayMs = 24 * 60 * 60 * 1000
    const lines = (await readFile(journal, 'utf8')).replaceAll(/"at":(\d+)/g, (_, at) => `"at":${Number(at) - dayMs}`)
    await writeFile(journal, lines)

    const again = await importJson([file])
    expect(again).toMatchObject({ code: 5, report: { made: 0, failed: 1, failures: [uncertain] } })
    const { id } = await boardNamed('Forgotten')
    expect(await titlesOn(id)).toEqual([])
    expect(await importJson([file, '--retry-uncertain'])).toMatchObject({ code: 0, report: { made: 1, failed: 0 } })
    expect(await titlesOn(id)).toEqual(['Forgotten'])
    expect(await importJson([file])).toMatchObject({ code: 0, report: { made: 0, made_before: 1 } })
  })

  test('because Pinterest knows no keys is not made again, but with --retry-uncertain', async () => {
    const data = join(folder, 'lost-data')
    const serving = await serveProcess(data)
    let isFirst = true
    const pictures = await webServer(async (_, response) => {
      if (isFirst) await serving.kill()
      isFirst = false
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg)
    })
    onTestFinished(pictures.close)
    const file = join(folder, 'lost.csv')
    await writeFile(file, `${header}\nLost,${pictures.url}/a.jpg,Lost,,,,,\n`)
    /** Runs the same import, which takes this server for Pinterest. */
    const ofPinterest = async (...options: string[]) => {
      const imports = [process.execPath, '--', main, 'pins', 'import', file, '--json', ...options]
      const env = { ...as(token, 'https://api.pinterest.com'), XDG_CONFIG_HOME: join(folder, 'config') }
      const command = pinfold(['exec', '--server', serving.url, '--', ...imports], { env })
      const code = await command.ended
      return { code, report: JSON.parse(command.stdout() || command.stderr()) }
    }
    const lost = { code: 5, report: { made: 0, failed: 1, failures: [uncertain] } }
    expect(await ofPinterest()).toMatchObject(lost)
    await serveProcess(data, serving.url)
    expect(await ofPinterest()).toMatchObject(lost)
    expect(await allOf('/pins', { url: serving.url, token })).toEqual([])
    expect(await ofPinterest('--retry-uncertain')).toMatchObject({ code: 0, report: { made: 1, failed: 0 } })
    expect(await allOf('/pins', { url: serving.url, token })).toMatchObject([{ title: 'Lost' }])
  })
})

describe('pinfold pins export', () => {
  test('writes originals and a file that import reads back, and fetches nothing twice', async () => {
    const board = (await server.post('/boards', { name: 'To export' })).body
    const section = (await server.post(`/boards/${board.id}/sections`, { name: 'Part' })).body
    const source = { source_type: 'image_base64', content_type: 'image/jpeg', data: jpeg.toString('base64') }
    const media = { board_id: board.id, media_source: source }
    for (const words of [{ title: '../../A "coat"/', alt_text: 'Alt' }, { description: 'No title' }])
      expect((await server.post('/pins', { ...media, ...words })).status).toBe(201)
    await server.post('/pins', {
      ...media,
      board_section_id: section.id,
      title: 'In a part',
      link: 'https://example.com/',
    })

    const to = join(folder, 'exported')
    const run = async () => {
      const command = pinfold(['pins', 'export', 'To export', '--to', to, '--json'], { env: as(people.alice.token) })
      return { code: await command.ended, summary: JSON.parse(command.stdout()) }
    }
    expect(await run()).toMatchObject({ code: 0, summary: { pins: 3, fetched: 3, failed: 0 } })
    const names = await readdir(to)
    expect(names.sort().map((name) => name.replace(/^\d+/, 'ID'))).toEqual([
      'ID-a-coat.jpg',
      'ID.jpg',
      'ID-in-a-part.jpg',
      'pins.jsonl',
    ])
    const lines = (await readFile(join(to, 'pins.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ title, section }) => [title ?? null, section])).toEqual([
      [expect.stringContaining('coat'), undefined],
      [null, undefined],
      ['In a part', 'Part'],
    ])

    await rm(join(to, names[0] ?? ''))
    expect(await run()).toMatchObject({ code: 0, summary: { pins: 3, fetched: 1 } })

    const back = await importJson([join(to, 'pins.jsonl')], as(people.bob.token))
    expect(back).toMatchObject({ code: 0, report: { made: 3, boards_made: 1, sections_made: 1, notes: [] } })
    const bobs = await allOf('/pins', { token: people.bob.token })
    expect(bobs.map(({ link }) => link).filter(Boolean)).toEqual(['https://example.com/'])

    const none = pinfold(['pins', 'export', 'None', '--to', join(folder, 'none')], { env: as(people.alice.token) })
    expect(await none.ended).toBe(4)
  })

  test('gives files names that are safe everywhere', () => {
    expect(fileNameOf({ id: '12', title: '../CON: a\u202e*?"<>|  Ärger/日本 ' }, '.png')).toBe(
      '12-con-a-ärger-日本.png',
    )
    expect(fileNameOf({ id: '12', title: '/' }, '.jpg')).toBe('12.jpg')
    expect(fileNameOf({ id: '12', title: '𝒳'.repeat(99) }, '.jpg')).toBe(`12-${'𝒳'.repeat(40)}.jpg`)
  })
})

const token = 'pina_crash_000000000000000000'

/**
 * Starts `pinfold serve` with one account and no limits; at the address of `instead` if given, a server that was
 * killed.
 */
async function serveProcess(data: string, instead?: string): Promise<{ url: string; kill(): Promise<void> }> {
  const seed = join(folder, 'crash-seed.json')
  const account = { username: 'crash', password: 'crash-password' }
  const app = { id: '4711', secret: 'a-secret-of-the-shop', name: 'App', owner: 'crash' }
  const tokens = [{ app: app.id, account: account.username, access_token: token }]
  await writeFile(seed, JSON.stringify({ accounts: [account], apps: [app], tokens }))
  const port = instead === undefined ? '0' : new URL(instead).port
  const args = ['--port', port, '--data', data, '--seed', seed, '--rate-limits', 'off', '--durability', 'full']
  const command = pinfold(['serve', ...args])
  const url = await command.ready()
  return { url, kill: () => command.kill() }
}

/** Waits until the journal of `file` has this many Pins. */
async function made(file: string, count: number): Promise<void> {
  const known = async () => {
    const text = await readFile(`${file}.pinfold-journal.jsonl`, 'utf8').catch(() => '')
    return text.split('"made"').length - 1
  }
  await expect.poll(known, { timeout: onThisMachine(600_000) }).toBeGreaterThanOrEqual(count)
}

test(
  `${crashRows} rows become ${crashRows} Pins, though the server and the importer are killed`,
  async () => {
    const big = crashRows > 1000
    const kills = big ? ['server', 'importer', 'server', 'importer', 'server'] : ['server', 'importer']
    const file = join(folder, 'crash.csv')
    const data = join(folder, 'crash-data')
    await writeFile(join(folder, 'a.jpg'), jpeg)
    const rows = Array.from({ length: crashRows }, (_, i) => `Pin ${i},a.jpg,Board ${i % 7}/Part ${i % 3},,Text,,,`)
    await writeFile(file, `${header}\n${rows.join('\n')}\n`)

    let serving = await serveProcess(data)
    const { url } = serving
    const start = () => pinfold(['pins', 'import', file, '--json', '--concurrency', '8'], { env: as(token, url) })
    let importing = start()
    for (const [i, who] of kills.entries()) {
      await made(file, Math.floor((crashRows * (i + 1)) / (kills.length + 2)))
      if (who === 'server') {
        await serving.kill()
        serving = await serveProcess(data, url)
      } else {
        await importing.kill()
        importing = start()
      }
    }
    expect(await importing.ended, importing.stderr()).toBe(0)
    const report = JSON.parse(importing.stdout())
    expect(report).toMatchObject({ rows: crashRows, failed: 0, stopped: null })
    expect(report.made + report.made_before).toBe(crashRows)
    const titles = (await allOf('/pins', { url, token })).map(({ title }) => title)
    expect([titles.length, new Set(titles).size]).toEqual([crashRows, crashRows])
    expect(await allOf('/boards', { url, token })).toHaveLength(7)
  },
  onThisMachine(crashRows * 200 + 60_000),
)

test('while it waits for a rate limit, progress counts down and guesses nothing else (12.26)', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const lines: string[] = []
  const counts = { already: 0, made: 100, failed: 0, total: 200 }
  const progress = new Progress(counts, { write: (text) => lines.push(text) })
  progress.waitForLimit(12)
  progress.waiting = undefined // Another request was answered meanwhile.
  vi.advanceTimersByTime(15_000)
  progress.stop()
  expect(lines).toEqual([
    '100 of 200 rows · 20/s · waiting for the rate limit: 7 s\n',
    '100 of 200 rows · 10/s · waiting for the rate limit: 2 s\n',
    '100 of 200 rows · 6.7/s · about 15 s left\n',
  ])
})

test('progress tells how far it is, how fast it goes and how long it takes', () => {
  const counts = { already: 1000, made: 180, failed: 20, total: 5000 }
  expect(progressLine(counts, 10)).toBe('1200 of 5000 rows · 20 failed · 20/s · about 3 min left')
  expect(progressLine({ already: 0, made: 0, failed: 0, total: 3 }, 0, 'waiting')).toBe('0 of 3 rows · waiting')
})
