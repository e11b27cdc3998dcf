import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { picture, webServer } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { mayReach } from '../src/core/fetch-guard.ts'
import { type PictureFetcher, pictureFetcher } from '../src/domains/media/fetch-picture.ts'

describe('the address guard', () => {
  const refused = {
    'this network': ['0.0.0.0', '0.1.2.3', '::'],
    private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
    'link-local, where clouds keep their secrets': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fe80::1%eth0'],
    'behind a carrier': ['100.64.0.1', '100.127.255.255'],
    'unique local': ['fc00::1', 'fd00:ec2::254'],
    'site-local': ['fec0::1'],
    'IPv4 in IPv6': [
      '::ffff:10.0.0.1',
      '::ffff:a9fe:a9fe',
      '::ffff:0.0.0.0',
      '::10.0.0.1',
      '::a00:1',
      '::ffff:0:10.0.0.1',
    ],
    'translated, by NAT64': ['64:ff9b::10.0.0.1', '64:ff9b::808:808', '64:ff9b:1::a00:1'],
    tunnelled: ['2002:a00:1::', '2001:0:4136:e378::1', '192.88.99.1'],
    multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
    broadcast: ['255.255.255.255'],
    'for protocols, benchmarks and documents': ['192.0.0.1', '198.18.0.1', '192.0.2.1', '203.0.113.9', '2001:db8::1'],
    'reserved, or never given out': ['240.0.0.1', '100::1', '100:0:0:1::1', '3fff::1', '4000::1', '5f00::1'],
  }
  test.each(Object.entries(refused))('refuses addresses that are %s', (_, addresses) => {
    for (const address of addresses) {
      expect(mayReach(address, false), address).toBe(false)
      expect(mayReach(address, true), address).toBe(false)
    }
  })

  test('lets through to the public internet', () => {
    for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])
      expect(mayReach(address, false), address).toBe(true)
  })

  test('lets through to this machine only where that is allowed', () => {
    for (const address of ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1']) {
      expect(mayReach(address, true), address).toBe(true)
      expect(mayReach(address, false), address).toBe(false)
    }
  })
})

describe('fetching', () => {
  const forAlice = { accountId: 1 }
  let web: Awaited<ReturnType<typeof webServer>>
  let jpeg: Buffer
  let fetcher: PictureFetcher
  const seen: IncomingMessage[] = []
  let hungUp: Promise<unknown>

  /** The pages of a web server that is not always friendly. */
  const pages: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
    '/picture.jpg': (response) => response.end(jpeg),
    '/relative': (response) => redirect(response, 'picture.jpg'),
    '/loop': (response) => redirect(response, '/loop'),
    '/no-location': (response) => response.writeHead(302).end(),
    '/not-modified': (response) => response.writeHead(304).end(),
    '/partial': (response) => response.writeHead(206).end(jpeg),
    '/gone': (response) => response.writeHead(404).end('<h1>No such picture</h1>'),
    '/broken': (response) => response.writeHead(500).end(),
    '/silent': () => {},
    '/drip': (response) => drip(response, 5, Buffer.from('x')),
    '/endless': (response, request) => {
      hungUp = new Promise((resolve) => request.socket.once('close', resolve))
      drip(response, 0, Buffer.alloc(1_000_000))
    },
    '/announced': (response) => response.writeHead(200, { 'content-length': 30_000_000 }).write(jpeg),
    '/cut': (response) => response.writeHead(200, { 'content-length': 1000 }).write('x', () => response.destroy()),
    '/hang-up': (response) => response.destroy(),
    '/gzip': encoded('gzip', () => gzipSync(jpeg)),
    '/x-gzip': encoded('X-GZIP', () => gzipSync(jpeg)),
    '/deflate': encoded('deflate', () => deflateSync(jpeg)),
    '/br': encoded('br', () => brotliCompressSync(jpeg)),
    '/zstd': encoded('zstd', () => zstdCompressSync(jpeg)),
    '/identity': encoded('identity', () => jpeg),
    '/twice': encoded('gzip, br', () => brotliCompressSync(gzipSync(jpeg))),
    '/thrice': encoded('gzip, gzip, gzip', () => gzipSync(gzipSync(gzipSync(jpeg)))),
    '/unknown': encoded('compress', () => jpeg),
    '/not-gzip': encoded('gzip', () => jpeg),
    '/cut-gzip': encoded('gzip', () => gzipSync(jpeg).subarray(0, 100)),
    // 100 MB of nothing, in 100 KB.
    '/bomb': encoded('gzip', () => gzipSync(Buffer.alloc(100_000_000))),
  }
  for (let hops = 1; hops <= 6; hops++)
    pages[`/hop/${hops}`] = (response) => redirect(response, hops === 1 ? '/picture.jpg' : `/hop/${hops - 1}`)
  for (const [name, address] of Object.entries({
    private: 'http://10.0.0.1/a.jpg',
    metadata: 'http://169.254.169.254/latest/meta-data/',
    mapped: 'http://[::ffff:10.0.0.1]/',
    decimal: 'http://2852039166/',
    file: 'file:///etc/passwd',
    ftp: 'ftp://127.0.0.1/a.jpg',
    login: 'http://user:word@127.0.0.1/',
    nonsense: 'http://',
  }))
    pages[`/to/${name}`] = (response) => redirect(response, address)

  beforeAll(async () => {
    jpeg = await picture()
    web = await webServer((request, response) => {
      seen.push(request)
      const page = pages[request.url ?? '']
      if (page) page(response, request)
      else response.writeHead(404).end()
    })
    fetcher = pictureFetcher({ allowLoopback: true })
    return async () => {
      await fetcher.close()
      await web.close()
    }
  })

  test('gives the bytes, and asks for nothing but a picture', async () => {
    expect(await fetcher.fetch(`${web.url}/picture.jpg`, forAlice)).toEqual(jpeg)
    expect(seen.at(-1)?.headers).toMatchObject({ accept: 'image/*', 'accept-encoding': 'identity' })
    expect(seen.at(-1)?.headers).not.toHaveProperty('authorization')
  })

  test('by host name', async () => {
    expect(await fetcher.fetch(`${web.url.replace('127.0.0.1', 'localhost')}/picture.jpg`, forAlice)).toEqual(jpeg)
  })

  test('follows five redirects and no more', async () => {
    expect(await fetcher.fetch(`${web.url}/relative`, forAlice)).toEqual(jpeg)
    expect(await fetcher.fetch(`${web.url}/hop/5`, forAlice)).toEqual(jpeg)
    await expectUnreachable('/hop/6', 'redirects more than 5 times')
    await expectUnreachable('/loop', 'redirects more than 5 times')
  })

  test.each(['private', 'metadata', 'mapped', 'decimal', 'file', 'ftp', 'login', 'nonsense'])(
    'is not led astray by a redirect: %s',
    async (name) => {
      await expectUnreachable(`/to/${name}`)
      expect(seen.at(-1)?.url).toBe(`/to/${name}`)
    },
  )

  test.each([
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'http://[fd00::1]/',
    'http://[::]/',
    'http://0/',
    'http://0x7f.1/',
    'http://user@127.0.0.1/',
    'https://user:word@127.0.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '/etc/passwd',
    '',
    'http://host.invalid/',
  ])('refuses %s', async (address) => {
    await expect(fetcher.fetch(address, forAlice)).rejects.toThrow('Unable to reach the URL.')
  })

  test('an answer other than 200 is no picture', async () => {
    await expectUnreachable('/gone', 'status 404')
    await expectUnreachable('/broken', 'status 500')
    await expectUnreachable('/partial', 'status 206')
    await expectUnreachable('/not-modified', 'status 304')
    await expectUnreachable('/no-location', 'status 302')
  })

  test('waits so long in all and no longer, however the bytes trickle in', async () => {
    const impatient = pictureFetcher({ allowLoopback: true, timeoutMs: 250 })
    for (const path of ['/silent', '/drip'])
      await expect(impatient.fetch(web.url + path, forAlice)).rejects.toThrow(
        'Unable to reach the URL. It did not answer within 0.25 seconds.',
      )
    await impatient.close()
  })

  test('stops reading at 20 MB (12.22), and hangs up', async () => {
    await expect(fetcher.fetch(`${web.url}/endless`, forAlice)).rejects.toThrow(
      'The picture cannot be used. It is larger than 20 MB.',
    )
    await hungUp
    await expect(fetcher.fetch(`${web.url}/announced`, forAlice)).rejects.toThrow('It is larger than 20 MB.')
  })

  test('a connection that breaks is told apart from a picture', async () => {
    await expectUnreachable('/cut')
    await expectUnreachable('/hang-up')
    await expectUnreachable(`http://127.0.0.1:1/`, 'The connection was refused.')
  })

  test.each(['gzip', 'x-gzip', 'deflate', 'br', 'zstd', 'identity', 'twice'])(
    'what comes compressed is decoded (12.22): %s',
    async (name) => {
      expect(await fetcher.fetch(`${web.url}/${name}`, forAlice)).toEqual(jpeg)
    },
  )

  test('what cannot be decoded is said to be so (12.22)', async () => {
    for (const name of ['unknown', 'thrice'])
      await expectUnreachable(`/${name}`, 'Its Content-Encoding is none of gzip, deflate, br and zstd.')
    for (const name of ['not-gzip', 'cut-gzip']) await expectUnreachable(`/${name}`, 'compressed answer is damaged')
  })

  test('what is decoded has a bound, too (12.22)', async () => {
    await expect(fetcher.fetch(`${web.url}/bomb`, forAlice)).rejects.toThrow('It is larger than 20 MB.')
  })

  async function expectUnreachable(path: string, detail = ''): Promise<void> {
    const address = path.startsWith('/') ? web.url + path : path
    const error = await fetcher.fetch(address, forAlice).then(
      () => undefined,
      (reason: Error) => reason,
    )
    expect(error?.message).toContain('Unable to reach the URL.')
    expect(error?.message).toContain(detail)
  }
})

describe('a server that others can reach', () => {
  let open: TestServer
  let web: Awaited<ReturnType<typeof webServer>>
  let asked = 0
  beforeAll(async () => {
    const jpeg = await picture()
    web = await webServer((_, response) => {
      asked++
      response.end(jpeg)
    })
    open = await startTestServer({ host: '0.0.0.0' })
    return () => web.close()
  })

  test('fetches nothing from its own machine', async () => {
    const board = (await open.post('/boards', { name: 'Open' })).body
    const { port } = new URL(web.url)
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '127.1', '0.0.0.0']) {
      const source = { source_type: 'image_url', url: `http://${host}:${port}/picture.jpg` }
      const answer = await open.post('/pins', { board_id: board.id, media_source: source })
      expect([answer.status, answer.body.message], host).toEqual([
        400,
        'Unable to reach the URL. Its address is in a range that is not fetched from.',
      ])
    }
    expect(asked).toBe(0)
  })
})

/** Returns an answer with a content coding. */
function encoded(coding: string, bytes: () => Buffer) {
  return (response: ServerResponse) => response.writeHead(200, { 'content-encoding': coding }).end(bytes())
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { location: to }).end('Over there.')
}

/** Sends `part` again and again until the other side has enough. */
function drip(response: ServerResponse, everyMs: number, part: Buffer): void {
  const timer = setInterval(() => response.write(part), everyMs)
  response.on('close', () => clearInterval(timer))
}
