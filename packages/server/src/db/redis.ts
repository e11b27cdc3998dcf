import { randomBytes } from 'node:crypto'
import { ConfigError } from '../core/errors.ts'
import type { Counted, SharedMemory } from '../core/shared-memory.ts'

/** A connection to Valkey or Redis. */
export interface RedisMemory {
  /** Returns what the servers with the same `name` share. */
  of(name: string): SharedMemory
  /** Whether it answers. */
  readonly isThere: boolean
  /** Closes the connections. */
  close(): Promise<void>
}

export interface RedisLog {
  info(message: string): void
  warn(fields: object, message: string): void
}

/** An answer that takes longer is not waited for, unless the address says another time. */
const usualAnswerMs = 50
/** After a failure it is left alone for this long, but for one try. */
const pauseMs = 1000
/** A connection that broke is made again after this. */
const reconnectMs = 500
/** Nobody waits longer until it would be heard. */
const listeningMs = 1000
/** The longest news, in characters. */
const longestNews = 4 * 1024 * 1024

/** Counts in all windows, or in none when one is full. A window is forgotten after its end. */
const countScript = `
local used, full = {}, 0
for i, key in ipairs(KEYS) do
  used[i] = tonumber(redis.call('GET', key) or '0')
  if used[i] >= tonumber(ARGV[2 * i - 1]) then full = 1 end
end
if full == 0 then
  for i, key in ipairs(KEYS) do
    used[i] = redis.call('INCR', key)
    if used[i] == 1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
  end
end
return {full, unpack(used)}`

/** Opens Valkey or Redis. It may be away: then, and when it goes later, nothing waits for it. Throws `ConfigError`. */
export async function openRedis(url: string, log: RedisLog): Promise<RedisMemory> {
  const { address, answerMs } = readAddress(url)
  const { Redis } = await import('ioredis')
  const options = {
    ...{ connectTimeout: 2000, maxRetriesPerRequest: 0, enableOfflineQueue: false },
    ...{ retryStrategy: () => reconnectMs, autoResubscribe: true },
  }
  const commands = new Redis(address, { ...options, lazyConnect: true })
  // Subscribing may wait: it is no request that does.
  const news = new Redis(address, {
    ...options,

    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
  })
  commands.defineCommand('pinfoldCount', { lua: countScript })
  const count = commands as unknown as {
    pinfoldCount(keys: number, ...all: (string | number)[]): Promise<[number, ...number[]]>
  }
  const self = randomBytes(9).toString('base64url')
  const listeners = new Map<string, Set<(news: unknown) => void>>()
  let leftAloneUntil = 0
  let isThere = true
  let isClosed = false
  let subscribed: Promise<unknown> = Promise.resolve()

  function failed(error: unknown): void {
    leftAloneUntil = performance.now() + pauseMs
    if (!isThere || isClosed) return
    isThere = false
    log.warn({ err: error }, 'Redis does not answer: each server counts for itself until it does')
  }

  function answered(): void {
    leftAloneUntil = 0
    if (isThere) return
    isThere = true
    log.info('Redis answers again: servers count together')
  }

  /** Asks it for something, unless it is known to be away. */
  async function ask<T>(work: () => Promise<T>): Promise<T | undefined> {
    const now = performance.now()
    if (now < leftAloneUntil) return undefined
    // Only this one tries whether it is back.
    if (!isThere) leftAloneUntil = now + pauseMs
    try {
      const answer = await soon(work(), answerMs)
      answered()
      return answer
    } catch (error) {
      failed(error)
      return undefined
    }
  }

  commands.on('error', failed)
  commands.on('ready', answered)
  news.on('error', () => {}) // The other connection tells of it.
  news.on('message', (channel: string, text: string) => {
    const [sender, told] = JSON.parse(text) as [string, unknown]
    if (sender === self) return
    for (const listener of listeners.get(channel) ?? []) listener(told)
  })

  // For this long it is waited for, once.
  await commands.connect().catch(failed)

  return {
    get isThere() {
      return isThere
    },

    of: (name) => ({
      async count(group, windows) {
        const keys = windows.map(({ key, startsAt, windowMs }) => keyOf(name, group, key, startsAt, windowMs))
        const limits = windows.flatMap(({ limit, windowMs }) => [limit, windowMs + 1000])
        const answer = await ask(() => count.pinfoldCount(keys.length, ...keys, ...limits))
        return answer && asCounted(answer)
      },

      async tell(topic, told) {
        if (performance.now() < leftAloneUntil) return 0
        const text = JSON.stringify([self, told])
        if (text.length > longestNews) return 0
        const channel = channelOf(name, topic)
        const receivers = await commands.publish(channel, text).catch(() => 0)
        return Math.max(0, receivers - (listeners.has(channel) ? 1 : 0))
      },

      hear(topic, listener) {
        const channel = channelOf(name, topic)
        const all = listeners.get(channel) ?? new Set()
        listeners.set(channel, all.add(listener))
        // Done again with each new connection.
        if (all.size === 1) subscribed = Promise.all([subscribed, news.subscribe(channel).catch(() => {})])
        return () => {
          all.delete(listener)
          if (all.size > 0 || isClosed) return
          listeners.delete(channel)
          news.unsubscribe(channel).catch(() => {})
        }
      },

      listening: () =>
        soon(subscribed, listeningMs).then(
          () => {},
          () => {},
        ),
    }),

    async close() {
      isClosed = true
      commands.disconnect()
      news.disconnect()
    },
  }
}

/** Reads `redis://…`, which may end in `?timeout=` and milliseconds. Throws `ConfigError`. */
function readAddress(text: string): { address: string; answerMs: number } {
  const url = URL.parse(text)
  if (!url || !/^rediss?:$/.test(url.protocol))
    throw new ConfigError('--redis-url must be like redis://user:password@host:6379/0, or begin with rediss://.')
  const timeout = url.searchParams.get('timeout') ?? String(usualAnswerMs)
  if (!/^[1-9]\d{0,4}$/.test(timeout)) throw new ConfigError('--redis-url: timeout must be 1 to 99999 milliseconds.')
  url.searchParams.delete('timeout')
  return { address: url.href, answerMs: Number(timeout) }
}

/**
 * Rejects when `answer` takes too long. Where this process itself was held up, the answer may be there already: so what has
 * arrived is read first.
 */
function soon<T>(answer: Promise<T>, answerMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => setImmediate(() => reject(new Error(`Redis takes longer than ${answerMs} ms.`)))
    const timer = setTimeout(late, answerMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** A cluster has the keys of a group, in braces, in one place. */
const keyOf = (name: string, group: string, key: string, startsAt: number, windowMs: number): string =>
  `pinfold:${name}:{${group}}:${key}:${Math.floor(startsAt / windowMs)}`

const channelOf = (name: string, topic: string): string => `pinfold:${name}:${topic}`

const asCounted = ([full, ...used]: readonly number[]): Counted => ({ isRefused: full === 1, used })
