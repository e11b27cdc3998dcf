import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.ts'
import type { Accounts } from '../domains/accounts/accounts.ts'
import { avatarPath } from '../domains/accounts/avatar.ts'
import type { Apps } from '../domains/oauth/apps.ts'
import {
  type AuthorizationRequest,
  checkRequest,
  pickFields,
  RefusedRequest,
  type RequestFields,
  redirectWith,
  UntrustedRequest,
} from '../domains/oauth/authorization-request.ts'
import type { RegisteredClients } from '../domains/oauth/registered-clients.ts'
import type { Tokens } from '../domains/oauth/tokens.ts'
import type { Throttles } from '../http/throttle.ts'
import { consentPage, type OpenAccount, signInPage } from './consent-html.ts'
import { formOf, refuseForged, show } from './forms.ts'
import { problemPage } from './problem-page.ts'
import { type Session, type Sessions, sessionsIn } from './sessions.ts'
import { serveSignIn } from './sign-in.ts'
import { serveSignUp } from './sign-up.ts'

export interface OauthWebOptions {
  accounts: Accounts
  apps: Apps
  clients: RegisteredClients
  tokens: Tokens
  clock: Clock
  throttles: Throttles
  /** A secret of the installation. */
  key: Buffer
  publicUrl: () => string
  /** The path of the cookies. Default: the root. */
  cookiePath?: string | undefined
  /** Returns whether tokens of this server are for the resource that a request names (RFC 8707). */
  isOwnResource: (request: FastifyRequest, resource: string) => boolean
  /** Whether strangers may make accounts. */
  signUp: 'open' | 'closed'
  /** The demo's account, if the data is the demo's. */
  demo: OpenAccount | undefined
}

/** Serves the pages at `/oauth/`: sign-in, sign-up, sign-out and consent. They work without JavaScript. */
export function serveOauthPages(server: FastifyInstance, options: OauthWebOptions): void {
  const sessions = sessionsIn(options)
  serveConsent(server, { ...options, sessions })
  serveSignIn(server, { ...options, sessions })
  serveSignUp(server, { ...options, sessions })
}

/** Serves the page that asks whether an app may act for an account. */
function serveConsent(server: FastifyInstance, options: OauthWebOptions & { sessions: Sessions }): void {
  const { tokens, sessions, signUp, demo } = options

  const wantedBy = async (request: FastifyRequest, fields: RequestFields): Promise<AuthorizationRequest> => {
    const wanted = await checkRequest(options, fields)
    const { redirectUri, state } = wanted
    if (fields.resource !== undefined && !options.isOwnResource(request, fields.resource))
      throw new RefusedRequest(redirectUri, state, 'invalid_target', 'resource is not of this server')
    return wanted
  }

  server.get('/oauth/', async (request, reply) => {
    const fields = pickFields(request.query)
    const wanted = await wantedBy(request, fields)
    const session = await sessions.of(request)
    const returnTo = `/oauth/?${new URLSearchParams(fields)}`
    const offers = { appName: wanted.app.name, signUp: signUp === 'open', demo }
    if (!session) return show(reply, 200, signInPage({ returnTo }, offers))
    const { app, scopes, redirectUri } = wanted
    const { username } = session.account
    const picture = avatarPath(session.account)
    const csrf = sessions.csrfOf(session)
    return show(
      reply,
      200,
      consentPage({
        appName: app.name,
        isSelfNamed: app.isPublic,
        username,
        picture,
        scopes,
        redirectUri,
        fields,
        csrf,
        returnTo,
      }),
    )
  })

  server.post('/oauth/', async (request, reply) => {
    const form = formOf(request)
    const fields = pickFields(form)
    const wanted = await wantedBy(request, fields)
    const session = await sessions.of(request)
    if (!session) return reply.redirect(`/oauth/?${new URLSearchParams(fields)}`, 303)
    if (!sessions.isGenuine(request, session)) return refuseForged(reply)
    const { redirectUri, state } = wanted
    if (form.decision !== 'approve')
      return sendToApp(reply, redirectWith(redirectUri, { error: 'access_denied', state }))
    return sendToApp(reply, redirectWith(redirectUri, { code: await issueCode(tokens, wanted, session), state }))
  })
}

const issueCode = async (tokens: Tokens, wanted: AuthorizationRequest, { account }: Session): Promise<string> =>
  tokens.issueCode({
    appId: await wanted.app.approvedBy(account.id),
    accountId: account.id,
    scopes: wanted.scopes,
    redirectUri: wanted.redirectUri,
    codeChallenge: wanted.codeChallenge,
  })

/** Redirects the browser to the app with its answer, which must be neither cached nor leaked by a referrer. */
const sendToApp = (reply: FastifyReply, location: string): FastifyReply =>
  reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(location, 302)

/** Answers an invalid request at `/oauth/` with a page, or with the redirect that RFC 6749 demands. */
export function showOauthError(error: unknown, reply: FastifyReply): FastifyReply | undefined {
  if (error instanceof RefusedRequest) return sendToApp(reply, error.location)
  if (!(error instanceof UntrustedRequest)) return undefined
  const problem = problemPage({
    side: 'app',
    title: 'This request cannot be trusted',
    explanation: `${error.message} You are not sent on. If an app brought you here, tell its makers.`,
    forDevelopers:
      'Compare client_id and redirect_uri in this page’s address with what the app is registered with, character by character.',
  })
  return show(reply, 400, problem)
}
