import type { FastifyInstance } from 'fastify'
import { nameKey } from '../core/name-key.ts'
import { networkOf } from '../core/network.ts'
import type { AccountRow, Accounts } from '../domains/accounts/accounts.ts'
import type { Apps } from '../domains/oauth/apps.ts'
import type { Throttle, Throttles } from '../http/throttle.ts'
import { type OpenAccount, signedInPage, signInPage } from './consent-html.ts'
import { formOf, isSameOrigin, localPath, refuseForged, returnToOf, show, text, waitText } from './forms.ts'
import { isFromApp } from './session-caller.ts'
import type { Sessions } from './sessions.ts'

export interface SignInOptions {
  accounts: Pick<Accounts, 'withPassword'>
  apps: Pick<Apps, 'find'>
  throttles: Throttles
  sessions: Sessions
  publicUrl: () => string
  /** Whether strangers may make accounts. */
  signUp: 'open' | 'closed'
  /** The demo's account, if the data is the demo's. */
  demo: OpenAccount | undefined
}

/** Serves the pages that sign in and out. */
export function serveSignIn(server: FastifyInstance, options: SignInOptions): void {
  const { apps, sessions, publicUrl, signUp, demo } = options
  const offers = async (returnTo: string) => ({
    appName: await appNameAt(apps, returnTo),
    signUp: signUp === 'open',
    demo,
  })
  const tryPassword = passwordTries(options)

  server.get('/oauth/sign-in', async (request, reply) => {
    const session = await sessions.of(request)
    if (session) return show(reply, 200, signedInPage(session.account.username, sessions.csrfOf(session)))
    const returnTo = returnToOf(request)
    return show(reply, 200, signInPage({ returnTo }, await offers(returnTo)))
  })

  server.post('/oauth/sign-in', async (request, reply) => {
    if (!isSameOrigin(request, publicUrl())) return refuseForged(reply)
    const form = formOf(request)
    const [username, returnTo] = [text(form.username), localPath(form.return_to)]
    const again = async (status: number, problem: string) =>
      show(reply, status, signInPage({ returnTo, username, problem }, await offers(returnTo)))
    const outcome = await tryPassword({ username, password: text(form.password), address: request.ip })
    if (outcome === 'wrong') return again(401, 'The username or the password is not right.')
    if ('account' in outcome) return sessions.begin(reply, outcome.account, returnTo)
    reply.header('retry-after', String(outcome.waitSeconds))
    return again(429, `Too many wrong passwords. Try again in ${waitText(outcome.waitSeconds)}.`)
  })

  server.post('/oauth/sign-out', async (request, reply) => {
    const session = await sessions.of(request)
    if (session && !sessions.isGenuine(request, session) && !isFromApp(request, publicUrl())) return refuseForged(reply)
    return sessions.end(reply, session, localPath(formOf(request).return_to))
  })
}

/** Returns the name of the app whose consent page is at `path`; undefined if there is none. */
async function appNameAt(apps: Pick<Apps, 'find'>, path: string): Promise<string | undefined> {
  const { pathname, searchParams } = new URL(path, 'http://localhost')
  const id = pathname === '/oauth/' ? searchParams.get('client_id') : null
  return id === null ? undefined : (await apps.find(id))?.name
}

/** The fields of a sign-in. */
interface Credentials {
  username: string
  password: string
  address: string
}

type Outcome = { account: AccountRow } | { waitSeconds: number } | 'wrong'

const minute = 60_000

/**
 * Returns a function that tries a password. Wrong ones slow down their network, for this username more than for others;
 * never the username itself, so that nobody can lock its owner out.
 */
function passwordTries({ accounts, throttles: of }: Pick<SignInOptions, 'accounts' | 'throttles'>) {
  const ofNameAndNetwork = of('sign-in of a name', { burst: 10, everyMs: 1.5 * minute })
  const ofNetwork = of('sign-in', { burst: 100, everyMs: 0.15 * minute })

  return async ({ username, password, address }: Credentials): Promise<Outcome> => {
    const network = networkOf(address)
    const name = nameKey(username.slice(0, 100))
    const throttles: [Throttle, string][] = [
      [ofNameAndNetwork, `${name} ${network}`],
      [ofNetwork, network],
    ]
    const waitSeconds = Math.max(...throttles.map(([throttle, key]) => throttle.waitSeconds(key)))
    if (waitSeconds > 0) return { waitSeconds }
    for (const [throttle, key] of throttles) throttle.failed(key)
    const account = await accounts.withPassword(username, password.slice(0, 200))
    if (!account) return 'wrong'
    for (const [throttle, key] of throttles) throttle.takeBack(key)
    ofNameAndNetwork.succeeded(`${name} ${network}`)
    return { account }
  }
}
