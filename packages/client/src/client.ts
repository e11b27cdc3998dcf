import { type Created, type CreateManyOptions, createMany } from './create-many.ts'
import { AuthenticationError } from './errors.ts'
import { type RequestFollowing, requestFollowing } from './follow-requests.ts'
import { methodsOver } from './methods.ts'
import { OAuth, type Tokens } from './oauth.ts'
import type { RateLimitWait } from './pacing.ts'
import { type NewPin, pinBody } from './pin-body.ts'
import { controlSender } from './send-control.ts'
import { type ControlExtras, snapshotFiles } from './snapshot-files.ts'
import { TokenKeeper } from './token-keeper.ts'
import { type CallOptions, type Logger, Transport } from './transport.ts'
import type { Pin, PinCreate, Resources } from './types.ts'
import { type Upload, uploader, type WhenReady, waiter } from './upload.ts'

const pinterestApi = 'https://api.pinterest.com'
const pinterestWeb = 'https://www.pinterest.com'

/** All are optional except a token, or what is needed to get one. */
export interface ClientOptions {
  accessToken?: string
  /** Milliseconds since 1970. If given, the token is renewed before it expires. */
  accessTokenExpiresAt?: number
  /** With `clientId` and `clientSecret`, the access token is renewed automatically. */
  refreshToken?: string
  clientId?: string
  clientSecret?: string
  /** The address that the consent page redirects to. */
  redirectUri?: string
  /** The service's address: `https://api.pinterest.com` if not given. A `/v5` at its end is ignored. */
  baseUrl?: string
  /** The consent page's address: the service's own, or `https://www.pinterest.com` for Pinterest, if not given. */
  authorizationBaseUrl?: string
  fetch?: typeof fetch
  /** How long one try may take; 60 seconds if not given. */
  timeoutMs?: number
  /** How often a failed request is retried where that is safe; 3 times if not given. */
  maxRetries?: number
  /**
   * Whether the service honours `Idempotency-Key`, so that a creation may be retried after a broken connection without
   * being made twice. Pinfold does; whether Pinterest does is not known. By default true unless the service is
   * Pinterest.
   */
  idempotencyKeys?: boolean
  /** Called when a request waits because of a rate limit. */
  onRateLimit?: (wait: RateLimitWait) => void
  /** Called with new tokens, so that you can store them. */
  onTokens?: (tokens: Tokens) => void | Promise<void>
  logger?: Logger
}

/** What Pins have beyond the API's operations. */
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
   * Makes many Pins, a few at a time and within the rate limits. One that fails is reported and does not stop the
   * others. Results are in the order of `pins`.
   */
  createMany(pins: readonly NewPin[], options?: CreateManyOptions): Promise<Created[]>
}

/** What media have beyond the API's operations. */
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
  /** Waits for a video that was uploaded before, possibly by a program that has ended since. */
  whenReady: WhenReady
}

/** The resources whose methods are exactly the operations; the constructor adds them. */
export interface PinterestClient extends Readonly<Omit<Resources, 'pins' | 'media' | 'control'>> {}

/**
 * A client for the Pinterest API v5, as Pinterest and Pinfold serve it.
 *
 * @example
 * const client = new PinterestClient({ accessToken: process.env.PINTEREST_ACCESS_TOKEN })
 * for await (const board of client.boards.list()) console.log(board.name)
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: every key is set from the object that these types come from
export class PinterestClient {
  /** Pictures, videos and carousels with words and a link. */
  readonly pins: Omit<Resources['pins'], 'create'> & PinExtras
  /** Videos on their way to Pins. */
  readonly media: Resources['media'] & MediaExtras
  /** What those who test with Pinfold do with the server itself. */
  readonly control: Resources['control'] & ControlExtras & RequestFollowing
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
            ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
            ...(options.maxRetries !== undefined && { maxRetries: options.maxRetries }),
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
    const { pins, media, control, ...others } = methodsOver(transport)
    Object.assign(this, others)
    this.media = { ...media, upload: uploader(media, send), whenReady: waiter(media) }
    const sendControl = controlSender({ baseUrl, fetch: send, token: () => keeper.current() })
    this.control = { ...control, ...snapshotFiles(sendControl), ...requestFollowing(sendControl) }
    this.pins = { ...pins, ...pinExtras(pins.create, this.media.upload) }
  }

  /** Gets tokens for the app. Needs `clientId` and `clientSecret`. */
  get oauth(): OAuth {
    if (!this.#oauth) throw new AuthenticationError('OAuth needs the clientId and clientSecret of an app.')
    return this.#oauth
  }
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
