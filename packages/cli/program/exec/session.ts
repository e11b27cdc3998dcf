import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadAuthority } from './authority.ts'
import { childVariables } from './environment.ts'
import { openHar } from './har.ts'
import { isPinterestHost } from './hosts.ts'
import { startInterceptor } from './interceptor.ts'
import { loadMockttp } from './load-mockttp.ts'
import { startRouter } from './router.ts'
import { findTarget, startTarget, type Target } from './target.ts'
import type { Where } from './to-where.ts'
import { userProxyFor } from './user-proxy.ts'

export interface SessionOptions {
  /** The address of a running Pinfold; undefined to start one. */
  server?: string | undefined
  /** Where calls go; to Pinfold if not given. */
  to?: Where
  /** The file to log requests to. */
  log?: string | undefined
  onConnection?: () => void
}

/** What programs reach under Pinterest's names. */
export interface Session {
  /** The environment variables for the program. */
  variables: Record<string, string>
  close(): Promise<void>
}

/** Opens a session. Throws `ExecError` when that fails, and leaves nothing behind then. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return { variables: await open(options, undo), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function open(
  { server, to = 'pinfold', log, onConnection = () => {} }: SessionOptions,
  undo: (() => unknown)[],
): Promise<Record<string, string>> {
  await loadMockttp()
  const env = { ...process.env }
  const har = log === undefined ? undefined : openHar(log)
  if (har) undo.push(() => har.close())
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-exec-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const target = await targetFor(to, server, env)
  undo.push(() => target.close())
  const authority = await loadAuthority()
  const interceptor = await startInterceptor({ authority, isPinfold: to === 'pinfold', server: target.url, har, env })
  undo.push(() => interceptor.close())
  if (har) undo.push(() => har.quiet())
  const interceptorUrl = new URL(`http://127.0.0.1:${interceptor.port}`)
  const router = await startRouter({
    upstreamFor: (wanted) => (isPinterestHost(wanted.hostname) ? interceptorUrl : userProxyFor(wanted, env)),
    onConnection,
  })
  undo.push(() => router.close())
  return childVariables({
    folder,
    certificate: authority.cert,
    proxyUrl: router.url,
    tlsPort: interceptor.port,
    hasDemo: target.hasDemo,
    env,
  })
}

/** Returns what calls are sent to; without an address, they go on to Pinterest's own. */
async function targetFor(
  to: Where,
  server: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Pick<Target, 'close' | 'hasDemo'> & { url: URL | undefined }> {
  if (to !== 'pinfold') return { url: to === 'pinterest' ? undefined : to, hasDemo: false, close: async () => {} }
  return server === undefined ? startTarget() : findTarget(server, env)
}
