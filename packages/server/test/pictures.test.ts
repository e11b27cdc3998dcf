import { existsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { drawing, picture, webServer } from '@pinfold/test-support/pictures'
import { type Answer, allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { filesBelow, type ServerState, serverState } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import sharp, { type Sharp } from 'sharp'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { MainColour } from '../src/domains/looks/main-colours.ts'
import { distance, oklabOfHex } from '../src/domains/looks/oklab.ts'
import { differingBits } from '../src/domains/looks/perceptual-hash.ts'

const formats = ['jpeg', 'png', 'gif', 'webp', 'avif'] as const
type Format = (typeof formats)[number]
const renditions = ['150x150', '400x300', '600x', '1200x', 'originals'] as const
type Images = Record<(typeof renditions)[number], { url: string; width: number; height: number }>

/** A token of Alice's that sees nothing secret. */
const publicOnly = 'pina_alice_public_only_00000'

let server: TestServer
let state: ServerState
let dataDir: string
let board: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pinfold-pictures-'))
  server = await startTestServer({
    ephemeral: false,
    dataDir,
    tokens: [
      {
        text: publicOnly,
        scopes: allScopesBut('boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret'),
      },
    ],
  })
  state = serverState(dataDir)
  board = await newBoard('Pictures')
  return async () => {
    state.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})

/** Throughout, the files on disk match the table of pictures. */
beforeEach(() => expectNothingLeftOver())

async function newBoard(name: string, privacy = 'PUBLIC', token: string = people.alice.token): Promise<string> {
  return (await server.post('/boards', { name, privacy }, { token })).body.id
}

function createPin(mediaSource: object, more: object = {}, token: string = people.alice.token): Promise<Answer> {
  return server.post('/pins', { board_id: board, media_source: mediaSource, ...more }, { token })
}

const inBase64 = (bytes: Buffer, contentType = 'image/jpeg') => ({
  source_type: 'image_base64',
  content_type: contentType,
  data: bytes.toString('base64'),
})

/** Makes a Pin of these bytes; the test fails if there is none. */
async function pinOf(bytes: Buffer, more: object = {}): Promise<{ id: string; images: Images; color: string }> {
  const { status, body, text } = await createPin(inBase64(bytes), more)
  expect(status, text).toBe(201)
  return { id: body.id, images: body.media.images, color: body.dominant_color }
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url)
  expect(response.status, url).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

/** Checks that a picture's renditions are what the server says. */
async function expectTrueSizes(images: Images): Promise<void> {
  expect(Object.keys(images).sort()).toEqual([...renditions].sort())
  for (const name of renditions) {
    const { autoOrient, format } = await sharp(await download(images[name].url)).metadata()
    expect([autoOrient.width, autoOrient.height], name).toEqual([images[name].width, images[name].height])
    if (name !== 'originals') expect(format).toBe('jpeg')
  }
}

const refusal = async (answer: Promise<Answer>): Promise<string> => {
  const { status, body, text } = await answer
  expect([status, body?.code], text).toEqual([400, 1])
  return body.message
}

const pictureFolder = ({ originals }: Images): string => {
  const key = /([0-9a-f]{32})/.exec(originals.url)?.[1] ?? ''
  return join(dataDir, 'media', key.slice(0, 2), key)
}

function expectNothingLeftOver(): void {
  const kept = state.all('SELECT key, format FROM pictures').flatMap(({ key, format }) => {
    const original = `originals.${format === 'jpeg' ? 'jpg' : format}`
    const names = [...renditions.slice(0, 4).map((name) => `${name}.jpg`), '360x.webp', original]
    return names.map((name) => join(`${key}`.slice(0, 2), `${key}`, name))
  })
  expect(filesBelow(join(dataDir, 'media'))).toEqual(kept.sort())
  expect(state.all('SELECT * FROM picture_sweeps')).toEqual([])
  const uses = 'SELECT count(*) FROM pins WHERE picture_key = pictures.key'
  expect(state.all(`SELECT key FROM pictures WHERE uses <> (${uses})`)).toEqual([])
}

describe('a Pin can be made', () => {
  test.each(formats)('of a %s, whatever it is said to be', async (format) => {
    const lie = format === 'png' ? 'image/jpeg' : 'image/png'
    const { images } = (await createPin(inBase64(await picture({ hue: 7 }, format), lie))).body.media
    await expectTrueSizes(images)
    expect(images.originals).toMatchObject({ width: 40, height: 60 })
    expect(images.originals.url).toMatch(new RegExp(`/media/originals/[0-9a-f]{32}\\.${extension(format)}$`))
    const served = await fetch(images.originals.url)
    expect(served.headers.get('content-type')).toBe(`image/${format}`)
  })

  test.each(formats)('of a %s on the web, whatever its name and type say', async (format) => {
    const bytes = await picture({ hue: 90 }, format)
    const web = await webServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(bytes))
    const made = await createPin({ source_type: 'image_url', url: `${web.url}/page.txt?a=1`, data: 'ignored' })
    await web.close()
    expect(made.status, made.text).toBe(201)
    expect(made.body.media.images.originals.url).toMatch(new RegExp(`\\.${extension(format)}$`))
    expect((await server.get(`/pins/${made.body.id}`)).body).toEqual(made.body)
  })

  test('of a single pixel', async () => {
    const { images } = await pinOf(await picture({ width: 1, height: 1 }, 'png'))
    await expectTrueSizes(images)
    const sizes = renditions.map((name) => [images[name].width, images[name].height])
    expect(sizes).toEqual([
      [150, 150],
      [400, 300],
      [1, 1],
      [1, 1],
      [1, 1],
    ])
  })

  test('of a large picture, which is made smaller, never larger', async () => {
    const { images } = await pinOf(await picture({ width: 3000, height: 2000 }, 'webp'))
    await expectTrueSizes(images)
    expect([images['600x'], images['1200x']]).toMatchObject([
      { width: 600, height: 400 },
      { width: 1200, height: 800 },
    ])
    const smaller = await pinOf(await picture({ width: 700, height: 100 }))
    expect([smaller.images['600x'].width, smaller.images['1200x'].width]).toEqual([600, 700])
  })

  test.each([
    [1, 20_000],
    [20_000, 1],
    [2, 30_000],
  ])('of a very long picture, %i × %i', async (width, height) => {
    const { images } = await pinOf(await picture({ width, height }, 'png'))
    await expectTrueSizes(images)
    expect(images.originals).toMatchObject({ width, height })
  })

  test('of a photo, whose renditions look like it, as it does to searches by colour and for duplicates', async () => {
    const shapes = `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="#1e3a8a"/><stop offset="1" stop-color="#fdba74"/>
      </linearGradient><rect width="1600" height="1200" fill="url(#sky)"/><circle cx="1150" cy="420" r="190" fill="#fef08a"/>
      <path d="M0 900 L500 520 L900 860 L1300 600 L1600 880 V1200 H0 Z" fill="#14532d"/>`
    const bytes = await drawing(shapes, { width: 1600, height: 1200 }).jpeg({ quality: 92 }).toBuffer()
    const { images, color } = await pinOf(bytes)
    for (const name of ['150x150', '400x300', '600x', '1200x'] as const) {
      const { width, height } = images[name]
      const drawn = await sharp(await download(images[name].url))
        .raw()
        .toBuffer()
      const expected = await sharp(bytes).resize({ width, height, fit: 'cover' }).raw().toBuffer()
      const off = drawn.reduce((sum, byte, i) => sum + Math.abs(byte - (expected[i] ?? 0)), 0) / drawn.length
      expect(off, `${name}: levels of 255 that a pixel is off`).toBeLessThan(2)
    }
    // What the server said before its cascade was made faster.
    expect(color).toBe('#185828')
    const [stored] = state.all('SELECT look FROM pictures ORDER BY created_at DESC, rowid DESC LIMIT 1')
    const { hash, colours } = JSON.parse(`${stored?.look}`)
    expect(differingBits(hash, 'bc9622877644337b')).toBeLessThanOrEqual(2)
    const before = { '#15532e': 40, '#575b84': 18, '#2f4388': 16, '#84757f': 13, '#fdf08b': 5 }
    for (const [hex, share] of Object.entries(before)) {
      const near = colours.find((each: MainColour) => distance(oklabOfHex(each.hex), oklabOfHex(hex)) < 0.01)
      expect(Math.abs((near?.share ?? 0) - share), hex).toBeLessThanOrEqual(1)
    }
  })

  test('of a transparent one, which stands on white', async () => {
    const glass = { r: 255, g: 0, b: 0, alpha: 0 }
    const bytes = await sharp({ create: { width: 30, height: 30, channels: 4, background: glass } })
      .png()
      .toBuffer()
    const { images, color } = await pinOf(bytes)
    await expectTrueSizes(images)
    expect(await colorAt(images['1200x'].url, 15, 15)).toEqual([255, 255, 255])
    expect(color).toBe('#f8f8f8')
    expect((await sharp(await download(images.originals.url)).metadata()).hasAlpha).toBe(true)
  })

  const oddities: [string, (plain: Sharp) => Sharp][] = [
    ['CMYK JPEG', (plain) => plain.toColourspace('cmyk').jpeg()],
    ['16-bit PNG', (plain) => plain.toColourspace('rgb16').png()],
    ['16-bit grey PNG', (plain) => plain.toColourspace('grey16').png()],
    ['palette PNG', (plain) => plain.png({ palette: true })],
    ['grey JPEG', (plain) => plain.toColourspace('b-w').jpeg()],
    ['progressive JPEG', (plain) => plain.jpeg({ progressive: true })],
    ['lossless WebP', (plain) => plain.webp({ lossless: true })],
    ['Display P3 JPEG', (plain) => plain.withIccProfile('p3').jpeg()],
  ]
  test.each(oddities)('of a %s', async (_, make) => {
    const background = { r: 40, g: 110, b: 200 }
    const bytes = await make(sharp({ create: { width: 50, height: 40, channels: 3, background } })).toBuffer()
    const { images } = await pinOf(bytes)
    await expectTrueSizes(images)
    for (const name of renditions.slice(0, 4)) {
      const { space, channels } = await sharp(await download(images[name as '600x'].url)).metadata()
      expect([space, channels], name).toEqual(['srgb', 3])
    }
  })

  test('of a moving GIF, which goes on moving, with its first frame in the renditions', async () => {
    const frames = await Promise.all([1, 2, 3].map((hue) => picture({ hue: hue * 60, width: 20, height: 20 }, 'png')))
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    const { images } = await pinOf(bytes)
    const original = await sharp(await download(images.originals.url), { animated: true }).metadata()
    expect([original.pages, images.originals.height]).toEqual([3, 20])
    expect(await colorAt(images['1200x'].url, 10, 10)).toEqual(await firstColor(frames[0]))
  })
})

describe('a picture taken with the camera held sideways', () => {
  /** Red on its left, blue on its right, as stored. */
  const stored = (orientation: number) =>
    sharp({ create: { width: 80, height: 40, channels: 3, background: 'red' } })
      .composite([
        {
          input: Buffer.from('<svg width="40" height="40"><rect width="40" height="40" fill="blue"/></svg>'),
          left: 40,
          top: 0,
        },
      ])
      .withMetadata({ orientation })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer()

  /** Where the red half is when a viewer has turned it. */
  const redSide = ['left', 'right', 'right', 'left', 'top', 'top', 'bottom', 'bottom'] as const
  test.each(redSide.map((side, index) => [index + 1, side] as const))(
    'orientation %i: stands upright in every rendition, red %s',
    async (orientation, side) => {
      const { images } = await pinOf(await stored(orientation))
      await expectTrueSizes(images)
      const turned = side === 'top' || side === 'bottom'
      expect(images.originals).toMatchObject(turned ? { width: 40, height: 80 } : { width: 80, height: 40 })
      for (const name of ['600x', '1200x', 'originals'] as const) {
        const { width, height, url } = images[name]
        const [x, y] = {
          left: [4, height / 2],
          right: [width - 4, height / 2],
          top: [width / 2, 4],
          bottom: [width / 2, height - 4],
        }[side]
        const [red = 0, , blue = 255] = await colorAt(url, x ?? 0, y ?? 0)
        expect(red > 200 && blue < 60, name).toBe(true)
      }
    },
  )
})

describe('what a camera writes beside the picture', () => {
  test.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'is gone from a %s that is served: place, maker, words',
    async (format) => {
      const bytes = await sharp({ create: { width: 20, height: 20, channels: 3, background: 'green' } })
        .withExif({
          IFD0: { Copyright: 'Somebody Private', Make: 'Acme Camera' },
          IFD3: {
            GPSLatitudeRef: 'N',
            GPSLatitude: '51/1 30/1 3230/100',
            GPSLongitudeRef: 'W',
            GPSLongitude: '0/1 7/1 4366/100',
          },
        })
        .toFormat(format)
        .toBuffer()
      expect(bytes.includes('Somebody Private')).toBe(true)
      const { images } = await pinOf(bytes)
      for (const name of renditions) {
        const served = await download(images[name].url)
        expect((await sharp(served).metadata()).exif, name).toBeUndefined()
        for (const word of ['Somebody Private', 'Acme Camera', 'GPS']) expect(served.includes(word), name).toBe(false)
      }
    },
  )
})

describe('a picture is refused', () => {
  test('when it is larger than 20 MB (12.22), sent along or fetched', async () => {
    const jpeg = await picture({ hue: 33 })
    const ofSize = (size: number) =>
      Buffer.concat([jpeg.subarray(0, 2), comments(size - jpeg.length), jpeg.subarray(2)])
    const tooLarge = ofSize(20_000_001)
    expect(await refusal(createPin(inBase64(tooLarge)))).toBe('The picture cannot be used. It is larger than 20 MB.')
    const web = await webServer((_, response) => response.end(tooLarge))
    const fetched = createPin({ source_type: 'image_url', url: web.url })
    expect(await refusal(fetched)).toBe('The picture cannot be used. It is larger than 20 MB.')
    await web.close()

    const { id, images } = await pinOf(ofSize(20_000_000))
    expect((await download(images.originals.url)).length).toBeLessThan(jpeg.length + 100)
    await server.delete(`/pins/${id}`)
  })

  test('when it has more than 50 megapixels, before any is decoded', async () => {
    const bomb = greyPng(8000, 7500, deflateSync(Buffer.alloc((8000 / 8 + 1) * 7500)))
    const without = greyPng(8000, 7500, Buffer.alloc(0))
    for (const bytes of [bomb, without])
      expect(await refusal(createPin(inBase64(bytes)))).toBe(
        'The picture cannot be used. It has 8000 × 7500 pixels; 50000000 are the most.',
      )
    expect(await refusal(createPin(inBase64(greyPng(2 ** 31 - 1, 2 ** 31 - 1, Buffer.alloc(0)))))).toContain(
      'cannot be used',
    )
  })

  test.each([
    [1, 49_000_000],
    [30_001, 1],
  ])('when a side is longer than 30,000 pixels (12.3): %i × %i', async (width, height) => {
    const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))
    expect(await refusal(createPin(inBase64(greyPng(width, height, rows))))).toBe(
      `The picture cannot be used. It is ${width} × ${height} pixels; a side may have 30000 at most.`,
    )
  })

  test.each(formats)('when it is a %s that was cut off', async (format) => {
    const noise = await sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .toFormat(format)
      .toBuffer()
    for (const part of [0.001, 0.1, 0.5, 0.9, 0.99]) {
      const bytes = noise.subarray(0, Math.max(12, Math.floor(noise.length * part)))
      expect(await refusal(createPin(inBase64(bytes))), `${part}`).toContain('The picture cannot be used.')
    }
  })

  const impostors: Record<string, Buffer> = {
    'plain text': Buffer.from('These are only words.'),
    HTML: Buffer.from('<!doctype html><script>alert(1)</script>'),
    SVG: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'),
    'SVG after XML': Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    PDF: Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj'),
    BMP: Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)]),
    TIFF: Buffer.from('II*\0\x08\0\0\0\0\0', 'latin1'),
    'a JPEG in name only': Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<html>')]),
    'a GIF in name only': Buffer.from('GIF89a<script>alert(1)</script>'),
    nothing: Buffer.alloc(0),
    zeros: Buffer.alloc(1000),
  }
  test.each(Object.entries(impostors))('when it is %s named .jpg', async (_, bytes) => {
    const web = await webServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(bytes),
    )
    const answer = createPin({ source_type: 'image_url', url: `${web.url}/picture.jpg` })
    expect(await refusal(answer)).toContain('The picture cannot be used.')
    await web.close()
    if (bytes.length > 0) expect(await refusal(createPin(inBase64(bytes)))).toContain('The picture cannot be used.')
  })

  test('when it is not base64 in one line', async () => {
    const source = inBase64(await picture())
    const wrong = ['', `${source.data.slice(0, 76)}\n${source.data.slice(76)}`, ' ', '-_-_']
    for (const data of wrong)
      expect(await refusal(createPin({ ...source, data }))).toContain("does not match '^[a-zA-Z0-9+/=]+$'")
    const asAddress = createPin({ ...source, data: `data:image/jpeg;base64,${source.data}` })
    expect(await refusal(asAddress)).toContain("'data' must be the")
  })
})

describe('the same picture', () => {
  test('is stored once, however it comes, and goes with the last Pin', async () => {
    const bytes = await picture({ hue: 77 })
    const web = await webServer((_, response) => response.end(bytes))
    const first = await pinOf(bytes)
    const fetched = await createPin({ source_type: 'image_url', url: web.url })
    await web.close()
    expect(fetched.body.media.images).toEqual(first.images)
    expectNothingLeftOver()

    await server.delete(`/pins/${first.id}`)
    await download(first.images['600x'].url)
    expect(existsSync(pictureFolder(first.images))).toBe(true)

    await server.delete(`/pins/${fetched.body.id}`)
    expect((await fetch(first.images['600x'].url)).status).toBe(404)
    expect(existsSync(pictureFolder(first.images))).toBe(false)

    const again = await pinOf(bytes)
    expect(again.images.originals.url).not.toBe(first.images.originals.url)
    await expectTrueSizes(again.images)
  })

  test('has another address for each account, and none tells that the other has it (12.9)', async () => {
    const bytes = await picture({ hue: 75 })
    const alices = await pinOf(bytes)
    const bobsBoard = await newBoard('Also here', 'PUBLIC', people.bob.token)
    const pinAsBob = () => createPin(inBase64(bytes), { board_id: bobsBoard }, people.bob.token)
    const bobs = (await pinAsBob()).body
    const keyOf = (images: Images) => /([0-9a-f]{32})/.exec(images.originals.url)?.[1]
    expect(keyOf(bobs.media.images)).not.toBe(keyOf(alices.images))
    expect((await pinAsBob()).body.media.images).toEqual(bobs.media.images)
    await expectTrueSizes(bobs.media.images)

    // Nothing that Bob deleted is left for him, though Alice still has it; hers is unchanged.
    await server.delete(`/boards/${bobsBoard}`, { token: people.bob.token })
    expect((await fetch(bobs.media.images['600x'].url)).status).toBe(404)
    await expectTrueSizes(alices.images)
    expectNothingLeftOver()
  })

  test('on a secret board is not told to who may not see it: it is made anew for an app without those scopes (12.9)', async () => {
    const bytes = await picture({ hue: 74 })
    const hidden = (await createPin(inBase64(bytes), { board_id: await newBoard('Hidden', 'SECRET') })).body
    const open = (await createPin(inBase64(bytes), {}, publicOnly)).body
    expect(open.media.images.originals.url).not.toBe(hidden.media.images.originals.url)
    await server.delete(`/pins/${hidden.id}`)
    await server.delete(`/pins/${open.id}`)
  })

  test('of two accounts takes the space of one when the server has had the time (12.9)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-once-'))
    const other = await startTestServer({ ephemeral: false, dataDir: folder })
    const source = inBase64(await picture({ hue: 73 }, 'png'))
    for (const { token } of [people.alice, people.bob]) {
      const { id } = (await other.post('/boards', { name: 'Mine' }, { token })).body
      expect((await other.post('/pins', { board_id: id, media_source: source }, { token })).status).toBe(201)
    }
    await other.close()
    const files = filesBelow(join(folder, 'media')).map((file) => statSync(join(folder, 'media', file)))
    expect(files.map(({ nlink }) => nlink)).toEqual(Array(12).fill(2))
    expect(new Set(files.map(({ ino }) => ino)).size).toBe(6)
    await expectSound(folder)
    await rm(folder, { recursive: true, force: true })
  })

  test('is stored once when ten Pins are made of it at the same moment', async () => {
    const bytes = await picture({ hue: 78 })
    const pins = await Promise.all(Array.from({ length: 10 }, () => pinOf(bytes)))
    expect(new Set(pins.map(({ images }) => images.originals.url)).size).toBe(1)
    expectNothingLeftOver()
    await Promise.all(pins.map(({ id }) => server.delete(`/pins/${id}`)))
    expectNothingLeftOver()
  })

  test('is there for whoever comes while the last Pin is being deleted', async () => {
    const bytes = await picture({ hue: 79 })
    let last = await pinOf(bytes)
    for (let round = 0; round < 10; round++) {
      const [next] = await Promise.all([pinOf(bytes), server.delete(`/pins/${last.id}`)])
      await expectTrueSizes(next.images)
      last = next
    }
    expectNothingLeftOver()
  })

  test('goes with its board and with its section', async () => {
    const gone = await newBoard('Goes')
    const section = (await server.post(`/boards/${gone}/sections`, { name: 'Part' })).body.id
    const inBoard = await pinOf(await picture({ hue: 80 }), { board_id: gone })
    const inSection = await pinOf(await picture({ hue: 81 }), { board_id: gone, board_section_id: section })
    await server.delete(`/boards/${gone}/sections/${section}`)
    expect([existsSync(pictureFolder(inSection.images)), existsSync(pictureFolder(inBoard.images))]).toEqual([
      false,
      true,
    ])
    await server.delete(`/boards/${gone}`)
    expect(existsSync(pictureFolder(inBoard.images))).toBe(false)
  })
})

describe('saving', () => {
  const save = (pin: string, boardId: string, token: string = people.alice.token) =>
    server.post(`/pins/${pin}/save`, { board_id: boardId }, { token })

  test('makes a new Pin that shares the picture and names its parent', async () => {
    const other = await newBoard('Saved to')
    const source = inBase64(await picture({ hue: 140 }))
    const words = { title: 'A cup', description: 'Salt-glazed', link: 'https://example.com/cup', alt_text: 'A cup' }
    const original = (await createPin(source, words)).body
    const saved = await save(original.id, other)
    expect(saved.status).toBe(201)
    expect(saved.body).toEqual({ ...original, id: saved.body.id, board_id: other, parent_pin_id: original.id })
    expect(saved.body.id).not.toBe(original.id)
    expect((await server.get(`/boards/${other}`)).body).toMatchObject({ pin_count: 1 })
    expectNothingLeftOver()

    await server.delete(`/pins/${original.id}`)
    await expectTrueSizes(saved.body.media.images)
    expect((await server.get(`/pins/${saved.body.id}`)).body.parent_pin_id).toBe(original.id)
    await server.delete(`/pins/${saved.body.id}`)
    expect(existsSync(pictureFolder(saved.body.media.images))).toBe(false)
  })

  test('is for everybody on a public board, and for nobody else on a protected or secret one', async () => {
    const { token } = people.bob
    const onBoard = async (privacy: string) => {
      const boardId = await newBoard(`Bob's ${privacy}`, privacy, token)
      return (await createPin(inBase64(await picture({ hue: 150 })), { board_id: boardId }, token)).body
    }
    const [open, guarded, hidden] = [await onBoard('PUBLIC'), await onBoard('PROTECTED'), await onBoard('SECRET')]
    const saved = await save(open.id, board)
    expect([saved.status, saved.body.parent_pin_id, saved.body.board_owner]).toEqual([
      201,
      open.id,
      { username: 'alice' },
    ])
    expect((await save(guarded.id, board)).body).toMatchObject({ code: 29 })
    expect((await save(hidden.id, board)).body).toEqual({ code: 50, message: 'Pin not found.' })
    for (const { id, board_id } of [guarded, hidden]) expect((await save(id, board_id, token)).status).toBe(201)
  })
})

describe('a picture on the wire', () => {
  let images: Images
  beforeAll(async () => {
    images = (await pinOf(await picture({ hue: 160 }, 'png'))).images
  })

  test.each(renditions)('%s: never changes, and is nothing but a picture', async (name) => {
    const { url } = images[name]
    const response = await fetch(url)
    const body = Buffer.from(await response.arrayBuffer())
    const type = name === 'originals' ? 'image/png' : 'image/jpeg'
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(body.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'accept-ranges': 'bytes',
      'x-pinterest-rid': expect.stringMatching(/^\d+$/),
    })
    const etag = response.headers.get('etag') ?? ''

    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag'), await head.text()]).toEqual([
      200,
      String(body.length),
      etag,
      '',
    ])
    const known = await fetch(url, { headers: { 'if-none-match': etag } })
    expect([known.status, await known.text(), known.headers.get('etag')]).toEqual([304, '', etag])
    for (const tags of [`W/${etag}`, `"another", ${etag}`, '*'])
      expect((await fetch(url, { headers: { 'if-none-match': tags } })).status, tags).toBe(304)
    const changed = await fetch(url, { headers: { 'if-none-match': '"another"' } })
    expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, body.length])
  })

  test('has a rendition for the columns of the web app, which no Pin names', async () => {
    const { images: tall } = await pinOf(await picture({ hue: 161, width: 1500, height: 3000 }))
    expect(Object.keys(tall)).toEqual(renditions)
    const response = await fetch(tall['600x'].url.replace(/\/600x\/(\w+)\.jpg$/, '/360x/$1.webp'))
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'image/webp',
      'public, max-age=31536000, immutable',
    ])
    const { format, width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
    expect([format, width, height]).toEqual(['webp', 360, 720])
  })

  test('is given in part, too', async () => {
    const { url } = images.originals
    const whole = await fetch(url)
    const bytes = Buffer.from(await whole.arrayBuffer())
    const etag = whole.headers.get('etag') ?? ''
    const size = bytes.length
    const part = async (range: string, more: Record<string, string> = {}) => {
      const response = await fetch(url, { headers: { range, ...more } })
      return {
        status: response.status,
        range: response.headers.get('content-range'),
        length: response.headers.get('content-length'),
        bytes: Buffer.from(await response.arrayBuffer()),
      }
    }
    const expected = (start: number, end: number) => ({
      status: 206,
      range: `bytes ${start}-${end}/${size}`,
      length: String(end - start + 1),
      bytes: bytes.subarray(start, end + 1),
    })
    expect(await part('bytes=0-0')).toEqual(expected(0, 0))
    expect(await part('bytes=5-9')).toEqual(expected(5, 9))
    expect(await part('bytes=10-')).toEqual(expected(10, size - 1))
    expect(await part('Bytes = -7')).toEqual(expected(size - 7, size - 1))
    expect(await part(`bytes=-${size + 5}`)).toEqual(expected(0, size - 1))
    expect(await part(`bytes=3-${size + 100}`)).toEqual(expected(3, size - 1))
    expect(await part('bytes=5-9', { 'if-range': etag })).toEqual(expected(5, 9))
    for (const notUnderstood of ['bytes=9-5', 'bytes=-', 'lines=1-2', 'bytes=0-1,3-4', 'bytes=a-b', ''])
      expect(await part(notUnderstood), notUnderstood).toMatchObject({ status: 200, range: null, bytes })
    for (const other of ['"another"', `W/${etag}`, 'Wed, 21 Oct 2026 07:28:00 GMT'])
      expect(await part('bytes=5-9', { 'if-range': other }), other).toMatchObject({ status: 200, bytes })
    for (const past of [`bytes=${size}-`, `bytes=${size + 1}-${size + 2}`, 'bytes=-0', 'bytes=99999999999999999999-']) {
      const answer = await part(past)
      expect([past, answer.status, answer.range]).toEqual([past, 416, `bytes */${size}`])
      expect(JSON.parse(answer.bytes.toString())).toMatchObject({ code: 1 })
    }
    const head = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=0-0' } })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(size)])
    const known = await fetch(url, { headers: { range: 'bytes=0-0', 'if-none-match': etag } })
    expect(known.status).toBe(304)
  })

  test('is served as what it was checked to be, with whatever stands behind it', async () => {
    const page = Buffer.from('<html><script>alert(1)</script></html>')
    const { images } = await pinOf(Buffer.concat([await picture({ hue: 161 }, 'gif'), page]))
    const served = await fetch(images.originals.url, { headers: { accept: 'text/html' } })
    expect(Object.fromEntries(served.headers)).toMatchObject({
      'content-type': 'image/gif',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(Buffer.from(await served.arrayBuffer()).includes('<script>')).toBe(false)
    for (const ending of ['html', 'svg', 'js', 'jpg', 'mp4'])
      expect((await fetch(images.originals.url.replace(/gif$/, ending))).status, ending).toBe(404)
  })

  test('has an address that only fits one file', async () => {
    const key = /([0-9a-f]{32})/.exec(images.originals.url)?.[1] ?? ''
    const wrong = [
      `/media/600x/${'0'.repeat(32)}.jpg`,
      `/media/600x/${key}.png`,
      `/media/360x/${'0'.repeat(32)}.webp`,
      `/media/360x/${key}.jpg`,
      `/media/originals/${key}.jpg`,
      `/media/originals/${key}`,
      `/media/originals/${key}.svg`,
      `/media/original/${key}.png`,
      `/media/1200X/${key}.jpg`,
      `/media/600x/${key.toUpperCase()}.jpg`,
      `/media/600x/${key}.jpg/`,
      '/media/600x/',
      `/media/${key.slice(0, 2)}/${key}/600x.jpg`,
      '/media/avatars/1.png',
      '/media/avatars/x.png',
    ]
    for (const path of wrong) {
      const response = await fetch(`${server.url}${path}`)
      if (path.endsWith('.jpg/')) continue
      const answer = await response.json()
      expect([response.status, answer], path).toEqual([404, { code: expect.any(Number), message: expect.any(String) }])
      expect(response.headers.get('cache-control'), path).toBeNull()
      expect(response.headers.get('etag'), path).toBeNull()
    }
    expect((await fetch(images['600x'].url, { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(images['600x'].url, { method: 'POST', body: 'x' })).status).toBeLessThan(500)
  })

  test('is all that can be had: no path leads out of the folder', async () => {
    const ups = ['../pinfold.db', '..%2fpinfold.db', '%2e%2e/pinfold.db', '..%5cpinfold.db', '....//pinfold.db']
    const paths = [
      ...ups.flatMap((up) => [
        `/media/${up}`,
        `/media/600x/${up}`,
        `/media/600x/../${up}`,
        `/media/600x/..%2f..%2f${up}`,
      ]),
      '/media/600x/%00.jpg',
      '/media/600x/%zz.jpg',
      '/media//etc/passwd',
      '/media/%2fetc%2fpasswd',
      `/media/600x/${'0'.repeat(32)}.jpg%00.png`,
      `/media/__proto__/${'0'.repeat(32)}.jpg`,
      '/media/.staging/x.jpg',
      `/media/600x/${'x'.repeat(5000)}.jpg`,
    ]
    for (const path of paths) {
      const { status, body } = await getAsItIs(path)
      expect([path, status >= 400 && status < 500]).toEqual([path, true])
      expect(JSON.parse(body), path).toMatchObject({ code: expect.any(Number), message: expect.any(String) })
      expect(body).not.toContain('SQLite')
    }
  })

  test('stands for the account too', async () => {
    const { profile_image: url } = (await server.get('/user_account')).body
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await sharp(Buffer.from(await response.arrayBuffer())).metadata()).width).toBe(280)
  })

  /** Sends a GET whose path is not normalised on the way. */
  function getAsItIs(path: string): Promise<{ status: number; body: string }> {
    const { hostname, port } = new URL(server.url)
    return new Promise((resolve, reject) => {
      httpRequest({ hostname, port, path }, async (response) => {
        const parts: Buffer[] = []
        for await (const part of response) parts.push(part)
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() })
      })
        .on('error', reject)
        .end()
    })
  }
})

const extension = (format: Format) => (format === 'jpeg' ? 'jpg' : format)

/** Returns the colour of one pixel as a viewer sees it. */
async function colorAt(url: string, x: number, y: number): Promise<number[]> {
  const upright = await sharp(await download(url))
    .autoOrient()
    .png()
    .toBuffer()
  const pixel = sharp(upright).extract({ left: Math.floor(x), top: Math.floor(y), width: 1, height: 1 })
  return [...(await pixel.removeAlpha().raw().toBuffer())]
}

/** Returns the colour of a picture of one colour after JPEG compression. */
async function firstColor(bytes: Buffer | undefined): Promise<number[]> {
  const jpeg = await sharp(bytes).jpeg({ quality: 82 }).toBuffer()
  return [...(await sharp(jpeg).extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer())]
}

/** Returns JPEG comments of `size` bytes in all. */
function comments(size: number): Buffer {
  const most = 65_537
  const sizes = Array.from({ length: Math.ceil(size / most) }, (_, i) => Math.min(most, size - i * most))
  return Buffer.concat(
    sizes.map((length) => {
      const segment = Buffer.alloc(length)
      segment.writeUInt16BE(0xfffe, 0)
      segment.writeUInt16BE(length - 2, 2)
      return segment
    }),
  )
}

/** Returns a PNG of one bit per pixel, with these compressed rows. */
function greyPng(width: number, height: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const chunks = [chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([size, named, sum])
}
