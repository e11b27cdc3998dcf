import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
const boards: Record<string, string> = {}
const pins: Record<string, string> = {}
const sections: Record<string, string> = {}
const title = 'Cup <b>"of" & salt'

/** Asks for a page as a browser does. */
const open = (path: string, headers: Record<string, string> = {}) =>
  server.get(`${server.url}${path}`, { token: null, headers: { accept: 'text/html', ...headers } })
/** The data in a page: no script, and between its tags nothing ends it. */
const dataPattern = /<script type="application\/json" id="first-answers">([^<]*)<\/script>/
const withoutData = (html: string): string => html.replace(dataPattern, '')
const dataIn = (html: string): Record<string, unknown> => JSON.parse(dataPattern.exec(html)?.[1] ?? '')
const assetsIn = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')

beforeAll(async () => {
  server = await startTestServer()
  for (const privacy of ['PUBLIC', 'PROTECTED', 'SECRET']) {
    const { body: board } = await server.post('/boards', {
      name: `A ${privacy} board`,
      privacy,
      description: 'On clay',
    })
    const media_source = await base64Source(privacy.length)
    const words = { title: `${title} ${privacy}`, description: 'From the kiln\u0007', alt_text: 'A cup' }
    const { body: section } = await server.post(`/boards/${board.id}/sections`, { name: 'Shelf' })
    sections[privacy] = section.id
    const { body: pin } = await server.post('/pins', { board_id: board.id, media_source, ...words })
    boards[privacy] = board.id
    pins[privacy] = pin.id
  }
})

describe('the page of the app', () => {
  const addresses = () => [
    '/',
    '/following',
    '/for-you',
    `/pin/${pins.PUBLIC}`,
    `/board/${boards.PUBLIC}`,
    `/board/${boards.PUBLIC}/section/${sections.PUBLIC}`,
    '/u/alice',
    '/u/alice/pins',
  ]

  test('is at each of its addresses, and takes scripts and styles from this server alone, none within it', async () => {
    for (const path of addresses()) {
      const { status, headers, text } = await open(path)
      expect([path, status]).toEqual([path, 200])
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain(`default-src 'none'; script-src 'self'; style-src 'self';`)
      expect(policy).toContain(`frame-ancestors 'none'`)
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(withoutData(text)).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/)
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('permissions-policy')).toContain('camera=()')
      expect(headers.get('cache-control')).toBe('private, no-cache')
      expect(assetsIn(text).length).toBeGreaterThan(2)
    }
  })

  test('has the answers to what the app reads first there, as anybody gets them', async () => {
    for (const path of addresses()) {
      const data = dataIn((await open(path)).text)
      expect(Object.keys(data).length, path).toBe(
        path.startsWith('/f') ? 1 : path.startsWith('/b') ? 4 : path.startsWith('/u') ? 3 : 2,
      )
      for (const [address, answer] of Object.entries(data))
        expect((await server.get(`${server.url}${address}`, { token: null })).body, address).toEqual(answer)
    }
    expect((await open('/')).text).toContain('Cup \\u003cb>')
    expect(Object.keys(dataIn((await open(`/pin/${pins.SECRET}`)).text))).toEqual(['/_pinfold/web/session'])
  })

  test('has for whoever is signed in what they see there, and for nobody else', async () => {
    const [alice, bob] = [newVisitor(server.url), newVisitor(server.url)]
    await alice.signIn(people.alice)
    await bob.signIn(people.bob)
    const path = `/board/${boards.SECRET}`
    const own = dataIn((await alice.open(path)).html)
    expect(own['/_pinfold/web/session']).toMatchObject({ person: { username: 'alice' } })
    expect(own[`/_pinfold/web/boards/${boards.SECRET}/pins?page_size=30`]).toMatchObject({
      items: [{ id: pins.SECRET }],
    })
    const others = dataIn((await bob.open(path)).html)
    expect(others).toEqual({
      '/_pinfold/web/session': expect.objectContaining({ person: expect.objectContaining({ username: 'bob' }) }),
    })
    expect((await alice.open('/')).headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  test('and what the app reads are compressed for browsers that take it, each with its own tag', async () => {
    const read = '/_pinfold/web/feed?page_size=30&feed=new'
    for (const [path, headers] of [
      ['/', {}],
      [read, { 'x-pinfold-app': '1' }],
    ] as const) {
      const plain = await rawly(path, 'identity', headers)
      expect([plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual([
        null,
        expect.stringContaining('accept-encoding'),
      ])
      for (const [encoding, decode] of [['br', brotliDecompressSync] as const, ['gzip', gunzipSync] as const]) {
        const sent = await rawly(path, encoding, headers)
        expect(sent.headers.get('content-encoding')).toBe(encoding)
        expect(decode(sent.bytes)).toEqual(plain.bytes)
        expect(sent.bytes.length).toBeLessThan(plain.bytes.length / 2)
        const [tag, plainTag] = [sent.headers.get('etag'), plain.headers.get('etag')]
        if (plainTag) expect(tag).not.toBe(plainTag)
      }
    }
    // Programs get what they always got.
    expect((await rawly(read, 'br')).headers.get('content-encoding')).toBeNull()
  })

  test('is not sent again to a browser that has it', async () => {
    const { headers } = await open('/')
    expect((await open('/', { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304)
    expect((await open('/u/alice', { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(200)
  })

  test('comes in the language and the looks that its visitor wants', async () => {
    const root = async (headers: Record<string, string>) => /<html[^>]*>/.exec((await open('/', headers)).text)?.[0]
    expect(await root({})).toBe('<html lang="en">')
    expect(await root({ 'accept-language': 'fr;q=0.9, de-AT;q=0.8, en;q=0.5' })).toBe('<html lang="de">')
    expect(await root({ 'accept-language': 'de;q=0, *' })).toBe('<html lang="en">')
    const cookie = 'pinfold_language=de; pinfold_theme=dark; pinfold_density=compact'
    expect(await root({ cookie })).toBe('<html lang="de" data-theme="dark" data-density="compact">')
    const forged = 'pinfold_language="><script>; pinfold_theme=x"y; pinfold_density=huge'
    expect(await root({ cookie: forged })).toBe('<html lang="en">')
  })

  test('has files that a browser keeps for good, compressed as it takes them', async () => {
    for (const path of assetsIn((await open('/')).text)) {
      const plain = await fetch(`${server.url}${path}`, { headers: { 'accept-encoding': 'identity' } })
      expect([path, plain.status]).toEqual([path, 200])
      expect(plain.headers.get('cache-control')).toContain('immutable')
      const [etag, length] = [plain.headers.get('etag') ?? '', (await plain.arrayBuffer()).byteLength]
      const again = await fetch(`${server.url}${path}`, {
        headers: { 'accept-encoding': 'identity', 'if-none-match': etag },
      })
      expect(again.status).toBe(304)
      if (!/\.(js|css)$/.test(path)) continue
      for (const [encoding, decode] of [['br', brotliDecompressSync] as const, ['gzip', gunzipSync] as const]) {
        const answer = await rawly(path, encoding)
        expect(answer.headers.get('content-encoding')).toBe(encoding)
        expect(answer.headers.get('etag')).not.toBe(etag)
        expect(decode(answer.bytes).byteLength).toBe(length)
        if (length > 1000) expect(answer.bytes.byteLength).toBeLessThan(length)
      }
    }
    for (const path of ['/assets/nothing.js', '/assets/..%2findex.html', '/assets/sources.txt', '/assets/x'])
      expect((await open(path)).status, path).toBe(404)
  })

  test('has at most 120 KB of script, as it is sent', async () => {
    const scripts = assetsIn((await open('/')).text).filter((path) => path.endsWith('.js'))
    const sizes = await Promise.all(scripts.map(async (path) => (await rawly(path, 'gzip')).bytes.byteLength))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(120 * 1024)
  })
})

/** Gets a file as it is sent: fetch would decompress it. */
async function rawly(path: string, encoding: string, more = {}): Promise<{ headers: Headers; bytes: Buffer }> {
  const { request } = await import('node:http')
  const { promise, resolve, reject } = Promise.withResolvers<{ headers: Headers; bytes: Buffer }>()
  request(`${server.url}${path}`, { headers: { 'accept-encoding': encoding, ...more } }, async (answer) => {
    const parts = await Array.fromAsync(answer as AsyncIterable<Buffer>)
    resolve({ headers: new Headers(answer.headers as Record<string, string>), bytes: Buffer.concat(parts) })
  })
    .on('error', reject)
    .end()
  return promise
}

describe('what other programs read', () => {
  test('of a public Pin and board is its card, its description and its feed', async () => {
    const { text } = await open(`/pin/${pins.PUBLIC}`)
    expect(text).toContain('<title>Cup &lt;b&gt;&quot;of&quot; &amp; salt PUBLIC · Pinfold</title>')
    expect(text).toContain(`<meta property="og:url" content="${server.url}/pin/${pins.PUBLIC}">`)
    const [, picture] = /<meta property="og:image" content="([^"]+)">/.exec(text) ?? []
    expect((await fetch(picture ?? '')).headers.get('content-type')).toBe('image/jpeg')

    const [, oembed = ''] = /application\/json\+oembed" href="([^"]+)"/.exec(text) ?? []
    const { body } = await server.get(oembed.replaceAll('&amp;', '&'), { token: null })
    expect(body).toMatchObject({
      version: '1.0',
      type: 'photo',
      title: `${title} PUBLIC`,
      author_name: 'alice',
      author_url: `${server.url}/u/alice`,
      url: picture,
      width: expect.any(Number),
    })

    const page = await open(`/board/${boards.PUBLIC}`)
    const [, feed = ''] = /application\/rss\+xml" href="([^"]+)"/.exec(page.text) ?? []
    const rss = await server.get(feed, { token: null })
    expect(rss.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
    expect(rss.text).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\n<rss version="2.0"/)
    expect(rss.text).toContain('<title>Cup &lt;b&gt;&quot;of&quot; &amp; salt PUBLIC</title>')
    expect(rss.text).toContain(`<guid>${server.url}/pin/${pins.PUBLIC}</guid>`)
    expect(rss.text).not.toContain('\u0007')
  })

  test('of what is secret or protected is what they read of nothing', async () => {
    const addresses = (privacy: string) => [
      `/pin/${pins[privacy]}`,
      `/board/${boards[privacy]}`,
      `/board/${boards[privacy]}/section/${sections[privacy]}`,
      `/board/${boards[privacy]}/feed.xml`,
      `/oembed?url=${server.url}/pin/${pins[privacy]}`,
      `/oembed?url=${server.url}/board/${boards[privacy]}`,
    ]
    const nothing = [
      ...['/pin/999', '/board/999', '/board/999/section/999', '/board/999/feed.xml'],
      ...['pin', 'board'].map((kind) => `/oembed?url=${server.url}/${kind}/999`),
    ]
    const withoutIds = (text: string) => text.replaceAll(/\b\d{6,}\b/g, '')
    for (const privacy of ['PROTECTED', 'SECRET'])
      for (const [i, path] of addresses(privacy).entries()) {
        const [one, other] = [await open(path), await open(nothing[i] ?? '')]
        expect([path, one.status]).toEqual([path, 404])
        expect(withoutIds(one.text)).toBe(withoutIds(other.text))
      }
  })

  test('is for its owner a page, without anything for others', async () => {
    const alice = newVisitor(server.url)
    await alice.signIn(people.alice)
    const bob = newVisitor(server.url)
    await bob.signIn(people.bob)
    for (const path of [`/pin/${pins.SECRET}`, `/board/${boards.SECRET}`]) {
      const own = await alice.open(path)
      expect([own.status, own.html.includes('og:')]).toEqual([200, false])
      expect((await bob.open(path)).status).toBe(404)
    }
  })

  test('is refused in words where it asks for something else', async () => {
    for (const [query, message] of [
      ['', `The query lacks 'url'`],
      ['?url=x&format=xml', `'format' must be json.`],
    ] as const) {
      const { status, body } = await server.get(`${server.url}/oembed${query}`, { token: null })
      expect([status, body.message]).toEqual([400, expect.stringContaining(message)])
    }
    for (const elsewhere of [`https://elsewhere.example/pin/${pins.PUBLIC}`, `${server.url}/docs`, 'nowhere'])
      expect((await server.get(`${server.url}/oembed?url=${elsewhere}`, { token: null })).status).toBe(404)
  })
})

test('signing out takes a page of this server', async () => {
  const visitor = newVisitor(server.url)
  await visitor.signIn(people.bob)
  const cookie = `pinfold_session=${visitor.cookie('pinfold_session')}`
  const leave = (headers: Record<string, string>) =>
    server.request('POST', `${server.url}/oauth/sign-out`, { token: null, headers: { cookie, ...headers } })
  const who = async () => {
    const headers = { cookie, 'x-pinfold-app': '1', 'sec-fetch-site': 'same-origin' }
    return (await server.get('/_pinfold/web/session', { token: null, headers })).body.person?.username
  }
  expect((await leave({})).status).toBe(403)
  expect((await leave({ 'x-pinfold-app': '1', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(await who()).toBe('bob')
  expect((await leave({ 'x-pinfold-app': '1', 'sec-fetch-site': 'same-origin' })).status).toBe(303)
  expect(await who()).toBeUndefined()
})
