import { isScope } from '@pinfold/contract'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { hashSecret } from '../../core/secrets.ts'
import type { SharedMemory } from '../../core/shared-memory.ts'
import type { Soon } from '../../core/soon.ts'
import type { Caller } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { AccountRow, Accounts } from '../accounts/accounts.ts'
import { rightsOf } from './rights.ts'
import type { TokenHolder, TokenStore } from './store.ts'

/** Resolves bearer tokens. */
export interface Bearers {
  /**
   * Returns the caller of the token in an `Authorization` header: at once if it is cached. `connection`: what the header
   * came over; the next request over it mostly has the same. Throws `authenticationFailed`.
   */
  authenticate(header: string | undefined, connection?: object): Soon<Caller>
  /** The same for a token of which the hash is known. */
  authenticateHash(tokenHash: string): Soon<Caller>
  /**
   * Clears the cache, because tokens were revoked or an app was changed. Resolves when other servers were told, or cannot
   * be: they clear theirs at once.
   */
  forget(): Promise<void>
}

/** How long a cached token is valid, if the database is shared with other servers. A clock that is set back ends it. */
const believedMs = 10_000

export interface BearersOptions {
  db: Pick<Database, 'watchOthers'>
  store: Pick<TokenStore, 'holder'>
  accounts: Pick<Accounts, 'byId'>
  clock: Clock
  /** Where servers tell each other that tokens were revoked. */
  memory?: SharedMemory | undefined
}

/** Makes the resolver of bearer tokens. */
export function bearersIn({ db, store, accounts, clock, memory }: BearersOptions): Bearers {
  const known = new LRUCache<string, { caller: Caller; expiresAt: number; readAt: number }>({ max: 10_000 })
  /** The number of such changes: a lookup that began before one is not cached after it. */
  let changes = 0

  const forget = () => {
    changes++
    known.clear()
  }
  memory?.hear('callers', forget)
  // A read may be a quarter of a second old: what a command has revoked in between is forgotten when that is found out.
  const others = db.watchOthers?.(forget)

  async function lookUp(tokenHash: string, now: number): Promise<Caller> {
    const changesBefore = changes
    const holder = await store.holder(tokenHash)
    if (holder?.kind !== 'access' || holder.expires_at <= now) throw failed('The access token is unknown or expired.')
    // A second read, so that each table is read by its own domain only: just once in ten seconds per token.
    const caller = toCaller(holder, await accounts.byId(holder.account_id), tokenHash)
    if (changes === changesBefore) known.set(tokenHash, { caller, expiresAt: holder.expires_at, readAt: now })
    return caller
  }

  function authenticateHash(tokenHash: string): Soon<Caller> {
    others?.refresh()
    const now = clock.now()
    const found = known.get(tokenHash)
    const isBelieved = found && now >= found.readAt && now < found.readAt + believedMs && now < found.expiresAt
    return isBelieved ? found.caller : lookUp(tokenHash, now)
  }

  /** The last header of a connection: to hash a token takes longer than everything else here. */
  const lastOf = new WeakMap<object, { header: string; tokenHash: string }>()

  function tokenHashOf(header: string | undefined, connection: object | undefined): string {
    const last = connection && lastOf.get(connection)
    if (last && last.header === header) return last.tokenHash
    const tokenHash = hashSecret(bearerToken(header))
    if (connection && header !== undefined) lastOf.set(connection, { header, tokenHash })
    return tokenHash
  }

  return {
    authenticate: (header, connection) => authenticateHash(tokenHashOf(header, connection)),
    authenticateHash,
    async forget() {
      forget()
      await memory?.tell('callers', null)
    },
  }
}

function bearerToken(header: string | undefined): string {
  if (header === undefined) throw failed('Send an access token as Authorization: Bearer.')
  const [, token] = /^bearer +(\S+)$/i.exec(header) ?? []
  if (!token || token.length > 512) throw failed('The Authorization header must be Bearer and an access token.')
  return token
}

/** Returns the error. Its text is fixed, since clients know it; the reason is in the header that RFC 6750 defines. */
function failed(description: string): ApiError {
  return new ApiError('authenticationFailed', {
    headers: { 'www-authenticate': `Bearer error="invalid_token", error_description="${description}"` },
  })
}

function toCaller(holder: TokenHolder, { username }: AccountRow, tokenHash: string): Caller {
  return {
    appId: holder.app_id,
    ...rightsOf(holder),
    accountId: holder.account_id,
    username,
    scopes: new Set(holder.scopes.split(' ').filter(isScope)),
    isClientCredentials: holder.grant_type === 'client_credentials',
    tokenHash,
  }
}
