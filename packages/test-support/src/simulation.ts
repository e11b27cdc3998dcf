import type { Timers } from '../../server/src/core/timers.ts'
import { type Random, randomOf } from './random.ts'

// Processes, a network and what they ask (a database, a storage) under a simulated clock. Code that takes `Timers` and asks
// through `Host.ask` runs here as it is, a thousand schedules a second and more: who crashes or stands still, what is lost, late or
// carried out though nobody waits for it any more. The same seed has the same schedule.

/** A request that had no answer: it may have been carried out, or be so later. */
export class NoAnswer extends Error {}

/** One for all: where it was made says nothing. */
const noAnswer = new NoAnswer('There is no answer.')

/** A process and its clocks. */
export interface Host {
  readonly name: string
  readonly isUp: boolean
  /** Whether it does nothing for a while. */
  readonly isFrozen: boolean
  /** Its clock that never jumps, at a rate of its own. */
  readonly timers: Timers
  /** Its clock that may be wrong. */
  now(): number
  /** Starts it, with nothing in memory. */
  start(main: () => void): void
  /** Ends it at once: nothing that it waits for comes any more. */
  crash(): void
  /** Has it do nothing for so long. */
  freeze(ms: number): void
  /** Has `work` carried out elsewhere, over the network. Rejects with `NoAnswer`. */
  ask<T>(work: () => T | Promise<T>): Promise<T>
  /** Has `work` carried out in the process, which always answers. */
  do<T>(work: () => T | Promise<T>): Promise<T>
}

/** One schedule. */
export interface World {
  readonly random: Random
  /** The time, in milliseconds. */
  readonly now: number
  /** What is wrong, if anything is. */
  readonly wrong: string | undefined
  fail(what: string): void
  host(name: string): Host
  /** Calls something outside of all hosts, in so many milliseconds. */
  after(ms: number, call: () => void): void
  /** Ends all mishaps: nothing is lost, and nothing late. */
  calmDown(): void
  /** Lets so many milliseconds pass, or less: until something is wrong or `isOver`. */
  pass(ms: number, isOver?: () => boolean): Promise<void>
}

interface Event {
  at: number
  /** Of two at the same time: timers before messages, as in a process that goes on after it stood still. */
  order: 0 | 1
  seq: number
  /** The process in which it happens, if that lives as it does now, and when it does not stand still. */
  within: Process | undefined
  life: number
  /** May say that no promise was settled, so that none needs to be waited for. */
  call(): unknown
}

interface Process {
  /** How often it ended. */
  life: number
  isUp: boolean
  frozenUntil: number
}

/** How a request goes to and fro. */
interface Way {
  there: number
  back: number
  isLost: boolean
  isAnswerLost: boolean
}

/** Whoever asks waits for this long. */
const patienceMs = 5000
/** The rates of clocks differ by this part at most, and the times that they show by so much. */
const [mostDrift, mostOffsetMs] = [0.02, 5000]

/** Begins the schedule of a seed. */
export function worldOf(seed: number): World {
  const random = randomOf(seed)
  const events: Event[] = []
  let [now, seq, isCalm] = [0, 0, false]
  let wrong: string | undefined

  function push(ms: number, order: 0 | 1, call: Event['call'], within?: Process, life = within?.life ?? 0): void {
    const event = { at: now + ms, order, seq: seq++, call, within, life }
    // The soonest are last, and most that are new are soon.
    let index = events.length
    while (index > 0 && isBefore(events[index - 1] as Event, event)) index--
    events.splice(index, 0, event)
  }

  const delayMs = () => {
    const dice = random.next()
    if (isCalm || dice < 0.85) return 1 + random.below(10)
    return random.below(dice < 0.97 ? 1000 : 30_000)
  }
  const mayBeLost = () => !isCalm && random.chance(0.05)

  function host(name: string): Host {
    const process: Process = { life: 0, isUp: false, frozenUntil: 0 }
    const rate = 1 + mostDrift * (2 * random.next() - 1)
    const offset = random.below(2 * mostOffsetMs) - mostOffsetMs
    const timers: Timers = {
      now: () => now * rate,
      after(ms, call) {
        let isWanted = true
        push(ms / rate, 0, () => isWanted && call(), process)
        return () => {
          isWanted = false
        }
      },
      every(ms, call) {
        let cancel = () => {}
        const again = () => {
          cancel = timers.after(ms, () => {
            again()
            call()
          })
        }
        again()
        return () => cancel()
      },
    }
    function carryOut<T>(work: () => T | Promise<T>, way: Way): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const { life } = process
      if (way.isLost || way.isAnswerLost || way.there + way.back > patienceMs)
        push(patienceMs, 1, () => reject(noAnswer), process)
      if (way.isLost) return promise
      const answer = (settle: () => void) => way.isAnswerLost || push(way.back, 1, settle, process, life)
      push(way.there, 1, () => {
        try {
          const value = work()
          if (!(value instanceof Promise)) {
            answer(() => resolve(value))
            return 'nobody goes on'
          }
          value.then(
            (later) => answer(() => resolve(later)),
            (error) => answer(() => reject(error)),
          )
        } catch (error) {
          answer(() => reject(error))
        }
      })
      return promise
    }
    return {
      name,
      timers,
      get isUp() {
        return process.isUp
      },
      get isFrozen() {
        return process.frozenUntil > now
      },
      now: () => now + offset,
      start(main) {
        process.isUp = true
        push(0, 1, main, process)
      },
      crash() {
        process.life++
        process.isUp = false
        process.frozenUntil = 0
      },
      freeze(ms) {
        process.frozenUntil = Math.max(process.frozenUntil, now + ms)
      },
      ask(work) {
        const [there, back] = [delayMs(), delayMs()]
        const [isLost, isAnswerLost] = [mayBeLost(), mayBeLost()]
        return carryOut(work, { there, back, isLost, isAnswerLost })
      },
      do: (work) => carryOut(work, { there: 1 + random.below(3), back: 0, isLost: false, isAnswerLost: false }),
    }
  }

  return {
    random,
    host,
    get now() {
      return now
    },
    get wrong() {
      return wrong
    },
    fail(what) {
      wrong ??= `${what}, after ${Math.round(now)} ms`
    },
    after: (ms, call) => push(ms, 1, call),
    calmDown() {
      isCalm = true
    },
    async pass(ms, isOver = () => false) {
      const until = now + ms
      while (wrong === undefined && !isOver()) {
        const next = events.at(-1)
        if (!next || next.at > until) {
          now = until
          return
        }
        events.pop()
        now = Math.max(now, next.at)
        const { within } = next
        if (within && within.life !== next.life) continue
        if (within && within.frozenUntil > now) push(within.frozenUntil - now, next.order, next.call, within)
        else if (next.call() !== 'nobody goes on') await everythingThatFollows()
      }
    },
  }
}

/** Those that come first are last. */
const isBefore = (a: Event, b: Event): boolean =>
  a.at !== b.at ? a.at < b.at : a.order !== b.order ? a.order < b.order : a.seq < b.seq

let following: Promise<void> | undefined

/** Resolves when all promises that could go on did. Schedules that run side by side share the wait. */
function everythingThatFollows(): Promise<void> {
  following ??= new Promise((resolve) => {
    setImmediate(() => {
      following = undefined
      resolve()
    })
  })
  return following
}

/** So many schedules run side by side, and wait together. What more of them have in memory outlives V8's small collections: they are slower. */
const atOnce = 8

/**
 * Runs schedules: that of `PINFOLD_SIMULATE`, a seed, or so many (`PINFOLD_SIMULATIONS`). Returns what is wrong in the first one
 * that fails, and how to have it again.
 */
export async function simulate(
  count: number,
  schedule: (seed: number) => Promise<string | undefined>,
): Promise<string | undefined> {
  const only = process.env.PINFOLD_SIMULATE
  if (only !== undefined) return schedule(Number(only))
  const all = Number(process.env.PINFOLD_SIMULATIONS ?? count)
  for (let from = 0; from < all; from += atOnce) {
    const seeds = Array.from({ length: Math.min(atOnce, all - from) }, (_, i) => from + i)
    const said = await Promise.all(seeds.map(schedule))
    const failed = said.findIndex((wrong) => wrong !== undefined)
    if (failed >= 0) return `PINFOLD_SIMULATE=${seeds[failed]}: ${said[failed]}`
  }
  return undefined
}
