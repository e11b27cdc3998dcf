import type { resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operation that takes notifications. */
export function notificationsApi({
  notifications,
}: Pick<Services, 'notifications'>): Handlers<typeof resources.notifications> {
  return {
    send: async ({ viewer, body }) => {
      const receivedAt = await notifications.receive(viewer.accountId, Array.isArray(body) ? body : [body])
      return { success: true, received_at: Math.floor(receivedAt / 1000) }
    },
  }
}
