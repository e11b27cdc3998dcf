import type { OperationOutput, resources, WebhookEvent } from '@pinfold/contract'
import { noApp, type Viewer } from '../core/viewer.ts'
import type { ShownDelivery, WebhookCaller, WebhookRow } from '../domains/webhooks/webhooks.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Resource = typeof resources.webhooks
type Webhook = OperationOutput<Resource['get']>
type WithSecret = OperationOutput<Resource['create']>
type Delivery = OperationOutput<Resource['getDelivery']>

/** The operations on webhooks. */
export function webhooksApi({ bookmarks, webhooks }: Pick<Services, 'bookmarks' | 'webhooks'>): Handlers<Resource> {
  const withSecret = (row: WebhookRow) => ({ ...webhook(row), secret: webhooks.secretOf(row) })

  /** An answer with a secret, which is not kept with it: it is put in again when the answer is repeated. */
  const toldOnce = ({ caller, viewer }: WebhookCaller) => ({
    show: withSecret,
    see: (who: Viewer, { id }: { id: string }) => webhooks.findToChange({ caller, viewer: who }, id),
    keep: (row: WebhookRow) => ({ ...webhook(row), secret: '' }),
    complete: async (kept: WithSecret) => ({
      ...kept,
      secret: webhooks.secretOf(await webhooks.findToChange({ caller, viewer }, kept.id)),
    }),
  })

  return {
    create: ({ caller, viewer, body, once }) =>
      once({
        make: (written) => webhooks.create({ caller, viewer }, body, written),
        ...toldOnce({ caller, viewer }),
      }),

    list: async ({ caller, viewer, query }) => {
      const listName = `webhooks/list ${viewer.accountId} ${caller.appId}`
      const { items, next } = await webhooks.list({ caller, viewer }, bookmarks.read(listName, query))
      return bookmarks.render(listName, { items: items.map((row) => JSON.stringify(webhook(row))), next })
    },

    get: async ({ caller, viewer, params }) => webhook(await webhooks.find({ caller, viewer }, params.webhook_id)),

    update: async ({ caller, viewer, params, body }) =>
      webhook(await webhooks.update({ caller, viewer }, params.webhook_id, body)),

    delete: async ({ caller, viewer, params }) => {
      await webhooks.remove({ caller, viewer }, params.webhook_id)
      return undefined
    },

    rotateSecret: ({ caller, viewer, params, once }) =>
      once({
        make: (written) => webhooks.rotateSecret({ caller, viewer }, params.webhook_id, written),
        ...toldOnce({ caller, viewer }),
      }),

    test: ({ caller, viewer, params, once }) =>
      once({
        make: (written) => webhooks.test({ caller, viewer }, params.webhook_id, written),
        show: delivery,
        see: (who, { id }) => webhooks.delivery({ caller, viewer: who }, params.webhook_id, id),
      }),

    listDeliveries: async ({ caller, viewer, params, query }) => {
      const { webhook_id: id } = params
      const listName = `webhooks/list_deliveries ${id} ${query.status ?? ''} ${viewer.secret}`
      const page = bookmarks.read(listName, query)
      const { items, next } = await webhooks.deliveries({ caller, viewer }, id, query.status, page)
      return bookmarks.render(listName, { items: items.map((row) => JSON.stringify(delivery(row))), next })
    },

    getDelivery: async ({ caller, viewer, params }) =>
      delivery(await webhooks.delivery({ caller, viewer }, params.webhook_id, params.delivery_id)),

    resend: async ({ caller, viewer, params }) =>
      delivery(await webhooks.resend({ caller, viewer }, params.webhook_id, params.delivery_id)),
  }
}

const instant = (ms: number): string => new Date(ms).toISOString()
const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms))

const webhook = (row: WebhookRow): Webhook => ({
  id: String(row.id),
  url: row.url,
  description: row.description,
  events: row.events.split(' ') as WebhookEvent[],
  thresholds: JSON.parse(row.thresholds),
  includes_secret: row.sees_secret === 1,
  status: row.status,
  problem: row.problem,
  app_id: row.app_id === noApp ? null : String(row.app_id),
  created_at: instant(row.created_at),
  failing_since: instantOrNull(row.failing_since),
})

const delivery = (row: ShownDelivery): Delivery => ({
  id: String(row.id),
  webhook_id: String(row.webhook_id),
  message_id: `msg_${row.message_id}`,
  type: row.type,
  body: row.body,
  status: row.status,
  attempts: row.attempts,
  answer_status: row.answer_status,
  problem: row.problem,
  created_at: instant(row.created_at),
  next_attempt_at: row.status === 'waiting' ? instant(row.next_attempt_at) : null,
  finished_at: instantOrNull(row.finished_at),
})
