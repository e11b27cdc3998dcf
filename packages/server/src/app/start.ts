import { randomInt } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { makeApi } from '../api/index.ts'
import { systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { IdMaker } from '../core/ids.ts'
import { makeLog } from '../core/log.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { StorageUnavailable } from '../core/unavailable.ts'
import type { Database } from '../db/database.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { openPostgres } from '../db/postgres.ts'
import { openSqlite } from '../db/sqlite.ts'
import { accountsOf } from '../domains/accounts/accounts.ts'
import { analyticsOf, defaultKeptDays, leastKeptDays } from '../domains/analytics/analytics.ts'
import { boardsOf } from '../domains/boards/boards.ts'
import { idempotencyOf } from '../domains/idempotency/idempotency.ts'
import {
  type Installation,
  noteSeedBegun,
  noteSeedDone,
  readInstallation,
} from '../domains/installation/installation.ts'
import { pictureFetcher } from '../domains/media/fetch-picture.ts'
import { picturesOf } from '../domains/media/pictures.ts'
import { drawPlaceholder } from '../domains/media/placeholder.ts'
import { appsOf } from '../domains/oauth/apps.ts'
import { tokensOf } from '../domains/oauth/tokens.ts'
import { pinsOf } from '../domains/pins/pins.ts'
import { findVideoTools } from '../domains/videos/tools.ts'
import { videosOf } from '../domains/videos/videos.ts'
import { BodyBudget } from '../http/body-budget.ts'
import { Bookmarks } from '../http/bookmarks.ts'
import { hostGuard } from '../http/host-guard.ts'
import { serveOperations } from '../http/operations.ts'
import { RateLimiter } from '../http/rate-limits.ts'
import { createHttpServer } from '../http/server.ts'
import { serveOauthPages, showOauthError } from '../pages/consent.ts'
import { servePictures } from '../pages/pictures.ts'
import { serveDocs } from '../pages/reference.ts'
import { serveVideos } from '../pages/uploads.ts'
import { serveVisits } from '../pages/visits.ts'
import { openStorage } from '../storage/open.ts'
import { abandonedMs, type MediaStorage } from '../storage/storage.ts'
import { readPlace } from '../storage/storage-location.ts'
import type { ServerConfig } from './config.ts'
import { type DataFolder, ephemeralFolder, takeFolder } from './data-folder.ts'
import { readRateLimits } from './rate-limits.ts'
import { type ChosenSeed, chooseSeed } from './seed/choose.ts'
import { demoCredentials } from './seed/demo-credentials.ts'
import { applySeed } from './seed/seed.ts'

/** A server that takes requests. */
export interface RunningServer {
  /** Where it is reached, without a slash at the end. */
  url: string
  /** What it was filled with. */
  seed: string | undefined
  /** Finishes what is under way, and ends. */
  close(): Promise<void>
}

/** So long a picture's server may take where a drawn one can stand for it. */
const standInAfterMs = 3000
const hourMs = 60 * 60 * 1000
/** While the database is filled, the log says this often how far it is. */
const progressMs = 2000

/**
 * Starts a server; it is ready when this returns. `extend` may add hooks before it listens.
 * Throws `ConfigError` when something about the configuration is wrong.
 */
export async function startServer(
  config: ServerConfig,
  extend: (app: FastifyInstance) => void = () => {},
): Promise<RunningServer> {
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return await start(config, extend, undo, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  config: ServerConfig,
  extend: (app: FastifyInstance) => void,
  undo: (() => unknown)[],
  close: () => Promise<void>,
): Promise<RunningServer> {
  const clock = config.clock ?? systemClock
  const { log, noteRequest } = await makeLog(config.log)
  const rateLimits = readRateLimits(config.rateLimits)
  const keptDays = readKeptDays(config)
  const folder = config.ephemeral ? ephemeralFolder() : takeFolder(config.dataDir)
  undo.push(() => folder.release())

  const storage = await readyStorage(config, folder)
  undo.push(() => storage.close())
  const { db, installation, seed } = await openData(config, folder, storage)
  undo.push(() => db.close())

  // Servers that share a database tell their ids apart by a number each; two with the same one retry.
  const ids = new IdMaker(clock, config.databaseUrl === undefined ? 0 : randomInt(32))
  const fetcher = pictureFetcher({
    allowLoopback: isLoopbackHost(config.host),
    ...(config.fetch === 'placeholder' && { standIn: drawPlaceholder, timeoutMs: standInAfterMs }),
  })
  undo.push(() => fetcher.close())
  const bookmarks = new Bookmarks(installation.key)
  const accounts = accountsOf({ db, clock, ids })
  const apps = appsOf({ db, clock })
  const tokens = tokensOf({ db, clock, ids })
  const idempotency = idempotencyOf({ db, clock })
  const pictures = picturesOf({ db, storage, clock })
  const tools = config.ffmpeg === false ? undefined : await findVideoTools()
  const videos = videosOf({
    ...{ db, clock, ids, storage, pictures, tools, log, key: installation.key },
    folder: join(folder.path, 'uploads'),
    sync: config.durability === 'full' && !config.ephemeral,
  })
  undo.push(() => videos.close())
  const boards = boardsOf({ db, clock, ids, accounts, pins: () => pins.onBoards })
  const analytics = analyticsOf({ db, clock, accounts, key: installation.key, keptDays })
  const pins = pinsOf({ db, clock, ids, accounts, boards, pictures, videos, analytics })

  await pictures.sweepLeftovers(config.databaseUrl === undefined ? 0 : hourMs)
  await boards.finishRemovals()
  await videos.resume({ isShared: config.databaseUrl !== undefined })
  await videos.removeUnused()
  if (!tools)
    log.info('ffmpeg and ffprobe are not installed: videos are taken as H.264 in MP4 only, and kept as they are')
  if (seed) await fill(db, seed, log, { db, ids, accounts, apps, tokens, boards, pins, analytics })

  let publicUrl = config.publicUrl?.replace(/\/+$/, '') ?? ''
  const urlNow = () => publicUrl
  const mediaUrl = config.mediaUrl?.replace(/\/+$/, '')
  // All addresses in answers are those of media.
  const mediaUrlNow = () => mediaUrl ?? publicUrl
  const app = await createHttpServer({
    log,
    noteRequest,
    errorCodes: config.errorCodes,
    checkHost: isLoopbackHost(config.host) ? hostGuard(urlNow) : () => {},
  })
  undo.push(() => app.close())
  extend(app)
  const rateLimiter = rateLimits && new RateLimiter(rateLimits, clock)
  serveOperations(app, {
    api: makeApi({
      ...{ accounts, analytics, apps, boards, bookmarks, fetcher, pins, tokens, videos },
      publicUrl: urlNow,
      mediaUrl: mediaUrlNow,
    }),
    authenticateToken: tokens.authenticate,
    authenticateApp: apps.authenticate,
    idempotency,
    bodyBudget: new BodyBudget(),
    rateLimiter,
  })
  await app.register(async (pages) => {
    await pages.register(cookie)
    pages.setErrorHandler((error, _request, reply) => {
      if (!showOauthError(error, reply)) throw error
    })
    serveOauthPages(pages, {
      accounts,
      apps,
      tokens,
      clock,
      key: installation.key,
      publicUrl: urlNow,
      signUp: config.signUp,
    })
    serveVisits(pages, { analytics, accounts, pins, clock, rateLimiter })
  })
  servePictures(app, { storage, accounts })
  await serveVideos(app, { videos, storage, ...(config.uploadBytes && { uploadBytes: config.uploadBytes }) })
  serveDocs(app, (host) => (isLoopbackHost(config.host) && host ? `http://${host}` : publicUrl))
  app.get('/_pinfold/health', async () => ({ status: 'ok' }))
  app.get('/', async (_request, reply) => reply.redirect('/docs', 302))

  // At once, for what became old while the server was away, and each hour.
  const ending = new AbortController()
  // Not every service can, and not everybody may.
  const forgetUnfinished = () =>
    storage
      .forgetUnfinished(clock.now() - abandonedMs)
      .catch((error) => log.debug({ err: error }, 'could not remove parts of files that were never finished'))
  const tidyUp = () =>
    Promise.all([
      tokens.forgetExpired(),
      accounts.forgetExpiredSessions(),
      idempotency.forgetOld(),
      pictures.sweepLeftovers(hourMs),
      analytics.expire(ending.signal),
      videos.removeUnused(),
      forgetUnfinished(),
    ]).catch((error) => log.error({ err: error }, 'could not remove what is no longer needed'))
  let tidying = tidyUp()
  const everyHour = setInterval(() => {
    tidying = tidying.then(tidyUp)
  }, hourMs)
  everyHour.unref()
  undo.push(() => {
    clearInterval(everyHour)
    ending.abort()
    return tidying
  })

  await listen(app, config)
  const { port } = app.server.address() as AddressInfo
  publicUrl ||= `http://${hostInUrl(config.host)}:${port}`
  const seedName = seed?.name ?? installation.seed
  if (config.envFile !== undefined) await writeEnvFile(config.envFile, publicUrl, seedName)
  return { url: publicUrl, seed: seedName, close }
}

/** Opens the storage of pictures and videos, and sees that it can be used. */
async function readyStorage(config: ServerConfig, folder: DataFolder): Promise<MediaStorage> {
  if (config.ephemeral && config.storage !== undefined)
    throw new ConfigError('--ephemeral keeps nothing, so it does not go with --storage.')
  const storage = await openStorage(readPlace(config.storage ?? join(folder.path, 'media')), {
    sync: config.durability === 'full' && !config.ephemeral,
    reads: config.mediaReads ?? 'proxy',
  })
  try {
    await storage.sweep()
    return storage
  } catch (error) {
    await storage.close()
    const { message } = error as Error
    throw new ConfigError(error instanceof StorageUnavailable ? message : `Cannot use --storage: ${message}`)
  }
}

/** For how many days numbers are kept by day. Throws `ConfigError` when that is less than can be asked for. */
function readKeptDays({ analyticsDays: days = defaultKeptDays }: ServerConfig): number {
  if (days >= leastKeptDays) return days
  throw new ConfigError(
    `--analytics-days ${days} is too few: numbers can be asked for 90 days back, so keep ${leastKeptDays} at least.`,
  )
}

/** Opens the database, brings it up to date and reads what it remembers. */
async function openData(
  config: ServerConfig,
  folder: DataFolder,
  storage: MediaStorage,
): Promise<{ db: Database; installation: Installation; seed: ChosenSeed | undefined }> {
  const file = join(folder.path, 'pinfold.db')
  const open = async () => {
    let db: Database | undefined
    try {
      db = config.database ?? (await openDatabase(config, file))
      await migrateToLatest(db.read)
      const installation = await readInstallation(db)
      return { db, installation, seed: await chooseSeed(config, installation) }
    } catch (error) {
      await db?.close()
      throw error instanceof ConfigError
        ? error
        : unusable(error, config.databaseUrl === undefined ? file : '--database-url')
    }
  }
  const opened = await open()
  if (!opened.installation.seedUnfinished) return opened
  try {
    if (config.databaseUrl !== undefined || config.database)
      throw new ConfigError('The database was left half filled when seeding was cut off. Empty it, and start again.')
    // The database last: as long as it is there, a start after another crash knows what there is to throw away.
    await picturesOf({ db: opened.db, storage, clock: systemClock }).removeAllFiles()
  } finally {
    await opened.db.close()
  }
  for (const ending of ['', '-wal', '-shm']) await rm(file + ending, { force: true })
  return open()
}

/** A database that cannot be opened or brought up to date is for whoever started the server to see to. */
function unusable(error: unknown, which: string): ConfigError {
  const { code, message } = error as Error & { code?: string }
  return new ConfigError(`Cannot use the database ${which}: ${message || code}`, { cause: error })
}

async function openDatabase(config: ServerConfig, file: string): Promise<Database> {
  if (config.databaseUrl === undefined) return openSqlite(file, config.ephemeral ? 'relaxed' : config.durability)
  if (!/^postgres(ql)?:\/\//.test(config.databaseUrl))
    throw new ConfigError('--database-url must begin with postgres:// or postgresql://.')
  return openPostgres(config.databaseUrl)
}

async function fill(
  db: Database,
  { name, plan }: ChosenSeed,
  log: Logger,
  target: Parameters<typeof applySeed>[1],
): Promise<void> {
  await noteSeedBegun(db, name)
  if (name !== 'none') log.info(`filling the empty database with --seed ${name}`)
  let told = Date.now()
  await applySeed(plan, target, (done, total) => {
    if (Date.now() - told < progressMs) return
    told = Date.now()
    log.info(`${done} of ${total} Pins made`)
  })
  await noteSeedDone(db, name)
}

async function listen(app: FastifyInstance, { host, port }: ServerConfig): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new ConfigError(`Port ${port} on ${host} is taken. Name another with --port, or 0 for a free one.`)
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new ConfigError(`Cannot listen on ${host}:${port}: ${message}`)
    throw error
  }
}

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host)

/** What clients of Pinterest's read from their environment, with the credentials if they are the demo's. */
async function writeEnvFile(path: string, url: string, seed: string | undefined): Promise<void> {
  const { appId, appSecret, accessToken, refreshToken, username, password } = demoCredentials
  const values = {
    PINTEREST_API_URI: url,
    PINTEREST_OAUTH_URI: url,
    ...(seed === 'demo' && {
      PINTEREST_APP_ID: appId,
      PINTEREST_APP_SECRET: appSecret,
      PINTEREST_ACCESS_TOKEN: accessToken,
      PINTEREST_REFRESH_ACCESS_TOKEN: refreshToken,
      PINFOLD_USERNAME: username,
      PINFOLD_PASSWORD: password,
    }),
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
  try {
    await writeFile(path, lines.join(''), { mode: 0o600 })
  } catch (error) {
    throw new ConfigError(`Cannot write the env file ${path}: ${(error as Error).message}`)
  }
}
