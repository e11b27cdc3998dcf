import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openApiDocument } from '@pinfold/contract'
import { declared } from '@pinfold/test-support/declared'
import { expect, onTestFinished, test } from 'vitest'

const program = join(import.meta.dirname, 'acceptance/fuzz-requests.ts')

/** Sends generated requests for a moment to a server of three operations, whose answers `answer` returns. */
async function fuzz(
  answer: (request: IncomingMessage, send: (status: number, body?: object) => void) => void,
  ...args: string[]
): Promise<{ code: number; output: string }> {
  const server = createServer((request, response: ServerResponse) => {
    const send = (status: number, body?: object) => {
      const headers = { 'content-type': 'application/json', 'x-pinterest-rid': '1' }
      response.writeHead(status, headers).end(body && JSON.stringify(body))
    }
    if (request.url === '/_pinfold/health') return send(200, {})
    if (request.url === '/openapi.json') return send(200, openApiDocument(url, Object.values(declared.shelves)))
    request.resume().on('end', () => answer(request, send))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return promisify(execFile)(process.execPath, [program, '1', '--url', url, ...args]).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout }) => ({ code, output: stdout }),
  )
}

test('made-up requests find nothing where every answer is as described', async () => {
  const { code, output } = await fuzz(({ method }, send) => {
    if (method === 'GET') send(200, { items: [{ id: 1, name: 'Cup', size: null }], bookmark: null })
    else if (method === 'PUT') send(206, { stored: [1], refused: [2] })
    else send(404, { code: 404, message: 'There is no such operation. POST /shelves.' })
  })
  expect(output).toContain(' 0 failures')
  expect(code).toBe(0)
})

test('made-up requests find what is not as described, and a seed finds it again', async () => {
  const flawed: Parameters<typeof fuzz>[0] = ({ method }, send) => {
    if (method === 'GET') send(200, { items: [{ id: 1, name: 'Cup', colour: 'red' }], bookmark: null })
    else if (method === 'PUT') send(400, { code: 99, message: 'Something else.' })
    else send(500, { code: 500, message: 'Oh.' })
  }
  const { code, output } = await fuzz(flawed)
  expect(code).toBe(1)
  expect(output).toContain('FAILED get/shelf_items: /items/0 must NOT have additional properties')
  expect(output).toContain('FAILED put_shelf_items: the error is not declared')
  expect(output).toContain('FAILED shelves/create: a 500')
  const [, seed = ''] = /again with: --seed (\d+)/.exec(output) ?? []
  const again = await fuzz(flawed, '--seed', seed)
  expect(again.output).toContain(`again with: --seed ${seed}`)
  expect(again.code).toBe(1)
})
