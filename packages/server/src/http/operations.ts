import { type AdRight, type Operation, resources } from '@pinfold/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Faults, FaultTarget } from '../control/faults.ts'
import { ApiError } from '../core/errors.ts'
import { etagOf, JoinedText, JsonText } from '../core/json-text.ts'
import { networkOf } from '../core/network.ts'
import { type Soon, soon } from '../core/soon.ts'
import type { AppCaller, Caller, Viewer } from '../core/viewer.ts'
import type { ActingForOwners } from '../domains/ad-accounts/acting.ts'
import type { AdAccountRow } from '../domains/ad-accounts/ad-accounts.ts'
import { type Creation, createOnly, type Idempotency } from '../domains/idempotency/idempotency.ts'
import { Answer } from './answer.ts'
import { appHeader } from './app-header.ts'
import { applyFault } from './apply-fault.ts'
import { checkApp, checkScopes, viewerIn } from './authorize.ts'
import { compressFor } from './compress.ts'
import { isKnownEtag } from './etag.ts'
import type { Api, ApiOf, Sender } from './handlers.ts'
import type { RateLimited, RateLimiter } from './rate-limits.ts'
import { inputCheck } from './validation.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once known. */
    identity: Identity | null
    /** The pictures that were extracted from the body; see `JsonScanner`. */
    pictures: Map<string, Buffer> | null
  }
}

/** The last variant: an anonymous sender. */
type Identity = { app: AppCaller } | { caller: Caller; viewer: Viewer } | { address: string }

export interface OperationsOptions {
  /**
   * Each takes the Authorization header and throws `authenticationFailed`. A cached caller is returned without a
   * promise. `connection`: what the header came over.
   */
  authenticateToken: (header: string | undefined, connection: object) => Soon<Caller>
  authenticateApp: (header: string | undefined) => Promise<AppCaller>
  /**
   * Finds the person who is signed in in a browser, for a request without an Authorization header. Undefined: it comes
   * from no page of this server, or nobody is signed in there.
   */
  authenticateSession?: (request: FastifyRequest) => Promise<Caller | undefined> | undefined
  /** Returns the account that a caller acts as with `ad_account_id`. */
  viewerFor: ActingForOwners['viewerFor']
  /** Returns the ad account that an operation is about. */
  adAccountFor: ActingForOwners['adAccountFor']
  idempotency: Idempotency
  /** Undefined: no limits. */
  rateLimiter: RateLimiter | undefined
  /** The Authorization header of the person in front of this machine, whose writes are not limited by the minute. */
  ownersHeader?: string | undefined
  /** Lets a request to a control operation pass, or throws. */
  guardControl: (request: FastifyRequest) => void | Promise<void>
  /** Returns whether control is open to a request without a token. */
  isControlOpenTo: (request: FastifyRequest) => boolean
  /** What goes wrong on purpose, in all other operations. */
  faults: Faults
  /** Keeps a request that gets no whole answer in the request log. Undefined: there is none. */
  keepCall?: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined
}

/** A handler as it is called here: validation ensures that `call` has its type. */
type UntypedHandler = (call: object) => unknown

/** Adds a route for each operation in the contract. */
export function serveOperations(app: FastifyInstance, { api, ...options }: OperationsOptions & { api: Api }): void {
  serveResources(app, resources, api, options)
}

/** Adds a route for each operation of these resources, with the handler under the same key. */
export function serveResources<Resources extends Record<string, Record<string, Operation>>>(
  app: FastifyInstance,
  resources: Resources,
  api: ApiOf<Resources>,
  options: OperationsOptions,
): void {
  const handlers = api as Record<string, Record<string, UntypedHandler>>
  app.decorateRequest('identity', null)
  // A request that a fault holds would hold up the end.
  const ending = { begun: false }
  app.addHook('preClose', async () => {
    ending.begun = true
    options.faults.letGo()
  })
  for (const [resource, operations] of Object.entries(resources))
    for (const [name, op] of Object.entries(operations)) {
      const handler = handlers[resource]?.[name]
      if (!handler) throw new Error(`The operation ${op.id} has no handler.`)
      serve(app, op, handler, { ...options, ending })
    }
}

function serve(
  app: FastifyInstance,
  op: Operation,
  handler: UntypedHandler,
  options: OperationsOptions & { ending: { begun: boolean } },
): void {
  const input = inputCheck(op)
  const identify = identifier(op, options)
  const isControl = op.auth.by === 'control'
  const admit = (identity: Identity, request: FastifyRequest, reply: FastifyReply) => {
    request.identity = identity
    if (isControl) return undefined
    const isOwners = options.ownersHeader !== undefined && request.headers.authorization === options.ownersHeader
    const isPersons = 'caller' in identity && identity.caller.session !== undefined
    const tier = isOwners ? 'owner' : isPersons ? 'person' : undefined
    const headers = options.rateLimiter?.take(limitedAs(identity), op.category, tier)
    if (!(headers instanceof Promise)) return admitLimited(identity, request, reply, headers)
    return headers.then((found) => admitLimited(identity, request, reply, found))
  }
  const admitLimited = (
    identity: Identity,
    request: FastifyRequest,
    reply: FastifyReply,
    headers: Record<string, string> | undefined,
  ) => {
    if (headers) reply.headers(headers)
    if ('caller' in identity) {
      checkScopes(op, identity.caller)
      checkApp(op, identity.caller, request)
    }
    const { faults, ending, keepCall } = options
    if (!faults.any || ending.begun) return undefined
    return applyFault(targetOf(op, identity), { faults, request, reply, keepCall })
  }
  /** Answers once the caller's role in the ad account of the path has been asked. Throws `forbidden`. */
  const answerInAdAccount = async (
    call: HandlerCall,
    identity: Identity | null,
    right: AdRight,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => {
    if (identity && 'caller' in identity) {
      const { ad_account_id: id } = call.params as { ad_account_id: string }
      call.adAccount = await options.adAccountFor(identity.caller, id, right)
    }
    return payloadOf(op, await handler(call), request, reply)
  }
  app.route({
    method: op.method,
    url: `${op.root ?? '/v5'}${op.path.replace(/\{(\w+)\}/g, ':$1')}`,
    config: { operation: op },

    // Before the body is read: without permission a caller cannot send one.
    onRequest: (request, reply, done) => {
      try {
        const identity = identify(request.headers.authorization, request)
        const admitted =
          identity instanceof Promise
            ? identity.then((found) => admit(found, request, reply))
            : admit(identity, request, reply)
        if (admitted) return void admitted.then((goesOn) => goesOn !== false && done(), done)
        done()
      } catch (error) {
        done(error as Error)
      }
    },

    // Without a promise where everything is there: each that is waited for is a turn of the loop.
    handler(request, reply) {
      const address = input.address(request.params, request.query)
      if (op.body) checkMediaType(op.body.type, request)
      const body = input.body(request.body, request.bodyText)
      const payload = soon(acting(op, request.identity, address.query, options), (identity) => {
        const call = new HandlerCall(request, address, body, identity, options)
        const key = request.headers['idempotency-key']
        if (op.method === 'POST' && typeof key === 'string' && identity && 'caller' in identity)
          call.once = onceForKey(op, call, { ...identity, key }, options.idempotency)
        if (op.adRight) return answerInAdAccount(call, identity, op.adRight, request, reply)
        return soon(handler(call), (answered) => payloadOf(op, answered, request, reply))
      })
      return payload instanceof Promise ? payload : void reply.send(payload)
    },
  })
}

/** What a handler is called with. */
class HandlerCall {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly app: AppCaller | undefined
  readonly caller: Caller | undefined
  readonly viewer: Viewer | undefined
  readonly pictureBytes: (data: string) => Buffer
  adAccount: AdAccountRow | undefined
  once: (creation: Creation<unknown, unknown>) => Promise<JsonText>
  readonly #request: FastifyRequest
  readonly #isControlOpenTo: OperationsOptions['isControlOpenTo']

  constructor(
    request: FastifyRequest,
    { params, query }: { params: unknown; query: unknown },
    body: unknown,
    identity: Identity | null,
    { isControlOpenTo }: OperationsOptions,
  ) {
    this.params = params
    this.query = query
    this.body = body
    this.app = identity && 'app' in identity ? identity.app : undefined
    this.caller = identity && 'caller' in identity ? identity.caller : undefined
    this.viewer = identity && 'caller' in identity ? identity.viewer : undefined
    this.pictureBytes = (data) => request.pictures?.get(data) ?? Buffer.from(data, 'base64')
    this.once = createOnly
    this.#request = request
    this.#isControlOpenTo = isControlOpenTo
  }

  get sender(): Sender {
    const { headers, ip } = this.#request
    return {
      userAgent: headers['user-agent'] ?? '',
      address: ip,
      mayControl: () => this.#isControlOpenTo(this.#request),
    }
  }
}

/** Sets the status and the headers for what a handler returned. Returns what is to be sent. */
function payloadOf(
  op: Operation,
  answered: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Soon<string | Buffer | undefined> {
  const chosen = answered instanceof Answer ? answered : undefined
  const answer: unknown = chosen ? chosen.body : answered
  reply.code(chosen?.status ?? op.success.status)
  if (op.auth.by === 'app') reply.header('cache-control', 'no-store') // RFC 6749, 5.1
  if (answer === undefined) return undefined
  const json = answer instanceof JsonText ? answer : new JsonText(JSON.stringify(answer))
  const { body, headers } = json
  request.answerText = body
  if (op.hasEtag) {
    const etag = headers?.etag ?? etagOf(json.text)
    reply.headers({ etag, 'cache-control': 'private, no-cache' })
    if (isKnownEtag(request.headers['if-none-match'], etag)) {
      reply.code(304)
      return undefined
    }
  }
  reply.header('content-type', 'application/json; charset=utf-8')
  if (headers) reply.headers(headers)
  // Programs are often on this machine, and what has a tag is short: only what browsers read is worth it.
  if (request.headers[appHeader] === undefined || op.hasEtag) return body instanceof JoinedText ? body.toBytes() : body
  return compressFor(request, json.text).then((sent) => {
    reply.headers(sent.headers)
    return sent.body
  })
}

/** Returns the function that carries a creation out once per key. */
function onceForKey(
  op: Operation,
  { params, query, body }: { params: unknown; query: unknown; body: unknown },
  sent: { key: string; caller: Caller; viewer: Viewer },
  idempotency: Idempotency,
) {
  return <Row, Body>(creation: Creation<Row, Body>): Promise<JsonText> =>
    idempotency.once({ ...sent, content: JSON.stringify([op.id, params, query, body]) }, creation)
}

/** Returns a function that finds the caller of `op` from the Authorization header, or without one from the session. */
function identifier(op: Operation, options: OperationsOptions) {
  const { authenticateApp, authenticateSession, authenticateToken } = options
  if (op.auth.by === 'app') return async (header: string | undefined) => ({ app: await authenticateApp(header) })
  if (op.auth.by === 'control')
    return (_header: string | undefined, request: FastifyRequest): Identity | Promise<Identity> => {
      const identity = { address: request.ip }
      return options.guardControl(request)?.then(() => identity) ?? identity
    }
  const viewer = viewerIn(op)
  const identities = new WeakMap<Caller, Identity>()
  /** The callers of tokens are cached, and so is what they are in this operation. */
  const identity = (caller: Caller): Identity => {
    const known = identities.get(caller)
    if (known) return known
    const made = { caller, viewer: viewer(caller) }
    identities.set(caller, made)
    return made
  }
  const byHeader = (header: string | undefined, request: FastifyRequest): Soon<Identity> => {
    if (op.auth.by === 'anyone' && header === undefined) return { address: request.ip }
    return soon(authenticateToken(header, request.raw.socket), identity)
  }
  return (header: string | undefined, request: FastifyRequest): Identity | Promise<Identity> => {
    const session = header === undefined ? authenticateSession?.(request) : undefined
    if (!session) return byHeader(header, request)
    return session.then((caller) => (caller ? identity(caller) : byHeader(header, request)))
  }
}

/** Returns a request as faults look at it. */
function targetOf({ id }: Operation, identity: Identity): FaultTarget {
  if ('caller' in identity)
    return { operation: id, app: String(identity.caller.appId), account: identity.caller.username }
  return { operation: id, app: 'app' in identity ? String(identity.app.appId) : undefined, account: undefined }
}

/** Returns the rate-limit key: app and account, or the network of an anonymous sender. */
function limitedAs(identity: Identity): RateLimited {
  if ('caller' in identity) return identity.caller
  if ('app' in identity) return { ...identity.app, accountId: undefined }
  return { appId: `at ${networkOf(identity.address)}`, accountId: undefined, tier: 'standard' }
}

/**
 * Throws when a body has the wrong media type. It was parsed according to that type, so it must not be used as the
 * other.
 */
function checkMediaType(wanted: 'json' | 'form', request: FastifyRequest): void {
  const given = request.headers['content-type'] ?? ''
  const isForm = given.startsWith('application/x-www-form-urlencoded')
  if (request.body === undefined || isForm === (wanted === 'form')) return
  const right = wanted === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  throw new ApiError('unsupportedMediaType', { detail: `Send ${right}.` })
}

/** What a query says about acting for others, in the operations that have it. */
interface ActingQuery {
  ad_account_id?: string
  pin_metrics?: boolean
}

/**
 * Returns who asks; with `ad_account_id`, as the account that owns the ad account, in the operations that take it. Throws
 * `forbidden`.
 */
function acting(
  { category, query: declared }: Operation,
  identity: Identity | null,
  query: unknown,
  { viewerFor }: Pick<OperationsOptions, 'viewerFor'>,
): Soon<Identity | null> {
  const { ad_account_id: adAccountId, pin_metrics: withMetrics } = (query ?? {}) as ActingQuery
  if (adAccountId === undefined || !identity || !('caller' in identity)) return identity
  // Parameters that are not declared are passed over: nobody acts for another in what is their own alone.
  if (!Object.hasOwn(declared?.properties ?? {}, 'ad_account_id')) return identity
  const right = category === 'org_analytics' || withMetrics ? 'analytics' : 'pins'
  return viewerFor({ ...identity, adAccountId, right }).then((viewer) => ({ ...identity, viewer }))
}
