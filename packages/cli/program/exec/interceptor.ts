import diagnostics from 'node:diagnostics_channel'
import net from 'node:net'
import type { Mockttp, requestSteps } from 'mockttp'
import type { Authority } from './authority.ts'
import type { Har } from './har.ts'
import { apiHost, consentHost, pictureHost, pinterestHosts, sandboxHost, uploadHosts } from './hosts.ts'
import { loadMockttp } from './load-mockttp.ts'
import { passOverStrayBodies } from './stray-bodies.ts'
import { userProxyFor } from './user-proxy.ts'

/** Terminates the TLS of calls to Pinterest's hosts, and passes them to Pinfold, or on. */
export interface Interceptor {
  /** The port on 127.0.0.1, which takes TLS for Pinterest's hosts directly, and as an HTTP proxy. */
  port: number
  close(): Promise<void>
}

export interface InterceptorOptions {
  authority: Authority
  /** Whether calls go to Pinfold, and not on to Pinterest. */
  isPinfold: boolean
  /** The address of Pinfold, or of what stands for Pinterest; undefined: that which the program asked for. */
  server: URL | undefined
  har: Har | undefined
  env: NodeJS.ProcessEnv
}

type Transform = NonNullable<requestSteps.PassThroughStepOptions['transformRequest']>

/** Longer bodies are passed on, but not logged. */
const longestLoggedBody = 1024 * 1024

/** Starts the interceptor on a free port of 127.0.0.1. */
export async function startInterceptor(options: InterceptorOptions): Promise<Interceptor> {
  // Loaded on demand, since it is large. Its output goes to stderr, since stdout is the command's.
  console.log = console.error
  const { getLocal } = await loadMockttp()
  const mock = getLocal({
    https: { ...options.authority, defaultDomain: apiHost },
    recordTraffic: false,
    suggestChanges: false,
    maxBodySize: longestLoggedBody,
  })
  try {
    for (const server of await onLoopback(() => mock.start(0))) passOverStrayBodies(server)
    const { isPinfold, server, env } = options
    if (isPinfold && server) await addRules(mock, { server, env })
    else await passThrough(mock, { server, env })
    if (options.har) await record(mock, options.har)
  } catch (error) {
    await mock.stop()
    throw error
  }
  return { port: mock.port, close: () => mock.stop() }
}

async function addRules(mock: Mockttp, { server, env }: { server: URL; env: NodeJS.ProcessEnv }): Promise<void> {
  const proxy = userProxyFor(server, env)
  const toPinfold = (transform: Transform = {}): requestSteps.PassThroughStepOptions => ({
    transformRequest: {
      // It resolves names itself, and takes an IPv6 address for a name with a port.
      replaceHost: { targetHost: server.host.replace('[::1]', 'localhost') },
      setProtocol: server.protocol === 'https:' ? 'https' : 'http',
      ...transform,
    },
    ...(proxy && { proxyConfig: { proxyUrl: proxy.href } }),
  })
  const forHost = (host: string) => mock.forAnyRequest().forHostname(host)
  await forHost(apiHost).thenPassThrough(toPinfold())
  await forHost(sandboxHost).thenPassThrough(toPinfold({ matchReplacePath: [[/^\//, '/sandbox/']] }))
  for (const host of uploadHosts)
    await forHost(host).thenPassThrough(toPinfold({ matchReplacePath: [[/^\//, '/uploads/']] }))
  // Pinterest puts folders between the rendition's and the picture's name.
  const picturePath: [RegExp, string] = [/^\/([^/]+)\/(?:.*\/)?([^/]+)$/, '/media/$1/$2']
  await forHost(pictureHost).thenPassThrough(toPinfold({ matchReplacePath: [picturePath] }))

  const isConsent = ({ url }: { url: string }) => /^\/oauth(\/|$)/.test(new URL(url).pathname)
  const origin = `https://${consentHost}`
  const isFromItself = (request: { headers: Record<string, string | string[] | undefined> }) =>
    request.headers.origin === origin
  const elsewhere = userProxyFor(new URL(origin), env)
  // The server only accepts forms from its own pages, and does not know that it goes by this name.
  await forHost(consentHost)
    .matching((request) => isConsent(request) && isFromItself(request))
    .thenPassThrough(toPinfold({ updateHeaders: { origin: server.origin } }))
  await forHost(consentHost)
    .matching((request) => isConsent(request) && !isFromItself(request))
    .thenPassThrough(toPinfold())
  await forHost(consentHost)
    .matching((request) => !isConsent(request))
    .thenPassThrough(elsewhere ? { proxyConfig: { proxyUrl: elsewhere.href } } : {})
}

/** Passes calls to Pinterest's hosts on as they are, to these hosts, or to a server that stands for all of them. */
async function passThrough(mock: Mockttp, { server, env }: Pick<InterceptorOptions, 'server' | 'env'>): Promise<void> {
  for (const host of pinterestHosts) {
    const proxy = userProxyFor(server ?? new URL(`https://${host}`), env)
    await mock
      .forAnyRequest()
      .forHostname(host)
      .thenPassThrough({
        ...(server && {
          transformRequest: {
            // The server sees for whom it stands.
            replaceHost: { targetHost: server.host.replace('[::1]', 'localhost'), updateHostHeader: false },
            setProtocol: server.protocol === 'https:' ? 'https' : 'http',
          },
        }),
        ...(proxy && { proxyConfig: { proxyUrl: proxy.href } }),
      })
  }
}

async function record(mock: Mockttp, har: Har): Promise<void> {
  await mock.on('request-initiated', ({ id }) => har.began(id))
  await mock.on('request', (request) => har.requested(request))
  await mock.on('response', (response) => har.answered(response))
  await mock.on('abort', (request) => har.aborted(request))
}

/**
 * Makes a server that would listen on every address of this machine listen on 127.0.0.1, for which mockttp has no
 * option. Returns the servers that `start` began. Throws if one would be open to others all the same.
 */
async function onLoopback(start: () => Promise<void>): Promise<net.Server[]> {
  const begun: net.Server[] = []
  const chooseAddress = (event: unknown) => {
    if (!isListening(event) || event.options.host !== undefined) return
    event.options.host = '127.0.0.1'
    begun.push(event.server)
  }
  const channel = 'tracing:net.server.listen:asyncStart'
  diagnostics.subscribe(channel, chooseAddress)
  try {
    await start()
  } finally {
    diagnostics.unsubscribe(channel, chooseAddress)
  }
  const addresses = begun.map((server) => server.address())
  const areOurs = addresses.every((address) => typeof address === 'object' && address?.address === '127.0.0.1')
  if (addresses.length === 0 || !areOurs) throw new Error('The proxy would not stay on 127.0.0.1.')
  return begun
}

interface Listening {
  server: net.Server
  options: { host?: string | undefined }
}

const isListening = (event: unknown): event is Listening =>
  typeof event === 'object' &&
  event !== null &&
  'server' in event &&
  event.server instanceof net.Server &&
  'options' in event &&
  typeof event.options === 'object' &&
  event.options !== null
