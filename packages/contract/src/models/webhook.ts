import { Id, Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** What webhooks tell: each event's type, as the Standard Webhooks have it. */
export const webhookEvents = [
  'pin.created',
  'pin.changed',
  'pin.deleted',
  'pin.reached',
  'board.created',
  'board.changed',
  'board.deleted',
  'media.ready',
  'media.failed',
  'token.revoked',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** The type of the event that a test of a webhook sends. */
export const webhookTestEvent = 'webhook.test' as const

/** The numbers of a Pin of which a webhook can tell that they have reached a count. */
export const thresholdMetrics = ['IMPRESSION', 'SAVE', 'PIN_CLICK', 'OUTBOUND_CLICK'] as const
export type ThresholdMetric = (typeof thresholdMetrics)[number]

/** What a webhook does. `disconnected`: its app has no token of the account any more that may read what it tells. */
export const webhookStatuses = ['enabled', 'paused', 'disconnected'] as const
export type WebhookStatus = (typeof webhookStatuses)[number]

/** How it stands with a delivery. */
export const deliveryStatuses = ['waiting', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** How many webhooks an account may have, through all of its apps. */
export const webhooksPerAccount = 20

const instant = '2026-03-14T09:26:53.000Z'
/** A time with its zone, since this is no field of Pinterest's. */
const Instant = (description: string) => Type.String({ maxLength: 40, description, examples: [instant] })

export const webhookParams = Type.Object({ webhook_id: Id('The webhook.') })
export const deliveryParams = Type.Object({ webhook_id: Id('The webhook.'), delivery_id: Id('The delivery.') })

export const WebhookThreshold = Model(
  'WebhookThreshold',
  'A number of a Pin, and the count at which `pin.reached` is told.',
  {
    metric: StringEnum(thresholdMetrics, { description: 'The number.' }),
    count: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'The count, over all time.' }),
  },
  { additionalProperties: false, examples: [{ metric: 'SAVE', count: 100 }] },
)

const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Where the events are posted to: an http or https address that may be reached from the server.',
  examples: ['https://app.example/webhooks'],
})
const description = Type.String({ maxLength: 200, description: 'A note of your own.' })
const events = (more = '') =>
  Type.Array(StringEnum(webhookEvents), {
    minItems: 1,
    maxItems: webhookEvents.length,
    uniqueItems: true,
    description: `The events to be told of.${more}`,
  })
const thresholds = Type.Array(WebhookThreshold, {
  maxItems: 20,
  description: 'When to tell `pin.reached` of a Pin.',
})

export const NewWebhook = Model(
  'NewWebhook',
  'A webhook to make.',
  {
    url,
    description: Type.Optional(description),
    events: Type.Optional(events(' All of them, if not given.')),
    thresholds: Type.Optional(thresholds),
    includes_secret: Type.Optional(
      Type.Boolean({
        description:
          'Whether it tells of secret boards and the Pins on them too. The token must have the scopes for them. If not ' +
          'given, it does not.',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ url: 'https://app.example/webhooks', events: ['pin.created', 'pin.deleted'] }],
  },
)

export const WebhookChange = Model(
  'WebhookChange',
  'What to change of a webhook. Missing fields stay as they are.',
  {
    url: Type.Optional(url),
    description: Type.Optional(description),
    events: Type.Optional(events()),
    thresholds: Type.Optional(thresholds),
    includes_secret: Type.Optional(
      Type.Boolean({
        description:
          'Whether it tells of secret boards and the Pins on them too. The token must have the scopes for them. What waits ' +
          'to be told of them is given up when it no longer does.',
      }),
    ),
    status: Type.Optional(
      StringEnum(['enabled', 'paused'], {
        description: 'Whether it tells anything. What waits is kept while it is paused.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ events: ['pin.created'] }] },
)

const example = {
  id: '1142048512397312',
  url: 'https://app.example/webhooks',
  description: '',
  events: ['pin.created', 'pin.deleted'],
  thresholds: [],
  includes_secret: false,
  status: 'enabled',
  problem: null,
  app_id: '1234567',
  created_at: instant,
  failing_since: null,
}

const fields = {
  id: Id('Its id.'),
  url: Type.String({ description: 'Where the events are posted to.' }),
  description: Type.String({ description: 'A note of your own.' }),
  events: Type.Array(StringEnum(webhookEvents), { description: 'The events that it tells of.' }),
  thresholds: Type.Array(WebhookThreshold, { description: 'When it tells `pin.reached` of a Pin.' }),
  includes_secret: Type.Boolean({ description: 'Whether it tells of secret boards and the Pins on them too.' }),
  status: StringEnum(webhookStatuses, {
    description:
      '`enabled`; `paused`, by you or after a day of failures; `disconnected`, when its app has no token of the account ' +
      'any more that may read what it tells.',
  }),
  problem: Nullable(Type.String({ description: 'Why it is not enabled, in words.' })),
  app_id: Nullable(Id('The app that made it; null: you did, in the web app.')),
  created_at: Instant('When it was made.'),
  failing_since: Nullable(Instant('Since when no delivery has succeeded; null if the last one did.')),
}

export const Webhook = Model('Webhook', 'A webhook: where events of an account are told.', fields, {
  examples: [example],
})

const secret = Type.String({
  description:
    'The secret that its messages are signed with, `whsec_` and base64. It is shown this once: keep it where only the ' +
    'receiver reads it.',
})

export const WebhookWithSecret = Model(
  'WebhookWithSecret',
  'A webhook, with its secret.',
  { ...fields, secret },
  { examples: [{ ...example, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }] },
)

export const WebhookDelivery = Model(
  'WebhookDelivery',
  'An event on its way to a webhook, or how it went.',
  {
    id: Id('Its id.'),
    webhook_id: Id('The webhook.'),
    message_id: Type.String({ description: 'The `webhook-id` that it is sent with, the same each time.' }),
    type: Type.String({ description: 'The type of the event.' }),
    body: Type.String({ description: 'What is sent: JSON, byte by byte as it is signed.' }),
    status: StringEnum(deliveryStatuses, {
      description: '`waiting` to be sent, for the first time or again; `delivered`; `failed`, after a day of tries.',
    }),
    attempts: Type.Integer({ description: 'How often it was sent.' }),
    answer_status: Nullable(Type.Integer({ description: 'The status of the last answer; null if none came.' })),
    problem: Nullable(Type.String({ description: 'Why the last try failed, in words.' })),
    created_at: Instant('When the event happened.'),
    next_attempt_at: Nullable(Instant('When it is sent next at the earliest; null if it is not.')),
    finished_at: Nullable(Instant('When it was delivered, or given up.')),
  },
  {
    examples: [
      {
        id: '1142048512397440',
        webhook_id: example.id,
        message_id: 'msg_1142048512397376',
        type: 'pin.deleted',
        body: `{"type":"pin.deleted","timestamp":"${instant}","data":{"id":"1142048512397056"}}`,
        status: 'delivered',
        attempts: 1,
        answer_status: 204,
        problem: null,
        created_at: instant,
        next_attempt_at: null,
        finished_at: instant,
      },
    ],
  },
)
