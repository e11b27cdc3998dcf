import {
  AddressRefused,
  fetchProblem,
  type GuardedConnections,
  guardedConnections,
  postGuarded,
  type Reach,
} from '../../core/fetch-guard.ts'
import { retryAfterMs } from './backoff.ts'
import { signatureOf } from './signature.ts'
import type { DeliveryRow } from './store/deliveries.ts'
import type { WebhookRow } from './store/webhooks.ts'

/** How a try went. */
export interface Outcome {
  /** Whether the receiver took it. */
  isTaken: boolean
  /** The status of the answer; null if none came. */
  answerStatus: number | null
  /** Why it was not taken, in words. */
  problem: string
  /** How long the receiver asks to be left alone, in milliseconds. */
  retryAfterMs: number
  /** Whether it asks for nothing more, ever. */
  isGone: boolean
}

/** Posts events to receivers. */
export interface Deliverer {
  /** Tries a delivery once. Throws only when it is ended by `close`. */
  post(webhook: WebhookRow, delivery: DeliveryRow): Promise<Outcome>
  /** Ends the tries that are under way, and the connections. */
  close(): Promise<void>
}

export interface DelivererOptions {
  /** The secret of the installation. */
  key: Buffer
  /** What receivers may be on, beyond the public internet. */
  reach: Reach
  /** How long a receiver may take, in milliseconds. */
  timeoutMs: number
  /** The server's time, for how long old secrets sign. */
  now: () => number
}

/** An answer is read this far, so that its connection can be used again; of a longer one the connection is ended. */
const readBytes = 16_384

/** Makes what posts events. */
export function delivererOf({ key, reach, timeoutMs, now }: DelivererOptions): Deliverer {
  const connections: GuardedConnections = guardedConnections({
    ...{ ...reach, timeoutMs: Math.min(timeoutMs, 5000) },
    limits: { maxHeaderSize: 16_384, keepAliveTimeout: 4000 },
  })

  function headersFor(webhook: WebhookRow, { message_id, body }: DeliveryRow): Record<string, string> {
    const old = webhook.old_secret_salt !== null && (webhook.old_secret_until ?? 0) > now()
    const salts = [webhook.secret_salt, ...(old ? [webhook.old_secret_salt ?? ''] : [])]
    // The machine's clock, which the receiver's is compared with, wherever the server's was moved to.
    const message = { id: `msg_${message_id}`, timestamp: Math.floor(Date.now() / 1000), body }
    return {
      'content-type': 'application/json',
      'user-agent': 'Pinfold-Webhooks/1',
      'webhook-id': message.id,
      'webhook-timestamp': String(message.timestamp),
      'webhook-signature': signatureOf(key, salts, message),
    }
  }

  return {
    async post(webhook, delivery) {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), connections.closing])
      try {
        const headers = headersFor(webhook, delivery)
        const agent = await connections.open()
        const { body } = delivery
        const answer = await postGuarded(webhook.url, { ...reach, agent, signal, headers, body })
        await answer.body.dump({ limit: readBytes, signal }).catch(() => {})
        return outcomeOf(answer.statusCode, answer.headers['retry-after'])
      } catch (error) {
        connections.closing.throwIfAborted()
        return failed(error instanceof AddressRefused ? error.message : fetchProblem(error, timeoutMs))
      }
    },
    close: connections.close,
  }
}

const failed = (problem: string): Outcome => ({
  ...{ isTaken: false, answerStatus: null, problem, retryAfterMs: 0, isGone: false },
})

function outcomeOf(status: number, retryAfter: string | string[] | undefined): Outcome {
  const isTaken = status >= 200 && status < 300
  const redirects = status >= 300 && status < 400
  return {
    isTaken,
    answerStatus: status,
    problem: `It answered with status ${status}.${redirects ? ' Redirects are not followed.' : ''}`,
    retryAfterMs: retryAfterMs(retryAfter, Date.now()),
    isGone: status === 410,
  }
}
