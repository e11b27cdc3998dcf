import type { Scope } from '@pinfold/contract'
import { noApp } from '../../core/viewer.ts'
import type { Tokens } from '../oauth/tokens.ts'

/** What an app may read of an account now, with whatever token it has. */
export interface WebhookRights {
  /** Whether it may read what webhooks tell. */
  reads: boolean
  /** Whether it may read secret things, too. */
  readsSecret: boolean
}

/** Returns what an app may read of an account; the person, who acts through none, may read everything. */
export type AppRights = (accountId: number, appId: number) => Promise<WebhookRights>

const plain: readonly Scope[] = ['boards:read', 'pins:read', 'user_accounts:read']
const secret: readonly Scope[] = ['boards:read_secret', 'pins:read_secret']

/** Makes the rights of the apps that have tokens. */
export function appRights(tokens: Pick<Tokens, 'connectedApps'>): AppRights {
  return async (accountId, appId) => {
    if (appId === noApp) return { reads: true, readsSecret: true }
    const app = (await tokens.connectedApps(accountId)).find(({ id }) => id === appId)
    const has = (scope: Scope) => app?.scopes.includes(scope) === true
    return { reads: plain.every(has), readsSecret: secret.every(has) }
  }
}
