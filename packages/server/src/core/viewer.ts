import type { AccessTier, AppLimits, RestrictedFeature, Scope } from '@pinfold/contract'
import { ApiError } from './errors.ts'

/** An app that has authenticated with its secret. */
export interface AppCaller {
  appId: number
  tier: AccessTier
  /** The restricted features of the app. */
  features: ReadonlySet<RestrictedFeature>
  /** Limits of the app's own, in place of those of the server. */
  limits?: AppLimits | undefined
}

/** The app and account of a bearer token. */
export interface Caller extends AppCaller {
  accountId: number
  username: string
  scopes: ReadonlySet<Scope>
  /** Whether it is the app's own token (`pinc_…`). */
  isClientCredentials: boolean
  /** The hash of the token; undefined for a person who is signed in in a browser. */
  tokenHash?: string
  /** The session of a person who is signed in in a browser. */
  session?: SessionRef
}

/** A session in a browser, without its secret. */
export interface SessionRef {
  /** Names it among the sessions of its account. */
  id: string
  /** When somebody signed in, in milliseconds. */
  createdAt: number
}

/**
 * What a caller may do with secret boards and Pins in one operation: nothing (then they do not exist for it), see them,
 * or do what the operation does.
 */
export type SecretAccess = 'none' | 'read' | 'write'

/** The person or app a domain acts for. */
export interface Viewer {
  accountId: number
  username: string
  secret: SecretAccess
  /** Who really asks, where somebody acts for the account: what they have uploaded may go on its Pins. */
  actorId?: number
}

/** Somebody who is not signed in: no account has this id. */
export const visitor: Viewer = { accountId: 0, username: '', secret: 'none' }

/** The app id of people who are signed in in a browser: they act through no app, and no app has this id. */
export const noApp = 0

/** Returns the account that a viewer's work is queued for: the real caller's, so that nobody waits for a helper. */
export const askerOf = ({ accountId, actorId }: Viewer): number => actorId ?? accountId

/** Throws unless the viewer may carry out the operation on a secret thing that it can see. */
export function checkSecretWrite(viewer: Viewer): void {
  if (viewer.secret !== 'write')
    throw new ApiError('insufficientScope', {
      detail:
        'For secret boards and Pins it needs the scopes that end in _secret too, and with ad_account_id the role OWNER or ADMIN.',
    })
}
