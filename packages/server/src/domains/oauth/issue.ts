import type { GrantType } from '@pinfold/contract'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { TokenStore, Tx } from './store.ts'

const daySeconds = 24 * 60 * 60
export const accessTokenTtlSeconds = 30 * daySeconds
/** Renewed with each use: Pinterest's continuous refresh. */
export const refreshTokenTtlSeconds = 60 * daySeconds

/** A token answer, in Pinterest's form. */
export interface IssuedToken {
  response_type: GrantType
  access_token: string
  token_type: 'bearer'
  expires_in: number
  scope: string
  refresh_token?: string
  refresh_token_expires_in?: number
  refresh_token_expires_at?: number
}

/** What an account granted an app. */
export interface Grant {
  app_id: number
  account_id: number
  grant_id: number
  /** Separated by spaces. */
  scopes: string
}

/** A token to write. */
export interface NewToken {
  text: string
  kind: 'access' | 'refresh' | 'conversion'
  grantType: GrantType
  /** How long it is valid; by default what its kind is. */
  ttlSeconds?: number
}

type Store = Pick<TokenStore, 'insertToken'>

/**
 * Writes a new access token for a grant, and with `withRefresh` a refresh token; `now` in milliseconds. `mark`: what their
 * texts have before the secret part.
 */
export async function issue(
  store: Store,
  tx: Tx,
  grantType: GrantType,
  grant: Grant,
  { now, mark, withRefresh }: { now: number; mark: string; withRefresh: boolean },
): Promise<IssuedToken> {
  const accessToken = newSecret(`${grantType === 'client_credentials' ? 'pinc' : 'pina'}_${mark}`)
  await keepToken(store, tx, { text: accessToken, kind: 'access', grantType }, grant, now)
  const answer: IssuedToken = {
    response_type: grantType,
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: accessTokenTtlSeconds,
    scope: grant.scopes,
  }
  if (!withRefresh) return answer
  const refreshToken = newSecret(`pinr_${mark}`)
  await keepToken(store, tx, { text: refreshToken, kind: 'refresh', grantType }, grant, now)
  return { ...answer, ...refreshFields(refreshToken, now) }
}

/** Writes a token, valid from `now` on, in milliseconds. */
export async function keepToken(store: Store, tx: Tx, token: NewToken, grant: Grant, now: number): Promise<void> {
  const { text, kind, grantType } = token
  const { ttlSeconds = kind === 'access' ? accessTokenTtlSeconds : refreshTokenTtlSeconds } = token
  const { app_id, account_id, grant_id, scopes } = grant
  await store.insertToken(tx, {
    ...{ token_hash: hashSecret(text), kind, grant_type: grantType },
    ...{ app_id, account_id, grant_id, scopes },
    expires_at: now + ttlSeconds * 1000,
    ...{ created_at: now, name: null, ending: null },
  })
}

/** Returns the fields of an answer about a refresh token that was used or made at `now`, in milliseconds. */
export function refreshFields(refreshToken: string, now: number) {
  return {
    refresh_token: refreshToken,
    refresh_token_expires_in: refreshTokenTtlSeconds,
    refresh_token_expires_at: Math.floor(now / 1000) + refreshTokenTtlSeconds,
  }
}
