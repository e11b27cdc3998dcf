import { connect, type Socket } from 'node:net'

/** An HTTP answer. */
export interface Answer {
  status: number
  headers: [name: string, value: string][]
  body: string
}

export interface Load {
  count: number
  connections: number
  /** Returns request number `i` as it is sent; see `request`. */
  request: (i: number) => string | Buffer
  /** The expected status of every answer. */
  status: number
  /** Whether to leave the CPU to others while there is nothing to do; answers are then read a little later. */
  idle?: boolean
}

const pauseMs = 5

/** Node sets these by itself. */
const automatic = new Set(['date', 'connection', 'keep-alive'])

/**
 * Sends `count` requests over a few keep-alive connections, on each the next one after the answer to the last. It uses
 * bare sockets, so that it takes as little CPU as possible. Throws when an answer has another status.
 */
export async function load(url: string, { count, connections, request, status, idle = false }: Load): Promise<void> {
  let next = 0
  const work = async () => {
    const socket = await open(url)
    try {
      while (next < count) {
        const answer = await exchange(socket, request(next++))
        if (!answer.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`${status} was expected, this came: ${answer}`)
      }
    } finally {
      socket.destroy()
    }
  }
  let busy = !idle
  const stayAwake = () => busy && setImmediate(stayAwake)
  stayAwake()
  await Promise.all(Array.from({ length: connections }, work)).finally(() => {
    busy = false
  })
}

/**
 * Sends the same request again and again, with a pause after each answer. Returns how long each took, in milliseconds.
 */
export async function timed(url: string, request: string | Buffer, signal: AbortSignal): Promise<number[]> {
  const socket = await open(url)
  const times: number[] = []
  while (!signal.aborted) {
    const begun = performance.now()
    await exchange(socket, request)
    times.push(performance.now() - begun)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  socket.destroy()
  return times
}

/** Sends requests one after the other over a connection. Returns how long each took, in milliseconds. */
export async function eachTimed(url: string, count: number, request: (i: number) => Buffer): Promise<number[]> {
  const socket = await open(url)
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const text = request(i)
    const begun = performance.now()
    await exchange(socket, text)
    times.push(performance.now() - begun)
  }
  socket.destroy()
  return times
}

/** Sends one request, and parses its answer. Headers that Node sets by itself are left out. */
export async function ask(url: string, text: string | Buffer): Promise<Answer> {
  const socket = await open(url)
  const answer = await exchange(socket, text)
  socket.destroy()
  const end = answer.indexOf('\r\n\r\n')
  const [first = '', ...lines] = answer.slice(0, end).split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon), line.slice(colon + 2)]
  })
  return {
    status: Number(first.split(' ')[1]),
    headers: headers.filter(([name]) => !automatic.has(name.toLowerCase())),
    body: Buffer.from(answer.slice(end + 4), 'latin1').toString(),
  }
}

/** Returns a request as it is sent; a body is sent as JSON. */
export function request(
  method: string,
  path: string,
  token: string,
  json?: string | Buffer,
  more: Readonly<Record<string, string>> = {},
): Buffer {
  const type =
    json === undefined ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n`
  const others = Object.entries(more).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n${type}${others.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(json ?? '')])
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.setEncoding('latin1')
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

/** Sends a request and waits for the whole answer, which must have a content-length. A character is a byte. */
function exchange(socket: Socket, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    let length = Number.POSITIVE_INFINITY
    const finish = (end: () => void) => {
      socket.removeAllListeners('data').removeAllListeners('close')
      end()
    }
    socket.on('data', (part: string) => {
      answer += part
      if (length === Number.POSITIVE_INFINITY) length = lengthOf(answer)
      if (answer.length >= length) finish(() => resolve(answer))
    })
    socket.on('close', () => finish(() => reject(new Error(`The connection was closed after: ${answer}`))))
    socket.write(text)
  })
}

/** Returns the length of the whole answer; infinite until its head has arrived. */
function lengthOf(answer: string): number {
  const end = answer.indexOf('\r\n\r\n')
  if (end === -1) return Number.POSITIVE_INFINITY
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer) ?? []
  if (length === undefined) throw new Error(`An answer has no content-length: ${answer.slice(0, end)}`)
  return end + 4 + Number(length)
}
