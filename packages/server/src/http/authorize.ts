import { type Operation, secretScopes } from '@pinfold/contract'
import { ApiError } from '../core/errors.ts'
import type { Caller, Viewer } from '../core/viewer.ts'

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

function missingScopes(missing: readonly string[]): ApiError {
  return new ApiError('insufficientScope', { detail: `Missing: ${missing.join(', ')}.` })
}
