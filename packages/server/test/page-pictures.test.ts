import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { databases } from '@pinfold/test-support/databases'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, test } from 'vitest'

const page = `<!doctype html><html><head>
  <title>Ignored: there is a better one</title>
  <base href="/shop/">
  <meta property="og:title" content="Cups &amp;
     bowls"><meta name="description" content="What came out of the kiln.">
  <meta property="og:image" content="https://cdn.example/main.jpg#top">
  <meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
  <meta property="og:image:alt" content="Four cups">
  <meta name="twitter:image" content="//cdn.example/card.jpg">
  <link rel="shortcut icon" href="/icon.png"><link rel="canonical" href="cups?utm=none">
  <script type="application/ld+json">{"@graph":[{"@type":"Product","image":[{"@type":"ImageObject","url":"https://cdn.example/told.jpg","width":800,"height":"600"},"plain.jpg"]}]}</script>
  <script>document.write('<img src="https://cdn.example/script.jpg">')</script>
</head><body><!-- <img src="comment.jpg"> -->
  <img src="small.jpg" srcset="c_fill,w_300/a.jpg 300w, c_fill,w_1600/a.jpg 1600w ,c_fill,w_800/a.jpg 800w" alt="A  cup" width="300" height="400">
  <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="late.jpg">
  <img src="pixel.gif" width=1 height=1><img src="drawing.svg"><img src="javascript:alert(1)"><img src="file:///etc/passwd">
  <img src="https://cdn.example/told.jpg"><img srcset="twice.jpg 2x, once.jpg" width="500" height="250">
  <picture><source srcset="large.avif 2000w"><img src='large.jpg' width="90%"></picture>
</body></html>`

describe.each(databases)('the pictures of a page, on $name', ({ open }) => {
  let server: TestServer
  let web: Awaited<ReturnType<typeof webServer>>
  let bytes: Buffer
  const asked: string[] = []
  const html = (response: ServerResponse, text: string) =>
    response.setHeader('content-type', 'text/html; charset=utf-8').end(text)
  const pages: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
    '/cups': (response) => html(response, page),
    '/old': (response) => response.writeHead(301, { location: '/cups' }).end(),
    '/cup.png': (response) => response.setHeader('content-type', 'text/plain').end(bytes),
    '/none': (response) => html(response, '<title>Nothing to see</title><p>Words.'),
    '/latin': (response) =>
      response.setHeader('content-type', 'text/html; charset=iso-8859-1').end('<title>Käse</title>', 'latin1'),
    '/gzip': (response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(gzipSync(page)),
    // 300 MB of nothing, in 300 KB.
    '/bomb': (response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb),
    '/endless': (response) => {
      response.setHeader('content-type', 'text/html').write('<title>Endless</title><img src=a.jpg>')
      const more = () => {
        while (!response.destroyed && response.write('<p>'.repeat(100_000)));
      }
      response.on('drain', more)
      more()
    },
    '/deep': (response) => html(response, `<img src=a.jpg>${'<a>'.repeat(300_000)}${'</b>'.repeat(200_000)}`),
    '/attributes': (response) =>
      html(
        response,
        `<img ${Array.from({ length: 100_000 }, (_, i) => `a${i}=b`).join(' ')} src=a.jpg><img src=b.jpg>`,
      ),
    '/srcset': (response) =>
      html(response, `<img srcset="${'a,'.repeat(500_000)}b"><img srcset="${', '.repeat(100_000)}">`),
    '/json': (response) =>
      html(response, `<script type="application/ld+json">${'['.repeat(150_000)}</script><img src=a.jpg>`),
    '/many': (response) =>
      html(response, Array.from({ length: 5000 }, (_, i) => `<img src=${i}.jpg width=${i + 100}>`).join('')),
    '/inside': (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
    '/gone': (response) => response.writeHead(410).end(),
    '/pdf': (response) => response.setHeader('content-type', 'application/pdf').end('%PDF-1.7'),
    '/svg': (response) =>
      response.setHeader('content-type', 'image/svg+xml').end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    '/private-pictures': (response) =>
      html(response, '<img src="http://10.0.0.1/a.jpg"><img src="http://[::ffff:10.0.0.1]/b.jpg">'),
  }
  const bomb = gzipSync(Buffer.alloc(300_000_000))

  beforeAll(async () => {
    bytes = await picture({ width: 1000, height: 1500 })
    web = await webServer((request, response) => {
      asked.push(request.url ?? '')
      const found = pages[request.url ?? '']
      if (found) found(response, request)
      else response.writeHead(404).end()
    })
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    return async () => {
      await server.close()
      await discard()
      await web.close()
    }
  })

  /** Signs somebody in, in a browser of their own. */
  async function signedIn(person: { username: string; password: string } = people.alice) {
    const visitor = newVisitor(server.url)
    expect((await visitor.signIn(person)).status).toBe(303)
    const headers = {
      cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`,
      'x-pinfold-app': '1',
      'sec-fetch-site': 'same-origin',
    }
    return {
      headers,
      look: (url: string) =>
        server.request('POST', '/_pinfold/web/pages', {
          token: null,
          headers,
          json: { url: url.replace(/^\//, `${web.url}/`) },
        }),
    }
  }

  test('come with its title, description and link: the telling ones first, then the largest', async () => {
    const { look } = await signedIn()
    for (const path of ['/cups', '/old', '/gzip']) {
      const { status, body } = await look(path)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        is_picture: false,
        title: 'Cups & bowls',
        description: 'What came out of the kiln.',
        link: `${web.url}/shop/cups?utm=none`,
      })
      const { pictures } = body
      expect(
        pictures.map(({ url, width, height }: Record<string, unknown>) => [
          String(url).replace(`${web.url}/shop/`, '').replace('https://cdn.example/', ''),
          width,
          height,
        ]),
      ).toEqual([
        ['main.jpg', 1200, 630],
        ['http://cdn.example/card.jpg', null, null],
        ['told.jpg', 800, 600],
        ['plain.jpg', null, null],
        ['large.avif', 2000, null],
        ['c_fill,w_1600/a.jpg', 1600, 2133],
        ['twice.jpg', 1000, 500],
        ['late.jpg', null, null],
        ['large.jpg', null, null],
      ])
      expect(pictures[0].alt).toBe('Four cups')
      expect(pictures[5].alt).toBe('A cup')
    }
    expect((await look('/latin')).body.title).toBe('Käse')
    expect((await look('/none')).body).toMatchObject({ title: 'Nothing to see', pictures: [], link: `${web.url}/none` })
  })

  test('of a picture, itself; its preview is small, for who looked, and for an hour', async () => {
    const alice = await signedIn()
    const { body } = await alice.look('/cup.png')
    expect(body).toMatchObject({ is_picture: true, title: '', link: '', pictures: [{ url: `${web.url}/cup.png` }] })
    const [{ preview_url: preview }] = body.pictures
    const show = (headers: Record<string, string>, address = preview) =>
      server.request('GET', address, { token: null, headers })
    const shown = await show(alice.headers)
    expect(shown.status).toBe(200)
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-pinfold-size': '1000x1500',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(Number(shown.headers.get('content-length'))).toBeLessThan(50_000)

    const before = asked.length
    const bob = await signedIn(people.bob)
    expect((await show(bob.headers)).status).toBe(404)
    expect((await show({})).status).toBe(401)
    expect((await show({ ...alice.headers, 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    const { 'x-pinfold-app': _, ...fromElsewhere } = alice.headers
    expect((await show(fromElsewhere)).status).toBe(401)
    for (const forged of [
      '',
      'x',
      `${preview.split('=')[1]}x`,
      `${Buffer.from('[1,9e15,"http://127.0.0.1/"]').toString('base64url')}.x`,
    ])
      expect((await show(alice.headers, `/_pinfold/web/previews?of=${forged}`)).status).toBe(404)
    expect((await show(alice.headers, '/_pinfold/web/previews?of=a&of=b')).status).toBe(404)
    server.clock.advance(61 * 60_000)
    expect((await show(alice.headers)).status).toBe(404)
    expect(asked.length).toBe(before)
  })

  test('are looked for in no more than a page may have, however it is made', async () => {
    const { look } = await signedIn()
    expect((await look('/endless')).body).toMatchObject({ title: 'Endless', pictures: [{ url: `${web.url}/a.jpg` }] })
    expect((await look('/bomb')).body).toMatchObject({ pictures: [] })
    for (const path of ['/deep', '/json'])
      expect((await look(path)).body.pictures, path).toMatchObject([{ url: `${web.url}/a.jpg` }])
    expect((await look('/attributes')).body.pictures).toMatchObject([{ url: `${web.url}/b.jpg` }])
    expect((await look('/srcset')).body.pictures.length).toBeLessThan(3)
    const { pictures } = (await look('/many')).body
    expect(pictures).toHaveLength(60)
  })

  test('are not looked for where nobody may, and what is no page says so', async () => {
    const { look, headers } = await signedIn()
    const problems: Record<string, string> = {
      '/inside': 'Unable to reach the URL. Its address is in a range that is not fetched from.',
      '/file': 'Unable to reach the URL. It must be an http or https address.',
      '/loop': 'Unable to reach the URL. It redirects more than 5 times.',
      '/gone': 'Unable to reach the URL. It answered with status 410.',
      'http://10.1.2.3/': 'Unable to reach the URL. Its address is in a range that is not fetched from.',
      'ftp://example.com/': 'Unable to reach the URL. It must be an http or https address.',
      'no address': 'Unable to reach the URL. It must be an http or https address.',
      '/pdf': 'The picture cannot be used. It is neither a page nor a JPEG, PNG, GIF, WebP or AVIF.',
      '/svg': 'The picture cannot be used. It is neither a page nor a JPEG, PNG, GIF, WebP or AVIF.',
    }
    for (const [path, message] of Object.entries(problems)) {
      const { status, body } = await look(path)
      expect([status, body.message], path).toEqual([400, message])
    }
    const { pictures } = (await look('/private-pictures')).body
    expect(pictures).toHaveLength(2)
    for (const { preview_url: preview } of pictures) {
      const { status, body } = await server.request('GET', preview, { token: null, headers })
      expect([status, body.message]).toEqual([
        400,
        'Unable to reach the URL. Its address is in a range that is not fetched from.',
      ])
    }
    expect((await server.request('POST', '/_pinfold/web/pages', { json: { url: `${web.url}/cups` } })).status).toBe(403)
  })
})
