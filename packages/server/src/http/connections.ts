import type { Server } from 'node:http'
import { networkOf } from '../core/network.ts'

/** At most this many connections of one network are open. */
const maxPerNetwork = 512

/** Senders on this machine, such as a program that measures it. */
const local = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/**
 * Closes connections at once that are more than one network may have: each takes memory and one of the files that the
 * process may open, before it has sent anything.
 */
export function limitConnections(server: Server): void {
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const { remoteAddress: address } = socket
    if (address === undefined || local.has(address)) return
    const network = networkOf(address)
    const count = open.get(network) ?? 0
    if (count >= maxPerNetwork) return void socket.destroy()
    open.set(network, count + 1)
    socket.once('close', () => {
      const left = (open.get(network) ?? 0) - 1
      if (left > 0) open.set(network, left)
      else open.delete(network)
    })
  })
}
