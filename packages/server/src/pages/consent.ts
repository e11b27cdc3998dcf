import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.ts'
import { nameKey } from '../core/name-key.ts'
import {
  type AccountRow,
  type Accounts,
  SignUpRefused,
  sessionCookie,
  sessionTtlMs,
} from '../domains/accounts/accounts.ts'
import type { Apps } from '../domains/oauth/apps.ts'
import {
  checkRequest,
  pickFields,
  RefusedRequest,
  type RequestFields,
  redirectWith,
  UntrustedRequest,
} from '../domains/oauth/authorization-request.ts'
import type { Tokens } from '../domains/oauth/tokens.ts'
import { Throttle } from '../http/throttle.ts'
import { consentPage, problemPage, signedInPage, signInPage, signUpPage } from './consent-html.ts'
import { pageHeaders } from './html.ts'

export interface OauthWebOptions {
  accounts: Accounts
  apps: Apps
  tokens: Tokens
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
  publicUrl: () => string
  /** Whether strangers may make accounts. */
  signUp: 'open' | 'closed'
}

const minute = 60_000

interface Session {
  token: string
  account: AccountRow
}

/** The pages at `/oauth/`: sign-in, sign-up, sign-out and consent. They work without JavaScript. */
export function serveOauthPages(server: FastifyInstance, options: OauthWebOptions): void {
  const { accounts, apps, tokens, clock, key, publicUrl, signUp } = options
  const wrongPasswords = {
    byNameAndAddress: new Throttle(clock, 10, 15 * minute),
    byAddress: new Throttle(clock, 100, 15 * minute),
    byName: new Throttle(clock, 200, 60 * minute),
  }
  const signUps = new Throttle(clock, 20, 60 * minute)

  const csrfOf = (token: string) => createHmac('sha256', key).update(`csrf ${token}`).digest('base64url')
  const show = (reply: FastifyReply, status: number, text: string) => reply.code(status).headers(pageHeaders).send(text)

  async function sessionOf(request: FastifyRequest): Promise<Session | undefined> {
    const token = request.cookies[sessionCookie]
    const account = token ? await accounts.bySession(token) : undefined
    return token && account ? { token, account } : undefined
  }

  async function signIn(reply: FastifyReply, account: AccountRow, returnTo: string): Promise<FastifyReply> {
    reply.setCookie(sessionCookie, await accounts.startSession(account.id), {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: publicUrl().startsWith('https:'),
      maxAge: sessionTtlMs / 1000,
    })
    return reply.redirect(returnTo, 303)
  }

  /** Whether a form was sent by a page of ours and by the session it was made for. */
  function isGenuine(request: FastifyRequest, session: Session): boolean {
    const given = Buffer.from(String(formOf(request).csrf ?? ''))
    const expected = Buffer.from(csrfOf(session.token))
    return isSameOrigin(request, publicUrl()) && given.length === expected.length && timingSafeEqual(given, expected)
  }

  const forged = (reply: FastifyReply) =>
    show(reply, 403, problemPage('That did not come from here', 'Go back, load the page again, and try once more.'))

  server.get('/oauth/', async (request, reply) => {
    const fields = pickFields(request.query)
    const wanted = await checkRequest(apps, fields)
    const session = await sessionOf(request)
    const returnTo = `/oauth/?${new URLSearchParams(fields)}`
    if (!session) return show(reply, 200, signInPage({ returnTo }, wanted.app.name, signUp === 'open'))
    return show(
      reply,
      200,
      consentPage({
        appName: wanted.app.name,
        username: session.account.username,
        scopes: wanted.scopes,
        redirectUri: wanted.redirectUri,
        fields,
        csrf: csrfOf(session.token),
        returnTo,
      }),
    )
  })

  server.post('/oauth/', async (request, reply) => {
    const form = formOf(request)
    const fields: RequestFields = pickFields(form)
    const wanted = await checkRequest(apps, fields)
    const session = await sessionOf(request)
    if (!session) return reply.redirect(`/oauth/?${new URLSearchParams(fields)}`, 303)
    if (!isGenuine(request, session)) return forged(reply)
    const { redirectUri, state } = wanted
    if (form.decision !== 'approve')
      return reply.redirect(redirectWith(redirectUri, { error: 'access_denied', state }), 302)
    const code = await tokens.issueCode({
      appId: wanted.app.id,
      accountId: session.account.id,
      scopes: wanted.scopes,
      redirectUri,
      codeChallenge: wanted.codeChallenge,
    })
    return reply.redirect(redirectWith(redirectUri, { code, state }), 302)
  })

  server.get('/oauth/sign-in', async (request, reply) => {
    const session = await sessionOf(request)
    if (session) return show(reply, 200, signedInPage(session.account.username, csrfOf(session.token)))
    const returnTo = localPath((request.query as Record<string, unknown>).return_to)
    return show(reply, 200, signInPage({ returnTo }, undefined, signUp === 'open'))
  })

  server.post('/oauth/sign-in', async (request, reply) => {
    if (!isSameOrigin(request, publicUrl())) return forged(reply)
    const form = formOf(request)
    const [username, password, returnTo] = [text(form.username), text(form.password), localPath(form.return_to)]
    const name = nameKey(username.slice(0, 100))
    const throttles: [Throttle, string][] = [
      [wrongPasswords.byNameAndAddress, `${name} ${request.ip}`],
      [wrongPasswords.byAddress, request.ip],
      [wrongPasswords.byName, name],
    ]
    const again = (status: number, problem: string) =>
      show(reply, status, signInPage({ returnTo, username, problem }, undefined, signUp === 'open'))
    const wait = Math.max(...throttles.map(([throttle, throttleKey]) => throttle.waitSeconds(throttleKey)))
    if (wait > 0) {
      reply.header('retry-after', String(wait))
      return again(429, `Too many wrong passwords. Try again in ${Math.ceil(wait / 60)} minutes.`)
    }
    for (const [throttle, throttleKey] of throttles) throttle.failed(throttleKey)
    const account = await accounts.withPassword(username, password.slice(0, 200))
    if (!account) return again(401, 'The username or the password is not right.')
    for (const [throttle, throttleKey] of throttles) throttle.takeBack(throttleKey)
    wrongPasswords.byNameAndAddress.succeeded(`${name} ${request.ip}`)
    return signIn(reply, account, returnTo)
  })

  server.get('/oauth/sign-up', async (request, reply) => {
    if (signUp === 'closed') return noSignUp(reply)
    const returnTo = localPath((request.query as Record<string, unknown>).return_to)
    return show(reply, 200, signUpPage({ returnTo }))
  })

  server.post('/oauth/sign-up', async (request, reply) => {
    if (signUp === 'closed') return noSignUp(reply)
    if (!isSameOrigin(request, publicUrl())) return forged(reply)
    const form = formOf(request)
    const [username, returnTo] = [text(form.username), localPath(form.return_to)]
    const wait = signUps.waitSeconds(request.ip)
    if (wait > 0) {
      reply.header('retry-after', String(wait))
      const problem = `Too many sign-ups from your address. Try again in ${Math.ceil(wait / 60)} minutes.`
      return show(reply, 429, signUpPage({ returnTo, username, problem }))
    }
    signUps.failed(request.ip)
    try {
      const accountType = form.account_type === 'BUSINESS' ? 'BUSINESS' : 'PINNER'
      const account = await accounts.create({ username, password: text(form.password), accountType })
      return signIn(reply, account, returnTo)
    } catch (error) {
      if (!(error instanceof SignUpRefused)) throw error
      signUps.takeBack(request.ip)
      return show(reply, 400, signUpPage({ returnTo, username, problem: error.message }))
    }
  })

  server.post('/oauth/sign-out', async (request, reply) => {
    const session = await sessionOf(request)
    if (session && !isGenuine(request, session)) return forged(reply)
    if (session) await accounts.endSession(session.token)
    reply.clearCookie(sessionCookie, { path: '/' })
    return reply.redirect(localPath(formOf(request).return_to), 303)
  })

  const noSignUp = (reply: FastifyReply) =>
    show(reply, 403, problemPage('No sign-up here', 'Ask whoever runs this server for an account.'))
}

/** Turns what is wrong with a request at `/oauth/` into a page, or into the redirect that RFC 6749 asks for. */
export function showOauthError(error: unknown, reply: FastifyReply): FastifyReply | undefined {
  if (error instanceof RefusedRequest) return reply.redirect(error.location, 302)
  if (!(error instanceof UntrustedRequest)) return undefined
  const explanation = `${error.message} You are not sent on. If an app brought you here, tell its makers.`
  return reply.code(400).headers(pageHeaders).send(problemPage('This request cannot be trusted', explanation))
}

function formOf(request: FastifyRequest): Record<string, unknown> {
  return typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {}
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A path of this server to go on to; anything else would let a link here lead elsewhere. */
function localPath(value: unknown): string {
  const path = text(value)
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/oauth/sign-in'
}

/**
 * Whether a form was sent by a page of this server. Browsers say where a form came from; other programs do not. Behind
 * a proxy the Host header may be another than the browser's: there the public address counts.
 */
function isSameOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined) return URL.parse(origin)?.host === host || origin === URL.parse(publicUrl)?.origin
  return site === undefined || site === 'same-origin' || site === 'none'
}
