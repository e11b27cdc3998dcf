import type { RunningServer } from '@pinfold/server'
import { serverDefaults } from '@pinfold/server/defaults'

/** The settings that decide what to print. */
export interface ReadyOptions {
  data: string
  ephemeral: boolean
  databaseUrl?: string
  publicUrl?: string
}

type Ready = Pick<RunningServer, 'url' | 'seed' | 'isLoopback'>
interface DemoCredentials {
  username: string
  password: string
  accessToken: string
}

/** Returns what a server prints when it is ready: its address, and what to do next. */
export function readyText({ url, seed }: Ready, options: ReadyOptions, demo: DemoCredentials): string {
  const ready = `Pinfold is ready at ${url} (API: ${url}/v5, reference: ${url}/docs)`
  const next = seed === 'demo' ? demoText(demo) : seed === 'none' && !options.ephemeral ? emptyText(options) : undefined
  return next === undefined ? ready : `${ready}\n${next}`
}

const demoText = ({ username, password, accessToken }: DemoCredentials): string =>
  `The demo's user is ${username}, with the password ${password} and the access token ${accessToken}`

function emptyText({ data, databaseUrl }: ReadyOptions): string {
  // The address of the database may contain a password.
  const where =
    databaseUrl !== undefined ? ' --database-url …' : data === serverDefaults.dataDir ? '' : ` --data ${data}`
  const steps = ['users create NAME', 'apps create TITLE --owner NAME', 'tokens create --app ID --user NAME']
  return `Make users, apps and tokens beside it: ${steps.map((step) => `pinfold ${step}${where}`).join('; ')}`
}

/** Returns a warning about a setting that is probably a mistake; undefined if there is none. */
export function warningText({ url, isLoopback }: Ready, { publicUrl }: ReadyOptions): string | undefined {
  if (isLoopback || publicUrl !== undefined) return undefined
  return (
    `others can reach this server, but the addresses in its answers begin with ${url}. ` +
    'Say where they reach it: --public-url https://pins.example.com'
  )
}
