import type { PinterestClient } from '@pinfold/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Columns, printList } from '../output/print.ts'
import { writeWhole } from '../service/atomic-file.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { tell } from './data.ts'
import { readSeed } from './read-seed.ts'

type NewSandbox = Parameters<PinterestClient['control']['createSandbox']>[0]
type Sandbox = Awaited<ReturnType<PinterestClient['control']['listSandboxes']>>['items'][number]

interface CreateOptions extends ControlOptions {
  seed?: string
  idle?: number
  writeEnv?: string
  envFile?: string
}

const columns: Columns<Sandbox> = {
  id: (sandbox) => sandbox.id,
  created: (sandbox) => sandbox.created_at,
  used: (sandbox) => sandbox.used_at,
  size: (sandbox) => `${(sandbox.bytes / 1e6).toFixed(1)} MB`,
}

/** Returns `pinfold sandbox …`: servers inside a server, for tests that run side by side. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('Make servers inside a Pinfold server, for tests that run side by side.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold sandbox create --write-env sandbox.env\n  $ pinfold sandbox delete 3f9a1c07be52d8e46a10',
    )
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(deleteCommand())
}

function createCommand(): Command {
  return withControlOptions(new Command('create'), 'print the sandbox and its credentials as JSON')
    .description('Make a sandbox, and print the variables that programs in it read.')
    .option('--seed <file>', 'a seed file, or demo (default: an account that has nothing)')
    .addOption(
      new Option(
        '--idle <time>',
        'it ends when it has had no request for so long: a number and s, m or h (default: 1h)',
      ).argParser(toSeconds),
    )
    .option('--write-env <file>', 'write the variables there instead, and print its id')
    .addOption(new Option('--env-file <file>', 'the same').hideHelp())
    .addHelpText(
      'after',
      `
A program with these variables has the sandbox to itself. So have commands that control the server: clock, fault, reset.

Examples:
  $ pinfold sandbox create --write-env sandbox.env
  $ eval "$(pinfold sandbox create --seed ./seed.json --idle 10m)"`,
    )
    .action(async ({ seed, idle, writeEnv, envFile, ...options }: CreateOptions) => {
      const wanted: NewSandbox = {
        ...(seed !== undefined && { seed: seed === 'demo' ? seed : await readSeed(seed) }),
        ...(idle !== undefined && { idle_seconds: idle }),
      }
      const made = await (await controlOf(options)).createSandbox(wanted)
      const file = writeEnv ?? envFile
      if (file !== undefined) await writeVariables(file, variables(made.env))
      if (options.json) console.log(JSON.stringify(made))
      else process.stdout.write(file === undefined ? variables(made.env) : `${made.id}\n`)
    })
}

function listCommand(): Command {
  return withControlOptions(new Command('list'), 'print one JSON object a line')
    .description('List the sandboxes, oldest first.')
    .addHelpText('after', '\nExample:\n  $ pinfold sandbox list')
    .action(async (options: ControlOptions) => {
      const { items } = await (await controlOf(options)).listSandboxes()
      await printList(items, columns, options)
    })
}

function deleteCommand(): Command {
  return withControlOptions(new Command('delete'), 'print nothing')
    .description('End a sandbox, and discard its data.')
    .argument('<id>', 'its id')
    .addHelpText('after', '\nExample:\n  $ pinfold sandbox delete 3f9a1c07be52d8e46a10')
    .action(async (id: string, options: ControlOptions) => {
      await (await controlOf(options)).deleteSandbox(id)
      tell(`${id} is gone.`, options)
    })
}

/** Returns lines for a shell. Exported, so that a shell that reads them passes them on. */
const variables = (env: object): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}=${quoted(String(value))}\n`)
    .join('')

const quoted = (text: string): string => (/^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

async function writeVariables(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text, 0o600)
  } catch (error) {
    throw new CommandError(`Cannot write ${path}: ${(error as Error).message}`, exitCodes.usage)
  }
}

const seconds = { s: 1, m: 60, h: 3600 }

function toSeconds(text: string): number {
  const [, number, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  if (number === undefined) throw new InvalidArgumentError('It must be like 90s, 10m or 2h.')
  return Number(number) * seconds[unit as keyof typeof seconds]
}
