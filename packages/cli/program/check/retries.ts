import type { RecordedCall } from '../calls/read-calls.ts'
import type { Found } from './finding.ts'

/** How long to wait where the answer does not say, in milliseconds. */
const leastPauseMs = { limit: 1000, failure: 250 }

/** Follows which calls were refused or failed, and are sent again. */
export interface RetryCheck {
  /** Returns what is wrong with a call as a repetition of one before. Calls are given in the order in which they began. */
  of(call: RecordedCall): Found[]
}

/** Makes a check of pauses before calls are sent again. */
export function retryCheck(): RetryCheck {
  const failed = new Map<string, { endedAt: number; pauseMs: number; status: number }>()
  return {
    of(call) {
      const key = [call.method, call.url.href, JSON.stringify(call.body)].join('\n')
      const before = failed.get(key)
      const pauseMs = pauseAfter(call)
      if (pauseMs === undefined) failed.delete(key)
      else failed.set(key, { endedAt: call.beganAt + call.durationMs, pauseMs, status: call.answer.status })
      if (!before) return []
      const waitedMs = Math.max(0, call.beganAt - before.endedAt)
      if (waitedMs >= before.pauseMs) return []
      const answer = before.status === 0 ? 'no answer' : `a ${before.status}`
      return [
        {
          problem: 'retry without pause',
          about: String(before.status),
          text: `It was sent again ${seconds(waitedMs)} after ${answer}; wait ${seconds(before.pauseMs)} at least.`,
        },
      ]
    },
  }
}

/** Returns how long to wait before a call is sent again; undefined if there is no reason to send it again. */
function pauseAfter({ answer, beganAt, durationMs }: RecordedCall): number | undefined {
  const { status, headers } = answer
  if (status !== 0 && status !== 429 && status < 500) return undefined
  const after = headers['retry-after']
  if (after !== undefined && /^\d{1,6}$/.test(after)) return Number(after) * 1000
  const until = Date.parse(after ?? '')
  if (!Number.isNaN(until)) return Math.max(0, until - beganAt - durationMs)
  return status === 429 ? leastPauseMs.limit : leastPauseMs.failure
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`
