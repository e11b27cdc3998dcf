import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import { chooseEncoding } from '../src/http/accept-encoding.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})

/** Sends a request as it is: `fetch` decodes answers and asks for encodings of its own. */
async function describeApi(headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(`${server.url}/openapi.json`, { headers }, async (response) => {
        const chunks = await Array.fromAsync(response)
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) })
      })
      sent.on('error', reject).end()
    },
  )
}

describe('/openapi.json', () => {
  test('is compressed for those who take it so', async () => {
    const plain = await describeApi()
    const gzip = await describeApi({ 'accept-encoding': 'gzip, deflate' })
    const brotli = await describeApi({ 'accept-encoding': 'gzip, deflate, br, zstd' })
    const { paths } = JSON.parse(plain.body.toString())
    expect(Object.keys(paths)).toContain('/pins/{pin_id}')
    expect(gunzipSync(gzip.body)).toEqual(plain.body)
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body)
    expect(brotli.body.length).toBeLessThan(plain.body.length / 5)
    const encodings = [plain, gzip, brotli].map(({ headers }) => headers['content-encoding'])
    expect(encodings).toEqual([undefined, 'gzip', 'br'])
    for (const { headers } of [plain, gzip, brotli])
      expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', vary: 'accept-encoding' })
  })

  test('is not sent again to those who have it', async () => {
    const tags = new Set<string>()
    for (const encoding of ['identity', 'gzip', 'br']) {
      const etag = String((await describeApi({ 'accept-encoding': encoding })).headers.etag)
      tags.add(etag)
      const again = await describeApi({ 'accept-encoding': encoding, 'if-none-match': `"other", W/${etag}` })
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag])
    }
    expect(tags.size).toBe(3)
    expect((await describeApi({ 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('names the address at which the server was asked, however many names it is asked under', async () => {
    const { port } = new URL(server.url)
    const hosts = ['localhost', '127.0.0.1', ...Array.from({ length: 12 }, (_, i) => `127.0.0.${i + 2}`), 'localhost']
    for (const host of hosts) {
      const { body } = await describeApi({ host: `${host}:${port}` })
      expect(JSON.parse(body.toString()).servers).toEqual([{ url: `http://${host}:${port}/v5` }])
    }
  })
})

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['br, gzip', 'br'],
  ['gzip;q=1, br;q=0.5', 'gzip'],
  ['br;q=0, gzip;q=0', 'identity'],
  ['br;q=0, *', 'gzip'],
  ['*', 'br'],
  ['deflate', 'identity'],
  ['identity, gzip;q=0.2', 'identity'],
  ['br;q=x', 'identity'],
  [',;,', 'identity'],
])('Accept-Encoding %j is answered in %s', (header, encoding) => {
  expect(chooseEncoding(header, ['br', 'gzip'])).toBe(encoding)
})
