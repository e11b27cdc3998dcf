import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import { type Deliverer, type DelivererOptions, delivererOf } from './deliver.ts'
import { type Health, healthOf } from './health.ts'
import { disconnectedProblem, type Outbox } from './outbox.ts'
import { type Outcomes, outcomesIn } from './outcomes.ts'
import { type DeliveryQueue, deliveryQueue, type Lane } from './queue.ts'
import type { AppRights } from './rights.ts'
import { leaseMs } from './rules.ts'
import { type DeliveryStore, type DueWebhook, deliveryStore } from './store/deliveries.ts'
import { type WebhookRow, type WebhookStore, webhookStore } from './store/webhooks.ts'

/**
 * Sends what is in the outbox: in order for each object, at least once, again and again for a day. Several servers may do
 * so on one database. Receivers take turns, and one that is slow or fails holds up none of the others.
 */
export interface WebhookSender {
  /** Begins. `isShared`: whether other servers may be sending some of it. */
  start(): Promise<void>
  /** Ends, and leaves what is not sent to the next start. */
  close(): Promise<void>
}

export interface WebhookSenderOptions extends Pick<DelivererOptions, 'key' | 'reach'> {
  db: Database
  clock: Clock
  outbox: Outbox
  /** What apps may read. */
  rights: AppRights
  /** Whether other servers use the database. */
  isShared: boolean
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}

/** Without news it looks this often, for what is due again and what other processes wrote. */
const everyMs = 1000
/** After news it waits this long, for the transaction to be committed, and for more. */
const soonMs = 10
const timeoutMs = 15_000
/** So many lanes are sent at once; of receivers that are slow, fail or are not known yet, half of it. */
const mostLanes = 64
const mostOfAccount = 16
/** How long the end waits for what is under way. */
const endMs = 2000

/** Makes the sender of one server. */
export function webhookSender(options: WebhookSenderOptions): WebhookSender {
  const { db, clock, outbox, isShared, log } = options
  const now = () => clock.now()
  const self = randomBytes(9).toString('base64url')
  const [webhooks, deliveries] = [webhookStore(db), deliveryStore(db)]
  const queue = deliveryQueue({ db, webhooks, deliveries, self, now })
  const outcomes = outcomesIn({ db, webhooks, deliveries, self, now, log })
  const deliverer = delivererOf({ ...options, timeoutMs, now })
  const health = healthOf()
  const places = new Places()
  const parts = { ...options, webhooks, deliveries, queue, outcomes, deliverer, health, now }
  const underWay = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let renewing: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let again = false
  let dueAt = Number.POSITIVE_INFINITY
  let state: 'new' | 'running' | 'ended' = 'new'

  /** Data that are exchanged take no more writes: that is no fault. */
  function tell(error: unknown, message: string): void {
    if (!(error instanceof ApiError)) log.error({ err: error }, message)
  }

  function lookIn(ms: number): void {
    const at = performance.now() + ms
    if (state !== 'running' || at >= dueAt) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(look, ms)
    timer.unref()
  }

  function look(): void {
    dueAt = Number.POSITIVE_INFINITY
    if (looking) {
      again = true
      return
    }
    looking = lookAround()
      .catch((error) => tell(error, 'could not send to webhooks'))
      .finally(() => {
        looking = undefined
        lookIn(again ? 0 : everyMs)
        again = false
      })
  }

  /** Takes what is due, from one webhook after the other, while there are places. */
  async function lookAround(): Promise<void> {
    for (const due of shuffled(await deliveries.webhooksWithDue(now()))) {
      if (state !== 'running' || places.isFull) return
      const more = health.lanes(due.id) - places.of(due.id)
      const count = Math.min(more, places.freeFor(due, health.isQuick(due.id)))
      if (count > 0) await begin(due.id, count)
    }
  }

  async function begin(id: number, count: number): Promise<void> {
    const claim = await queue.claim(id, count)
    if (!claim || claim.lanes.length === 0) return
    for (const lane of await mayBeSent(claim.webhook, claim.lanes, parts)) {
      const place = places.take(claim.webhook, lane, health.isQuick(id))
      const sending = sendLane(claim.webhook, lane, parts)
        .catch((error) => tell(error, 'could not record what was sent to a webhook'))
        .finally(() => {
          place.leave()
          underWay.delete(sending)
          lookIn(soonMs)
        })
      underWay.add(sending)
    }
  }

  return {
    async start() {
      await db.write(async (tx) => {
        await deliveries.numberOn(tx)
        if (!isShared) await deliveries.releaseAll(tx)
      })
      state = 'running'
      outbox.whenWritten(() => lookIn(soonMs))
      renewing = setInterval(() => {
        queue.renew(places.olderThan(leaseMs / 3)).catch((error) => tell(error, 'could not renew leases'))
      }, leaseMs / 3)
      renewing.unref()
      lookIn(0)
    },

    async close() {
      state = 'ended'
      clearTimeout(timer)
      clearInterval(renewing)
      await looking
      const all = Promise.all([...underWay])
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, endMs).unref())])
      await deliverer.close()
      await all
    },
  }
}

interface SendParts extends Pick<WebhookSenderOptions, 'db' | 'rights'> {
  webhooks: WebhookStore
  deliveries: DeliveryStore
  queue: DeliveryQueue
  outcomes: Outcomes
  deliverer: Deliverer
  health: Health
  now: () => number
}

/**
 * Returns what may be sent of claimed lanes. Where the app of the webhook may not read what is told any more, the rest is
 * given up: but for what tells of that.
 */
async function mayBeSent(webhook: WebhookRow, lanes: readonly Lane[], parts: SendParts): Promise<readonly Lane[]> {
  const { db, rights, webhooks, deliveries, queue, now } = parts
  const { reads, readsSecret } = await rights(webhook.account_id, webhook.app_id)
  const mayTell = ({ type, is_secret }: Lane[number]) =>
    type === 'token.revoked' || (reads && (readsSecret || is_secret === 0))
  if (lanes.flat().every(mayTell)) return lanes
  await queue.release(lanes.flat().map(({ seq }) => seq))
  await db.write(async (tx) => {
    if (!reads) {
      const { account_id: accountId, app_id: appId } = webhook
      await webhooks.disconnect(tx, { accountId, appId }, disconnectedProblem)
    }
    const which = reads ? { onlySecret: true } : {}
    await deliveries.giveUp(tx, webhook.id, { ...which, except: 'token.revoked' }, disconnectedProblem, now())
  })
  return []
}

/** Sends one delivery after the other, up to the first that fails. */
async function sendLane(webhook: WebhookRow, lane: Lane, parts: SendParts): Promise<void> {
  const { queue, outcomes, deliverer, health } = parts
  for (const [index, row] of lane.entries()) {
    const begun = performance.now()
    const outcome = await deliverer.post(webhook, row).catch(() => undefined)
    if (!outcome?.isTaken) {
      // Ended by the end of the server: that is no try.
      if (!outcome) await outcomes.settled()
      await queue.release(lane.slice(outcome ? index + 1 : index).map(({ seq }) => seq))
      if (!outcome) return
    }
    health.note(webhook.id, outcome.isTaken, performance.now() - begun)
    if (!outcome.isTaken) return outcomes.failed(webhook, row, outcome)
    outcomes.succeeded(webhook, row, outcome)
  }
  await outcomes.settled()
}

/** The lanes that are under way. */
class Places {
  readonly #taken = new Set<{ webhook: WebhookRow; lane: Lane; isQuick: boolean; since: number }>()
  readonly #ofWebhook = new Map<number, number>()
  readonly #ofAccount = new Map<number, number>()
  #slow = 0

  get isFull(): boolean {
    return this.#taken.size >= mostLanes
  }

  /** Returns how many a webhook has. */
  of(webhookId: number): number {
    return this.#ofWebhook.get(webhookId) ?? 0
  }

  /** Returns how many more a webhook may have. */
  freeFor({ accountId }: DueWebhook, isQuick: boolean): number {
    const ofAccount = mostOfAccount - (this.#ofAccount.get(accountId) ?? 0)
    const ofKind = isQuick ? mostLanes : mostLanes / 2 - this.#slow
    return Math.min(mostLanes - this.#taken.size, ofAccount, ofKind)
  }

  /** Takes one, until it is left. */
  take(webhook: WebhookRow, lane: Lane, isQuick: boolean): { leave: () => void } {
    const taken = { webhook, lane, isQuick, since: performance.now() }
    this.#taken.add(taken)
    this.#count(taken, 1)
    return {
      leave: () => {
        this.#taken.delete(taken)
        this.#count(taken, -1)
      },
    }
  }

  #count({ webhook: { id, account_id }, isQuick }: { webhook: WebhookRow; isQuick: boolean }, by: 1 | -1): void {
    add(this.#ofWebhook, id, by)
    add(this.#ofAccount, account_id, by)
    if (!isQuick) this.#slow += by
  }

  /** Returns the deliveries that are under way for longer. */
  olderThan(ms: number): number[] {
    const before = performance.now() - ms
    return [...this.#taken].filter(({ since }) => since < before).flatMap(({ lane }) => lane.map(({ seq }) => seq))
  }
}

function add(counts: Map<number, number>, key: number, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

/** In another order each time, so that everybody has a turn. */
function shuffled<T>(ids: T[]): T[] {
  for (let i = ids.length - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1))
    ;[ids[i], ids[other]] = [ids[other] as T, ids[i] as T]
  }
  return ids
}
