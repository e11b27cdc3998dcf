import type { Scope } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { AppCaller } from '../../core/viewer.ts'
import { invalidGrant } from './invalid-grant.ts'
import { type IssuedToken, issue } from './issue.ts'
import { verifiesChallenge } from './pkce.ts'
import type { RegisteredClient } from './registered-clients.ts'
import type { CodeRow } from './store.ts'
import type { TokenParts } from './token-parts.ts'
import { tellRevoked } from './told.ts'

export const codeTtlSeconds = 10 * 60

/** An account's consent for an app. */
export interface Consent {
  appId: number
  accountId: number
  scopes: readonly Scope[]
  redirectUri: string
  /** Null: requested without PKCE. */
  codeChallenge: string | null
}

/** An app's request to exchange a code. */
export interface CodeExchange {
  code: string | undefined
  redirectUri: string | undefined
  codeVerifier: string | undefined
}

/** Writes a code for a consent, and returns its text. */
export async function issueCode({ db, clock, ids, codes }: TokenParts, consent: Consent): Promise<string> {
  const code = newSecret()
  await db.write((tx) =>
    codes.insertCode(tx, {
      code_hash: hashSecret(code),
      app_id: consent.appId,
      account_id: consent.accountId,
      grant_id: ids.next(),
      redirect_uri: consent.redirectUri,
      scopes: consent.scopes.join(' '),
      code_challenge: consent.codeChallenge,
      expires_at: clock.now() + codeTtlSeconds * 1000,
      used_at: null,
    }),
  )
  return code
}

/**
 * Exchanges a code. Throws a 400 and `invalidGrant`. A code that is sent again revokes the tokens of the first
 * exchange.
 */
export async function exchangeCode(
  parts: TokenParts,
  app: AppCaller | RegisteredClient,
  given: CodeExchange,
): Promise<IssuedToken> {
  const { code, redirectUri } = given
  if (!code) throw invalid(`The body lacks 'code'.`)
  if (!redirectUri) throw invalid(`The body lacks 'redirect_uri'.`)
  const { db, clock, codes, tokens, bearers, mark, outbox } = parts
  const codeHash = hashSecret(code)
  const outcome = await db.write(async (tx) => {
    const row = await codes.lockCode(tx, codeHash)
    if (!row || row.app_id !== appIdOf(app, row.account_id)) return 'The code is unknown, or is for another app.'
    if (row.used_at !== null) {
      await tokens.deleteGrant(tx, row.grant_id)
      await tellRevoked(outbox, tx, { accountId: row.account_id, appId: row.app_id }, 'grant')
      return 'The code was used before. The tokens it gave are revoked.'
    }
    const problem = problemWith(row, given, clock.now())
    if (problem !== undefined) return problem
    await codes.markCodeUsed(tx, codeHash, clock.now())
    return issue(tokens, tx, 'authorization_code', row, { now: clock.now(), mark, withRefresh: true })
  })
  if (typeof outcome !== 'string') return outcome
  await bearers.forget()
  throw invalidGrant(outcome)
}

/** Returns the id under which an app has codes and tokens of an account. */
export const appIdOf = (app: AppCaller | RegisteredClient, accountId: number): number =>
  'appIdFor' in app ? app.appIdFor(accountId) : app.appId

/** Returns why an unused code of the app is invalid; undefined if it is valid. */
function problemWith(row: CodeRow, { redirectUri, codeVerifier }: CodeExchange, now: number): string | undefined {
  if (row.expires_at <= now) return `The code has expired: it is good for ${codeTtlSeconds / 60} minutes.`
  if (row.redirect_uri !== redirectUri) return 'redirect_uri is not the one that the code was sent to.'
  if (!verifiesChallenge(row.code_challenge, codeVerifier))
    return row.code_challenge === null
      ? 'The code was asked for without code_challenge, so that no code_verifier fits it.'
      : 'code_verifier does not fit the code_challenge that the code was asked for with.'
  return undefined
}
