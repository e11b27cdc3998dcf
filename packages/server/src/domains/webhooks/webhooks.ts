import { type DeliveryStatus, type WebhookEvent, webhookEvents, webhooksPerAccount } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { AddressRefused, checkedAddress, type Reach } from '../../core/fetch-guard.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import { type Caller, noApp, type Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import { type Outbox, type Threshold, triedMs } from './outbox.ts'
import { newSalt, secretOf } from './signature.ts'
import { type DeliveryRow, deliveryStore } from './store/deliveries.ts'
import { type WebhookOwner, type WebhookRow, webhookStore } from './store/webhooks.ts'

export { newestDeliveryId } from './store/deliveries.ts'
export { newestWebhookId, type WebhookRow } from './store/webhooks.ts'

/** A delivery as it is shown. */
export type ShownDelivery = Omit<DeliveryRow, 'seq'>

/** A webhook to make. */
export interface GivenWebhook {
  url: string
  description?: string
  /** All of them, if not given. */
  events?: readonly WebhookEvent[]
  thresholds?: readonly Threshold[]
  /** Whether it tells of secret things too. */
  includes_secret?: boolean
}

/** A change of a webhook. Missing fields stay unchanged. */
export interface WebhookChange extends Omit<GivenWebhook, 'url'> {
  url?: string
  status?: 'enabled' | 'paused'
}

/** Who asks: an app, or a person who is signed in. */
export interface WebhookCaller {
  /** The app. */
  caller: Pick<Caller, 'appId'>
  /** The account, and what may be seen of it. */
  viewer: Viewer
}

/**
 * Webhooks: addresses that are told what happens to the Pins and boards of an account. An app has those that it made; a
 * person who is signed in has all of the account's.
 */
export interface Webhooks {
  /**
   * Makes a webhook. Throws `webhookAddressRefused`, `insufficientScope` when it is to tell of what the viewer may not
   * see, and `forbidden` when the account has too many.
   */
  create(by: WebhookCaller, given: GivenWebhook, written?: Written<WebhookRow>): Promise<WebhookRow>
  /** Returns the secret of a webhook. */
  secretOf(webhook: WebhookRow): string
  /** Returns a page of webhooks, newest first. */
  list(by: WebhookCaller, page: PageRequest): Promise<Page<WebhookRow>>
  /** Returns a webhook. Throws `webhookNotFound`. */
  find(by: WebhookCaller, id: string): Promise<WebhookRow>
  /** Returns a webhook that the viewer may change, and get the secret of. Throws as `find`, and `insufficientScope`. */
  findToChange(by: WebhookCaller, id: string): Promise<WebhookRow>
  /**
   * Changes a webhook. Throws as `find`, `webhookAddressRefused`, and `insufficientScope` when it tells of what the
   * viewer may not see.
   */
  update(by: WebhookCaller, id: string, change: WebhookChange): Promise<WebhookRow>
  /** Deletes a webhook with its deliveries. Throws as `find`. */
  remove(by: WebhookCaller, id: string): Promise<void>
  /** Gives a webhook another secret; the one before signs too for a day. Throws as `update`. */
  rotateSecret(by: WebhookCaller, id: string, written?: Written<WebhookRow>): Promise<WebhookRow>
  /** Sends a test. Throws as `find`, and a 400 for a webhook that is not enabled. */
  test(by: WebhookCaller, id: string, written?: Written<ShownDelivery>): Promise<ShownDelivery>
  /** Returns a page of a webhook's deliveries, newest first. Throws as `find`. */
  deliveries(
    by: WebhookCaller,
    id: string,
    status: DeliveryStatus | undefined,
    page: PageRequest,
  ): Promise<Page<ShownDelivery>>
  /** Returns a delivery. Throws as `find`, and `deliveryNotFound`. */
  delivery(by: WebhookCaller, id: string, deliveryId: string): Promise<ShownDelivery>
  /** Sends a delivery again. Throws as `delivery`. */
  resend(by: WebhookCaller, id: string, deliveryId: string): Promise<ShownDelivery>
  /** Gives up what waited for too long where nothing is sent, and deletes old deliveries. */
  forgetOld(signal: AbortSignal): Promise<void>
}

export interface WebhooksOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  outbox: Outbox
  /** The secret of the installation. */
  key: Buffer
  /** What receivers may be on, beyond the public internet. */
  reach: Reach
}

const dayMs = 24 * 60 * 60 * 1000
/** Deliveries are kept for this long. */
const keptMs = 7 * dayMs
/** What waits is sent for a day; where nothing is sent it is given up then. */
const givenUpMs = dayMs / 24
/** At most this many wait for a webhook: with more it is paused. */
const mostWaiting = 250_000
const batchSize = 1000
const noLongerSecret = 'The webhook no longer tells of secret boards.'

/** Makes the webhooks over `db`. */
export function webhooksOf(options: WebhooksOptions): Webhooks {
  const { db, clock, outbox, key } = options
  const store = webhookStore(db)
  const deliveries = deliveryStore(db)
  const { find, findToChange } = finders(options)

  async function findDelivery(by: WebhookCaller, id: string, deliveryId: string): Promise<DeliveryRow> {
    const webhook = await find(by, id)
    const row = await deliveries.find(webhook.id, parseId(deliveryId) ?? 0)
    if (!row || (row.is_secret === 1 && by.viewer.secret === 'none')) throw new ApiError('deliveryNotFound')
    return row
  }

  return {
    find,
    findToChange,
    secretOf: (webhook) => secretOf(key, webhook.secret_salt),

    async create({ caller, viewer }, given, written) {
      const row = newRow({ caller, viewer }, given, options)
      const made = await db.write(async (tx) => {
        if ((await store.count(tx, row.account_id)) >= webhooksPerAccount)
          throw new ApiError('forbidden', { detail: `An account has ${webhooksPerAccount} webhooks at most.` })
        await store.insert(tx, row)
        outbox.listeners.added(row.account_id)
        await written?.(tx, row)
        return row
      })
      await outbox.listeners.known()
      return made
    },

    async list(by, { before, size }) {
      return toPage(await store.ofOwner(ownerOf(by), before, size + 1), size, (row) => row)
    },

    async update(by, id, { url, description, events, thresholds, includes_secret, status }) {
      const webhook = await findToChange(by, id)
      if (includes_secret) checkSeesSecret(by)
      if (url !== undefined) checkAddress(url, options)
      const updated = await db.write(async (tx) => {
        if (includes_secret === false && webhook.sees_secret === 1)
          await deliveries.giveUp(tx, webhook.id, { onlySecret: true }, noLongerSecret, clock.now())
        return store.update(tx, webhook.id, {
          ...(url !== undefined && { url }),
          ...(description !== undefined && { description }),
          ...(events && { events: inOrder(events) }),
          ...(thresholds && { thresholds: JSON.stringify(thresholds) }),
          ...(includes_secret !== undefined && { sees_secret: includes_secret ? 1 : 0 }),
          ...(status && { status, problem: null, failing_since: null }),
        })
      })
      if (!updated) throw new ApiError('webhookNotFound')
      return updated
    },

    async remove(by, id) {
      const webhook = await find(by, id)
      await db.write((tx) => store.delete(tx, webhook.id))
      // What a transaction that began before writes for it after this is deleted when it is old.
      for (let count = batchSize; count === batchSize; )
        count = await db.write((tx) => deliveries.deleteOf(tx, webhook.id, batchSize))
    },

    async rotateSecret(by, id, written) {
      const webhook = await findToChange(by, id)
      const salts = { secret_salt: newSalt(), old_secret_salt: webhook.secret_salt }
      const old_secret_until = clock.now() + dayMs
      return db.write(async (tx) => {
        const updated = await store.update(tx, webhook.id, { ...salts, old_secret_until })
        if (!updated) throw new ApiError('webhookNotFound')
        await written?.(tx, updated)
        return updated
      })
    },

    async test(by, id, written) {
      const webhook = await find(by, id)
      if (webhook.status !== 'enabled') throw invalid('The webhook is not enabled, so that nothing is sent to it.')
      return db.write(async (tx) => {
        const delivery = await outbox.test(tx, webhook)
        await written?.(tx, delivery)
        return delivery
      })
    },

    async deliveries(by, id, status, { before, size }) {
      const webhook = await find(by, id)
      const withSecret = by.viewer.secret !== 'none'
      const range = { webhookId: webhook.id, status, withSecret, before, count: size + 1 }
      return toPage(await deliveries.list(range), size, (row) => row)
    },

    delivery: findDelivery,

    async resend(by, id, deliveryId) {
      const { id: found } = await findDelivery(by, id, deliveryId)
      const now = clock.now()
      const row = await db.write((tx) => deliveries.sendAgain(tx, found, now, now + triedMs))
      if (!row) throw new ApiError('deliveryNotFound')
      outbox.nudge()
      return row
    },

    async forgetOld(signal) {
      const problem = 'It waited for a day.'
      const givenUp = (now: number) =>
        db.write((tx) => deliveries.giveUpOld(tx, now - givenUpMs, problem, now, batchSize))
      const deleted = (now: number) => db.write((tx) => deliveries.deleteBefore(tx, now - keptMs, batchSize))
      for (const step of [givenUp, deleted])
        for (let count = batchSize; count === batchSize && !signal.aborted; ) count = await step(clock.now())
      await pauseOverfull(options, signal)
    },
  }
}

/** Pauses webhooks that too much waits for. */
async function pauseOverfull({ db, clock }: WebhooksOptions, signal: AbortSignal): Promise<void> {
  const store = webhookStore(db)
  const deliveries = deliveryStore(db)
  for (const { id } of await deliveries.webhooksWithDue(clock.now())) {
    if (signal.aborted) return
    await db.write(async (tx) => {
      if (await deliveries.hasMoreWaiting(tx, id, mostWaiting))
        await store.update(tx, id, { status: 'paused', problem: `More than ${mostWaiting} events wait to be sent.` })
    })
  }
}

const ownerOf = ({ caller: { appId }, viewer: { accountId } }: WebhookCaller): WebhookOwner => ({
  accountId,
  appId: appId === noApp ? undefined : appId,
})

/** Returns types in the order of the contract, as they are stored. */
const inOrder = (events: readonly WebhookEvent[]): string =>
  webhookEvents.filter((event) => events.includes(event)).join(' ')

function checkAddress(url: string, { reach }: WebhooksOptions): void {
  try {
    checkedAddress(url, reach)
  } catch (error) {
    throw error instanceof AddressRefused ? new ApiError('webhookAddressRefused', { detail: error.message }) : error
  }
}

function newRow({ caller, viewer }: WebhookCaller, given: GivenWebhook, options: WebhooksOptions): WebhookRow {
  const { url, description = '', events = webhookEvents, thresholds = [], includes_secret = false } = given
  checkAddress(url, options)
  if (includes_secret) checkSeesSecret({ viewer })
  return {
    ...{ id: options.ids.next(), account_id: viewer.accountId, app_id: caller.appId, url, description },
    ...{ events: inOrder(events), thresholds: JSON.stringify(thresholds), sees_secret: includes_secret ? 1 : 0 },
    ...{ status: 'enabled', problem: null, failing_since: null, created_at: options.clock.now() },
    ...{ secret_salt: newSalt(), old_secret_salt: null, old_secret_until: null },
  }
}

/** Throws when somebody would be told of what they may not see. */
function checkSeesSecret({ viewer }: Pick<WebhookCaller, 'viewer'>): void {
  if (viewer.secret === 'none') throw secretScopes('includes_secret takes')
}

const secretScopes = (what: string) =>
  new ApiError('insufficientScope', { detail: `${what} the scopes boards:read_secret and pins:read_secret.` })

function finders({ db }: WebhooksOptions) {
  const store = webhookStore(db)

  async function find(by: WebhookCaller, id: string): Promise<WebhookRow> {
    const row = await store.find(parseId(id) ?? 0, ownerOf(by))
    if (!row) throw new ApiError('webhookNotFound')
    return row
  }

  return {
    find,

    /** Throws where a token would have secret things sent somewhere that it may not see. */
    async findToChange(by: WebhookCaller, id: string): Promise<WebhookRow> {
      const webhook = await find(by, id)
      if (webhook.sees_secret === 1 && by.viewer.secret === 'none')
        throw secretScopes('A webhook that tells of secret boards is changed with')
      return webhook
    },
  }
}
