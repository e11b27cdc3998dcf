import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerConfig } from '@pinfold/server'
import { postgres } from './databases.ts'
import { startS3 } from './storages.ts'

/** Two nodes of one database, and what they share. */
export interface Fleet {
  /** Returns the configuration of the nodes, each with its own part. */
  configs: readonly ServerConfig[]
  /** The balancer's address, once the nodes are there. */
  url: string
  /** Sends requests to the nodes in turn from now on. */
  balance(urls: readonly string[]): void
  discard(): Promise<void>
}

/** Makes what two nodes share: a new PostgreSQL database, a bucket of S3, Redis, and a balancer that knows nothing of them. */
export async function prepareFleet(): Promise<Fleet> {
  const redisUrl = process.env.PINFOLD_TEST_REDIS_URL
  if (!redisUrl) throw new Error('Two nodes need PINFOLD_TEST_REDIS_URL.')
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-fleet-'))
  const [database, bucket, balancer] = await Promise.all([postgres.open(), startS3(), startBalancer()])
  // However busy the machine is, nothing is to be counted apart.
  const memory = { redisUrl: `${redisUrl}?timeout=20000` }
  const shared = {
    databaseUrl: database.databaseUrl,
    storage: bucket.storage,
    ...memory,
    publicUrl: balancer.url,
    trustProxy: '1',
  }
  return {
    configs: ['one', 'two'].map((name) => ({ ...shared, port: 0, ephemeral: false, dataDir: join(folder, name) })),
    ...balancer,
    async discard() {
      await balancer.close()
      await database.discard()
      await bucket.discard()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const usualSenders = new Set(['127.0.0.1', '::ffff:127.0.0.1', '::1'])

/** Starts what sends requests to servers in turn, each of a connection to the next one. */
export async function startBalancer() {
  const agent = new Agent({ keepAlive: true })
  let targets: readonly string[] = []
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(targets[turn++ % targets.length] as string)
    const { method, url: path, socket } = incoming
    // Control is refused to what comes through a proxy, so it says so only of other senders than the tests themselves.
    const isOther = socket.remoteAddress !== undefined && !usualSenders.has(socket.remoteAddress)
    const headers = { ...(isOther && { 'x-forwarded-for': socket.remoteAddress }), ...incoming.headers }
    const passed = httpRequest({ agent, hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => {
      // Of a whole answer the connection is another request's already.
      if (!outgoing.writableFinished) passed.destroy()
    })
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    balance(urls: readonly string[]) {
      targets = urls
    },
    close: () =>
      new Promise<void>((resolve) => {
        agent.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
