import { randomBytes } from 'node:crypto'
import type { UserRecord } from '@pinfold/server'
import { Command, Option } from 'commander'
import { type Columns, printList, printOne } from '../output/print.ts'
import { type DataOptions, dateOf, noteOnce, operate, secretFromInput, withData } from './operate.ts'

interface PasswordOptions extends DataOptions {
  passwordStdin?: boolean
}

const columns: Columns<UserRecord> = {
  id: (user) => user.id,
  username: (user) => user.username,
  type: (user) => user.type,
  boards: (user) => user.boards,
  Pins: (user) => user.pins,
  made: (user) => dateOf(user.createdAt),
}

/** Returns `pinfold users …`: the accounts of a server, for its operator. */
export function usersCommand(): Command {
  return new Command('users')
    .description('Make and list the accounts of a server, and set passwords, on its machine.')
    .addHelpText('after', '\nExamples:\n  $ pinfold users create studio\n  $ pinfold users list')
    .addCommand(createCommand())
    .addCommand(passwordCommand())
    .addCommand(listCommand())
}

function createCommand(): Command {
  return withPassword(withData(new Command('create'), 'print the account as JSON'))
    .description('Make an account; its password is made up and printed, unless it is given.')
    .argument('<username>', '3 to 30 letters, digits and underscores')
    .addOption(new Option('--type <type>', 'which kind of account').choices(['PINNER', 'BUSINESS']).default('BUSINESS'))
    .addHelpText(
      'after',
      `
The server may run meanwhile.

Examples:
  $ pinfold users create studio
  $ pinfold users create studio --data /var/lib/pinfold --password-stdin < password.txt`,
    )
    .action((username: string, options: PasswordOptions & { type: UserRecord['type'] }) =>
      operate(options, async (operator) => {
        const { password, isNew } = await passwordOf(options)
        const user = await operator.createUser({ username, password, type: options.type })
        printUser(user, isNew ? password : undefined, options)
      }),
    )
}

function passwordCommand(): Command {
  return withPassword(withData(new Command('password'), 'print the account as JSON'))
    .description('Give an account another password, and end its sessions in browsers.')
    .argument('<username>', 'whose')
    .addHelpText(
      'after',
      `
Tokens of the account stay good; see pinfold tokens revoke.

Example:
  $ pinfold users password studio --password-stdin < password.txt`,
    )
    .action((username: string, options: PasswordOptions) =>
      operate(options, async (operator) => {
        const { password, isNew } = await passwordOf(options)
        printUser(await operator.setPassword(username, password), isNew ? password : undefined, options)
      }),
    )
}

function listCommand(): Command {
  return withData(new Command('list'), 'print one JSON object a line')
    .description('List the accounts, oldest first.')
    .addHelpText('after', '\nExample:\n  $ pinfold users list --json | jq -r .username')
    .action((options: DataOptions) => operate(options, (operator) => printList(operator.users(), columns, options)))
}

/** A password is not an argument, since others could see it in the list of processes. */
const withPassword = (command: Command): Command =>
  command.option('--password-stdin', 'read the password from standard input, instead of making one up')

async function passwordOf({ passwordStdin }: PasswordOptions): Promise<{ password: string; isNew: boolean }> {
  if (passwordStdin) return { password: await secretFromInput('password'), isNew: false }
  return { password: randomBytes(15).toString('base64url'), isNew: true }
}

function printUser(user: UserRecord, password: string | undefined, options: DataOptions): void {
  const made = { ...user, ...(password !== undefined && { password }) }
  printOne(made, { ...columns, ...(password !== undefined && { password: () => password }) }, options)
  if (password !== undefined) noteOnce('password')
}
