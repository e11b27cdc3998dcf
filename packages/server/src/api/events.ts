import type { resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations that count events of Pins. */
export function eventsApi({ analytics }: Pick<Services, 'analytics'>): Handlers<typeof resources.events> {
  return {
    send: ({ viewer, body, sender }) => analytics.takeEvents(body.events, { ...sender, accountId: viewer?.accountId }),

    loadHistory: ({ viewer, body }) => analytics.loadHistory(viewer, body.rows),
  }
}
