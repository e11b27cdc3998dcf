import type { FastifyInstance, FastifyReply } from 'fastify'
import { networkOf } from '../core/network.ts'
import { type Accounts, SignUpRefused, UsernameTaken } from '../domains/accounts/accounts.ts'
import type { Throttles } from '../http/throttle.ts'
import { signUpPage } from './consent-html.ts'
import { formOf, isSameOrigin, localPath, refuseForged, returnToOf, show, text, waitText } from './forms.ts'
import { problemPage } from './problem-page.ts'
import type { Sessions } from './sessions.ts'

export interface SignUpOptions {
  accounts: Pick<Accounts, 'create'>
  throttles: Throttles
  sessions: Sessions
  publicUrl: () => string
  /** Whether strangers may make accounts. */
  signUp: 'open' | 'closed'
}

const minute = 60_000

/** Serves the pages on which strangers make accounts. */
export function serveSignUp(server: FastifyInstance, options: SignUpOptions): void {
  const { accounts, throttles, sessions, publicUrl, signUp } = options
  /** Counts accounts made and names found taken, so that nobody finds out all names. */
  const tries = throttles('sign-up', { burst: 20, everyMs: 3 * minute })

  server.get('/oauth/sign-up', async (request, reply) => {
    if (signUp === 'closed') return noSignUp(reply)
    return show(reply, 200, signUpPage({ returnTo: returnToOf(request) }))
  })

  server.post('/oauth/sign-up', async (request, reply) => {
    if (signUp === 'closed') return noSignUp(reply)
    if (!isSameOrigin(request, publicUrl())) return refuseForged(reply)
    const form = formOf(request)
    const [username, returnTo] = [text(form.username), localPath(form.return_to)]
    const again = (status: number, problem: string) => show(reply, status, signUpPage({ returnTo, username, problem }))
    const network = networkOf(request.ip)
    const wait = tries.waitSeconds(network)
    if (wait > 0) {
      reply.header('retry-after', String(wait))
      return again(429, `Too many sign-ups from your network. Try again in ${waitText(wait)}.`)
    }
    tries.failed(network)
    try {
      const accountType = form.account_type === 'BUSINESS' ? 'BUSINESS' : 'PINNER'
      const account = await accounts.create({ username, password: text(form.password), accountType })
      return sessions.begin(reply, account, returnTo)
    } catch (error) {
      if (!(error instanceof SignUpRefused)) throw error
      if (!(error instanceof UsernameTaken)) tries.takeBack(network)
      return again(400, error.message)
    }
  })
}

const noSignUp = (reply: FastifyReply): FastifyReply =>
  show(
    reply,
    403,
    problemPage({
      side: 'visitor',
      title: 'No sign-up here',
      explanation: 'Ask whoever runs this server for an account.',
      forDevelopers: 'The server was started with --sign-up closed.',
    }),
  )
