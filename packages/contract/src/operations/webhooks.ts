import {
  deliveryParams,
  deliveryStatuses,
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookWithSecret,
  webhookParams,
  webhooksPerAccount,
} from '../models/webhook.ts'
import { operation } from '../operation.ts'
import { PageOf, pageQuery, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

const shared = {
  root: '/_pinfold',
  tag: 'webhooks',
  // A webhook tells what these let a token read, and nothing else.
  auth: { by: 'token', scopes: ['boards:read', 'pins:read', 'user_accounts:read'], clientCredentials: true },
} as const
const reads = { ...shared, category: 'org_read' } as const
const writes = { ...shared, category: 'org_write' } as const
const notFound = { webhookNotFound: {} } as const
const deliveryNotFound = { ...notFound, deliveryNotFound: {} } as const

/** Webhooks: what happens to the account's Pins and boards is posted to an address. */
export const webhooks = {
  /** Makes a webhook. The answer has its secret, which is shown this once. */
  create: operation({
    ...writes,
    id: 'webhooks/create',
    method: 'POST',
    path: '/webhooks',
    summary: 'Make a webhook',
    description:
      "Has what happens to the account's Pins and boards posted to an address, signed as the Standard Webhooks " +
      'specification has it. The answer has the secret, which is shown this once. ' +
      `An account may have ${webhooksPerAccount}, through all of its apps.`,
    body: { type: 'json', schema: NewWebhook },
    success: { status: 201, description: 'The webhook, with its secret.', schema: WebhookWithSecret },
    errors: { webhookAddressRefused: {}, forbidden: {} },
  }),
  /** The webhooks of the account: of the app that asks, or in the web app all of them. */
  list: operation({
    ...reads,
    id: 'webhooks/list',
    method: 'GET',
    path: '/webhooks',
    summary: 'List the webhooks',
    description:
      'The webhooks that the app has made for the account, newest first; for somebody signed in, all of them.',
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of webhooks.',
      schema: PageOf(Webhook, 'The webhooks, newest first.'),
    },
    errors: {},
  }),
  /** A webhook. */
  get: operation({
    ...reads,
    id: 'webhooks/get',
    method: 'GET',
    path: '/webhooks/{webhook_id}',
    summary: 'Get a webhook',
    description: 'A webhook, without its secret.',
    params: webhookParams,
    success: { status: 200, description: 'The webhook.', schema: Webhook },
    errors: notFound,
  }),
  /** Changes a webhook, pauses it, or enables it again. */
  update: operation({
    ...writes,
    id: 'webhooks/update',
    method: 'PATCH',
    path: '/webhooks/{webhook_id}',
    summary: 'Change a webhook',
    description:
      'Changes a webhook, pauses it, or enables it again. What happens while it is paused it never tells. One that tells ' +
      'of secret boards takes a token that may read them.',
    params: webhookParams,
    body: { type: 'json', schema: WebhookChange },
    success: { status: 200, description: 'The webhook.', schema: Webhook },
    errors: { ...notFound, webhookAddressRefused: {} },
  }),
  /** Deletes a webhook, with what waits for it. */
  delete: operation({
    ...writes,
    id: 'webhooks/delete',
    method: 'DELETE',
    path: '/webhooks/{webhook_id}',
    summary: 'Delete a webhook',
    description: 'Deletes a webhook, with its deliveries and what waits to be sent.',
    params: webhookParams,
    success: { status: 204, description: 'It is gone.' },
    errors: notFound,
  }),
  /** Gives a webhook another secret. For a day its messages are signed with the one before, too. */
  rotateSecret: operation({
    ...writes,
    id: 'webhooks/rotate_secret',
    method: 'POST',
    path: '/webhooks/{webhook_id}/secret',
    summary: 'Replace the secret of a webhook',
    description:
      'Gives a webhook another secret, which is shown this once. For a day its messages are signed with the one before as ' +
      'well, so that the receiver can be changed meanwhile.',
    params: webhookParams,
    success: { status: 200, description: 'The webhook, with its new secret.', schema: WebhookWithSecret },
    errors: notFound,
  }),
  /** Sends a test to a webhook. */
  test: operation({
    ...writes,
    id: 'webhooks/test',
    method: 'POST',
    path: '/webhooks/{webhook_id}/test',
    summary: 'Test a webhook',
    description: 'Sends an event of the type `webhook.test`, like any other. Its delivery says how it went.',
    params: webhookParams,
    success: { status: 201, description: 'The delivery, which waits to be sent.', schema: WebhookDelivery },
    errors: notFound,
  }),
  /** What was sent to a webhook, and what waits. */
  listDeliveries: operation({
    ...reads,
    id: 'webhooks/list_deliveries',
    method: 'GET',
    path: '/webhooks/{webhook_id}/deliveries',
    summary: 'List the deliveries of a webhook',
    description:
      'What was sent to a webhook and what waits, newest first. Deliveries are kept for a week. Those of secret boards are ' +
      'listed for tokens that may read them.',
    params: webhookParams,
    query: Type.Object({
      ...pageQuery,
      status: Type.Optional(StringEnum(deliveryStatuses, { description: 'Only those with this status.' })),
    }),
    success: {
      status: 200,
      description: 'A page of deliveries.',
      schema: PageOf(WebhookDelivery, 'The deliveries, newest first.'),
    },
    errors: notFound,
  }),
  /** A delivery. */
  getDelivery: operation({
    ...reads,
    id: 'webhooks/get_delivery',
    method: 'GET',
    path: '/webhooks/{webhook_id}/deliveries/{delivery_id}',
    summary: 'Get a delivery',
    description: 'A delivery, and how it went.',
    params: deliveryParams,
    success: { status: 200, description: 'The delivery.', schema: WebhookDelivery },
    errors: deliveryNotFound,
  }),
  /** Sends a delivery again, whether it was delivered or not. */
  resend: operation({
    ...writes,
    id: 'webhooks/resend',
    method: 'POST',
    path: '/webhooks/{webhook_id}/deliveries/{delivery_id}/resend',
    summary: 'Send a delivery again',
    description: 'Sends a delivery again, with the same `webhook-id`, and tries for a day from now on.',
    params: deliveryParams,
    success: { status: 200, description: 'The delivery, which waits to be sent.', schema: WebhookDelivery },
    errors: deliveryNotFound,
  }),
} as const
