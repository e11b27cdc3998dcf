import { operation } from '../operation.ts'
import { Model } from '../schema.ts'
import { Type } from '../type.ts'

type Notification = Record<string, unknown>

/** An object, or a list of them. */
const Notifications = Type.Unsafe<Notification | Notification[]>({
  description: 'One notification or up to 100: objects with whatever they are about.',
  oneOf: [
    { type: 'array', minItems: 1, maxItems: 100, items: { type: 'object', additionalProperties: true } },
    { type: 'object', additionalProperties: true },
  ],
  examples: [{ event: 'order_shipped', order_id: '4711' }],
})

export const NotificationReceipt = Model(
  'NotificationResponse',
  'That a notification came.',
  {
    success: Type.Optional(Type.Boolean({ description: 'Whether it was taken.' })),
    received_at: Type.Optional(Type.Integer({ description: 'When it came, in seconds since 1970.' })),
    error_msg: Type.Optional(Type.String({ description: 'Why it was not taken. Never there.' })),
  },
  { examples: [{ success: true, received_at: 1773480413 }] },
)

export const notifications = {
  /** Sends a notification of a partner's, or up to 100. */
  send: operation({
    id: 'notification/post',
    method: 'POST',
    path: '/notifications',
    tag: 'notification',
    summary: 'Send notifications',
    description: 'Takes notifications of partners. They are kept for a day, and nothing follows from them.',
    auth: { by: 'token', scopes: ['user_accounts:read'], clientCredentials: true },
    category: 'ads_read',
    body: { type: 'json', schema: Notifications },
    success: { status: 200, description: 'They have come.', schema: NotificationReceipt },
    errors: { invalidRequest: { code: 6126, message: 'Invalid request parameter.' } },
  }),
} as const
