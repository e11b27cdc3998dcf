/**
 * Sends made-up requests, right and wrong ones, to every operation that a running server describes at `/openapi.json`,
 * and holds each answer against that description: no 5xx, no status, error or field that is not declared, and none
 * later than a second.
 *
 *     node packages/server/test/acceptance/fuzz-requests.ts [SECONDS] [--url URL] [--seed NUMBER]
 *
 * Starts a server of its own unless `--url` names one; then PINTEREST_ACCESS_TOKEN, PINTEREST_APP_ID and
 * PINTEREST_APP_SECRET are taken from the environment. Everything about a failure is printed, with the seed that makes
 * the same requests again. Exits with 1 when an answer was not as it should be.
 */
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { answerChecker, type FuzzAnswer } from '@pinfold/test-support/fuzz/answers'
import type { Description } from '@pinfold/test-support/fuzz/description'
import { type FuzzRequest, fill, requestsTo, type Things } from '@pinfold/test-support/fuzz/requests'
import fc from 'fast-check'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string' }, seed: { type: 'string' } },
})
const seconds = Number(positionals[0] ?? 60)
const firstSeed = options.seed === undefined ? Date.now() % 1_000_000_000 : Number(options.seed)

const atOnce = 8
/** Generates the requests of one seed. */
const batch = 40
/** The number of boards, with a section and a Pin each, that the requests are about. */
const thingCount = 6
const maxFailures = 20
/** A missing answer is a failure too, and must not block the others for ever. */
const hangMs = 30_000
/** The machine that the limit was chosen on does `measureMachine`'s work within this. */
const ordinaryMs = 120
/**
 * The operation that waits for pictures to be fetched, decoded and written takes at most as long as those may. All
 * others answer within a second.
 */
const makesPictures = new Set(['pins/create'])
const pictureMs = 20_000

/** Two pixels by three. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEElEQVR4nGPoSHMBIgYUCgBM+wctabBRLwAAAABJRU5ErkJggg=='

interface Late {
  request: FuzzRequest
  ms: number
  seed: number
}

/** The people on the test's own server. */
const own = { appId: '1001', appSecret: 'made-up-app-secret', token: 'pina_made_up_requests_0000000' }
const seed = {
  accounts: [{ username: 'fuzz' }],
  apps: [{ id: own.appId, secret: own.appSecret, name: 'Made up', owner: 'fuzz' }],
  tokens: [{ app: own.appId, account: 'fuzz', access_token: own.token }],
}

const agent = new Agent({ keepAlive: true, maxSockets: atOnce * 2 })
const server = options.url === undefined ? await startServer() : { url: options.url, stop: async () => {} }
let failures = 0
let answered = 0
const statuses = new Map<string, Map<number, number>>()
const late: Late[] = []
try {
  const { bearer, basic } = credentials()
  const description = (await (await fetch(`${server.url}/openapi.json`)).json()) as Description
  const check = answerChecker(description)
  const requests = requestsTo(withoutControl(description), { bearer, basic })
  const things: Things[] = []
  for (let i = 0; i < thingCount; i++) things.push(await makeThings(i))
  const slowness = measureMachine() / ordinaryMs
  const boundMs = 1000 * Math.max(1, slowness)
  console.log(`seed ${firstSeed}, ${seconds} s, ${atOnce} at once; an answer may take ${Math.round(boundMs)} ms`)

  const end = performance.now() + seconds * 1000
  let nextSeed = firstSeed
  await Promise.all(Array.from({ length: atOnce }, work))
  for (const slow of late) await sendAgain(slow)
  await expectAlive()

  /** Sends one seed's requests after another, until the time is up. With `--seed`, only those of one seed. */
  async function work(): Promise<void> {
    while (performance.now() < end && failures < maxFailures) {
      if (options.seed !== undefined && nextSeed !== firstSeed) return
      const seed = nextSeed++
      for (const request of fc.sample(requests, { seed, numRuns: batch })) await send(request, seed)
    }
  }

  async function send(request: FuzzRequest, seed: number): Promise<void> {
    const index = request.about % thingCount
    const begun = performance.now()
    const sent = put(request, things[index] ?? {}, things[(index + 1) % thingCount] ?? {})
    const answer = await ask(sent).catch((error: Error) => error)
    const ms = performance.now() - begun
    answered++
    if (answer instanceof Error) return fail(request, sent, seed, [`no answer: ${answer.message}`])
    note(request.target.operationId, answer.status)
    const problems = check(request.target, answer)
    if (problems.length > 0) fail(request, sent, seed, problems, answer)
    if (ms > boundOf(request)) late.push({ request, ms, seed })
    if (request.target.method === 'DELETE' && answer.status === 204) things[index] = await makeThings(index)
  }

  /**
   * On a busy machine an answer can be late for reasons outside the server. If it is late again when nothing else is
   * requested, the request is the reason.
   */
  async function sendAgain({ request, ms, seed }: Late): Promise<void> {
    const index = request.about % thingCount
    const sent = put(request, things[index] ?? {}, things[(index + 1) % thingCount] ?? {})
    const begun = performance.now()
    await ask(sent).catch(() => {})
    const again = performance.now() - begun
    if (again > boundOf(request)) fail(request, sent, seed, [`late: ${Math.round(ms)} ms, and ${Math.round(again)} ms`])
  }

  function boundOf({ target }: FuzzRequest): number {
    return makesPictures.has(target.operationId) ? pictureMs * Math.max(1, slowness) : boundMs
  }

  async function expectAlive(): Promise<void> {
    const { status } = await fetch(`${server.url}/_pinfold/health`)
    if (status === 200) return
    failures++
    console.log(`at the end the server's health is ${status}`)
  }

  /** A board with a section and a Pin in it, and an upload, which requests are about. */
  async function makeThings(index: number): Promise<Things> {
    if (!description.paths['/boards']) return {}
    const board = await create('/boards', { name: `Made up ${index} ${hash('md5', String(Math.random()))}` })
    const section = await create(`/boards/${board.id}/sections`, { name: 'Part' })
    const source = { source_type: 'image_base64', content_type: 'image/png', data: png }
    const pin = await create('/pins', { board_id: board.id, board_section_id: section.id, media_source: source })
    // One upload each is enough: an account may have a hundred.
    const mediaId = things[index]?.media_id ?? (await create('/media', { media_type: 'video' })).media_id
    const picture = pin.media?.images['600x'].url ?? ''
    return {
      ...{ board_id: board.id, section_id: section.id, pin_id: pin.id, media_id: mediaId ?? '1' },
      ...{ picture, base64: png },
    }
  }

  async function create(path: string, body: object) {
    const answer = await fetch(`${server.url}/v5${path}`, {
      method: 'POST',
      headers: { authorization: bearer, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as {
      id: string
      media_id?: string
      media?: { images: { '600x': { url: string } } }
    }
  }
} finally {
  agent.destroy()
  await server.stop()
}
report()

interface SentRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
}

function put({ target, path, query, headers, body }: FuzzRequest, thing: Things, other: Things): SentRequest {
  const filled = (text: string) => fill(text, thing, other)
  const encode = (text: string) => encodeURIComponent(filled(text).toWellFormed())
  const address = target.url.replace(/\{(\w+)\}/g, (_, name: string) => encode((path[name] ?? '').slice(0, 300)))
  const search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return {
    method: target.method,
    // The HTTP parser refuses longer ones, which is another matter.
    url: search ? `${address}?${search.slice(0, 8000)}` : address,
    headers,
    body: body === undefined ? undefined : filled(body),
  }
}

function ask({ method, url, headers, body }: SentRequest): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const length = bytes && { 'content-length': String(bytes.length) }
    const sent = httpRequest(url, { method, agent, headers: { ...headers, ...length } }, async (response) => {
      try {
        const chunks: Buffer[] = await response.toArray()
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      } catch (error) {
        reject(error)
      }
    })
    sent.setTimeout(hangMs, () => sent.destroy(new Error(`nothing came for ${hangMs} ms`)))
    sent.on('error', reject).end(bytes)
  })
}

function fail({ target }: FuzzRequest, sent: SentRequest, seed: number, problems: string[], answer?: FuzzAnswer): void {
  failures++
  const shorten = (text: string) => (text.length > 600 ? `${text.slice(0, 600)}… (${text.length})` : text)
  console.log(`\nFAILED ${target.operationId}: ${problems.join('; ')}`)
  console.log(`  again with: --seed ${seed}`)
  console.log(`  ${sent.method} ${shorten(sent.url)}`)
  const { authorization: _, ...headers } = sent.headers
  console.log(`  ${shorten(JSON.stringify(headers))}`)
  if (sent.body !== undefined) console.log(`  ${shorten(JSON.stringify(sent.body))}`)
  if (answer) console.log(`  → ${answer.status} ${shorten(answer.text)}`)
}

function note(operation: string, status: number): void {
  const counts = statuses.get(operation) ?? new Map<number, number>()
  statuses.set(operation, counts.set(status, (counts.get(status) ?? 0) + 1))
}

function report(): void {
  for (const [operation, counts] of [...statuses].toSorted(([a], [b]) => a.localeCompare(b))) {
    const each = [...counts].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
    console.log(`${operation}: ${each.join(', ')}`)
  }
  console.log(`${answered} requests, ${late.length} late once, ${failures} failures, seed ${firstSeed}`)
  if (failures > 0) process.exitCode = 1
}

function credentials(): { bearer: string; basic: string } {
  const { env } = process
  const { appId, appSecret, token } =
    options.url === undefined
      ? own
      : { appId: env.PINTEREST_APP_ID, appSecret: env.PINTEREST_APP_SECRET, token: env.PINTEREST_ACCESS_TOKEN ?? '' }
  const app = `${appId}:${appSecret}`
  return { bearer: `Bearer ${token}`, basic: `Basic ${Buffer.from(app).toString('base64')}` }
}

/** Returns the milliseconds that a fixed piece of work takes on this machine now: the median of five. */
function measureMachine(): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now()
    let text = 'x'.repeat(1_000_000)
    for (let i = 0; i < 60; i++) text = hash('sha256', text) + text.slice(64)
    return performance.now() - begun
  })
  return times.toSorted((a, b) => a - b)[2] as number
}

/** Leaves out what controls the server: a fault would make the others fail, and they are what is tried. */
function withoutControl(description: Description): Description {
  return {
    ...description,
    paths: Object.fromEntries(
      Object.entries(description.paths).map(([path, operations]) => [
        path,
        Object.fromEntries(Object.entries(operations).filter(([, { tags }]) => !tags.includes('control'))),
      ]),
    ),
  }
}

/** Starts a server without rate limits, which ends with this process. */
async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-fuzz-'))
  const program = fileURLToPath(new URL('../../../cli/src/main.js', import.meta.url))
  const seedFile = join(folder, 'seed.json')
  await writeFile(seedFile, JSON.stringify(seed))
  const args = ['serve', '--port', '0', '--seed', seedFile, '--rate-limits', 'off', '--data', join(folder, 'data')]
  const child = spawn(process.execPath, ['--conditions=pinfold-bundle', '--', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop().then(() => process.exit(1)))
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) {
    const [, url] = /^Pinfold is ready at (\S+)/.exec(line) ?? []
    if (url === undefined) continue
    // Its log must be read, since the server blocks when the pipe is full.
    child.stdout.resume()
    return { url, stop }
  }
  await stop()
  throw new Error('The server ended before it was ready.')
}
