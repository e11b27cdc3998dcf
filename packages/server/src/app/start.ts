import type { FastifyInstance } from 'fastify'
import { controlOf } from '../control/control.ts'
import { systemClock } from '../core/clock.ts'
import { makeLog } from '../core/log.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { hostGuard } from '../http/host-guard.ts'
import { createHttpServer } from '../http/server.ts'
import { errorPage } from '../pages/problem-page.ts'
import { addressesOf, checkAddress, listen } from './addresses.ts'
import { type ServerConfig, type Settings, settingsOf } from './config.ts'
import { makeDomains, resume } from './domains.ts'
import { writeEnvFile } from './env-file.ts'
import { openData } from './open-data.ts'
import { readRateLimits } from './rate-limits.ts'
import { serveRoutes } from './routes.ts'
import { chooseSeed } from './seed/choose.ts'
import { fill } from './seed/fill.ts'
import { readTrustProxy } from './trust-proxy.ts'
import { startUpkeep } from './upkeep.ts'

/** A running server. `await using` closes it at the end of a block. */
export interface RunningServer extends AsyncDisposable {
  /** The server's address, without a slash at the end. */
  url: string
  /** What its data was seeded with: `demo`, `none`, or the path of a seed file. */
  seed: string | undefined
  /** Whether only this machine reaches it. */
  isLoopback: boolean
  /** Finishes requests in progress, and stops. May be called more than once. */
  close(): Promise<void>
}

/**
 * Starts a server; it is ready when this resolves. `extend` may add hooks before it listens. Throws `ConfigError` when
 * the configuration is invalid.
 *
 * @example
 * await using server = await startServer({ port: 0, ephemeral: true })
 * await fetch(`${server.url}/v5/boards`, { headers: { authorization: `Bearer ${demoCredentials.accessToken}` } })
 */
export async function startServer(
  config: ServerConfig = {},
  extend: (app: FastifyInstance) => void = () => {},
): Promise<RunningServer> {
  await using undo = new AsyncDisposableStack()
  const started = await start(settingsOf(config), extend, undo)
  const running = undo.move()
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= running.disposeAsync()
    return closing
  }
  return { ...started, close, [Symbol.asyncDispose]: close }
}

/** Starts a server. Disposing of `undo` stops it again. */
async function start(
  settings: Settings,
  extend: (app: FastifyInstance) => void,
  undo: AsyncDisposableStack,
): Promise<Pick<RunningServer, 'url' | 'seed' | 'isLoopback'>> {
  const control = controlOf(settings.clock ?? systemClock)
  const { clock } = control
  const { log, noteRequest } = await makeLog(settings.log)
  const rateLimits = readRateLimits(settings.rateLimits)
  const trustProxy = settings.trustProxy === undefined ? false : readTrustProxy(settings.trustProxy)
  await checkAddress(settings)
  const data = await openData(settings, undo)
  const { storage, installation } = data
  const seed = await chooseSeed(settings, installation)
  const seedName = seed?.name ?? installation.seed
  const hasDemo = seedName === 'demo'
  const domains = await makeDomains(settings, data, { clock, log, hasDemo }, undo)
  await resume(domains, { isShared: settings.databaseUrl !== undefined })
  if (seed) await fill(seed, domains, log)

  const addresses = addressesOf(settings)
  const { errorCodes } = settings
  const checkHost = isLoopbackHost(settings.host) ? hostGuard(addresses.publicUrl) : () => {}
  const app = await createHttpServer({ clock, log, noteRequest, errorCodes, checkHost, trustProxy, errorPage })
  undo.defer(() => app.close())
  extend(app)
  await serveRoutes(app, domains, { settings, addresses, storage, control, key: installation.key, rateLimits, hasDemo })
  undo.defer(startUpkeep(domains, { storage, clock, log }))
  addresses.listensOn(await listen(app, settings))

  if (settings.envFile !== undefined) await writeEnvFile(settings.envFile, addresses.publicUrl(), seedName)
  return { url: addresses.publicUrl(), seed: seedName, isLoopback: isLoopbackHost(settings.host) }
}
