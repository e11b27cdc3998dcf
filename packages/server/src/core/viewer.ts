import type { AccessTier, RestrictedFeature, Scope } from '@pinfold/contract'
import { ApiError } from './errors.ts'

/** An app that has shown its secret. */
export interface AppCaller {
  appId: number
  tier: AccessTier
  /** The restricted features that it has. */
  features: ReadonlySet<RestrictedFeature>
}

/** Whom a bearer token stands for. */
export interface Caller extends AppCaller {
  accountId: number
  username: string
  /** The ad account that the account owns, if it has one. */
  adAccountId: number | null
  scopes: ReadonlySet<Scope>
  /** Whether it is the app's own token (`pinc_…`). */
  isClientCredentials: boolean
}

/**
 * What a caller may do with secret boards and Pins in one operation: nothing (then they do not exist for it), see
 * them, or do what the operation does.
 */
export type SecretAccess = 'none' | 'read' | 'write'

/** Who looks, as the domains need it. */
export interface Viewer {
  accountId: number
  username: string
  secret: SecretAccess
}

/** Throws unless the viewer may do what the operation does to something secret that it can see. */
export function checkSecretWrite(viewer: Viewer): void {
  if (viewer.secret !== 'write')
    throw new ApiError('insufficientScope', {
      detail: 'For secret boards and Pins it needs the scopes that end in _secret too.',
    })
}
