import type { Clock } from '../../core/clock.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { SessionRef } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import { type AccountRow, type AccountStore, type SessionRow, sessionIdOf } from './store.ts'

/** The cookie that holds a session in the browser. */
export const sessionCookie = 'pinfold_session'
/** How long a session lasts after sign-in. */
export const sessionTtlMs = 14 * 24 * 60 * 60 * 1000

/** The sessions of people who are signed in. */
export interface Sessions {
  /** Begins a session. Returns the secret for the cookie. `userAgent`: what the browser says of itself. */
  startSession(accountId: number, userAgent: string): Promise<string>
  /** Returns the session that a secret belongs to, with its account; undefined as `bySession`. */
  session(token: string): Promise<{ account: AccountRow; ref: SessionRef } | undefined>
  /** Returns the newest 100 sessions of an account, newest first. */
  sessionsOf(accountId: number): Promise<(SessionRef & { userAgent: string })[]>
  /** Ends a session of an account, if it has one with this id. */
  endSessionOf(accountId: number, sessionId: string): Promise<void>
  /** Ends every session of an account but the one with this id. */
  endOtherSessions(accountId: number, keptSession: string): Promise<void>
  /** Returns the account of a session; undefined if the session does not exist or has expired. */
  bySession(token: string): Promise<AccountRow | undefined>
  /** Ends a session. */
  endSession(token: string): Promise<void>
  /** Deletes expired sessions. */
  forgetExpiredSessions(): Promise<void>
}

/** More of what a browser says of itself is not kept. */
const maxUserAgent = 300
const shownSessions = 100

/** Makes the sessions of accounts. */
export function sessionsOf({ db, clock, store }: { db: Database; clock: Clock; store: AccountStore }): Sessions {
  const refOf = (row: SessionRow): SessionRef => ({ id: sessionIdOf(row), createdAt: row.created_at })

  async function session(token: string) {
    const row = await store.session(hashSecret(token))
    if (!row || row.expires_at <= clock.now()) return undefined
    const account = await store.byId(row.account_id)
    return account && { account, ref: refOf(row) }
  }

  return {
    session,
    bySession: async (token) => (await session(token))?.account,

    async sessionsOf(accountId) {
      const rows = await store.sessionsOf(accountId, clock.now(), shownSessions)
      return rows.map((row) => ({ ...refOf(row), userAgent: row.user_agent }))
    },

    async endSessionOf(accountId, sessionId) {
      await db.write((tx) => store.deleteSessionOf(tx, accountId, sessionId))
    },

    async endOtherSessions(accountId, keptSession) {
      await db.write((tx) => store.deleteOtherSessions(tx, accountId, keptSession))
    },

    async startSession(accountId, userAgent) {
      const token = newSecret()
      const now = clock.now()
      const row = {
        token_hash: hashSecret(token),
        account_id: accountId,
        created_at: now,
        user_agent: userAgent.slice(0, maxUserAgent),
      }
      await db.write((tx) => store.insertSession(tx, { ...row, expires_at: now + sessionTtlMs }))
      return token
    },

    async endSession(token) {
      await db.write((tx) => store.deleteSession(tx, hashSecret(token)))
    },

    async forgetExpiredSessions() {
      await db.write((tx) => store.deleteExpiredSessions(tx, clock.now()))
    },
  }
}
