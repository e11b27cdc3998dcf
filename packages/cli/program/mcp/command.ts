import { stat } from 'node:fs/promises'
import type { Toolset } from '@pinfold/mcp'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CommandError, describe } from '../command-error.ts'
import { controllerOf, controlToken } from '../control/control-service.ts'
import { exitCodes } from '../exit-codes.ts'
import { isHere } from '../service/is-here.ts'
import { connect, type ServiceOptions, withServiceOptions } from '../service/service.ts'

interface McpOptions extends ServiceOptions {
  toolsets?: Toolset[]
  readOnly?: boolean
  pictures?: string
}

/** Returns `pinfold mcp`: tools for agents over standard input and output. */
export function mcpCommand(): Command {
  return withServiceOptions(new Command('mcp'))
    .description('Serve tools for agents over the Model Context Protocol, on standard input and output.')
    .addOption(
      new Option(
        '--toolsets <names>',
        'only these groups of tools, with commas: pins, analytics, operations, control (default: all)',
      ).argParser(toToolsets),
    )
    .option('--read-only', 'only tools that change nothing')
    .option('--pictures <folder>', 'the only folder from which create_pins takes pictures (default: none)')
    .addHelpText(
      'after',
      `
Agents start this command themselves: name it in their configuration. It speaks for the account of the profile, at
Pinterest or at a Pinfold. Tools for which the sign-in has no scopes are hidden.

Examples:
  $ pinfold mcp --profile shop --pictures ./pictures
  $ pinfold mcp --api http://127.0.0.1:4000 --toolsets pins,control --read-only`,
    )
    .action(serve)
}

const names = ['pins', 'analytics', 'operations', 'control'] as const satisfies readonly Toolset[]

function toToolsets(text: string): Toolset[] {
  return text.split(',').map((name) => {
    const found = names.find((each) => each === name.trim())
    if (!found) throw new InvalidArgumentError(`There are ${names.join(', ')}.`)
    return found
  })
}

async function serve(options: McpOptions): Promise<void> {
  const { toolsets, readOnly, pictures: folder } = options
  if (folder !== undefined && !(await isFolder(folder)))
    throw new CommandError(`${folder} is no folder: name the one that pictures are taken from.`, exitCodes.usage)
  const { api, client, scopes } = await connect(options, { maxRetries: 0 })
  const { fetchPicture, oneAfterAnother, serveOverStdio } = await import('@pinfold/mcp')
  const isPinterest = /(^|\.)pinterest\.com$/.test(new URL(api).hostname)
  const mayControl = !isPinterest && (isHere(api) || controlToken() !== undefined)
  await serveOverStdio({
    client,
    // The token of a sandbox controls the sandbox.
    controller: mayControl ? (controlToken() === undefined ? client : await controllerOf({ api })) : undefined,
    isPinterest,
    scopes: scopes && new Set(scopes),
    toolsets,
    ...(readOnly && { readOnly }),
    folder,
    now: Date.now,
    pictureAt: fetchPicture,
    inTurn: oneAfterAnother(),
    // Standard output belongs to the protocol.
    onError: (error) =>
      console.error(`pinfold: ${describe(error)?.line ?? (error instanceof Error ? error.stack : error)}`),
  })
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false
