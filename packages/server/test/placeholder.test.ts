import { randomUUID } from 'node:crypto'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { uploaded } from '@pinfold/test-support/uploads'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { drawPlaceholder } from '../src/domains/media/placeholder.ts'

let server: TestServer
let board: string
beforeAll(async () => {
  server = await startTestServer({ fetch: 'placeholder' })
  board = (await server.post('/boards', { name: 'Without a network' })).body.id
})

const pinOf = (url: string, headers: Record<string, string> = {}) =>
  server.post('/pins', { board_id: board, media_source: { source_type: 'image_url', url } }, { headers })

describe('where a picture cannot be reached', () => {
  test('a drawn one stands for it, the same for the same address, and the answer says so', async () => {
    const gone = await webServer(() => {})
    await gone.close()
    const [first, again, other] = [
      await pinOf(`${gone.url}/a.jpg`),
      await pinOf(`${gone.url}/a.jpg`),
      await pinOf(gone.url),
    ]
    for (const made of [first, again, other]) {
      expect([made.status, made.headers.get('x-pinfold-placeholder')]).toEqual([201, 'true'])
      expect(made.body.media.images.originals).toMatchObject({ width: 600, height: 900 })
    }
    expect(again.body.media).toEqual(first.body.media)
    expect(other.body.media).not.toEqual(first.body.media)
    const unknown = await pinOf('http://no-such-host.invalid/picture.png')
    expect([unknown.status, unknown.headers.get('x-pinfold-placeholder')]).toEqual([201, 'true'])
  })

  test('so it is with the pictures of a carousel and the cover of a video, and when the same is asked again', async () => {
    const bytes = await picture({ width: 60, height: 90 })
    const web = await webServer((_request, response) => void response.end(bytes))
    const gone = await webServer(() => {})
    await gone.close()
    const there = `${web.url}/a.jpg`
    const missing = `${gone.url}/b.jpg`
    const carousel = (...urls: string[]) => ({
      source_type: 'multiple_image_urls',
      items: urls.map((url) => ({ url })),
    })
    const { id } = await uploaded(server)
    const film = (url: string) => ({ source_type: 'video_id', media_id: id, cover_image_url: url })
    const answered = async (source: object) => {
      const body = { board_id: board, media_source: source }
      const headers = { 'idempotency-key': randomUUID() }
      const [first, again] = [
        await server.post('/pins', body, { headers }),
        await server.post('/pins', body, { headers }),
      ]
      expect([first.status, again.status, again.body]).toEqual([201, 201, first.body])
      return [first, again].map((answer) => answer.headers.get('x-pinfold-placeholder'))
    }
    expect(await answered(carousel(there, missing))).toEqual(['true', 'true'])
    expect(await answered(film(missing))).toEqual(['true', 'true'])
    expect(await answered({ source_type: 'image_url', url: missing })).toEqual(['true', 'true'])
    expect(await answered(carousel(there, there))).toEqual([null, null])
    expect(await answered(film(there))).toEqual([null, null])
    await web.close()
  })

  test('one that can be reached is taken, and what is no picture is refused', async () => {
    const bytes = await picture({ hue: 3 })
    const web = await webServer(({ url }, response) => {
      if (url === '/gone') response.writeHead(404).end()
      else response.end(url === '/text' ? 'text' : bytes)
    })
    const made = await pinOf(`${web.url}/picture`)
    expect([made.status, made.headers.get('x-pinfold-placeholder')]).toEqual([201, null])
    expect(made.body.media.images.originals).toMatchObject({ width: 40, height: 60 })
    expect((await pinOf(`${web.url}/gone`)).body.message).toContain(
      'Unable to reach the URL. It answered with status 404',
    )
    expect((await pinOf(`${web.url}/text`)).body.message).toContain('The picture cannot be used.')
    await web.close()
  })

  test('addresses that are not fetched from are refused all the same', async () => {
    for (const url of ['http://10.0.0.1/a.jpg', 'http://169.254.169.254/', 'ftp://example.com/a.jpg'])
      expect(await pinOf(url), url).toMatchObject({ status: 400, body: { code: 1 } })
  })

  test('the address is there to be read, in letters that need no fonts', async () => {
    const dark = async (address: string) => {
      const { data, info } = await sharp(await drawPlaceholder(address))

        .removeAlpha()
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true })
      const rows = Array.from({ length: info.height }, (_, y) =>
        data.subarray(y * info.width + 40, (y + 1) * info.width - 40),
      )
      return rows.map((row) => row.filter((value) => value < 128).length)
    }
    const inked = (rows: number[], from: number, to: number) => rows.slice(from, to).some((count) => count > 0)
    const short = await dark('HTTP://L')
    expect([inked(short, 144, 174), inked(short, 175, 800)]).toEqual([true, false])
    const long = await dark(`https://example.com/${'x'.repeat(5000)}`)
    expect([inked(long, 738, 768), inked(long, 769, 860)]).toEqual([true, false])
    // An L of five points: the foot is three points wide, the stem one.
    const letter = await dark('L')
    expect([letter[147], letter[171]]).toEqual([6, 18])
  })
})
