import type { Database } from '../../db/database.ts'
import type { Outcome } from './deliver.ts'
import { failsForMs, nextAttempt } from './rules.ts'
import type { DeliveryRow, DeliveryStore } from './store/deliveries.ts'
import type { WebhookRow, WebhookStore } from './store/webhooks.ts'

/** Records how tries went. */
export interface Outcomes {
  /** Records that a delivery succeeded: together with others, soon. */
  succeeded(webhook: WebhookRow, row: DeliveryRow, outcome: Outcome): void
  /** Records that one failed, and puts off what waits behind it. Pauses a webhook that failed for a day. */
  failed(webhook: WebhookRow, row: DeliveryRow, outcome: Outcome): Promise<void>
  /** Resolves when everything that succeeded is recorded. */
  settled(): Promise<void>
}

export interface OutcomesOptions {
  db: Database
  webhooks: WebhookStore
  deliveries: DeliveryStore
  /** Names this server. */
  self: string
  now: () => number
  log: { warn(fields: object, message: string): void }
}

interface Success {
  webhook: WebhookRow
  seq: number
  answerStatus: number
}

/** Makes what records outcomes for one server. */
export function outcomesIn(options: OutcomesOptions): Outcomes {
  const { db, webhooks, deliveries, self, now } = options
  let unwritten: Success[] = []
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    while (unwritten.length > 0) {
      const successes = unwritten.splice(0, 500)
      // Webhooks before deliveries, each in the order of their ids, as everybody holds them.
      const recovered = new Set(
        successes.filter(({ webhook }) => webhook.failing_since !== null).map(({ webhook }) => webhook.id),
      )
      await db
        .write(async (tx) => {
          for (const id of [...recovered].sort((a, b) => a - b)) await webhooks.update(tx, id, { failing_since: null })
          await deliveries.succeed(tx, successes, self, now())
        })
        .catch((error) => {
          unwritten = [...successes, ...unwritten]
          throw error
        })
      for (const { webhook } of successes) webhook.failing_since = null
    }
  }

  async function settled(): Promise<void> {
    while (unwritten.length > 0 || writing) {
      writing ??= writeAll().finally(() => {
        writing = undefined
      })
      await writing
    }
  }

  return {
    succeeded(webhook, { seq }, { answerStatus }) {
      unwritten.push({ webhook, seq, answerStatus: answerStatus ?? 0 })
    },
    settled,
    async failed(webhook, row, outcome) {
      await settled()
      await noteFailure(webhook, row, outcome, options)
    },
  }
}

async function noteFailure(
  webhook: WebhookRow,
  row: DeliveryRow,
  { answerStatus, problem, retryAfterMs, isGone }: Outcome,
  { db, webhooks, deliveries, self, now: clock, log }: OutcomesOptions,
): Promise<void> {
  const now = clock()
  const nextAttemptAt = nextAttempt(row, { retryAfterMs }, now)
  const failingSince = webhook.failing_since ?? now
  const pause = isGone
    ? `It answered with status 410: it wants nothing more.`
    : now - failingSince >= failsForMs
      ? `Nothing could be delivered for a day. The last time: ${problem}`
      : undefined
  await db.write(async (tx) => {
    await webhooks.update(tx, webhook.id, {
      failing_since: failingSince,
      ...(pause !== undefined && { status: 'paused' as const, problem: pause }),
    })
    await deliveries.fail(tx, { row, answerStatus, problem, nextAttemptAt }, self, now)
    if (nextAttemptAt !== undefined) await deliveries.putOff(tx, row, nextAttemptAt)
  })
  webhook.failing_since = failingSince
  if (pause !== undefined) log.warn({ webhook: String(webhook.id), problem: pause }, 'a webhook is paused')
}
