import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AccountRow, type Accounts, sessionCookie, sessionTtlMs } from '../domains/accounts/accounts.ts'
import { formOf, isSameOrigin } from './forms.ts'

/** Somebody who is signed in. */
export interface Session {
  token: string
  account: AccountRow
}

/** The sessions of browsers. Needs cookies to be parsed. */
export interface Sessions {
  /** Returns the session of a request; undefined if nobody is signed in. */
  of(request: FastifyRequest): Promise<Session | undefined>
  /** Signs an account in, and redirects to a path. */
  begin(reply: FastifyReply, account: AccountRow, returnTo: string): Promise<FastifyReply>
  /** Signs out, and redirects to a path. */
  end(reply: FastifyReply, session: Session | undefined, returnTo: string): Promise<FastifyReply>
  /** Returns the secret for the forms of a session. */
  csrfOf(session: Session): string
  /** Returns whether a form was sent by a page of this server, in the session that it was made for. */
  isGenuine(request: FastifyRequest, session: Session): boolean
}

export interface SessionsOptions {
  accounts: Pick<Accounts, 'bySession' | 'startSession' | 'endSession'>
  /** A secret of the installation. */
  key: Buffer
  publicUrl: () => string
  /** The path of the cookies. Default: the root. */
  cookiePath?: string | undefined
}

/** Makes the sessions of browsers. */
export function sessionsIn({ accounts, key, publicUrl, cookiePath: path = '/' }: SessionsOptions): Sessions {
  const csrfOf = ({ token }: Session) => createHmac('sha256', key).update(`csrf ${token}`).digest('base64url')
  return {
    async of(request) {
      const token = request.cookies[sessionCookie]
      const account = token ? await accounts.bySession(token) : undefined
      return token && account ? { token, account } : undefined
    },
    async begin(reply, account, returnTo) {
      reply.setCookie(
        sessionCookie,
        await accounts.startSession(account.id, reply.request.headers['user-agent'] ?? ''),
        {
          path,
          httpOnly: true,
          sameSite: 'lax',
          secure: publicUrl().startsWith('https:'),
          maxAge: sessionTtlMs / 1000,
        },
      )
      return reply.redirect(returnTo, 303)
    },
    async end(reply, session, returnTo) {
      if (session) await accounts.endSession(session.token)
      reply.clearCookie(sessionCookie, { path })
      return reply.redirect(returnTo, 303)
    },
    csrfOf,
    isGenuine(request, session) {
      const given = Buffer.from(String(formOf(request).csrf ?? ''))
      const expected = Buffer.from(csrfOf(session))
      return isSameOrigin(request, publicUrl()) && given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
