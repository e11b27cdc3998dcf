import type { Board } from '@pinfold/client'
import { Command, Option } from 'commander'
import { type Columns, plain, printList, printOne } from './output/print.ts'
import { pageSize, textOrNull, toLimit, toName } from './service/arguments.ts'
import { confirm } from './service/confirm.ts'
import { findBoard } from './service/find.ts'
import { connect, type ServiceOptions, withServiceOptions } from './service/service.ts'
import { withoutUndefined } from './without-undefined.ts'

interface OutputOptions extends ServiceOptions {
  json?: boolean
}

const columns: Columns<Board> = {
  id: (board) => board.id,
  name: (board) => board.name,
  privacy: (board) => board.privacy,
  Pins: (board) => board.pin_count,
  description: (board) => board.description,
}
const details: Columns<Board> = { ...columns, made: (board) => board.created_at }

/** `pinfold boards …`. */
export function boardsCommand(): Command {
  return new Command('boards')
    .description('List, make, change and delete boards.')
    .addHelpText('after', '\nExample:\n  $ pinfold boards list')
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
}

function listCommand(): Command {
  type Privacy = 'ALL' | 'PUBLIC' | 'PROTECTED' | 'SECRET' | 'PUBLIC_AND_SECRET'
  return withServiceOptions(new Command('list'))
    .description('List your boards, by name.')
    .addOption(
      new Option('--privacy <which>', 'only boards of this privacy').choices([
        'ALL',
        'PUBLIC',
        'PROTECTED',
        'SECRET',
        'PUBLIC_AND_SECRET',
      ]),
    )
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold boards list --privacy SECRET\n  $ pinfold boards list --json | jq .name',
    )
    .action(async (options: OutputOptions & { privacy?: Privacy; limit?: number }) => {
      const { client } = await connect(options)
      const { privacy, limit } = options
      await printList(
        client.boards.list({ page_size: pageSize(limit), ...withoutUndefined({ privacy }) }),
        columns,
        options,
      )
    })
}

function createCommand(): Command {
  return withServiceOptions(new Command('create'))
    .description('Make a board.')
    .argument('<name>', 'what to call it', toName)
    .option('--description <text>', 'what it is about')
    .addOption(new Option('--privacy <which>', 'who may see it').choices(['PUBLIC', 'PROTECTED', 'SECRET']))
    .option('--json', 'print the board as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold boards create "Winter coats" --privacy SECRET')
    .action(async (name: string, options: OutputOptions & { description?: string; privacy?: 'PUBLIC' | 'SECRET' }) => {
      const { client } = await connect(options)
      const { description, privacy } = options
      printOne(await client.boards.create({ name, ...withoutUndefined({ description, privacy }) }), details, options)
    })
}

function updateCommand(): Command {
  interface UpdateOptions extends OutputOptions {
    name?: string
    description?: string
    privacy?: 'PUBLIC' | 'SECRET'
  }
  return withServiceOptions(new Command('update'))
    .description('Change a board. What is not named stays.')
    .argument('<board>', 'its id, its name or its web address', toName)
    .addOption(new Option('--name <text>', 'a new name').argParser(toName))
    .option('--description <text>', 'what it is about; "" takes it away')
    .addOption(new Option('--privacy <which>', 'who may see it').choices(['PUBLIC', 'SECRET']))
    .option('--json', 'print the board as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold boards update "Winter coats" --name "Coats" --privacy PUBLIC')
    .action(async (board: string, options: UpdateOptions, command: Command) => {
      const { name, privacy } = options
      const changes = withoutUndefined({ name, description: textOrNull(options.description), privacy })
      if (Object.keys(changes).length === 0) command.error('say what to change: --name, --description or --privacy')
      const { client } = await connect(options)
      const { id } = await findBoard(client, board)
      printOne(await client.boards.update(id, changes), details, options)
    })
}

function deleteCommand(): Command {
  return withServiceOptions(new Command('delete'))
    .description('Delete a board with its sections and every Pin on it.')
    .argument('<board>', 'its id, its name or its web address', toName)
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ pinfold boards delete "Winter coats" --yes')
    .action(async (board: string, options: ServiceOptions & { yes?: boolean }) => {
      const { client } = await connect(options)
      const { id, name, pin_count: pins = 0 } = await findBoard(client, board)
      await confirm(`Delete the board "${plain(name)}" (${id}) and its ${pins} Pins?`, options)
      await client.boards.delete(id)
      console.log(`Deleted the board "${plain(name)}" (${id}).`)
    })
}
