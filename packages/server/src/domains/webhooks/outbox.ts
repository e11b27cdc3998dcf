import { type ThresholdMetric, type WebhookEvent, webhookTestEvent } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import { noApp } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import { type Listeners, listenersIn } from './listeners.ts'
import { type DeliveryRow, type DeliveryStore, deliveryStore, type NewDelivery } from './store/deliveries.ts'
import { type Tx, type WebhookRow, webhookStore } from './store/webhooks.ts'

/** How long an event is tried. */
export const triedMs = 24 * 60 * 60 * 1000

/** A Pin or board as webhooks tell of it. */
export interface Told {
  /** The accounts whose webhooks tell of it. */
  accountIds: readonly number[]
  /** Whether only webhooks that tell of secret things do. */
  isSecret: boolean
  /** What is told. */
  data: Record<string, unknown>
}

/** What happened to a Pin or board: `before` is undefined if it is new, `after` if it is gone. */
export interface Change {
  /** What it is. */
  kind: 'pin' | 'board'
  /** Its id. */
  id: number
  /** As it was. */
  before?: Told
  /** As it is. */
  after?: Told
  /** The fields that have changed. A change of none is not told. */
  changed?: readonly string[]
}

/** An event of another kind. */
export interface Happening extends Told {
  /** Its type. */
  type: WebhookEvent
  /** What it is about, such as `media 123`: events about the same are sent in order. */
  object: string
  /** The app whose webhooks tell of it, beside the person's own; undefined: all of the account's. */
  appId?: number
}

/** A number of a Pin that has grown. */
export interface GrownNumber {
  /** The Pin. */
  pinId: number
  /** Whose it is. */
  ownerId: number
  /** Whether only webhooks that tell of secret things tell of it. */
  isSecret: boolean
  /** Which number. */
  metric: ThresholdMetric
  /** What it was. */
  before: number
  /** What it is. */
  after: number
}

/**
 * Tells webhooks what happens, in the transaction in which it happens: both are committed, or neither. What nobody
 * listens to is not even put into words.
 */
export interface Outbox {
  /**
   * Tells of a change. A webhook that does not see secret things is told of what becomes secret as if it were deleted,
   * and the other way round. Call it when the row of the thing is held, so that the order is right.
   */
  changed(tx: Tx, accountIds: readonly number[], describe: () => Change): Promise<void>
  /** Tells of anything else. */
  happened(tx: Tx, accountIds: readonly number[], describe: () => Happening): Promise<void>
  /** Returns whether one of these accounts may have a webhook. */
  mayListen(tx: Tx, accountIds: readonly number[]): Promise<boolean>
  /**
   * Tells of numbers of Pins that have reached the counts which webhooks wait for. `count` returns those that have grown,
   * of accounts that wait for some; it is not called when nobody does.
   */
  grown(
    tx: Tx,
    accountIds: readonly number[],
    count: (ownerIds: ReadonlySet<number>) => Promise<readonly GrownNumber[]>,
  ): Promise<void>
  /** Ends that the webhooks of an app tell of an account; what they were told of losing their tokens is still sent. */
  disconnect(tx: Tx, of: { accountId: number; appId: number }): Promise<void>
  /** Writes a test for one webhook, and returns its delivery. */
  test(tx: Tx, webhook: WebhookRow): Promise<Omit<DeliveryRow, 'seq'>>
  /** Calls `listener` whenever something was written, shortly before that is committed. */
  whenWritten(listener: () => void): void
  /** Has what waits looked at now. */
  nudge(): void
  /** Who has webhooks. */
  listeners: Listeners
}

export interface OutboxOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  /** Whether other servers use the database. */
  isShared: boolean
  /** How many servers use it besides this one. Not given: nobody knows. */
  countOthers?: (() => Promise<number>) | undefined
}

/** Makes the outbox of `db`. */
export function outboxOf({ db, clock, ids, isShared, countOthers }: OutboxOptions): Outbox {
  const webhooks = webhookStore(db)
  const deliveries: DeliveryStore = deliveryStore(db)
  const listeners = listenersIn(webhooks, isShared, countOthers)
  let written = () => {}

  /** Returns the delivery of an event to a webhook, `message` being shared by those of one event. */
  function deliveryOf(webhook: WebhookRow, { now, messageId }: Message, event: ToldEvent) {
    const { type, object, isSecret, data } = event
    return {
      ...{ id: ids.next(), webhook_id: webhook.id, message_id: messageId, object_key: object, type },
      is_secret: isSecret ? 1 : 0,
      body: JSON.stringify({ type, timestamp: new Date(now).toISOString(), data }),
      ...{ status: 'waiting', attempts: 0, created_at: now, next_attempt_at: now, tried_until: now + triedMs },
      ...{ leased_by: '', leased_until: 0, answer_status: null, problem: null, finished_at: null },
    } satisfies NewDelivery
  }

  const newMessage = (): Message => ({ now: clock.now(), messageId: ids.next() })

  async function write(tx: Tx, rows: readonly NewDelivery[]): Promise<void> {
    if (rows.length === 0) return
    await deliveries.insert(tx, rows)
    written()
  }

  return {
    listeners,
    mayListen: listeners.mayListen,

    async changed(tx, accountIds, describe) {
      if (!(await listeners.mayListen(tx, accountIds))) return
      const change = describe()
      const message = newMessage()
      const rows = (await webhooks.enabledOf(tx, accountIds)).flatMap((webhook) => {
        const event = eventFor(webhook, change)
        return event && tells(webhook, event.type) ? deliveryOf(webhook, message, event) : []
      })
      await write(tx, rows)
    },

    async happened(tx, accountIds, describe) {
      if (!(await listeners.mayListen(tx, accountIds))) return
      const event = describe()
      const message = newMessage()
      const rows = (await webhooks.enabledOf(tx, accountIds))
        .filter((webhook) => sees(webhook, event) && tells(webhook, event.type))
        .filter(({ app_id }) => event.appId === undefined || app_id === event.appId || app_id === noApp)
        .map((webhook) => deliveryOf(webhook, message, event))
      await write(tx, rows)
    },

    async grown(tx, accountIds, count) {
      if (!(await listeners.mayListen(tx, accountIds))) return
      const waiting = (await webhooks.enabledOf(tx, accountIds)).flatMap((webhook) => {
        const thresholds: Threshold[] = tells(webhook, 'pin.reached') ? JSON.parse(webhook.thresholds) : []
        return thresholds.map((threshold) => ({ webhook, threshold }))
      })
      if (waiting.length === 0) return
      const numbers = await count(new Set(waiting.map(({ webhook }) => webhook.account_id)))
      const rows = numbers.flatMap((number) =>
        waiting
          .filter(({ webhook, threshold }) => isReached(webhook, threshold, number))
          .map(({ webhook, threshold }) => deliveryOf(webhook, newMessage(), reachedBy(number, threshold))),
      )
      await write(tx, rows)
    },

    async disconnect(tx, of) {
      if (await listeners.mayListen(tx, [of.accountId])) await webhooks.disconnect(tx, of, disconnectedProblem)
    },

    async test(tx, webhook) {
      const data = { webhook_id: String(webhook.id) }
      const event: ToldEvent = { type: webhookTestEvent, object: `webhook ${webhook.id}`, isSecret: false, data }
      const row = deliveryOf(webhook, newMessage(), event)
      await write(tx, [row])
      return row
    },

    nudge: () => written(),
    whenWritten(listener) {
      written = listener
    },
  }
}

/** Why a webhook whose app may not read what it tells is disconnected, in words. */
export const disconnectedProblem = 'Its app has no token of the account any more that may read what it tells.'

/** What an event has whatever webhook it is for. */
interface Message {
  now: number
  messageId: number
}

type ToldEvent = Pick<Happening, 'object' | 'isSecret' | 'data'> & { type: WebhookEvent | typeof webhookTestEvent }

/** A number of a Pin, and the count at which it is told. */
export interface Threshold {
  metric: ThresholdMetric
  count: number
}

const isReached = (webhook: WebhookRow, { metric, count }: Threshold, number: GrownNumber): boolean =>
  metric === number.metric &&
  number.before < count &&
  number.after >= count &&
  webhook.account_id === number.ownerId &&
  (!number.isSecret || webhook.sees_secret === 1)

const reachedBy = ({ pinId, isSecret, after }: GrownNumber, { metric, count }: Threshold): ToldEvent => ({
  ...{ type: 'pin.reached', object: `pin ${pinId}`, isSecret },
  data: { id: String(pinId), metric, count, total: after },
})

const tells = ({ events }: WebhookRow, type: string): boolean => events.split(' ').includes(type)

const sees = ({ account_id, sees_secret }: WebhookRow, told: Told | undefined): told is Told =>
  told?.accountIds.includes(account_id) === true && (!told.isSecret || sees_secret === 1)

/** Returns a change as a webhook sees it; undefined if it sees none. */
function eventFor(webhook: WebhookRow, { kind, id, before, after, changed }: Change): ToldEvent | undefined {
  const object = `${kind} ${id}`
  const isSeen = sees(webhook, after)
  if (!sees(webhook, before)) return isSeen ? { ...after, type: `${kind}.created`, object } : undefined
  if (!isSeen) return { ...before, type: `${kind}.deleted`, object, data: whereabouts(before) }
  if (changed?.length === 0) return undefined
  return { ...after, type: `${kind}.changed`, object, data: { ...after.data, changed: changed ?? [] } }
}

/** What is told of something that is gone. */
const whereabouts = ({ data: { id, board_id } }: Told) => ({ id, ...(board_id !== undefined && { board_id }) })
