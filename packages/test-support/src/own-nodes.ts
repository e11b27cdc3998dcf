import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerConfig, startServer } from '@pinfold/server'
import { onTestFinished } from 'vitest'
import type { TestDatabase } from './databases.ts'
import { people, seedFile } from './server.ts'

/** An answer of a node. */
export interface NodeAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as JSON
  body: any
}

/** One of several servers that share a database. */
export interface OwnNode {
  url: string
  /** Asks it, with Alice's token unless another is named (null: none). Paths are below `/v5` unless they begin with `/_`. */
  ask(method: string, path: string, body?: unknown, token?: string | null): Promise<NodeAnswer>
  close(): Promise<void>
}

/** Servers for one test that share a database, a storage and whatever is configured. */
export interface OwnNodes {
  folder: string
  /** What each is started with. */
  shared: ServerConfig
  start(own?: ServerConfig): Promise<OwnNode>
}

/** Prepares servers for one test, on a database that has an address. */
export async function ownNodes({ open }: TestDatabase, config: ServerConfig = {}): Promise<OwnNodes> {
  const { discard, databaseUrl } = await open()
  onTestFinished(discard)
  if (databaseUrl === undefined) throw new Error('There is no address of the database.')
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-nodes-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const seed = join(folder, 'seed.json')
  await writeFile(seed, JSON.stringify(seedFile([])))
  const shared = {
    ...{ databaseUrl, seed, storage: join(folder, 'media'), rateLimits: 'off' as const, port: 0 },
    ...{ passwordCost: { memory: 8, passes: 1 }, ...config },
  }
  let count = 0
  return {
    folder,
    shared,
    async start(own = {}) {
      const server = await startServer({ ...shared, dataDir: join(folder, `node${++count}`), ...own })
      onTestFinished(() => server.close())
      return {
        url: server.localUrl,
        close: () => server.close(),
        ask: (method, path, body, token) => askNode(server.localUrl, method, path, body, token),
      }
    },
  }
}

/** Asks a server; see `OwnNode`. */
export async function askNode(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = people.alice.token,
): Promise<NodeAnswer> {
  const answer = await fetch(`${url}${path.startsWith('/_') ? '' : '/v5'}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json')
  return { status: answer.status, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text }
}
