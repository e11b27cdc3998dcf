import type { Board } from '@pinfold/client'
import { Command, Option } from 'commander'
import { type Columns, printList, printOne } from './output/print.ts'
import { pageSize, toLimit } from './service/arguments.ts'
import { connect, type ServiceOptions, withServiceOptions } from './service/service.ts'

interface ListOptions extends ServiceOptions {
  limit?: number
  json?: boolean
}

interface User {
  username?: string
}

const userColumns: Columns<User> = { username: (user) => user.username }
const boardColumns: Columns<Board> = {
  id: (board) => board.id,
  name: (board) => board.name,
  owner: (board) => board.owner?.username,
  Pins: (board) => board.pin_count,
  description: (board) => board.description,
}

/** `pinfold follow`, `followers` and `following`. */
export const followCommands = (): Command[] => [followCommand(), followersCommand(), followingCommand()]

function followCommand(): Command {
  return withServiceOptions(new Command('follow'))
    .description('Follow an account. The API has no operation to stop following one.')
    .argument('<username>', 'whom to follow')
    .option('--json', 'print the account as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold follow cup_collector')
    .action(async (username: string, options: ServiceOptions & { json?: boolean }) => {
      const { client } = await connect(options)
      printOne(await client.userAccount.follow(username, {}), userColumns, options)
    })
}

function followersCommand(): Command {
  return asList(new Command('followers'))
    .description('List the accounts that follow you, the newest first.')
    .addHelpText('after', '\nExample:\n  $ pinfold followers --limit 10')
    .action(async (options: ListOptions) => {
      const { client } = await connect(options)
      await printList(client.userAccount.listFollowers({ page_size: pageSize(options.limit) }), userColumns, options)
    })
}

function followingCommand(): Command {
  return asList(new Command('following'))
    .description('List the accounts that you follow or follow a board of, the newest first.')
    .option('--boards', 'boards instead of accounts')
    .addOption(new Option('--explicit', 'without those of which you follow boards alone').conflicts('boards'))
    .addHelpText('after', '\nExamples:\n  $ pinfold following --explicit\n  $ pinfold following --boards --json')
    .action(async (options: ListOptions & { boards?: boolean; explicit?: boolean }) => {
      const { client } = await connect(options)
      const page = { page_size: pageSize(options.limit) }
      if (options.boards) return printList(client.userAccount.listFollowedBoards(page), boardColumns, options)
      const users = client.userAccount.listFollowing({ ...page, explicit_following: options.explicit === true })
      await printList(users, userColumns, options)
    })
}

const asList = (command: Command): Command =>
  withServiceOptions(command)
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
