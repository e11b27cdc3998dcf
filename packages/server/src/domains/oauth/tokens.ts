import { type GrantType, isScope, type Scope } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { AppCaller, Caller } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { verifiesChallenge } from './pkce.ts'
import { type AppRow, oauthStore, type TokenHolder } from './store.ts'

type Tx = Transaction<Schema>

const day = 24 * 60 * 60
export const accessTokenTtlSeconds = 30 * day
/** Anew with each use: Pinterest's continuous refresh. */
export const refreshTokenTtlSeconds = 60 * day
export const codeTtlSeconds = 10 * 60

/** So long a token that was looked up is believed, if the database is shared with other servers. */
const holderCacheMs = 10_000

/** What an account granted to an app on the consent page. */
export interface Consent {
  appId: number
  accountId: number
  scopes: readonly Scope[]
  redirectUri: string
  codeChallenge: string | null
}

/** A token answer, as Pinterest writes it. */
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

export interface TokensOptions {
  db: Database
  clock: Clock
  ids: IdMaker
}

export type Tokens = ReturnType<typeof tokensOf>

/** Authorization codes, access tokens and refresh tokens. Only hashes of them are kept. */
export function tokensOf({ db, clock, ids }: TokensOptions) {
  const store = oauthStore(db)
  const holders = new LRUCache<string, { caller: Caller; expiresAt: number; believedUntil: number }>({ max: 10_000 })
  /** Grows with each revocation: what was looked up before one and comes back after it is not believed further. */
  let revocations = 0
  const forgetHolders = () => {
    revocations++
    holders.clear()
  }

  /** Whom a bearer token stands for. Throws `authenticationFailed`. */
  function authenticate(header: string | undefined): Caller | Promise<Caller> {
    const tokenHash = hashSecret(bearerToken(header))
    const now = clock.now()
    const known = holders.get(tokenHash)
    return known && known.believedUntil > now && known.expiresAt > now ? known.caller : lookUp(tokenHash, now)
  }

  async function lookUp(tokenHash: string, now: number): Promise<Caller> {
    const revocationsBefore = revocations
    const holder = await store.holder(tokenHash)
    if (holder?.kind !== 'access' || holder.expires_at <= now) throw failed('The access token is unknown or expired.')
    const caller = toCaller(holder)
    if (revocations === revocationsBefore)
      holders.set(tokenHash, { caller, expiresAt: holder.expires_at, believedUntil: now + holderCacheMs })
    return caller
  }

  /** The code for the redirect after a consent. */
  async function issueCode(consent: Consent): Promise<string> {
    const code = newSecret()
    await db.write((tx) =>
      store.insertCode(tx, {
        code_hash: hashSecret(code),
        app_id: consent.appId,
        account_id: consent.accountId,
        grant_id: ids.next(),
        scopes: consent.scopes.join(' '),
        redirect_uri: consent.redirectUri,
        code_challenge: consent.codeChallenge,
        expires_at: clock.now() + codeTtlSeconds * 1000,
        used_at: null,
      }),
    )
    return code
  }

  interface CodeExchange {
    code: string | undefined
    redirectUri: string | undefined
    codeVerifier: string | undefined
  }

  /** Exchanges a code. A code that comes a second time takes back what the first time gave. Throws a 400. */
  async function exchangeCode(app: AppCaller, { code, redirectUri, codeVerifier }: CodeExchange): Promise<IssuedToken> {
    if (!code) throw invalid(`The body lacks 'code'.`)
    if (!redirectUri) throw invalid(`The body lacks 'redirect_uri'.`)
    const codeHash = hashSecret(code)
    const outcome = await db.write(async (tx) => {
      const row = await store.lockCode(tx, codeHash)
      if (!row || row.app_id !== app.appId) return 'The code is unknown, or is for another app.'
      if (row.used_at !== null) {
        await store.deleteGrant(tx, row.grant_id)
        return 'The code was used before. The tokens it gave are revoked.'
      }
      if (row.expires_at <= clock.now()) return `The code has expired: it is good for ${codeTtlSeconds / 60} minutes.`
      if (row.redirect_uri !== redirectUri) return `'redirect_uri' is not the one that the code was sent to.`
      if (!verifiesChallenge(row.code_challenge, codeVerifier))
        return `'code_verifier' does not fit the code_challenge that the code was asked for with.`
      await store.markCodeUsed(tx, codeHash, clock.now())
      return issue(tx, 'authorization_code', { ...row, withRefresh: true })
    })
    if (typeof outcome !== 'string') return outcome
    forgetHolders()
    throw invalid(outcome)
  }

  /** Gives a new access token for a refresh token, which stays valid and lives on. Throws a 400. */
  async function refresh(app: AppCaller, token: string | undefined, scope: string | undefined): Promise<IssuedToken> {
    if (!token) throw invalid(`The body lacks 'refresh_token'.`)
    const tokenHash = hashSecret(token)
    const row = await store.token(tokenHash)
    if (row?.kind !== 'refresh' || row.app_id !== app.appId || row.expires_at <= clock.now())
      throw invalid(
        'The refresh token is unknown, expired, or for another app. Send the account through /oauth/ again.',
      )
    const granted = row.scopes.split(' ')
    const scopes = scope ? readScopes(scope) : granted
    const beyond = scopes.filter((name) => !granted.includes(name))
    if (beyond.length > 0) throw invalid(`'scope': not granted: ${beyond.join(', ')}.`)
    return db.write(async (tx) => {
      const expiresAt = clock.now() + refreshTokenTtlSeconds * 1000
      if (!(await store.extendToken(tx, tokenHash, expiresAt)))
        throw invalid('The refresh token is revoked. Send the account through /oauth/ again.')
      const issued = await issue(tx, 'refresh_token', { ...row, scopes: scopes.join(' '), withRefresh: false })
      return { ...issued, ...refreshFields(token) }
    })
  }

  /** Gives the app a token of its own, which acts as the account that owns the app. Throws a 400. */
  async function clientCredentials(app: AppRow, scope: string | undefined): Promise<IssuedToken> {
    if (!scope) throw invalid(`The body lacks 'scope'.`)
    const scopes = readScopes(scope).join(' ')
    return db.write((tx) =>
      issue(tx, 'client_credentials', {
        app_id: app.id,
        account_id: app.owner_id,
        grant_id: ids.next(),
        scopes,
        withRefresh: false,
      }),
    )
  }

  interface Grant {
    app_id: number
    account_id: number
    grant_id: number
    scopes: string
    withRefresh: boolean
  }

  async function issue(tx: Tx, grantType: GrantType, grant: Grant): Promise<IssuedToken> {
    const accessToken = newSecret(grantType === 'client_credentials' ? 'pinc_' : 'pina_')
    await keep(tx, accessToken, 'access', grantType, grant)
    const answer: IssuedToken = {
      response_type: grantType,
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: accessTokenTtlSeconds,
      scope: grant.scopes,
    }
    if (!grant.withRefresh) return answer
    const refreshToken = newSecret('pinr_')
    await keep(tx, refreshToken, 'refresh', grantType, grant)
    return { ...answer, ...refreshFields(refreshToken) }
  }

  /** Writes a token whose text is given: a new one, or one that a seed names. */
  async function keep(
    tx: Tx,
    token: string,
    kind: 'access' | 'refresh',
    grantType: GrantType,
    grant: Omit<Grant, 'withRefresh'>,
    ttlSeconds = kind === 'access' ? accessTokenTtlSeconds : refreshTokenTtlSeconds,
  ): Promise<void> {
    const now = clock.now()
    await store.insertToken(tx, {
      token_hash: hashSecret(token),
      kind,
      app_id: grant.app_id,
      account_id: grant.account_id,
      grant_id: grant.grant_id,
      grant_type: grantType,
      scopes: grant.scopes,
      expires_at: now + ttlSeconds * 1000,
      created_at: now,
    })
  }

  function refreshFields(refreshToken: string) {
    return {
      refresh_token: refreshToken,
      refresh_token_expires_in: refreshTokenTtlSeconds,
      refresh_token_expires_at: Math.floor(clock.now() / 1000) + refreshTokenTtlSeconds,
    }
  }

  /** Makes a token invalid; a refresh token takes its grant's access tokens along. Throws `forbidden` for another app's. */
  async function revoke(app: AppCaller, token: string): Promise<void> {
    const tokenHash = hashSecret(token)
    const row = await store.token(tokenHash)
    if (!row) return
    if (row.app_id !== app.appId) throw new ApiError('forbidden')
    await db.write((tx) =>
      row.kind === 'refresh' ? store.deleteGrant(tx, row.grant_id) : store.deleteToken(tx, tokenHash),
    )
    forgetHolders()
  }

  async function forgetExpired(): Promise<void> {
    await db.write((tx) => store.deleteExpired(tx, clock.now()))
  }

  return { authenticate, issueCode, exchangeCode, refresh, clientCredentials, keep, revoke, forgetExpired }
}

/** The scopes in a list that is separated by commas, spaces or both. Throws a 400 that names what is no scope. */
export function readScopes(text: string): Scope[] {
  const names = [...new Set(text.split(/[\s,+]+/).filter((name) => name !== ''))]
  const unknown = names.filter((name) => !isScope(name))
  if (unknown.length > 0) throw invalid(`'scope': unknown: ${unknown.join(', ').slice(0, 200)}.`)
  if (names.length === 0) throw invalid(`'scope' must name at least one scope, such as boards:read.`)
  return names.filter(isScope)
}

function bearerToken(header: string | undefined): string {
  if (header === undefined) throw failed('Send an access token as Authorization: Bearer.')
  const [, token] = /^bearer +(\S+)$/i.exec(header) ?? []
  if (!token || token.length > 512) throw failed('The Authorization header must be Bearer and an access token.')
  return token
}

/** The answer's text is fixed, because clients know it; what was wrong is said where RFC 6750 has it. */
function failed(description: string): ApiError {
  return new ApiError('authenticationFailed', {
    headers: { 'www-authenticate': `Bearer error="invalid_token", error_description="${description}"` },
  })
}

function toCaller(holder: TokenHolder): Caller {
  return {
    appId: holder.app_id,
    tier: holder.tier,
    accountId: holder.account_id,
    username: holder.username,
    adAccountId: holder.ad_account_id,
    scopes: new Set(holder.scopes.split(' ').filter(isScope)),
    isClientCredentials: holder.grant_type === 'client_credentials',
  }
}
