import { type Operation, type Scope, secretScopes } from '@pinfold/contract'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'
import { type AppCaller, type Caller, noApp, type Viewer } from '../core/viewer.ts'
import { isInSandbox } from './sandbox.ts'

/** Throws when the token does not permit this operation. */
export function checkScopes(op: Operation, caller: Caller): void {
  if (op.auth.by === 'app' || op.auth.by === 'control') return
  if (op.auth.by === 'token' && caller.isClientCredentials && !op.auth.clientCredentials)
    throw new ApiError('insufficientScope', { detail: `${op.id} is not open to client credentials tokens.` })
  const missing = op.auth.scopes?.filter((scope) => !caller.scopes.has(scope)) ?? []
  if (missing.length > 0) throw missingScopes(missing)
}

/**
 * Throws when the app may not carry out an operation: Pinterest approves an app for a tier and for restricted features.
 */
export function checkApp(op: Operation, app: AppCaller, request: FastifyRequest): void {
  if (op.sessionOnly && app.appId !== noApp)
    throw new ApiError('forbidden', { detail: 'Sign in in the web app: no token of an app is accepted here.' })
  if (op.trialInSandboxOnly && app.tier === 'trial' && !isInSandbox(request)) throw new ApiError('trialAccess')
  if (op.feature && !app.features.has(op.feature)) throw new ApiError('restrictedFeature', { detail: op.feature })
}

/** Returns a function that makes the viewer, as the domains use it, of a caller of `op`. */
export function viewerIn(op: Operation): (caller: Caller) => Viewer {
  const secret = secretScopesOf(op)
  return ({ accountId, username, scopes }) => {
    const missing = secret.filter((scope) => !scopes.has(scope))
    const access =
      missing.length === 0 ? 'write' : missing.some((scope) => scope.endsWith(':read_secret')) ? 'none' : 'read'
    return { accountId, username, secret: access }
  }
}

function secretScopesOf({ auth }: Operation): readonly Scope[] {
  if (auth.by === 'app' || auth.by === 'control') return []
  return (auth.by === 'token' ? auth.secretScopes : undefined) ?? secretScopes(auth.scopes ?? [])
}

function missingScopes(missing: readonly string[]): ApiError {
  return new ApiError('insufficientScope', {
    detail: `Missing: ${missing.join(', ')}.`,
    reason: { missingScopes: missing },
  })
}
