import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { Random } from '@pinfold/test-support/random'

/** What lies between clients and a node: it passes bytes on, and breaks connections when it is told to. */
export interface Wire {
  /** The port that clients connect to. */
  port: number
  /** Breaks all connections. */
  cut(): void
  /** Breaks each of the next connections that send something: when half of a request was passed on, or the answer comes. */
  breakNext(count: number, when: 'request' | 'answer'): void
  /** How many connections were broken. */
  broken(): number
  close(): void
}

/** Starts one before the port that `target` returns. */
export async function startWire(target: () => number, random: Random): Promise<Wire> {
  const pairs = new Set<[Socket, Socket]>()
  let broken = 0
  const left = { request: 0, answer: 0 }
  const isNext = (when: 'request' | 'answer') => left[when] > 0 && left[when]-- > 0
  const server = createServer((client) => {
    const node = connect(target(), '127.0.0.1')
    const pair: [Socket, Socket] = [client, node]
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      node.destroy()
    }
    const breakUp = () => {
      broken++
      end()
    }
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end)
    client.on('data', (bytes: Buffer) => {
      if (!isNext('request')) return pass(bytes, client, node)
      node.write(bytes.subarray(0, random.below(bytes.length)), breakUp)
    })
    node.on('data', (bytes: Buffer) => (isNext('answer') ? breakUp() : pass(bytes, node, client)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      broken += pairs.size
      for (const [client, node] of pairs) {
        client.destroy()
        node.destroy()
      }
    },
    breakNext(count, when) {
      left[when] += count
    },
    broken: () => broken,
    close() {
      server.close()
      for (const [client, node] of pairs) {
        client.destroy()
        node.destroy()
      }
    },
  }
}

function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.write(bytes)) return
  from.pause()
  to.once('drain', () => from.resume())
}
