import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allScopes, type Scope } from '@pinfold/contract'
import { type RunningServer, type ServerConfig, startServer, TestClock } from '@pinfold/server'
import { expect } from 'vitest'
import { afterFile } from './after-file.ts'
import { checkResponses } from './response-check.ts'

/** A parsed answer. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as JSON, whose shape the contract check has seen to
  body: any
  text: string
}

export interface RequestOptions {
  token?: string | null
  json?: unknown
  form?: Record<string, string>
  /** A body to send unchanged, with its headers. */
  raw?: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

/** The people of a test server: two accounts with passwords, an app of each, and tokens. */
export const people = {
  alice: {
    username: 'alice',
    password: 'alice-password',
    token: 'pina_alice_0000000000000000',
    refresh: 'pinr_alice_0000000000000000',
  },
  bob: { username: 'bob', password: 'bobs-password', token: 'pina_bob_000000000000000000' },
} as const
export const testApp = {
  id: '1001',
  secret: 'alice-app-secret-0001',
  redirectUri: 'https://app.example/callback',
} as const
export const otherApp = {
  id: '1002',
  secret: 'bobs-app-secret-00002',
  redirectUri: 'https://other.example/cb',
} as const
export const trialApp = { id: '1003', secret: 'trial-app-secret-0003', token: 'pina_trial_0000000000000000' } as const

/** A token of Alice's with only these scopes; name it in `tokens` of `startTestServer`. */
export interface ExtraToken {
  text: string
  scopes: readonly Scope[]
}

/** A server for one test file: ephemeral, on a free port, with its answers checked against the contract. */
export interface TestServer {
  url: string
  clock: TestClock
  violations: string[]
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  get(path: string, options?: RequestOptions): Promise<Answer>
  post(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  patch(path: string, json?: unknown, options?: RequestOptions): Promise<Answer>
  delete(path: string, options?: RequestOptions): Promise<Answer>
  close(): Promise<void>
}

/**
 * Starts a test server and closes it after the file's tests, which then fail if any answer broke the contract. Paths
 * are below `/v5` unless they are whole addresses; requests are Alice's unless they name another token (null: none).
 */
export async function startTestServer(
  overrides: Partial<ServerConfig> & { tokens?: readonly ExtraToken[] } = {},
): Promise<TestServer> {
  const { tokens = [], ...config } = overrides
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-test-'))
  const seed = join(folder, 'seed.json')
  await writeFile(seed, JSON.stringify(seedFile(tokens)))
  const clock = new TestClock()
  const violations: string[] = []
  const start = (own: ServerConfig) =>
    startServer(
      {
        port: 0,
        ephemeral: true,
        // A folder that already has data is used as it is.
        ...(config.dataDir && existsSync(join(config.dataDir, 'pinfold.db')) ? {} : { seed }),
        durability: 'relaxed',
        rateLimits: 'off',
        // A connection costs PostgreSQL more than most of what a test asks.
        databasePool: 4,
        // Every server hashes the passwords of its people, and that takes as long as all else of a start.
        passwordCost: { memory: 8, passes: 1 },
        clock,
        ...config,
        ...own,
      },
      (app) => checkResponses(app, violations),
    )
  const server = isFleet && !hasItsPlace(config) ? await startFleet(start) : await start({})

  async function request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { token = people.alice.token, json, form, raw, headers = {} } = options
    const url = path.startsWith('http') ? path : `${server.url}${path.startsWith('/_') ? '' : '/v5'}${path}`
    const body =
      raw ?? (form ? new URLSearchParams(form).toString() : json === undefined ? undefined : JSON.stringify(json))
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...((form || json !== undefined) && { 'content-type': type }),
        ...headers,
      },
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    }
  }

  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
  afterFile(async () => {
    await close()
    expect(violations, 'answers that break the contract').toEqual([])
  })

  return {
    url: server.url,
    clock,
    violations,
    request,
    get: (path, options) => request('GET', path, options),
    post: (path, json, options) => request('POST', path, { json, ...options }),
    patch: (path, json, options) => request('PATCH', path, { json, ...options }),
    delete: (path, options) => request('DELETE', path, options),
    close,
  }
}

/** Whether test servers are to be two nodes of one database, with a balancer before them: see `fleet.ts`. */
const isFleet = process.env.PINFOLD_TEST_NODES === '2'

/** How many nodes answer as one test server: requests at the same moment may use up a throttle at each. */
export const nodesOfServer = isFleet ? 2 : 1

/** Returns whether a test says where data are, so that they cannot be those of two nodes. */
const hasItsPlace = ({ dataDir, database, databaseUrl, storage, publicUrl, sandboxBytes }: Partial<ServerConfig>) =>
  [dataDir, database, databaseUrl, storage, publicUrl, sandboxBytes].some((given) => given !== undefined)

/** Starts two nodes of one database, and returns them as if they were one server. */
async function startFleet(start: (own: ServerConfig) => Promise<RunningServer>) {
  const { prepareFleet } = await import('./fleet.ts')
  const fleet = await prepareFleet()
  const nodes: RunningServer[] = []
  // One after the other: the first fills the database.
  for (const config of fleet.configs) nodes.push(await start(config))
  fleet.balance(nodes.map((node) => node.localUrl))
  return {
    url: fleet.url,
    async close() {
      await Promise.all(nodes.map((node) => node.close()))
      await fleet.discard()
    },
  }
}

export function seedFile(extra: readonly ExtraToken[]) {
  const account = (username: string, password: string, accountType: string) => ({
    username,
    password,
    account_type: accountType,
  })
  return {
    accounts: [
      {
        ...account(people.alice.username, people.alice.password, 'BUSINESS'),
        website_url: 'https://alice.example',
        ad_account_order_lines: [{ name: 'Spring order', budget: 90_000_000 }],
      },
      account(people.bob.username, people.bob.password, 'PINNER'),
    ],
    apps: [
      {
        id: testApp.id,
        secret: testApp.secret,
        name: 'Test app',
        owner: 'alice',
        redirect_uris: [testApp.redirectUri],
        loopback_redirects: true,
      },
      {
        id: otherApp.id,
        secret: otherApp.secret,
        name: 'Other app',
        owner: 'bob',
        redirect_uris: [otherApp.redirectUri],
      },
      { id: trialApp.id, secret: trialApp.secret, name: 'Trial app', owner: 'alice', tier: 'trial' },
    ],
    tokens: [
      { app: testApp.id, account: 'alice', access_token: people.alice.token, refresh_token: people.alice.refresh },
      { app: testApp.id, account: 'bob', access_token: people.bob.token },
      { app: trialApp.id, account: 'alice', access_token: trialApp.token },
      ...extra.map(({ text, scopes }) => ({ app: testApp.id, account: 'alice', access_token: text, scopes })),
    ],
  }
}

/** Returns every scope except these. */
export const allScopesBut = (...without: Scope[]): Scope[] => allScopes.filter((scope) => !without.includes(scope))
