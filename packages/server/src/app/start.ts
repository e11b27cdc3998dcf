import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { controlOf } from '../control/control.ts'
import { logLimits } from '../control/request-log.ts'
import { sharedCalls } from '../control/shared-calls.ts'
import { systemClock } from '../core/clock.ts'
import { makeLog } from '../core/log.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { openRedis } from '../db/redis.ts'
import { makeFront } from '../http/front.ts'
import { callKeeper } from '../http/keep-call.ts'
import { readiness } from '../http/readiness.ts'
import { replaysOf } from '../http/replay.ts'
import { requestMetrics } from '../http/request-metrics.ts'
import { openTraces } from '../http/traces.ts'
import { addressesOf, checkAddress, listen, listeningAddress } from './addresses.ts'
import { type ServerConfig, type Settings, settingsOf } from './config.ts'
import { ephemeralFolder, takeFolder } from './data-folder.ts'
import { writeEnvFile } from './env-file.ts'
import { exchangeableData } from './exchange.ts'
import { openInstance, type Shared } from './instance.ts'
import { readRateLimits } from './rate-limits.ts'
import { sandboxesOf } from './sandboxes/sandboxes.ts'
import { readTrustProxy } from './trust-proxy.ts'

/** A running server. `await using` closes it at the end of a block. */
export interface RunningServer extends AsyncDisposable {
  /** The server's address, without a slash at the end. */
  url: string
  /** Where it listens: what a proxy before it asks. */
  localUrl: string
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
): Promise<Pick<RunningServer, 'url' | 'localUrl' | 'seed' | 'isLoopback'>> {
  const machineClock = settings.clock ?? systemClock
  const { log, noteRequest } = await makeLog(settings.log)
  const kept = controlOf(machineClock, { logLimits: settings.requestLog ? logLimits : undefined, warnings: log })
  const { clock, requestLog } = kept
  const rateLimits = readRateLimits(settings.rateLimits)
  const trustProxy: Shared['trustProxy'] =
    settings.trustProxy === undefined ? false : readTrustProxy(settings.trustProxy)
  await checkAddress(settings)
  const folder = settings.ephemeral ? ephemeralFolder() : takeFolder(settings.dataDir)
  undo.defer(() => folder.release())
  const redis = settings.redisUrl === undefined ? undefined : await openRedis(settings.redisUrl, log)
  undo.defer(() => redis?.close())
  const traces = await openTraces(process.env, log)
  undo.defer(() => traces?.close())
  const addresses = addressesOf(settings)
  const front = makeFront({ errorCodes: settings.errorCodes, countsConnections: trustProxy === false })
  const data = exchangeableData(settings, folder.path, kept)
  const state = readiness()
  const around = {
    settings,
    addresses,
    front,
    metrics: requestMetrics(),
    traces,
    readiness: state,
    redis,
    log,
    noteRequest,
    rateLimits,
    trustProxy,
    extend,
  }
  const listensAt = () => listeningAddress(front.app)
  const sandboxes = sandboxesOf({ around, root: folder.path, clock: machineClock, listensAt })
  await sandboxes.open()
  const replays = replaysOf(listensAt)
  const { publicUrl } = addresses
  const calls = requestLog && sharedCalls(requestLog, { replay: replays.send, publicUrl, warnings: log })
  undo.defer(async () => {
    calls?.unshare()
    kept.shared.unshare()
  })
  const control = { ...kept, calls, data, sandboxes }
  const secrets = settings.controlToken === undefined ? [] : [settings.controlToken]
  const keepCall = requestLog && callKeeper(requestLog, { clock, replays, secrets })
  const shared = { ...around, control, replays, keepCall }
  const first = await data.open((path, seed, reused) => openInstance(shared, path, seed, reused), log)
  undo.defer(() => data.close())
  undo.defer(() => sandboxes.close())
  undo.defer(() => front.app.close())
  // Beside the closing of the connections, which it lets go of.
  front.app.addHook('preClose', async () => {
    requestLog?.close()
    void data.close()
    void sandboxes.close()
  })
  addresses.listensOn(await listen(front.app, settings))
  undo.defer(async () => {
    state.drain()
    front.drain()
    if (settings.drainSeconds > 0) await delay(settings.drainSeconds * 1000)
  })
  log.info(`Server listening at ${front.app.listeningOrigin}`)

  if (settings.envFile !== undefined) await writeEnvFile(settings.envFile, addresses.publicUrl(), first.seed)
  const { host, port } = listensAt()
  const localUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return { url: addresses.publicUrl(), localUrl, seed: first.seed, isLoopback: isLoopbackHost(settings.host) }
}
