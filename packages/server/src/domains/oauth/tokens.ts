import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { SharedMemory } from '../../core/shared-memory.ts'
import type { Soon } from '../../core/soon.ts'
import { type AppCaller, type Caller, noApp } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { bearersIn } from './bearers.ts'
import { appIdOf, type CodeExchange, type Consent, exchangeCode, issueCode } from './codes.ts'
import { invalidGrant } from './invalid-grant.ts'
import {
  type Grant,
  type IssuedToken,
  issue,
  keepToken,
  type NewToken,
  refreshFields,
  refreshTokenTtlSeconds,
} from './issue.ts'
import type { RegisteredClient } from './registered-clients.ts'
import { readScopes } from './scopes.ts'
import { type AppRow, type ConnectedRow, codeStore, type TokenRow, type Tx, tokenStore } from './store.ts'
import type { TokenParts } from './token-parts.ts'
import { tellRevoked } from './told.ts'

export { newestGrantId } from './store.ts'

/** Authorization codes, access tokens and refresh tokens. Only hashes of them are stored. */
export interface Tokens {
  /**
   * Returns the caller of the bearer token in an `Authorization` header: at once if it is cached. `connection`: what the
   * header came over. Throws `authenticationFailed`.
   */
  authenticate(header: string | undefined, connection?: object): Soon<Caller>
  /** The same for a token of which the hash is known. */
  authenticateHash(tokenHash: string): Soon<Caller>
  /** Makes the code for the redirect after a consent: valid once, for ten minutes. */
  issueCode(consent: Consent): Promise<string>
  /**
   * Exchanges a code for tokens. Throws a 400 when something is missing, and `invalidGrant` when the code is invalid. A
   * code that is sent again revokes the tokens of the first exchange.
   */
  exchangeCode(app: AppCaller | RegisteredClient, given: CodeExchange): Promise<IssuedToken>
  /**
   * Returns a new access token for a refresh token, which stays valid and is extended. A program without a secret gets a
   * new refresh token too, and the old one is spent (RFC 9700, 2.2.2). Throws a 400, and `invalidGrant` when the refresh
   * token is invalid.
   */
  refresh(app: AppCaller | RegisteredClient, token: string | undefined, scope: string | undefined): Promise<IssuedToken>
  /** Returns a token of the app itself, which acts as the account that owns the app. Throws a 400. */
  clientCredentials(app: AppRow, scope: string | undefined): Promise<IssuedToken>
  /**
   * Returns a token for sending conversions, and for nothing else, valid for ten years. An account has the ten newest of
   * an app.
   */
  conversionToken(caller: Caller): Promise<string>
  /** Writes a token with a given text, as a seed names it. */
  keep(tx: Tx, token: NewToken, grant: Grant): Promise<void>
  /**
   * Revokes a token; a refresh token takes its grant's access tokens with it. Does nothing if it does not exist. Throws
   * `forbidden` for another app's.
   */
  revoke(app: AppCaller, token: string): Promise<void>
  /** Revokes a token of any app, as `revoke` does. Returns false when it does not exist. */
  revokeAny(token: string): Promise<boolean>
  /** Has a token of any app expire now. Returns false when it does not exist. */
  expireAny(token: string): Promise<boolean>
  /** Returns the apps that have valid tokens of an account, by name. */
  connectedApps(accountId: number): Promise<ConnectedApp[]>
  /** Revokes every token and code that an app has of an account; does nothing if there is none. */
  disconnect(accountId: number, appId: number): Promise<void>
  /** Has the callers of tokens read anew, because an app was changed. */
  forgetCallers(): void
  /** Deletes what has expired. */
  forgetExpired(): Promise<void>
}

/** An app that may act for an account. */
export interface ConnectedApp {
  id: number
  /** What people call it. */
  name: string
  /** What its tokens permit, taken together. */
  scopes: string[]
  /** When the oldest of its valid tokens was made, in milliseconds. */
  since: number
}

export interface TokensOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Pick<Accounts, 'byId'>
  /** What the texts of new tokens have after `pina_`, before their secret part. Default: nothing. */
  mark?: string | undefined
  outbox: Outbox
  /** Where servers tell each other that tokens were revoked. */
  memory?: SharedMemory | undefined
}

/** Makes the tokens of `db`. */
export function tokensOf({ db, clock, ids, accounts, mark = '', outbox, memory }: TokensOptions): Tokens {
  const tokens = tokenStore(db)
  const bearers = bearersIn({ db, store: tokens, accounts, clock, memory })
  const parts = { db, clock, ids, codes: codeStore, tokens, bearers, mark, outbox }
  return {
    authenticate: bearers.authenticate,
    authenticateHash: bearers.authenticateHash,
    issueCode: (consent) => issueCode(parts, consent),
    exchangeCode: (app, given) => exchangeCode(parts, app, given),
    refresh: (app, token, scope) => refresh(parts, app, token, scope),
    clientCredentials: (app, scope) => clientCredentials(parts, app, scope),
    conversionToken: (caller) => conversionToken(parts, caller),
    keep: (tx, token, grant) => keepToken(tokens, tx, token, grant, clock.now()),
    revoke: (app, token) => revoke(parts, app, token),
    revokeAny: (token) => revokeAny(parts, token),
    async expireAny(token) {
      const isThere = await db.write((tx) => tokens.extendToken(tx, hashSecret(token), clock.now()))
      await bearers.forget()
      return isThere
    },
    async connectedApps(accountId) {
      const ofApps = Map.groupBy(await tokens.connected(accountId, clock.now()), (row) => row.app_id)
      const apps = [...ofApps.values()].map((rows) => appOf(rows)).filter((app) => app !== undefined)
      return apps.sort((a, b) => a.name.localeCompare(b.name))
    },
    async disconnect(accountId, appId) {
      await db.write(async (tx) => {
        await tokens.deleteOfApp(tx, { accountId, appId })
        await tellRevoked(outbox, tx, { accountId, appId }, 'all')
        await outbox.disconnect(tx, { accountId, appId })
      })
      await bearers.forget()
    },
    forgetCallers: () => void bearers.forget(),
    async forgetExpired() {
      await db.write(async (tx) => {
        await tokens.deleteExpiredTokens(tx, clock.now())
        await codeStore.deleteExpiredCodes(tx, clock.now())
      })
    },
  }
}

/** Puts the rows of one app together. */
function appOf(rows: readonly ConnectedRow[]): ConnectedApp | undefined {
  const [first] = rows
  const scopes = rows.flatMap((row) => row.scopes.split(' ')).filter((scope) => scope !== '')
  const since = Math.min(...rows.map((row) => Number(row.since)))
  return first && { id: first.app_id, name: first.name, scopes: [...new Set(scopes)].sort(), since }
}

async function refresh(
  { db, clock, tokens, mark }: TokenParts,
  app: AppCaller | RegisteredClient,
  token: string | undefined,
  scope: string | undefined,
): Promise<IssuedToken> {
  if (!token) throw invalid(`The body lacks 'refresh_token'.`)
  const tokenHash = hashSecret(token)
  const row = await tokens.token(tokenHash)
  const isValid = row?.kind === 'refresh' && row.app_id === appIdOf(app, row.account_id) && row.expires_at > clock.now()
  if (!isValid) throw invalidGrant('The refresh token is unknown, expired or revoked, or for another app.')
  const scopes = narrowedScopes(row, scope)
  return db.write(async (tx) => {
    const now = clock.now()
    const isThere = await ('appIdFor' in app
      ? tokens.spendToken(tx, tokenHash)
      : tokens.extendToken(tx, tokenHash, now + refreshTokenTtlSeconds * 1000))
    if (!isThere) throw invalidGrant('The refresh token is revoked, or was used before.')
    const issued = await issue(tokens, tx, 'refresh_token', { ...row, scopes }, { now, mark, withRefresh: false })
    if (!('appIdFor' in app)) return { ...issued, ...refreshFields(token, now) }
    const next = newSecret(`pinr_${mark}`)
    await keepToken(tokens, tx, { text: next, kind: 'refresh', grantType: 'refresh_token' }, row, now)
    return { ...issued, ...refreshFields(next, now) }
  })
}

/** Returns the requested scopes, or else all granted ones. Throws a 400 when more are requested. */
function narrowedScopes({ scopes }: TokenRow, asked: string | undefined): string {
  if (!asked) return scopes
  const granted = scopes.split(' ')
  const wanted = readScopes(asked)
  const beyond = wanted.filter((name) => !granted.includes(name))
  if (beyond.length > 0) throw invalid(`'scope': not granted: ${beyond.join(', ')}.`)
  return wanted.join(' ')
}

async function clientCredentials(
  { db, clock, ids, tokens, mark }: TokenParts,
  app: AppRow,
  scope: string | undefined,
): Promise<IssuedToken> {
  if (!scope) throw invalid(`The body lacks 'scope'.`)
  const scopes = readScopes(scope).join(' ')
  const grant = { app_id: app.id, account_id: app.owner_id, grant_id: ids.next(), scopes }
  return db.write((tx) =>
    issue(tokens, tx, 'client_credentials', grant, { now: clock.now(), mark, withRefresh: false }),
  )
}

const mostConversionTokens = 10
const conversionTtlSeconds = 10 * 365 * 24 * 60 * 60

async function conversionToken({ db, clock, ids, tokens, mark }: TokenParts, caller: Caller): Promise<string> {
  const { appId, accountId } = caller
  if (appId === noApp) throw new ApiError('forbidden', { detail: 'It takes an app: send an access token.' })
  const text = newSecret(`pina_${mark}`)
  const grant = { app_id: appId, account_id: accountId, grant_id: ids.next(), scopes: '' }
  const token = { text, kind: 'conversion', grantType: 'authorization_code', ttlSeconds: conversionTtlSeconds } as const
  await db.write(async (tx) => {
    await keepToken(tokens, tx, token, grant, clock.now())
    await tokens.keepNewestConversionTokens(tx, { appId, accountId }, mostConversionTokens)
  })
  return text
}

async function revoke(parts: TokenParts, app: AppCaller, token: string): Promise<void> {
  const row = await parts.tokens.token(hashSecret(token))
  if (!row) return
  if (row.app_id !== app.appId) throw new ApiError('forbidden')
  await remove(parts, row)
}

async function revokeAny(parts: TokenParts, token: string): Promise<boolean> {
  const row = await parts.tokens.token(hashSecret(token))
  if (row) await remove(parts, row)
  return row !== undefined
}

/** Deletes a token; a refresh token takes its grant's access tokens with it. */
async function remove({ db, tokens, bearers, outbox }: TokenParts, row: TokenRow): Promise<void> {
  const { kind, grant_id: grantId, token_hash: tokenHash } = row
  await db.write(async (tx) => {
    await (kind === 'refresh' ? tokens.deleteGrant(tx, grantId) : tokens.deleteToken(tx, tokenHash))
    await tellRevoked(outbox, tx, { accountId: row.account_id, appId: row.app_id }, kind === 'refresh' ? 'grant' : kind)
  })
  await bearers.forget()
}
