import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  ConnectionError,
  PermissionError,
  PinterestClient,
  RateLimitError,
  type RateLimitWait,
  ServerError,
} from '../src/index.ts'

/** Answers as the real service writes them, in its own wire forms; each is returned once, in order. */
type Recorded = Response | Error | (() => Promise<Response>)

interface Sent {
  method: string
  url: string
  headers: Headers
  body: string | undefined
}

function replay(...answers: Recorded[]) {
  const sent: Sent[] = []
  const send: typeof fetch = async (input, init = {}) => {
    const { method = 'GET', body } = init
    const text = typeof body === 'string' ? body : undefined
    sent.push({ method, url: String(input), headers: new Headers(init.headers), body: text })
    const answer = answers.shift()
    if (answer === undefined) throw new Error(`No answer is recorded for ${method} ${String(input)}.`)
    if (answer instanceof Error) throw answer
    return answer instanceof Response ? answer : answer()
  }
  return { sent, fetch: send }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'x-pinterest-rid': '6547899542311337', ...headers },
  })

const limited = (seconds: number) =>
  json(
    429,
    { code: 8, message: 'This request exceeded a rate limit. Please try again later.' },
    {
      'x-ratelimit-limit': '60, 100;w=1;name="safety_net_app_id_user_id", 60;w=60;name="org_analytics_app_id_user_id"',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(seconds),
    },
  )

const networkError = (code: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) })
const account = { account_type: 'BUSINESS', username: 'real', id: '1' }
const pin = { id: '813744226420795884', title: null, created_at: '2022-10-13T01:40:29' }

function pinterest(answers: ReturnType<typeof replay>, options: object = {}) {
  return new PinterestClient({ accessToken: 'pina_real', fetch: answers.fetch, ...options })
}

// The clock advances as soon as something waits for it, so no test waits.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => vi.useRealTimers())

/** Returns the result of `doing`, while the clock advances. */
async function settled<T>(doing: PromiseLike<T>): Promise<T> {
  const outcome = Promise.resolve(doing)
  outcome.catch(() => {})
  let open = true
  void outcome.then(
    () => (open = false),
    () => (open = false),
  )
  for (let i = 0; open && i < 2000; i++) await vi.advanceTimersByTimeAsync(500)
  return outcome
}

test('it speaks to Pinterest unless it is told otherwise', async () => {
  const answers = replay(json(200, account))
  expect(await pinterest(answers).userAccount.get()).toEqual(account)
  const [request] = answers.sent
  expect([request?.method, request?.url]).toEqual(['GET', 'https://api.pinterest.com/v5/user_account'])
  expect(request?.headers.get('authorization')).toBe('Bearer pina_real')
})

test('a list goes on until the bookmark is null, whatever else a page holds', async () => {
  const answers = replay(
    json(200, { items: [{ id: '2', name: 'B' }], bookmark: 'ab+/=cd' }),
    json(200, { items: [], bookmark: 'ef' }),
    json(200, { items: [{ id: '1', name: 'A' }], bookmark: null }),
  )
  expect((await pinterest(answers).boards.list({ page_size: 1 }).toArray()).map(({ id }) => id)).toEqual(['2', '1'])
  expect(answers.sent.map(({ url }) => new URL(url).searchParams.get('bookmark'))).toEqual([null, 'ab+/=cd', 'ef'])
})

describe('errors in the real forms', () => {
  test('a 401 for lack of a scope is a matter of permission, not of the token', async () => {
    const message =
      'Your token does not have sufficient permissions to perform this operation. Please ensure your token is authorized with the correct set of scopes.'
    const failing = settled(pinterest(replay(json(401, { code: 3, message }))).userAccount.get())
    await expect(failing).rejects.toThrow(PermissionError)
  })

  test('a trial app is told so', async () => {
    const message = 'Apps with Trial access may not create Pins in production …'
    const failing = settled(
      pinterest(replay(json(403, { code: 29, message }))).pins.create({ board_id: '1', picture: new Uint8Array([1]) }),
    )
    await expect(failing).rejects.toMatchObject({ name: 'PermissionError', code: 29, requestId: '6547899542311337' })
  })

  test('an answer that is no JSON is still an error with a class and a text', async () => {
    const page = () => new Response('<html>502 Bad Gateway</html>', { status: 502 })
    const failing = settled(pinterest(replay(page(), page(), page(), page())).userAccount.get())
    await expect(failing).rejects.toThrow(ServerError)
  })
})

describe('trying again', () => {
  test('after a 429, when the service says, and not before', async () => {
    const waits: RateLimitWait[] = []
    const answers = replay(limited(42), json(200, account))
    const begun = Date.now()
    const client = pinterest(answers, { onRateLimit: (wait: RateLimitWait) => waits.push(wait) })
    expect(await settled(client.userAccount.get())).toEqual(account)
    expect(Date.now() - begun).toBeGreaterThanOrEqual(42_000)
    expect(waits[0]).toMatchObject({ category: 'org_read', refused: true })
  })

  test('a limit that stays is reported in the end', async () => {
    const answers = replay(limited(1), limited(1), limited(1), limited(1))
    const failing = settled(pinterest(answers).userAccount.get())
    await expect(failing).rejects.toMatchObject({ name: 'RateLimitError', retryAfterSeconds: 1, code: 8 })
    await expect(failing).rejects.toThrow(RateLimitError)
    expect(answers.sent).toHaveLength(4)
  })

  test('reads and changes are sent again when the service or the network fails', async () => {
    const answers = replay(json(500, { code: 0, message: 'x' }), networkError('ECONNRESET'), json(200, pin))
    expect(await settled(pinterest(answers).pins.update(pin.id, { title: 'New' }))).toEqual(pin)
    expect(answers.sent).toHaveLength(3)
  })

  test('a deletion whose answer was lost is done when the second try finds nothing', async () => {
    const answers = replay(networkError('ECONNRESET'), json(404, { code: 50, message: 'Pin not found.' }))
    expect(await settled(pinterest(answers).pins.delete(pin.id))).toBeUndefined()
  })

  const newPin = {
    board_id: '1',
    media_source: { source_type: 'image_url', url: 'https://example.com/a.jpg' },
  } as const

  test('at Pinterest a creation is sent again only if nothing was sent', async () => {
    const refused = replay(networkError('ECONNREFUSED'), json(201, pin))
    expect(await settled(pinterest(refused).pins.create(newPin))).toEqual(pin)

    const broken = replay(networkError('ECONNRESET'))
    await expect(settled(pinterest(broken).pins.create(newPin))).rejects.toThrow(ConnectionError)
    const failed = replay(json(500, { code: 0, message: 'x' }))
    await expect(settled(pinterest(failed).pins.create(newPin))).rejects.toThrow(ServerError)
    expect(
      [...refused.sent, ...broken.sent, ...failed.sent].map(({ headers }) => headers.get('idempotency-key')),
    ).toEqual(Array.from({ length: 4 }, () => null))
  })

  test('at a service that honours keys a creation is sent again under the same key', async () => {
    const answers = replay(networkError('ECONNRESET'), json(503, { code: 503, message: 'x' }), json(201, pin))
    const client = pinterest(answers, { baseUrl: 'http://127.0.0.1:4000' })
    expect(await settled(client.pins.create(newPin))).toEqual(pin)
    const keys = answers.sent.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(keys).size).toBe(1)
  })

  test('ends when it is aborted, also while it waits', async () => {
    const controller = new AbortController()
    const failing = pinterest(replay(limited(300))).userAccount.get({}, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 1000)
    await expect(settled(failing)).rejects.toThrow('enough')
  })
})

test('it holds back by itself when a window has nothing left', async () => {
  const headers = (remaining: number) => ({ 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': '10' })
  const waits: RateLimitWait[] = []
  const answers = replay(
    json(200, account, headers(1)),
    json(200, account, headers(0)),
    json(200, account, headers(59)),
  )
  const client = pinterest(answers, { onRateLimit: (wait: RateLimitWait) => waits.push(wait) })
  await client.userAccount.get()
  await client.userAccount.get()
  expect(waits).toEqual([])
  const begun = Date.now()
  await settled(client.userAccount.get())
  expect(Date.now() - begun).toBeGreaterThanOrEqual(9000)
  expect(waits[0]).toMatchObject({ category: 'org_read', refused: false })
})
