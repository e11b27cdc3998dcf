import { type AccessTier, type Operation, type Scope, secretScopes } from '@pinfold/contract'
import { ApiError } from './errors.ts'

/** An app that has shown its secret. */
export interface AppCaller {
  appId: number
  tier: AccessTier
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

/** Throws when the token is not one for this operation. */
export function checkScopes(op: Operation, caller: Caller): void {
  if (op.auth.by !== 'token') return
  if (caller.isClientCredentials && !op.auth.clientCredentials)
    throw new ApiError('insufficientScope', { detail: `${op.id} is not open to client credentials tokens.` })
  const missing = op.auth.scopes.filter((scope) => !caller.scopes.has(scope))
  if (missing.length > 0) throw missingScopes(missing)
}

/** Makes the viewer, as the domains see it, of a caller of `op`. */
export function viewerIn(op: Operation): (caller: Caller) => Viewer {
  const secret = op.auth.by === 'token' ? secretScopes(op.auth.scopes) : []
  return ({ accountId, username, scopes }) => {
    const missing = secret.filter((scope) => !scopes.has(scope))
    const access =
      missing.length === 0 ? 'write' : missing.some((scope) => scope.endsWith(':read_secret')) ? 'none' : 'read'
    return { accountId, username, secret: access }
  }
}

/** Throws unless the viewer may do what the operation does to something secret that it can see. */
export function checkSecretWrite(viewer: Viewer): void {
  if (viewer.secret !== 'write')
    throw new ApiError('insufficientScope', {
      detail: 'For secret boards and Pins it needs the scopes that end in _secret too.',
    })
}

function missingScopes(missing: readonly string[]): ApiError {
  return new ApiError('insufficientScope', { detail: `Missing: ${missing.join(', ')}.` })
}
