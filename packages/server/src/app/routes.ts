import type { ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import type { RateLimits } from '@pinfold/contract'
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import { makeApi } from '../api/index.ts'
import { toSnapshot } from '../api/render/snapshot.ts'
import type { Control } from '../control/control.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { sandboxPath } from '../core/sandbox-mark.ts'
import type { SharedMemory } from '../core/shared-memory.ts'
import type { Membership } from '../domains/nodes/nodes.ts'
import { registeredClientsOf } from '../domains/oauth/registered-clients.ts'
import { Bookmarks } from '../http/bookmarks.ts'
import { controlGuard, isControlOpen } from '../http/control-guard.ts'
import { serveOperations } from '../http/operations.ts'
import { RateLimiter } from '../http/rate-limits.ts'
import { type Readiness, serveReadiness } from '../http/readiness.ts'
import type { Replays } from '../http/replay.ts'
import type { RequestMetrics } from '../http/request-metrics.ts'
import { serveMetrics } from '../http/serve-metrics.ts'
import { serveRequestLog } from '../http/serve-request-log.ts'
import { serveSnapshotFiles } from '../http/snapshot-files.ts'
import { throttlesOf } from '../http/throttle.ts'
import { serveAdPreviews } from '../pages/ad-previews.ts'
import { serveAdReports } from '../pages/ad-reports.ts'
import { serveAdTitles } from '../pages/ad-titles.ts'
import { ownAddresses } from '../pages/agents/addresses.ts'
import { serveAgents } from '../pages/agents/agents.ts'
import { serveApp } from '../pages/app/serve-app.ts'
import { serveOauthPages, showOauthError } from '../pages/consent.ts'
import { serveIcon } from '../pages/icon.ts'
import { servePictures } from '../pages/pictures.ts'
import { servePreviews } from '../pages/previews.ts'
import { serveDocs } from '../pages/reference.ts'
import { sessionCaller } from '../pages/session-caller.ts'
import { serveVideos } from '../pages/uploads.ts'
import { serveVisits } from '../pages/visits.ts'
import type { MediaStorage } from '../storage/storage.ts'
import type { Addresses } from './addresses.ts'
import { agentHosts } from './agent-host.ts'
import type { Settings } from './config.ts'
import type { Domains } from './domains.ts'
import { isOwnToken, type SandboxTraits } from './sandboxes/traits.ts'
import { demoCredentials } from './seed/demo-credentials.ts'

/** What routes need beside the domains. */
export interface RouteOptions {
  settings: Settings
  addresses: Addresses
  storage: MediaStorage
  control: Control
  /** What sends calls of the request log again. */
  replays: Replays
  /** Keeps a request in the request log. Undefined: there is none. */
  keepCall: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined
  metrics: RequestMetrics
  readiness: Readiness
  /** What servers share beside the database. */
  memory: SharedMemory | undefined
  /** This server among those that share the data. */
  node: Membership | undefined
  /** A secret of the installation. */
  key: Buffer
  /** Undefined: no limits. */
  rateLimits: RateLimits | undefined
  /** Whether the data is the demo's, whose credentials everybody knows. */
  hasDemo: boolean
  /** Has the end of these routes not wait for an answer, which needs nothing of the data. */
  letGo: (answer: ServerResponse) => void
  /** What sets a sandbox apart; undefined for the server itself. */
  sandbox: SandboxTraits | undefined
}

/** A mark that no server has left: to look for it shows that the storage answers. */
const noMark = '0'.repeat(32)

/** Returns whether only people on this machine reach the server, and nobody chose limits. */
const isOwnersAlone = ({ host, rateLimits }: Settings): boolean => rateLimits === 'local' && isLoopbackHost(host)

/** Returns a plugin without the versions that it fits: to read their range takes a fifteenth of the start, and npm has looked at it. */
function withoutVersions(plugin: FastifyPluginCallback): FastifyPluginCallback {
  const own: FastifyPluginCallback = (app, options, done) => plugin(app, options, done)
  return Object.assign(own, { [Symbol.for('skip-override')]: true })
}

/** Adds every route: the operations of the contract, the pages, and Pinfold's own. */
export async function serveRoutes(app: FastifyInstance, domains: Domains, options: RouteOptions): Promise<void> {
  const { settings, addresses, storage, control, replays, keepCall, key, rateLimits, hasDemo, letGo, sandbox } = options
  const { memory, metrics, readiness, node } = options
  const { clock, faults } = control
  const throttles = throttlesOf(clock, memory)
  const { publicUrl, mediaUrl } = addresses
  const { accounts, adAccounts, analytics, apps, boards, idempotency, pagePictures, pictures, pins, tokens, videos } =
    domains
  const { listWatch } = domains
  const authenticateSession = sessionCaller({ accounts, publicUrl })
  // Requests that wait for a change would hold up the end of the server.
  app.addHook('preClose', async () => listWatch.close())
  const rateLimiter = new RateLimiter(rateLimits, clock, memory)
  const controlOptions = {
    token: settings.controlToken,
    isLoopback: isLoopbackHost(settings.host),
    publicUrl,
    throttles,
    isOwn: sandbox && ((header: string) => isOwnToken(header, sandbox, tokens)),
  }
  const guardControl = controlGuard(controlOptions)
  const mayControl = (request: FastifyRequest) => isControlOpen(request, controlOptions)
  await serveSnapshotFiles(app, { data: control.data, guardControl, render: toSnapshot })
  serveRequestLog(app, { calls: control.calls, guardControl, letGo })
  serveOperations(app, {
    api: makeApi({
      ...domains,
      boardById: domains.collaborators.boardById,
      bookmarks: new Bookmarks(key),
      clock,
      throttles,
      control,
      offers: { signUp: settings.signUp, isDemo: hasDemo },
      publicUrl,
      mediaUrl,
    }),
    authenticateToken: (header, connection) => {
      const repeated = replays.tokenHash(header)
      return repeated === undefined ? tokens.authenticate(header, connection) : tokens.authenticateHash(repeated)
    },
    authenticateApp: apps.authenticate,
    authenticateSession,
    guardControl,
    isControlOpenTo: mayControl,
    keepCall,
    faults,
    viewerFor: adAccounts.viewerFor,
    adAccountFor: adAccounts.adAccountFor,
    idempotency,
    rateLimiter,
    ownersHeader: hasDemo && isOwnersAlone(settings) ? `Bearer ${demoCredentials.accessToken}` : undefined,
  })
  const clients = registeredClientsOf({ db: domains.db, clock, key })
  const own = ownAddresses({ publicUrl, isLoopback: isLoopbackHost(settings.host) })
  serveAgents(app, {
    ...{ apps, clients, tokens, clock, throttles, addresses: own },
    authenticate: tokens.authenticate,
    hostOf: agentHosts(app, { clock, mediaUrl, mayControl }),
  })
  await app.register(async (pages) => {
    await pages.register(withoutVersions(cookie))
    pages.setErrorHandler((error, _request, reply) => {
      if (!showOauthError(error, reply)) throw error
    })
    const demo = hasDemo ? demoCredentials : undefined
    const cookiePath = sandbox && `${sandboxPath(sandbox.id)}/`
    const { isOwnResource } = own
    serveOauthPages(pages, {
      ...{ accounts, apps, clients, tokens, clock, throttles, key, publicUrl, isOwnResource, cookiePath, demo },
      signUp: settings.signUp,
    })
    // The web app's addresses begin at the root.
    if (!sandbox) serveApp(pages, { accounts, boards, pins, storage, publicUrl, mediaUrl })
    serveVisits(pages, { analytics, accounts, pins, clock, rateLimiter })
  })
  serveAdPreviews(app, { adPreviews: domains.adPreviews, accounts, mediaUrl })
  await serveAdTitles(app, domains)
  serveAdReports(app, domains)
  servePreviews(app, { pagePictures, caller: authenticateSession })
  serveIcon(app)
  servePictures(app, { storage, accounts, pictures })
  await serveVideos(app, { videos, storage, ...(settings.uploadBytes && { uploadBytes: settings.uploadBytes }) })
  serveDocs(app, {
    addressOf: own.of,
    demo: hasDemo ? demoCredentials : undefined,
  })
  app.get('/_pinfold/health', async () => ({ status: 'ok' }))
  if (sandbox) return
  serveReadiness(app, readiness, {
    database: () => accounts.page(0, 1),
    storage: () => (node ? node.checkStorage() : storage.hasMark(noMark)),
  })
  serveMetrics(app, { requests: metrics, connections: domains.db.connections, guardControl })
}
