import { text as readAll } from 'node:stream/consumers'
import type { PinterestClient, Tokens } from '@pinfold/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CommandError, describe } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { plain, printOne } from '../output/print.ts'
import { type Profile, readProfile, removeProfile, withTokens, writeProfile } from '../service/profiles.ts'
import {
  apiToSignInTo,
  connect,
  profileName,
  type ServiceOptions,
  sessionOf,
  withServiceOptions,
} from '../service/service.ts'
import { withoutUndefined } from '../without-undefined.ts'

interface LoginOptions extends ServiceOptions {
  withToken?: boolean
  clientId?: string
  scopes: string[]
  port: number
  browser: boolean
}

/** The scopes that the commands need. */
const usualScopes = [
  'boards:read',
  'boards:read_secret',
  'boards:write',
  'boards:write_secret',
  'pins:read',
  'pins:read_secret',
  'pins:write',
  'pins:write_secret',
  'user_accounts:read',
  'user_accounts:write',
]

/** `pinfold login`, `logout`, `whoami` and `token`. */
export const accountCommands = (): Command[] => [loginCommand(), logoutCommand(), whoamiCommand(), tokenCommand()]

function loginCommand(): Command {
  return withServiceOptions(new Command('login'))
    .description('Sign in to Pinterest or to a Pinfold, through the browser or with a token.')
    .addOption(new Option('--client-id <id>', "the app's id (env: PINTEREST_APP_ID; its secret: PINTEREST_APP_SECRET)"))
    .addOption(
      new Option('--port <number>', 'where to catch the redirect; 0 takes a free port').default(8765).argParser(toPort),
    )
    .addOption(
      new Option('--scopes <list>', 'what to ask for, with commas')
        .default(usualScopes, 'all of boards, Pins and follows')
        .argParser(toList),
    )
    .addOption(new Option('--no-browser', 'print the address of the consent page and open nothing'))
    .addOption(new Option('--with-token', 'sign in with a token that is read from standard input'))
    .addHelpText(
      'after',
      `
Through the browser, the app must have http://localhost:8765/callback (with --port, that port) among its redirect URIs.

Secrets and tokens are no arguments: others could see them in the list of processes.

Examples:
  $ PINTEREST_APP_SECRET=$(cat secret.txt) pinfold login --client-id 1234567
  $ pinfold login --api http://127.0.0.1:4000 --with-token < token.txt`,
    )
    .action(login)
}

async function login(options: LoginOptions): Promise<void> {
  const name = profileName(options)
  const profile = await signIn(options)
  const session = await sessionOf(name, { ...profile, username: '' })
  const { username = '' } = await session.client.userAccount.get()
  await writeProfile(name, { ...profile, username })
  console.log(`Signed in to ${profile.api} as ${plain(username)} (profile ${name}).`)
  if (process.env.PINTEREST_ACCESS_TOKEN)
    console.error('Note: while PINTEREST_ACCESS_TOKEN is set, it is used instead of the profile.')
}

async function signIn(options: LoginOptions): Promise<Omit<Profile, 'username'>> {
  const api = apiToSignInTo(options)
  const clientId = options.clientId ?? (process.env.PINTEREST_APP_ID || undefined)
  const clientSecret = process.env.PINTEREST_APP_SECRET || undefined
  if (options.withToken) {
    const accessToken = (await readAll(process.stdin)).trim()
    if (!/^\S+$/.test(accessToken)) throw new CommandError('There is no token in what was given.', exitCodes.usage)
    return { api, accessToken, ...withoutUndefined({ clientId, clientSecret }) }
  }
  if (!clientId || !clientSecret)
    throw new CommandError(
      'Name the app in PINTEREST_APP_ID and PINTEREST_APP_SECRET, or give a token with --with-token.',
      exitCodes.usage,
    )
  const { PinterestClient } = await import('@pinfold/client')
  const authorizationBaseUrl = process.env.PINTEREST_OAUTH_URI || undefined
  const client = new PinterestClient({
    clientId,
    clientSecret,
    baseUrl: api,
    ...withoutUndefined({ authorizationBaseUrl }),
  })
  const tokens = await signInByBrowser(client, options)
  return withTokens({ api, clientId, clientSecret, accessToken: '', username: '' }, tokens)
}

async function signInByBrowser(
  client: PinterestClient,
  { scopes, port, browser }: Pick<LoginOptions, 'scopes' | 'port' | 'browser'>,
): Promise<Tokens> {
  const { signIn, SignInError } = await import('@pinfold/client/node')
  const print = (url: string) => void process.stderr.write(`Open this page to sign in:\n${url}\n`)
  try {
    return await signIn({ client, scopes, port, redirectPath: '/callback', ...(!browser && { openBrowser: print }) })
  } catch (error) {
    if (error instanceof SignInError) throw new CommandError(error.message, exitCodes.notPermitted, { cause: error })
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new CommandError(`The port ${port} is in use: name another with --port.`, exitCodes.failed, {
        cause: error,
      })
    throw error
  }
}

function logoutCommand(): Command {
  return withServiceOptions(new Command('logout'))
    .description('Forget a sign-in, and revoke its tokens where the app is known.')
    .addHelpText('after', '\nExample:\n  $ pinfold logout --profile shop')
    .action(async (options: ServiceOptions) => {
      const name = profileName(options)
      const profile = await readProfile(name)
      if (!profile) throw new CommandError(`There is no profile "${name}".`, exitCodes.notPermitted)
      const revoked = await revoke(name, profile)
      await removeProfile(name)
      console.log(`Signed out of ${profile.api} (profile ${name})${revoked ? '; its tokens are revoked' : ''}.`)
    })
}

/** Returns whether the service revoked the tokens. If it cannot be reached, this machine signs out all the same. */
async function revoke(name: string, profile: Profile): Promise<boolean> {
  if (profile.clientId === undefined || profile.clientSecret === undefined) return false
  try {
    const { client } = await sessionOf(name, profile)
    await client.oauth.revoke(profile.refreshToken ?? profile.accessToken)
    return true
  } catch (error) {
    const reason = describe(error)?.line ?? String(error)
    console.error(`pinfold: the tokens could not be revoked, and are good until they expire: ${reason}`)
    return false
  }
}

function whoamiCommand(): Command {
  return withServiceOptions(new Command('whoami'))
    .description('Show the account that commands act for.')
    .option('--json', 'print the account as JSON')
    .addHelpText('after', '\nExamples:\n  $ pinfold whoami\n  $ pinfold whoami --json')
    .action(async (options: ServiceOptions & { json?: boolean }) => {
      const { client, api } = await connect(options)
      printOne(
        await client.userAccount.get(),
        {
          username: (account) => account.username,
          kind: (account) => account.account_type,
          business: (account) => account.business_name,
          boards: (account) => account.board_count,
          Pins: (account) => account.pin_count,
          service: () => api,
        },
        options,
      )
    })
}

function tokenCommand(): Command {
  return withServiceOptions(new Command('token'))
    .description('Print the access token, renewed if it was about to expire, for scripts.')
    .addHelpText('after', '\nExample:\n  $ PINTEREST_ACCESS_TOKEN=$(pinfold token) python3 publish.py')
    .action(async (options: ServiceOptions) => {
      const { token } = await connect(options)
      console.log(await token())
    })
}

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.')
  return port
}

function toList(text: string): string[] {
  const names = text.split(/[\s,]+/).filter(Boolean)
  if (names.length === 0) throw new InvalidArgumentError('It must be scopes, such as boards:read,pins:read.')
  return names
}
