import type { ClientOptions, PinterestClient } from '@pinfold/client'
import { serverDefaults } from '@pinfold/server/defaults'
import { demoCredentials } from '@pinfold/server/demo-credentials'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { fetchFrom } from './fetch-from.ts'
import { type Profile, readProfile, withTokens, writeProfile } from './profiles.ts'

/** The service that a command talks to, and the account. */
export interface ServiceOptions {
  api?: string
  profile?: string
}

const pinterest = 'https://api.pinterest.com'

/** Adds the options of every command that uses the client. */
export function withServiceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--api <url>',
        "the service's address (default: the profile's, or Pinterest; env: PINTEREST_API_URI)",
      ).argParser(toApi),
    )
    .addOption(
      new Option('--profile <name>', 'the sign-in to use (default: "default"; env: PINFOLD_PROFILE)').argParser(
        toProfileName,
      ),
    )
}

/** Returns a service's address as it is stored: without `/v5`. */
export function toApi(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username)
    throw new InvalidArgumentError('It must be the address of a service, such as http://127.0.0.1:4000.')
  return url.href.replace(/\/+$/, '').replace(/\/v5$/, '')
}

function toProfileName(text: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(text))
    throw new InvalidArgumentError('It must be of letters, digits, dots, dashes and underscores.')
  return text
}

/** Returns a variable's value; an empty one counts as not set. */
function variable<T>(name: string, parse: (text: string) => T): T | undefined {
  const text = process.env[name]
  if (!text) return undefined
  try {
    return parse(text)
  } catch (error) {
    throw new CommandError(`${name}: ${(error as Error).message}`, exitCodes.usage)
  }
}

export const profileName = ({ profile }: ServiceOptions): string =>
  profile ?? variable('PINFOLD_PROFILE', toProfileName) ?? 'default'

/** Returns the service that was named; undefined if none was. */
const namedApi = ({ api }: ServiceOptions): string | undefined => api ?? variable('PINTEREST_API_URI', toApi)

/** Returns the service to sign in to. */
export const apiToSignInTo = (options: ServiceOptions): string => namedApi(options) ?? pinterest

/** A client that is signed in, and what is known about the session. */
export interface Session {
  client: PinterestClient
  api: string
  /** What the token permits, if that is known. */
  scopes?: readonly string[] | undefined
  /** Returns the access token, renewed if it was about to expire. */
  token(): Promise<string>
}

/**
 * Returns a client for the service that the options name. The token is that of `PINTEREST_ACCESS_TOKEN`, or else the
 * profile's, which is only sent to the service that issued it. Throws a `CommandError` when there is none.
 */
export async function connect(options: ServiceOptions, more: ClientOptions = {}): Promise<Session> {
  const { PinterestClient } = await import('@pinfold/client')
  const accessToken = process.env.PINTEREST_ACCESS_TOKEN
  if (accessToken) {
    const api = apiToSignInTo(options)
    const client = new PinterestClient({ fetch: fetchFrom(api), ...more, accessToken, baseUrl: api })
    return { api, client, token: async () => accessToken }
  }
  const name = profileName(options)
  const profile = await readProfile(name)
  const api = namedApi(options)
  if (!profile) throw notSignedIn(name, api)
  if (api !== undefined && api !== profile.api)
    throw new CommandError(
      `The profile "${name}" is of ${profile.api}, not of ${api}: ${howToSignIn('NAME', api)}`,
      exitCodes.notPermitted,
    )
  return sessionOf(name, profile, more)
}

function notSignedIn(name: string, api: string | undefined): CommandError {
  const where = api === undefined || api === pinterest ? `Pinterest (${pinterest})` : api
  const demo = `PINTEREST_API_URI=http://${serverDefaults.host}:${serverDefaults.port} PINTEREST_ACCESS_TOKEN=${demoCredentials.accessToken}`
  return new CommandError(
    `You are not signed in to ${where}: ${howToSignIn(name, api)} For the demo, run pinfold serve, and set ${demo}`,
    exitCodes.notPermitted,
  )
}

/** Returns the command to sign in with. */
function howToSignIn(name: string, api: string | undefined): string {
  const options = [api !== undefined && `--api ${api}`, name !== 'default' && `--profile ${name}`].filter(Boolean)
  return `run pinfold login${options.map((option) => ` ${option}`).join('')}, or set PINTEREST_ACCESS_TOKEN.`
}

/** Returns a session whose tokens are renewed automatically and stored in the profile. */
export async function sessionOf(name: string, profile: Profile, more: ClientOptions = {}): Promise<Session> {
  const { PinterestClient } = await import('@pinfold/client')
  const { accessToken, accessTokenExpiresAt, refreshToken, clientId, clientSecret, api } = profile
  let current = profile
  const client = new PinterestClient({
    fetch: fetchFrom(api),
    ...more,
    ...withoutUndefined({ accessToken, accessTokenExpiresAt, refreshToken, clientId, clientSecret }),
    baseUrl: api,
    onTokens: keep,
  })

  async function keep(tokens: Parameters<typeof withTokens>[1]): Promise<void> {
    current = withTokens(current, tokens)
    await writeProfile(name, current)
  }

  async function token(): Promise<string> {
    const { accessTokenExpiresAt: expiresAt = Number.POSITIVE_INFINITY, refreshToken: refresh } = current
    const expiresSoon = expiresAt - Date.now() < renewBeforeMs
    if (expiresSoon && refresh !== undefined && current.clientSecret !== undefined)
      await keep(await client.oauth.refresh(refresh))
    return current.accessToken
  }

  return { client, api, scopes: profile.scopes, token }
}

/** A token that is handed out is valid for at least this long. */
const renewBeforeMs = 5 * 60_000
