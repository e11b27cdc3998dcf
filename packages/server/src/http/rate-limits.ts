import {
  type AccessTier,
  type AppLimits,
  type RateLimitCategory,
  type RateLimits,
  type RateLimitWindow,
  rateLimitCategories,
} from '@pinfold/contract'
import type { Clock } from '../core/clock.ts'
import { ApiError } from '../core/errors.ts'
import type { SharedMemory } from '../core/shared-memory.ts'

/** The rate-limit key: an app, and the account it acts for. */
export interface RateLimited {
  appId: number | string
  /** Undefined when an app acts for itself. */
  accountId: number | undefined
  tier: AccessTier
  /** Limits of the app's own, in place of those of its tier. */
  limits?: AppLimits | undefined
}

/**
 * Which limits a request is under: those of its app's tier; those of a person who is signed in in a browser, who brings a
 * folder of pictures at a time; or those of the person in front of this machine, who writes as fast as the limit by the
 * second lets them.
 */
export type LimitTier = AccessTier | 'person' | 'owner'

/**
 * How many times as much as an app a person may write and read with the web app: 1,200 and 5,000 a minute. What a write
 * costs, the making of pictures, goes in turn and has its own shares.
 */
const personsTimes: Partial<Record<RateLimitCategory, number>> = { org_write: 12, org_read: 5 }

interface Counter {
  windowStart: number
  windowMs: number
  used: number
}

/** A window with its name in headers. */
interface NamedWindow extends RateLimitWindow {
  name: string
  /** The header that lists the windows of a request, with this one first. */
  header: string
  /** What sets its counter apart from that of the usual window; nothing for the usual one. */
  mark: string
}

/** The windows of a request, whoever sends it. */
interface Policy {
  universal: NamedWindow | undefined
  main: NamedWindow | undefined
}

/** One window of a request. */
interface Place {
  window: NamedWindow
  key: string
  windowStart: number
}

/** What was used of it. */
interface State extends Place {
  used: number
}

/** When there are more counters, those of past windows are dropped. */
const maxCounters = 50_000

/**
 * Counts requests in fixed windows, as Envoy does, and reports the rest in headers. The counts are in the memory that servers
 * share, or, without one and while it is away, in that of the process, with which they start again.
 */
export class RateLimiter {
  readonly #clock: Clock
  readonly #policies: Record<LimitTier, Record<RateLimitCategory, Policy>> | undefined
  readonly #counters = new Map<string, Counter>()
  readonly #memory: SharedMemory | undefined

  /** `limits`: undefined for none but those that apps have of their own. `memory`: what servers share. */
  constructor(limits: RateLimits | undefined, clock: Clock, memory?: SharedMemory) {
    this.#clock = clock
    this.#memory = memory
    this.#policies = limits && {
      standard: policies('standard', (category) => limits.standard[category], limits),
      trial: policies('trial', () => limits.trial, limits),
      person: policies(
        'person',
        (category) => {
          const { limit, windowSeconds } = limits.standard[category]
          return { limit: limit * (personsTimes[category] ?? 1), windowSeconds }
        },
        limits,
      ),
      owner: policies(
        'owner',
        (category) => (category === 'org_write' ? perMinute(limits.universal) : limits.standard[category]),
        limits,
      ),
    }
  }

  /**
   * Counts a request and returns the headers of the window with the least left, if there is any. Throws a 429 with `Retry-After` when a
   * window is used up; a refused request is not counted. `tier`: the limits that count, if not those of the app's tier.
   */
  take(
    who: RateLimited,
    category: RateLimitCategory,
    tier: LimitTier = who.tier,
  ): Record<string, string> | Promise<Record<string, string>> {
    const now = this.#clock.now()
    const usual = this.#policies?.[tier][category]
    const { universal, main } = who.limits ? ownPolicy(who.limits, { category, tier, usual }) : (usual ?? unlimited)
    if (!main && !universal) return noHeaders
    const user = `${tier === 'owner' || tier === 'person' ? `${tier} ` : ''}${who.appId}:${who.accountId ?? ''}`
    const mainKey = tier === 'trial' ? `trial:${category}:${who.appId}` : `${category}:${user}`
    const places: Place[] = []
    // The longer window first: of two with equally little left, it is the one to wait for.
    if (main) places.push(placeIn(main, mainKey, now))
    if (universal) places.push(placeIn(universal, `all:${user}`, now))
    if (!this.#memory) return this.#takeHere(places, now)
    return this.#takeShared(this.#memory, String(who.appId), places, now)
  }

  #takeHere(places: readonly Place[], now: number): Record<string, string> {
    const counters = places.map((place) => this.#counter(place, now))
    const isRefused = places.some(({ window }, index) => (counters[index] as Counter).used >= window.limit)
    if (!isRefused) for (const counter of counters) counter.used++
    return answer(
      places.map((place, index) => ({ ...place, used: (counters[index] as Counter).used })),
      isRefused,
      now,
    )
  }

  async #takeShared(memory: SharedMemory, group: string, places: readonly Place[], now: number) {
    const counted = await memory.count(
      group,
      places.map(({ window: { limit, windowSeconds }, key, windowStart }) => ({
        ...{ key, limit, startsAt: windowStart },
        windowMs: windowSeconds * 1000,
      })),
    )
    if (!counted) return this.#takeHere(places, now)
    const states = places.map((place, index) => ({ ...place, used: counted.used[index] ?? 0 }))
    return answer(states, counted.isRefused, now)
  }

  #counter({ key, windowStart, window: { windowSeconds } }: Place, now: number): Counter {
    const windowMs = windowSeconds * 1000
    let counter = this.#counters.get(key)
    if (!counter) {
      if (this.#counters.size >= maxCounters) this.#forgetOld(now)
      counter = { windowStart, windowMs, used: 0 }
      this.#counters.set(key, counter)
    } else if (counter.windowStart !== windowStart) {
      counter.windowStart = windowStart
      counter.used = 0
    }
    return counter
  }

  #forgetOld(now: number): void {
    for (const [key, { windowStart, windowMs }] of this.#counters)
      if (now - windowStart >= windowMs) this.#counters.delete(key)
  }
}

function placeIn(window: NamedWindow, key: string, now: number): Place {
  return { window, key: key + window.mark, windowStart: now - (now % (window.windowSeconds * 1000)) }
}

/** Returns the headers of the window with the least left; throws when a request is refused. */
function answer(states: readonly State[], isRefused: boolean, now: number): Record<string, string> {
  const full = isRefused ? states.find(({ window, used }) => used >= window.limit) : undefined
  const state = full ?? states.reduce((a, b) => (remaining(b) < remaining(a) ? b : a))
  const { window, windowStart } = state
  const resetSeconds = Math.max(1, Math.ceil((windowStart + window.windowSeconds * 1000 - now) / 1000))
  const headers = {
    'x-ratelimit-limit': window.header,
    'x-ratelimit-remaining': String(remaining(state)),
    'x-ratelimit-reset': String(resetSeconds),
  }
  if (!isRefused) return headers
  throw new ApiError('rateLimited', {
    detail:
      `${window.limit} requests per ${window.windowSeconds} s (${window.name}) are used up. ` +
      `Try again in ${resetSeconds} s.`,
    headers: { ...headers, 'retry-after': String(resetSeconds) },
    reason: {
      limit: { name: window.name, requests: window.limit, windowSeconds: window.windowSeconds, resetSeconds },
    },
  })
}

/** What a window admits in a minute. */
const perMinute = ({ limit, windowSeconds }: RateLimitWindow): RateLimitWindow => ({
  limit: Math.ceil((limit * 60) / windowSeconds),
  windowSeconds: 60,
})

const remaining = ({ window, used }: State): number => Math.max(0, window.limit - used)

const unlimited: Policy = { universal: undefined, main: undefined }
const noHeaders: Record<string, string> = {}

const suffixes: Record<LimitTier, string> = {
  standard: 'app_id_user_id',
  trial: 'trial_app_id',
  person: 'person',
  owner: 'app_id_user_id',
}

/** Returns the windows of each category, with their headers formatted: only the numbers change per request. */
function policies(
  tier: LimitTier,
  mainOf: (category: RateLimitCategory) => RateLimitWindow,
  { universal }: RateLimits,
): Record<RateLimitCategory, Policy> {
  const entries = rateLimitCategories.map((category): [RateLimitCategory, Policy] => [
    category,
    policy(`${category}_${suffixes[tier]}`, { universal, main: mainOf(category) }),
  ])
  return Object.fromEntries(entries) as Record<RateLimitCategory, Policy>
}

/** Returns the windows of an app with limits of its own, which are counted from when they are set. */
function ownPolicy(
  own: AppLimits,
  { category, tier, usual }: { category: RateLimitCategory; tier: LimitTier; usual: Policy | undefined },
): Policy {
  const marked = (window: RateLimitWindow | undefined) =>
    window && { ...window, mark: ` ${window.limit}/${window.windowSeconds}` }
  return policy(`${category}_${suffixes[tier]}`, {
    universal: marked(own.universal) ?? usual?.universal,
    main: marked(own[category]) ?? usual?.main,
  })
}

type Unnamed = RateLimitWindow & { mark?: string }

/** Formats the header as Envoy does: a window's limit, then every window with its length and name. */
function policy(mainName: string, windows: { universal: Unnamed | undefined; main: Unnamed | undefined }): Policy {
  const named = (window: Unnamed | undefined, name: string) =>
    window && { mark: '', ...window, name, text: `${window.limit};w=${window.windowSeconds};name="${name}"` }
  const universal = named(windows.universal, 'safety_net_app_id_user_id')
  const main = named(windows.main, mainName)
  const all = [universal, main].flatMap((window) => window?.text ?? [])
  const complete = (window: typeof main) => window && { ...window, header: [window.limit, ...all].join(', ') }
  return { universal: complete(universal), main: complete(main) }
}
