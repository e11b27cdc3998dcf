import { type Created, type CreateManyOptions, createMany } from './create-many.ts'
import { AuthenticationError } from './errors.ts'
import { OAuth, type Tokens } from './oauth.ts'
import type { RateLimitWait } from './pacing.ts'
import { Page, PagePromise } from './pages.ts'
import { type NewPin, pinBody } from './pin-body.ts'
import { type TableRow, table } from './table.ts'
import { TokenKeeper } from './token-keeper.ts'
import { type CallOptions, type Logger, Transport } from './transport.ts'
import type { Pin, PinCreate, Resources } from './types.ts'
import { type Upload, uploader, type WhenReady, waiter } from './upload.ts'

const pinterestApi = 'https://api.pinterest.com'
const pinterestWeb = 'https://www.pinterest.com'

/** Everything is optional but a token, or what one can be had with. */
export interface ClientOptions {
  accessToken?: string
  /** Milliseconds since 1970; with it the token is renewed before it expires. */
  accessTokenExpiresAt?: number
  /** With `clientId` and `clientSecret`, the access token is renewed by itself. */
  refreshToken?: string
  clientId?: string
  clientSecret?: string
  /** Where the consent page sends people back to. */
  redirectUri?: string
  /** Where the service is: `https://api.pinterest.com` if not given. A `/v5` at its end is ignored. */
  baseUrl?: string
  /** Where the consent page is: the service's own address, or `https://www.pinterest.com` for Pinterest. */
  authorizationBaseUrl?: string
  fetch?: typeof fetch
  /** How long one try may take; 60 seconds if not given. */
  timeoutMs?: number
  /** How often a request that failed is tried again, where that is safe; 3 times if not given. */
  maxRetries?: number
  /**
   * Whether the service honours `Idempotency-Key`, so that a creation may be sent again after a broken connection
   * without being made twice. Pinfold does; of Pinterest it is not known. By default: if the service is not Pinterest.
   */
  idempotencyKeys?: boolean
  /** Called when a request waits because of a rate limit. */
  onRateLimit?: (wait: RateLimitWait) => void
  /** Called with new tokens, to store them. */
  onTokens?: (tokens: Tokens) => void | Promise<void>
  logger?: Logger
}

/** What is more about Pins than the operations themselves. */
export interface PinExtras {
  /**
   * Makes a Pin. Instead of `media_source` it takes what is your own: a `picture` or several `pictures` (the path of a
   * file, bytes, or a Blob), or a `video` with a `cover`, which is uploaded and waited for.
   *
   * @example
   * await client.pins.create({ board_id: board.id, title: 'Cup', picture: './cup.jpg' })
   * await client.pins.create({ board_id: board.id, title: 'Throwing', video: './throwing.mp4', cover: 3 })
   */
  create(pin: NewPin, query?: { ad_account_id?: string }, options?: CallOptions): Promise<Pin>
  /**
   * Makes many Pins, a few at a time and within the rate limits. One that fails is reported and stops no other; the
   * results come in the order of the Pins.
   */
  createMany(pins: readonly NewPin[], options?: CreateManyOptions): Promise<Created[]>
}

/** What is more about media than the operations themselves. */
export interface MediaExtras {
  /**
   * Uploads a video: registers it, sends it and waits until it is ready. Throws `InvalidRequestError` when the service
   * cannot use it.
   *
   * @example
   * const { media_id } = await client.media.upload('./throwing.mp4', {
   *   onProgress: ({ sentBytes, totalBytes }) => console.log(sentBytes, totalBytes),
   * })
   */
  upload: Upload
  /** Waits for a video that was uploaded before, by a program that has ended since. */
  whenReady: WhenReady
}

/**
 * A client for the Pinterest API v5, as Pinterest and Pinfold serve it.
 *
 * @example
 * const client = new PinterestClient({ accessToken: process.env.PINTEREST_ACCESS_TOKEN })
 * for await (const board of client.boards.list()) console.log(board.name)
 */
export class PinterestClient {
  readonly userAccount: Resources['userAccount']
  readonly boards: Resources['boards']
  readonly boardSections: Resources['boardSections']
  readonly pins: Omit<Resources['pins'], 'create'> & PinExtras
  readonly multiPins: Resources['multiPins']
  /** What happens to Pins, as Pinfold counts it; Pinterest has no such operations. */
  readonly events: Resources['events']
  readonly media: Resources['media'] & MediaExtras
  readonly #oauth: OAuth | undefined

  constructor(options: ClientOptions = {}) {
    const baseUrl = (options.baseUrl ?? pinterestApi).replace(/\/+$/, '').replace(/\/v5$/, '')
    const isPinterest = /(^|\.)pinterest\.com$/.test(new URL(baseUrl).hostname)
    const { clientId, clientSecret, redirectUri } = options
    const send = options.fetch ?? fetch
    this.#oauth =
      clientId !== undefined && clientSecret !== undefined
        ? new OAuth({
            clientId,
            clientSecret,
            ...(redirectUri !== undefined && { redirectUri }),
            baseUrl,
            authorizationBaseUrl: options.authorizationBaseUrl ?? (isPinterest ? pinterestWeb : baseUrl),
            fetch: send,
          })
        : undefined
    const keeper = new TokenKeeper({
      accessToken: options.accessToken,
      accessTokenExpiresAt: options.accessTokenExpiresAt,
      refreshToken: options.refreshToken,
      oauth: this.#oauth,
      onTokens: options.onTokens,
    })
    const transport = new Transport({
      baseUrl,
      fetch: send,
      timeoutMs: options.timeoutMs ?? 60_000,
      maxRetries: options.maxRetries ?? 3,
      idempotencyKeys: options.idempotencyKeys ?? !isPinterest,
      onRateLimit: options.onRateLimit,
      logger: options.logger,
      token: () => keeper.current(),
      renewToken: keeper.canRenew ? (token) => keeper.renew(token) : undefined,
    })
    const resources = resourcesOver(transport)
    this.userAccount = resources.userAccount
    this.boards = resources.boards
    this.boardSections = resources.boardSections
    this.multiPins = resources.multiPins
    this.events = resources.events
    this.media = { ...resources.media, upload: uploader(resources.media, send), whenReady: waiter(resources.media) }
    this.pins = { ...resources.pins, ...pinExtras(resources.pins.create, this.media.upload) }
  }

  /** How the app comes by tokens. Needs `clientId` and `clientSecret`. */
  get oauth(): OAuth {
    if (!this.#oauth) throw new AuthenticationError('OAuth needs the clientId and clientSecret of an app.')
    return this.#oauth
  }
}

type Call = (...args: unknown[]) => unknown

/** A method for each operation of the table, under the same keys, from which the type `Resources` follows as well. */
function resourcesOver(transport: Transport): Resources {
  const resources: Record<string, Record<string, Call>> = {}
  for (const [resource, rows] of Object.entries(table)) {
    const methods: Record<string, Call> = {}
    for (const [name, row] of Object.entries(rows))
      methods[name] = row.isList ? listMethod(row, transport) : plainMethod(row, transport)
    resources[resource] = methods
  }
  return resources as unknown as Resources
}

function plainMethod(row: TableRow, transport: Transport): Call {
  return async (...args) => {
    const { path, rest } = fillPath(row, args)
    const body = row.takesBody ? (rest.shift() ?? {}) : undefined
    const [query, options] = rest as [Query?, CallOptions?]
    const plan = { method: row.method, path: path + queryText(query), category: row.category }
    return transport.request(body === undefined ? plan : { ...plan, body }, options)
  }
}

function listMethod(row: TableRow, transport: Transport): Call {
  return (...args) => {
    const { path, rest } = fillPath(row, args)
    const [query, options] = rest as [Query?, CallOptions?]
    const load = async (bookmark: string | undefined): Promise<Page<unknown>> => {
      const text = queryText(bookmark === undefined ? query : { ...query, bookmark })
      const plan = { method: row.method, path: path + text, category: row.category }
      const page = (await transport.request(plan, options)) as { items: unknown[]; bookmark?: string | null }
      return new Page(page.items, page.bookmark ?? null, load)
    }
    return new PagePromise(load)
  }
}

type Query = Record<string, unknown>

/** The row's path with its ids put in, and the arguments that are left. */
function fillPath({ id, path }: TableRow, args: readonly unknown[]): { path: string; rest: unknown[] } {
  const rest = [...args]
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.shift()
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`${id}: ${name} must be an id, a string of digits.`)
    return encodeURIComponent(value)
  })
  return { path: filled, rest }
}

/** A query as Pinterest reads it: lists with commas. */
function queryText(query: Query | undefined): string {
  const fields = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  )
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields)}`
}

function pinExtras(
  send: (body: PinCreate, query?: { ad_account_id?: string }, options?: CallOptions) => Promise<Pin>,
  upload: Upload,
): PinExtras {
  const create: PinExtras['create'] = async (pin, query, options) =>
    send(await pinBody(pin, upload, options?.signal), query, options)
  return {
    create,
    createMany: (pins, options = {}) =>
      createMany(
        pins,
        (pin, index) => {
          const { signal, idempotencyKey } = options
          return create(pin, undefined, {
            ...(signal && { signal }),
            ...(idempotencyKey && { idempotencyKey: idempotencyKey(index) }),
          })
        },
        options,
      ),
  }
}
