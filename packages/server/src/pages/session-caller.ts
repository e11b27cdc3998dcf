import { allScopes, restrictedFeatures } from '@pinfold/contract'
import type { FastifyRequest } from 'fastify'
import { type Caller, noApp, type SessionRef } from '../core/viewer.ts'
import { type AccountRow, type Accounts, sessionCookie } from '../domains/accounts/accounts.ts'
import { appHeader } from '../http/app-header.ts'
import { isSameOrigin } from './forms.ts'

export interface SessionCallerOptions {
  accounts: Pick<Accounts, 'session'>
  publicUrl: () => string
}

/**
 * Returns a function that finds the person whose browser sent a request of the web app: an account with every scope.
 * Undefined: the request does not come from a page of this server, or nobody is signed in there.
 */
export function sessionCaller({ accounts, publicUrl }: SessionCallerOptions) {
  return (request: FastifyRequest): Promise<Caller | undefined> | undefined => {
    const token = tokenIn(request.headers.cookie)
    if (token === undefined || !isFromApp(request, publicUrl())) return undefined
    return accounts.session(token).then((found) => found && callerOf(found.account, found.ref))
  }
}

/** Returns whether a request was sent by the web app, in a page of this very origin. */
export function isFromApp(request: FastifyRequest, publicUrl: string): boolean {
  const { [appHeader]: marked, 'sec-fetch-site': site } = request.headers
  return marked !== undefined && (site === undefined || site === 'same-origin') && isSameOrigin(request, publicUrl)
}

const cookiePattern = new RegExp(`(?:^|;\\s*)${sessionCookie}=([^;\\s]+)`)

const tokenIn = (cookies: string | undefined): string | undefined => cookiePattern.exec(cookies ?? '')?.[1]

const everyScope: ReadonlySet<(typeof allScopes)[number]> = new Set(allScopes)
const everyFeature: Caller['features'] = new Set(restrictedFeatures)

const callerOf = ({ id, username }: AccountRow, session: SessionRef): Caller => ({
  session,
  appId: noApp,
  tier: 'standard',
  features: everyFeature,
  accountId: id,
  username,
  scopes: everyScope,
  isClientCredentials: false,
})
