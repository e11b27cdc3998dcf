import type { Database } from '../../db/database.ts'
import { laneDecision, leaseMs } from './rules.ts'
import type { DeliveryRow, DeliveryStore } from './store/deliveries.ts'
import type { Tx, WebhookRow, WebhookStore } from './store/webhooks.ts'

/** Deliveries about one object, in their order: nobody else sends them meanwhile. */
export type Lane = readonly [DeliveryRow, ...DeliveryRow[]]

/** Lanes of a webhook that are to be sent now. */
export interface Claim {
  webhook: WebhookRow
  lanes: Lane[]
}

/** Takes deliveries to send, in order for each object, and so that no other server sends them at the same time. */
export interface DeliveryQueue {
  /** Takes at most `count` lanes of a webhook. Undefined: it may send nothing, or another server is taking some. */
  claim(webhookId: number, count: number): Promise<Claim | undefined>
  /** Keeps deliveries that take long. */
  renew(seqs: readonly number[]): Promise<void>
  /** Leaves deliveries to others. */
  release(seqs: readonly number[]): Promise<void>
}

export interface DeliveryQueueOptions {
  db: Database
  webhooks: WebhookStore
  deliveries: DeliveryStore
  /** Names this server. */
  self: string
  now: () => number
}

/** At most this many about one object are taken at once. */
const laneLength = 20
/** So many that are due are looked through for objects. */
const lookedThrough = 500

/** Makes the queue of one server. */
export function deliveryQueue({ db, webhooks, deliveries, self, now }: DeliveryQueueOptions): DeliveryQueue {
  /** Returns what is about an object, if it is due and nobody sends it. */
  async function laneOf(tx: Tx, webhookId: number, objectKey: string, machineNow: number): Promise<Lane | undefined> {
    const [first, ...rest] = await deliveries.ofObject(tx, webhookId, objectKey, laneLength)
    const decision = laneDecision(first, { now: now(), machineNow })
    if (!first || decision === 'leave') return undefined
    if (decision === 'take') return [first, ...rest]
    // Something newer is due that must wait for it.
    await deliveries.putOff(tx, first, first.next_attempt_at)
    return undefined
  }

  return {
    claim: (webhookId, count) =>
      db.write(async (tx) => {
        const webhook = await webhooks.hold(tx, webhookId)
        if (!webhook || webhook.status === 'paused') return undefined
        const machineNow = Date.now()
        const due = Map.groupBy(await deliveries.due(tx, webhookId, now(), lookedThrough), (row) => row.object_key)
        const lanes: Lane[] = []
        for (const [objectKey, rows] of due) {
          if (lanes.length === count) break
          if (rows.some((row) => row.leased_until > machineNow)) continue
          const lane = await laneOf(tx, webhookId, objectKey, machineNow)
          if (lane) lanes.push(lane)
        }
        const seqs = lanes.flat().map(({ seq }) => seq)
        if (seqs.length > 0) await deliveries.lease(tx, seqs, self, machineNow + leaseMs)
        return { webhook, lanes }
      }),

    async renew(seqs) {
      if (seqs.length > 0) await db.write((tx) => deliveries.renew(tx, seqs, self, Date.now() + leaseMs))
    },

    async release(seqs) {
      if (seqs.length > 0) await db.write((tx) => deliveries.release(tx, seqs, self))
    },
  }
}
