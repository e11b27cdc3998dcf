import type { Clock } from '../core/clock.ts'

/** How what comes to a gate goes on. */
export type GateRule =
  | { mode: 'immediate' }
  | { mode: 'time'; afterMs: number }
  | { mode: 'manual' }
  | { mode: 'fail'; problem: string }

/** How one thing goes on: well, or not for this problem. */
export type Outcome = { problem: string | undefined }

/** What things wait at before they go on. */
export interface Gate {
  /** How things go on now. */
  rule: GateRule
  /** How many wait. */
  waiting: number
  /** Sets how things go on, those too that wait. */
  set(rule: GateRule): void
  /**
   * Returns what resolves when a thing may go on; undefined when it may at once. Rejects when `signal` is aborted, and then
   * waits no more.
   */
  pass(id: number, signal: AbortSignal): Promise<Outcome> | undefined
  /** Has a thing go on, whatever the rule. Returns false if it does not wait. */
  decide(id: number, outcome: Outcome): boolean
}

interface Waiting {
  id: number
  since: number
  goOn(outcome: Outcome): void
}

/** How often to look whether the time has come: the clock may be moved at any time. */
const lookEveryMs = 50

const well: Outcome = { problem: undefined }

/** Makes a gate by a clock, at which nothing waits. */
export function gateOf(clock: Clock): Gate {
  const waiting = new Set<Waiting>()
  let rule: GateRule = { mode: 'immediate' }
  let looking: NodeJS.Timeout | undefined

  const outcomeOf = ({ since }: Pick<Waiting, 'since'>): Outcome | undefined => {
    if (rule.mode === 'immediate') return well
    if (rule.mode === 'fail') return { problem: rule.problem }
    return rule.mode === 'time' && clock.now() >= since + rule.afterMs ? well : undefined
  }
  const look = () => {
    for (const each of waiting) {
      const outcome = outcomeOf(each)
      if (outcome) leave(each, outcome)
    }
    if (rule.mode === 'time' && waiting.size > 0) looking ??= setInterval(look, lookEveryMs).unref()
    else looking = void clearInterval(looking)
  }
  const leave = (each: Waiting, outcome: Outcome) => {
    waiting.delete(each)
    each.goOn(outcome)
  }

  return {
    get rule() {
      return rule
    },
    get waiting() {
      return waiting.size
    },

    set(next) {
      rule = next
      look()
    },

    pass(id, signal) {
      if (rule.mode === 'immediate') return undefined
      const since = clock.now()
      return new Promise((resolve, reject) => {
        const ended = () => {
          waiting.delete(each)
          reject(signal.reason)
        }
        const each: Waiting = {
          id,
          since,
          goOn(outcome) {
            signal.removeEventListener('abort', ended)
            resolve(outcome)
          },
        }
        signal.addEventListener('abort', ended, { once: true })
        waiting.add(each)
        look()
      })
    },

    decide(id, outcome) {
      const found = [...waiting].filter((each) => each.id === id)
      for (const each of found) leave(each, outcome)
      return found.length > 0
    },
  }
}
