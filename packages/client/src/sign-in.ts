import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PinterestClient } from './client.ts'
import { pkce, type Tokens } from './oauth.ts'
import { openInBrowser } from './open-in-browser.ts'

export interface SignInOptions {
  /** A client with the `clientId` and `clientSecret` of the app. */
  client: PinterestClient
  /** The scopes to ask for: `boards:read`, `pins:write`, … */
  scopes: readonly string[]
  /**
   * The port of the redirect address; a free one if not given. Pinterest only redirects to registered addresses:
   * register `http://localhost:PORT/` there, and give the same port here.
   */
  port?: number
  /** The path of the redirect address; `/` if not given. */
  redirectPath?: string
  /** The host of the redirect address; `localhost` if not given. Only this machine can connect. */
  redirectHost?: 'localhost' | '127.0.0.1'
  /** How long to wait for an answer; five minutes if not given. */
  timeoutMs?: number
  /** Opens the consent page; by default in this machine's browser, or else the address is printed. */
  openBrowser?: (url: string) => void | Promise<void>
  /** Stops waiting. */
  signal?: AbortSignal
}

/** Nobody signed in. `reason` says why, `message` in words. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly reason: 'denied' | 'timeout' | 'state' | 'refused'

  constructor(reason: SignInError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/**
 * Signs somebody in from a script: opens the consent page in the browser, waits for the redirect to this machine, and
 * exchanges the code (with PKCE) for tokens.
 *
 * Throws a `SignInError` when access is denied, nobody answers in time, or the answer belongs to another request; a
 * `PinterestError` when the code is refused; and the reason `signal` was aborted with.
 *
 * @example
 * const client = new PinterestClient({ clientId, clientSecret })
 * const tokens = await signIn({ client, scopes: ['boards:read', 'pins:read'], port: 8085 })
 */
export async function signIn(options: SignInOptions): Promise<Tokens> {
  const { client, scopes, port = 0, redirectPath = '/', redirectHost = 'localhost', signal } = options
  const { timeoutMs = 5 * 60_000, openBrowser = openInBrowser } = options
  const { oauth } = client
  const state = randomBytes(24).toString('base64url')
  const { codeVerifier, codeChallenge } = await pkce()
  const server = await listen(port)
  try {
    const { port: taken } = server.address() as AddressInfo
    const redirectUri = `http://${redirectHost}:${taken}${redirectPath}`
    const answered = redirectTo(server, new URL(redirectUri).pathname, state)
    const ended = endOf(timeoutMs, signal)
    try {
      const url = oauth.authorizationUrl({ scopes, redirectUri, state, codeChallenge })
      const { code, show } = await Promise.race([answered, ended.promise, failureOf(() => openBrowser(url))])
      return await showOutcome(oauth.exchangeCode(code, { redirectUri, codeVerifier }), show)
    } finally {
      ended.forget()
    }
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** Rejects if `open` does, and otherwise never settles. */
async function failureOf(open: () => void | Promise<void>): Promise<never> {
  await open()
  return new Promise<never>(() => {})
}

/** Shows a page. Resolves when the browser has it, or is gone. */
type Show = (title: string, text: string) => Promise<void>

async function showOutcome(exchanging: Promise<Tokens>, show: Show): Promise<Tokens> {
  try {
    const tokens = await exchanging
    await show('Signed in', 'You can close this page and go back to the program.')
    return tokens
  } catch (error) {
    await show('Not signed in', `The service did not take the answer: ${(error as Error).message}`)
    throw error
  }
}

/** Listens on the loopback address only. */
async function listen(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

/** Resolves with the code of the redirect. The browser waits for a page until `show` is called. */
function redirectTo(server: Server, path: string, state: string): Promise<{ code: string; show: Show }> {
  return new Promise((resolve, reject) => {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const show = (status: number) => (title: string, text: string) => showPage(response, status, title, text)
      const { code, error, description, given } = answerIn(url)
      const fail = (status: number, text: string, failure: SignInError) =>
        void show(status)('Not signed in', text).then(() => reject(failure))
      if (request.method !== 'GET' || url.pathname !== path || (code === null && error === null))
        void show(404)('Nothing here', 'This address waits for the answer of a consent page.')
      else if (!isSame(given, state))
        fail(
          400,
          'This answer belongs to another request. Start the program again.',
          new SignInError('state', 'The answer carried another state than was sent: it is not ours.'),
        )
      else if (code !== null) resolve({ code, show: show(200) })
      else fail(200, `Access was not given: ${description ?? error}`, refusal(error, description))
    })
  })
}

function refusal(error: string | null, description: string | null): SignInError {
  if (error === 'access_denied') return new SignInError('denied', 'Access was denied on the consent page.')
  return new SignInError('refused', `The service refused the request: ${description ?? error}`)
}

function answerIn({ searchParams }: URL) {
  return {
    code: searchParams.get('code'),
    error: searchParams.get('error'),
    description: searchParams.get('error_description'),
    given: searchParams.get('state') ?? '',
  }
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Rejects when the time is up or `signal` is aborted. */
function endOf(timeoutMs: number, signal: AbortSignal | undefined): { promise: Promise<never>; forget: () => void } {
  let forget = () => {}
  const promise = new Promise<never>((_, reject) => {
    const message = `Nobody answered the consent page within ${timeoutMs / 1000} seconds.`
    const timer = setTimeout(() => reject(new SignInError('timeout', message)), timeoutMs)
    const abort = () => reject(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    forget = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  })
  return { promise, forget }
}

function showPage(response: ServerResponse, status: number, title: string, text: string): Promise<void> {
  const gone = new Promise<void>((resolve) => response.once('close', resolve))
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  })
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${escapeHtml(title)}</title><body style="font: 1.1em/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 30em; padding: 0 1em">` +
      `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></body></html>\n`,
  )
  return gone
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
