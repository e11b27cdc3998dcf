import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '@pinfold/test-support/random'

/** What went wrong. Each is a defect. */
export class Violation extends Error {}

/** A request of an account. */
export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  /** The statuses that are right. Default: 200, 201, 204. */
  right?: readonly number[]
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers as JSON
  body: any
  /** How many tries had no answer, or one that the server could not take the request now. */
  retries: number
}

/** Sends requests until they are answered. */
export interface Caller {
  /** Throws `Violation` when the answer is none of the right ones, or none comes for minutes. */
  call(token: string, call: Call): Promise<Answer>
  counts: { answered: number; writes: number; retries: number; unavailable: number }
}

const mostMs = 150_000
const eachMs = 15_000

/** Makes one. `urls`: the addresses of the nodes, one of which is taken for each try. */
export function callerOf(urls: () => readonly string[], random: Random): Caller {
  const counts = { answered: 0, writes: 0, retries: 0, unavailable: 0 }
  let keys = 0

  return {
    counts,
    async call(token, { method, path, body, right = [200, 201, 204] }) {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': `torture-${random.below(2 ** 31)}-${keys++}` }),
      }
      const text = body && JSON.stringify(body)
      const begun = Date.now()
      for (let retries = 0; ; retries++) {
        const answer = await once(random.pick(urls()) ?? '', { method, path, headers, text })
        if (answer && answer.status !== 503) {
          counts.answered++
          if (method !== 'GET') counts.writes++
          // An earlier try may have deleted it already.
          if (right.includes(answer.status) || (method === 'DELETE' && answer.status === 404 && retries > 0))
            return { ...answer, retries }
          throw new Violation(
            `${method} ${path} ${text?.slice(0, 200) ?? ''} after ${retries} tries: ${answer.status} ${JSON.stringify(answer.body)}`,
          )
        }
        if (answer) counts.unavailable++
        counts.retries++
        if (Date.now() - begun > mostMs) throw new Violation(`${method} ${path}: no answer in ${mostMs / 1000} s`)
        await pause(50 + random.below(Math.min(1000, 100 * 2 ** retries)))
      }
    },
  }
}

/** Returns the answer to one try; undefined when there is none, or it is not whole. */
async function once(
  url: string,
  {
    method,
    path,
    headers,
    text,
  }: { method: string; path: string; headers: Record<string, string>; text: string | undefined },
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(`${url}${path.startsWith('/_') ? '' : '/v5'}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(eachMs),
      ...(text !== undefined && { body: text }),
    })
    const body = await response.text()
    return { status: response.status, body: body === '' ? undefined : JSON.parse(body) }
  } catch {
    return undefined
  }
}
