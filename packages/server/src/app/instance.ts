import { hash } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { RateLimits } from '@pinfold/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Control } from '../control/control.ts'
import type { RequestNote } from '../core/log.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { heardUntil } from '../core/shared-memory.ts'
import type { RedisMemory } from '../db/redis.ts'
import type { Installation } from '../domains/installation/installation.ts'
import type { Before, Served } from '../http/front.ts'
import { hostGuard } from '../http/host-guard.ts'
import type { Readiness } from '../http/readiness.ts'
import type { Replays } from '../http/replay.ts'
import type { RequestMetrics } from '../http/request-metrics.ts'
import { createHttpServer, type HttpServerOptions } from '../http/server.ts'
import type { Traces } from '../http/traces.ts'
import { errorPage } from '../pages/problem-page.ts'
import type { Addresses } from './addresses.ts'
import type { Settings } from './config.ts'
import { makeDomains, resume } from './domains.ts'
import { openData, type Reused } from './open-data.ts'
import { serveRoutes } from './routes.ts'
import type { SandboxTraits } from './sandboxes/traits.ts'
import { type ChosenSeed, chooseSeed } from './seed/choose.ts'
import { fill } from './seed/fill.ts'
import { startUpkeep } from './upkeep.ts'

/** Upkeep of data that have come in place of others begins after this: those who test reset many times a second. */
const upkeepAfterMs = 1000

/** What all instances of a server share. */
export interface Shared {
  settings: Settings
  addresses: Addresses
  front: Before
  control: Control
  /** What sends calls of the request log again. */
  replays: Replays
  /** Keeps a request in the request log. Undefined: there is none. */
  keepCall: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined
  /** Counts the requests of all instances. */
  metrics: RequestMetrics
  /** Where requests are told of, if that is configured. */
  traces: Traces | undefined
  readiness: Readiness
  /** Valkey or Redis, if servers share one. */
  redis: RedisMemory | undefined
  log: Logger
  noteRequest: (note: RequestNote) => void
  rateLimits: RateLimits | undefined
  trustProxy: NonNullable<HttpServerOptions['trustProxy']>
  /** Adds hooks. */
  extend: (app: FastifyInstance) => void
  /** What sets a sandbox apart; undefined for the server itself. */
  sandbox?: SandboxTraits | undefined
}

/** Data, and everything that answers requests from them. */
export interface Instance {
  /** The folder of the data. */
  folder: string
  /** The seed of the data. */
  seed: string | undefined
  /** Whether it has filled the seed now. */
  isNew: boolean
  /** Has the files under these keys removed later, unless something needs them then. */
  sweepLater(keys: readonly string[]): Promise<void>
  /** Answers requests from now on, instead of what did before. */
  serve(): void
  /** Ends it, once the requests that it answers are answered. */
  close(): Promise<void>
}

/**
 * Opens the data in a folder, filling them if they are empty: with `given`, or with the seed of the settings. `exchanged`:
 * the data came in place of those that the settings speak of. Throws `ConfigError`.
 */
export async function openInstance(
  shared: Shared,
  folder: string,
  given?: ChosenSeed | 'exchanged',
  reused: Reused = {},
): Promise<Instance> {
  await using undo = new AsyncDisposableStack()
  const { settings, addresses, front, control, replays, keepCall, log, noteRequest, rateLimits, sandbox, trustProxy } =
    shared
  const { metrics, traces, readiness, redis } = shared
  const { clock } = control
  const data = await openData(settings, folder, reused, undo)
  const { storage, installation } = data
  const memory = sandbox || !redis ? undefined : heardUntil(undo, redis.of(nameOf(installation.key)))
  const seed = await seedFor(given, settings, installation)
  const seedName = seed?.name ?? installation.seed
  const hasDemo = seedName === 'demo'
  const domains = await makeDomains(
    settings,
    data,
    {
      ...{ clock, log, hasDemo, sandbox, memory, admit: control.transitions.media.pass },
      reviewRule: () => control.transitions['ad.review'].rule,
    },
    undo,
  )
  await resume(domains, { isShared: settings.databaseUrl !== undefined })
  if (seed) await fill(seed, domains, log)
  await sandbox?.equip(domains)

  const checkHost = isLoopbackHost(settings.host) ? hostGuard(addresses.publicUrl) : () => {}
  const { errorCodes } = settings
  const countRequest = (request: FastifyRequest, reply: FastifyReply) => {
    metrics.note(request, reply)
    traces?.note(request, reply)
    const isWritten = memory && request.method !== 'GET' && reply.statusCode < 300
    if (isWritten && request.routeOptions.config.operation) domains.listWatch.written()
  }
  const app = await createHttpServer({
    ...{ front, clock, log, noteRequest, keepCall, countRequest },
    ...{ errorCodes, checkHost, trustProxy, errorPage },
  })
  undo.defer(() => app.close())
  shared.extend(app)
  let served: Served | undefined
  await serveRoutes(app, domains, {
    ...{ settings, addresses, storage, control, replays, keepCall, rateLimits, hasDemo, sandbox },
    ...{ memory, metrics, readiness, node: data.node },
    key: installation.key,
    letGo: (answer) => served?.letGo(answer),
  })
  app.addHook('preClose', async () => served?.idle())
  await app.ready()
  const { key } = installation
  const lasting = memory && redis?.of(nameOf(key))
  if (!sandbox)
    await control.shared.share({
      topic: `control ${hashOf(key, 'control')}`,
      memory: lasting,
      isThere: () => redis?.isThere ?? false,
      countOthers: async () => (await data.node?.countOthers()) ?? 0,
    })

  const running = undo.move()
  return {
    folder,
    seed: seedName,
    isNew: seed !== undefined,
    sweepLater: (keys) =>
      data.db.write(async (tx) => {
        for (const key of keys) await domains.pictures.doubt(tx, key)
      }),
    serve() {
      served = front.serve(app)
      if (lasting)
        control.calls?.share(lasting, {
          topic: `calls ${hashOf(key, settings.controlToken ?? '')}`,
          number: () => data.node?.number ?? 0,
        })
      const ending = new AbortController()
      const { signal } = ending
      const upkeep = setTimeout(given === 'exchanged' ? upkeepAfterMs : 0, undefined, { ref: false, signal }).then(
        () => startUpkeep(domains, { storage, clock, log, node: data.node }),
        () => async () => {},
      )
      running.defer(async () => (await upkeep)())
      running.defer(() => ending.abort())
      // After the answer to whoever asked for it.
      const sending = setImmediate()
        .then(() => domains.webhookSender.start())
        .catch((error) => log.error({ err: error }, 'could not begin to send to webhooks'))
      running.defer(() => sending)
    },
    close: () => running.disposeAsync(),
  }
}

/** Names an installation where several may share a memory. */
const nameOf = (key: Buffer): string => hashOf(key, 'memory')

const hashOf = (key: Buffer, text: string): string =>
  hash('sha256', Buffer.concat([Buffer.from(text), key])).slice(0, 16)

async function seedFor(
  given: ChosenSeed | 'exchanged' | undefined,
  settings: Settings,
  installation: Installation,
): Promise<ChosenSeed | undefined> {
  if (given === undefined) return chooseSeed(settings, installation)
  return given === 'exchanged' ? chooseSeed({ host: settings.host }, installation) : given
}
