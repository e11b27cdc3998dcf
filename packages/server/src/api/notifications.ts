import type { resources } from '@pinfold/contract'
import type { Received } from '../domains/notifications/notifications.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operation that takes notifications. */
export function notificationsApi({
  notifications,
}: Pick<Services, 'notifications'>): Handlers<typeof resources.notifications> {
  return {
    send: ({ viewer, body, once }) =>
      once({
        make: (written) => notifications.receive(viewer.accountId, Array.isArray(body) ? body : [body], written),
        show: ({ receivedAt }: Received) => ({ success: true, received_at: Math.floor(receivedAt / 1000) }),
        see: async () => {},
      }),
  }
}
