import { connect, type Socket } from 'node:net'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'

const most = 512
const [greedy, polite, local] = ['127.0.0.2', '127.0.0.3', '127.0.0.1']

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  return () => server.close()
})

/** Opens connections from an address, and returns them. They are closed after the test. */
function connections(localAddress: string, count: number): Socket[] {
  const { hostname, port } = new URL(server.url)
  const sockets = Array.from({ length: count }, () =>
    connect({ host: hostname, port: Number(port), localAddress }).on('error', () => {}),
  )
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
  return sockets
}

const closed = (sockets: readonly Socket[]) => sockets.filter((socket) => socket.closed).length

/** Asks for the server's health on a new connection, and returns what came until it was closed. */
function healthFor(localAddress: string): Promise<string> {
  const [socket] = connections(localAddress, 1)
  return new Promise((resolve) => {
    let received = ''
    socket?.on('data', (part) => {
      received += part
    })
    socket?.on('close', () => resolve(received))
    socket?.write(`GET /_pinfold/health HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nConnection: close\r\n\r\n`)
  })
}

// Only Linux has all of 127.0.0.0/8 without being asked.
test.runIf(process.platform === 'linux')('one network has no more connections than its share (12.2)', async () => {
  const sockets = connections(greedy, most + 8)
  await vi.waitUntil(() => closed(sockets) === 8, { timeout: 60_000 })
  expect(await healthFor(greedy)).toBe('')
  expect(await healthFor(polite)).toMatch(/^HTTP\/1.1 200 /)
  expect(await healthFor(local)).toMatch(/^HTTP\/1.1 200 /)

  sockets.find((socket) => !socket.closed)?.destroy()
  await vi.waitUntil(async () => (await healthFor(greedy)).startsWith('HTTP/1.1 200 '), { timeout: 60_000 })
})
