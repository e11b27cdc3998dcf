import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { ConfigError, demoCredentials, startServer } from '@pinfold/server'
import { ExecError, reasonOf } from './exec-error.ts'
import { loopbackNames, noProxyEntries } from './user-proxy.ts'

/** The Pinfold that calls are sent to. */
export interface Target {
  url: URL
  /** Whether the demo's token is valid there. */
  hasDemo: boolean
  close(): Promise<void>
}

/** Starts a server with the demo data, on a free port, that stores nothing. */
export async function startTarget(): Promise<Target> {
  const { url, close } = await startServer({ port: 0, ephemeral: true, rateLimits: 'pinterest' }).catch(
    (error: unknown) => {
      throw error instanceof ConfigError ? new ExecError(error.message, 1, { cause: error }) : error
    },
  )
  return { url: new URL(url), hasDemo: true, close }
}

/** Finds the running server at `address`. Throws `ExecError` if there is none. */
export async function findTarget(address: string, env: NodeJS.ProcessEnv): Promise<Target> {
  const url = new URL(address)
  const failure = (what: string, cause?: unknown) =>
    new ExecError(`${what} Start it with pinfold serve, or leave --server out.`, 1, { cause })
  let status: number
  let body: string
  try {
    ;({ status, body } = await get(new URL('/_pinfold/health', url), env))
  } catch (error) {
    throw failure(`No server answers at ${url.origin}: ${reasonOf(error)}.`, error)
  }
  if (status !== 200 || !body.includes('"status":"ok"'))
    throw failure(`What answers at ${url.origin} is not Pinfold, or is not ready (status ${status}).`)
  const account = await get(new URL('/v5/user_account', url), env, demoCredentials.accessToken)
  return { url, hasDemo: account.status === 200, close: async () => {} }
}

const patienceMs = 10_000

/** Sends a GET, through the proxy that the user's environment names, if any. */
async function get(url: URL, env: NodeJS.ProcessEnv, token?: string): Promise<{ status: number; body: string }> {
  const client = url.protocol === 'https:' ? https : http
  const agent = new client.Agent({
    proxyEnv: { ...env, no_proxy: [...noProxyEntries(env), ...loopbackNames].join(',') },
  })
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  client.get(url, { agent, headers, signal: AbortSignal.timeout(patienceMs) }, resolve).on('error', reject)
  const answer = await promise
  return { status: answer.statusCode ?? 0, body: await text(answer) }
}
