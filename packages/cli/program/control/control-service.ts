import type { PinterestClient } from '@pinfold/client'
import { serverDefaults } from '@pinfold/server/defaults'
import { type Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { fetchFrom } from '../service/fetch-from.ts'
import { toApi } from '../service/service.ts'

/** The server that a command controls. */
export interface ControlOptions {
  api?: string
  json?: boolean
}

const ownServer = `http://${serverDefaults.host}:${serverDefaults.port}`

/** Adds the options of every command that controls a server; `json` says what `--json` prints. */
export function withControlOptions(command: Command, json: string): Command {
  return withApi(command, ` (default: ${ownServer}; env: PINTEREST_API_URI)`).option('--json', json)
}

/** Adds the option that names a running server; `otherwise` says which it is without one. */
export function withApi(command: Command, otherwise = ''): Command {
  const description = `the server's address${otherwise}; from another machine set PINFOLD_CONTROL_TOKEN`
  return command.addOption(new Option('--api <url>', description).argParser(toApi))
}

/** Returns what controls a server, as the client has it. Throws a `CommandError` when the address is Pinterest's. */
export async function controlOf(options: ControlOptions): Promise<PinterestClient['control']> {
  return (await controllerOf(options)).control
}

/** Returns a client with the token that controls a server. Throws a `CommandError` when the address is Pinterest's. */
export async function controllerOf(options: ControlOptions): Promise<PinterestClient> {
  const baseUrl = serverOf(options)
  const { PinterestClient } = await import('@pinfold/client')
  // Without a control token, the server takes every request of its own machine, whatever token it has.
  const accessToken = controlToken() ?? 'none'
  return new PinterestClient({ baseUrl, accessToken, fetch: fetchFrom(baseUrl), maxRetries: 0 })
}

/** Returns the address of the server that is controlled. Throws a `CommandError` when it is Pinterest's. */
function serverOf({ api }: ControlOptions): string {
  const baseUrl = api ?? toApi(process.env.PINTEREST_API_URI || ownServer)
  if (/(^|\.)pinterest\.com$/.test(new URL(baseUrl).hostname))
    throw new CommandError(
      `${baseUrl} cannot be controlled: name your Pinfold with --api, such as ${ownServer}.`,
      exitCodes.usage,
    )
  return baseUrl
}

/** Returns the token that controls a server from another machine, if one is set. */
export const controlToken = (): string | undefined => process.env.PINFOLD_CONTROL_TOKEN || undefined
