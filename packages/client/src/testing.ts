import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ClientOptions, PinterestClient } from './client.ts'
import type { Credentials } from './testing-seed.ts'
import type { Answer, Order, ThreadData } from './testing-talk.ts'
import { threadFile } from './thread-file.ts'

export { openSandbox, type SandboxOptions, type TestSandbox } from './testing-sandbox.ts'

export interface StartOptions {
  /**
   * The data at the start: `empty`, a demo account with an app and a token, without boards (the default); `demo`, the
   * demo data with pictures, which takes some seconds; or the path of a seed file.
   */
  seed?: 'empty' | 'demo' | (string & {})
  /** `manual`: the server's clock stands still until `clock.advance` moves it; `system` if not given. */
  clock?: 'system' | 'manual'
  /** The rate limits: none (`off`, the default), Pinterest's, or those in a file. */
  rateLimits?: 'off' | 'pinterest' | (string & {})
}

/** A server for one test. */
export interface Pinfold extends AsyncDisposable {
  /** The server's address, without `/v5`. */
  url: string
  /** The variables that programs read: `PINTEREST_API_URI`, `PINTEREST_ACCESS_TOKEN`, and so on. */
  env: Record<string, string>
  /** The server's clock. */
  clock: {
    /** Milliseconds since 1970. */
    now(): number
    /** Advances the clock. Throws unless the server was started with `clock: 'manual'`. */
    advance(ms: number): void
  }
  /** Returns a client that is signed in: as `username`, or as the first account of the seed that has a token. */
  client(options?: ClientOptions & { username?: string }): PinterestClient
  /**
   * What controls the server: its data and snapshots, its clock, what goes wrong on purpose, what apps may do, and the
   * requests that it had. The same as `client().control`.
   */
  control: PinterestClient['control']
  /** Restores the data and the clock to their state after the start, without faults. The address stays the same. */
  reset(): Promise<void>
  /** Stops the server and removes its data. */
  close(): Promise<void>
}

/**
 * Starts a Pinfold server for a test: on a free port, with its own data, in its own thread. Needs the package
 * `@pinfold/server` and Node 24.7 or newer, and throws if one is missing. Any number can run side by side.
 *
 * @example
 * await using pinfold = await startPinfold()
 * const board = await pinfold.client().boards.create({ name: 'Cups' })
 */
export async function startPinfold(options: StartOptions = {}): Promise<Pinfold> {
  requireNode()
  const { clock = 'system', rateLimits = 'off', seed = 'empty' } = options
  const startedAt = Date.now()
  const time = clock === 'manual' ? new BigInt64Array(new SharedArrayBuffer(8)).fill(BigInt(startedAt)) : undefined
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-testing-'))
  const removeNow = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  const data: ThreadData = {
    folder,
    seed: pathUnless(['empty', 'demo'], seed),
    rateLimits: pathUnless(['off', 'pinterest'], rateLimits),
    time,
  }
  const thread = new ServerThread(data)
  const remove = async () => {
    await thread.end()
    process.removeListener('exit', removeNow)
    await rm(folder, { recursive: true, force: true })
  }
  const { url, credentials } = await thread.ready().catch(async (error) => {
    await remove()
    throw error
  })

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= thread.carryOut('close').finally(remove)
    return closing
  }
  return {
    url,
    env: environmentOf(url, credentials[0]),
    clock: {
      now: () => (time ? Number(Atomics.load(time, 0)) : Date.now()),
      advance(ms) {
        if (!time) throw new Error("The server's clock is the system's. Start it with { clock: 'manual' } to move it.")
        Atomics.add(time, 0, BigInt(Math.round(ms)))
      },
    },
    // Whoever is on the server's machine may control it, whatever token they have.
    control: new PinterestClient({ accessToken: 'none', baseUrl: url }).control,
    client: ({ username, ...rest } = {}) => clientFor(url, credentials, username, rest),
    async reset() {
      if (time) Atomics.store(time, 0, BigInt(startedAt))
      await thread.carryOut('reset')
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Throws if Node is too old for the server, which itself would only report a syntax error or a missing module. */
function requireNode(): void {
  const { node } = process.versions
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 7)) return
  throw new Error(`startPinfold needs Node 24.7 or newer, as Pinfold's server does, and this is Node ${node}.`)
}

const pathUnless = (words: readonly string[], value: string): string => (words.includes(value) ? value : resolve(value))

/**
 * The server's thread, which handles one order at a time. It keeps the process alive only while something waits for it.
 */
class ServerThread {
  readonly #worker: Worker
  #last: Promise<unknown> = Promise.resolve()

  constructor(workerData: ThreadData) {
    this.#worker = new Worker(new URL(threadFile, import.meta.url), { workerData, execArgv: [] })
    this.#worker.unref()
  }

  async ready(): Promise<{ url: string; credentials: Credentials[] }> {
    const answer = await this.#answer()
    if ('ready' in answer) return answer.ready
    throw new Error(`Pinfold cannot be started: ${'failed' in answer ? answer.failed : 'it ended.'}`)
  }

  carryOut(order: Order): Promise<void> {
    const doing = this.#last.then(async () => {
      this.#worker.postMessage(order)
      const answer = await this.#answer()
      if ('failed' in answer) throw new Error(`Pinfold failed (${order}): ${answer.failed}`)
    })
    this.#last = doing.catch(() => {})
    return doing
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #answer(): Promise<Answer> {
    const worker = this.#worker
    worker.ref()
    return new Promise<Answer>((resolve, reject) => {
      const forget = () => {
        worker.unref()
        for (const [event, listener] of Object.entries(listeners)) worker.off(event, listener)
      }
      const listeners = {
        message(answer: Answer) {
          forget()
          resolve(answer)
        },
        error(error: Error) {
          forget()
          reject(error)
        },
        exit() {
          forget()
          reject(new Error('The thread of the Pinfold server ended.'))
        },
      }
      for (const [event, listener] of Object.entries(listeners)) worker.on(event, listener)
    })
  }
}

function clientFor(
  url: string,
  credentials: readonly Credentials[],
  username: string | undefined,
  options: ClientOptions,
): PinterestClient {
  const found = username === undefined ? credentials[0] : credentials.find((each) => each.username === username)
  if (!found) {
    const names = credentials.map((each) => `'${each.username}'`).join(', ') || 'nobody'
    throw new Error(
      `The seed has no token for ${username === undefined ? 'anybody' : `'${username}'`}, but for ${names}.`,
    )
  }
  const { accessToken, refreshToken, appId: clientId, appSecret: clientSecret } = found
  return new PinterestClient({
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    clientId,
    clientSecret,
    baseUrl: url,
    ...options,
  })
}

function environmentOf(url: string, credentials: Credentials | undefined): Record<string, string> {
  const addresses = { PINTEREST_API_URI: url, PINTEREST_OAUTH_URI: url }
  if (!credentials) return addresses
  const { appId, appSecret, accessToken, refreshToken, username, password } = credentials
  return {
    ...addresses,
    PINTEREST_APP_ID: appId,
    PINTEREST_APP_SECRET: appSecret,
    PINTEREST_ACCESS_TOKEN: accessToken,
    ...(refreshToken !== undefined && { PINTEREST_REFRESH_ACCESS_TOKEN: refreshToken }),
    PINFOLD_USERNAME: username,
    ...(password !== undefined && { PINFOLD_PASSWORD: password }),
  }
}
