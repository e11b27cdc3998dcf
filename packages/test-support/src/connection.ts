import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A connection on which a test can write anything, valid requests or not. */
export interface Connection {
  socket: Socket
  /** Returns what was received so far. */
  received(): string
  /** Resolves with everything received, when the other side has closed or broken it. */
  closed: Promise<string>
}

/**
 * Connects to the server at `url`, and writes `text`. The connection is closed after the test. `allowHalfOpen`: whether
 * it can be written to when the other side has closed its half.
 */
export function connectTo(url: string, text = '', { allowHalfOpen = false } = {}): Connection {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen })
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.on('data', (part) => {
    received += part
  })
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)))
  socket.write(text)
  return { socket, received: () => received, closed }
}

/** Returns the beginning of a request, as it is sent. */
export function requestHead(line: string, headers: Record<string, string | number>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('')}\r\n`
}
