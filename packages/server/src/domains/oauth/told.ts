import type { Outbox } from '../webhooks/outbox.ts'
import type { Tx } from './store.ts'

/** What was revoked: one token, those of one consent, or all that the app has of the account. */
export type Revoked = 'access' | 'conversion' | 'grant' | 'all'

/** Tells the webhooks of an app that it lost tokens of an account. */
export const tellRevoked = (
  outbox: Outbox,
  tx: Tx,
  { accountId, appId }: { accountId: number; appId: number },
  revoked: Revoked,
): Promise<void> =>
  outbox.happened(tx, [accountId], () => ({
    ...{ type: 'token.revoked', object: `app ${appId}`, accountIds: [accountId], appId, isSecret: false },
    data: { app_id: String(appId), account_id: String(accountId), revoked },
  }))
