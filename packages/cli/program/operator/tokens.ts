import type { TokenRecord } from '@pinfold/server'
import { Command, Option } from 'commander'
import { type Columns, printOne } from '../output/print.ts'
import { type DataOptions, noteOnce, operate, secretFromInput, withData } from './operate.ts'

interface CreateOptions extends DataOptions {
  app: string
  user: string
  scopes?: string[]
}

const columns: Columns<TokenRecord> = {
  app: (token) => token.app,
  user: (token) => token.username,
  scopes: (token) => token.scopes.join(' '),
  days: (token) => token.expiresIn / (24 * 60 * 60),
  token: (token) => token.accessToken,
}

/** Returns `pinfold tokens …`: the tokens of a server, for its operator. */
export function tokensCommand(): Command {
  return new Command('tokens')
    .description('Make and revoke tokens of a server, on its machine.')
    .addHelpText('after', '\nExample:\n  $ pinfold tokens create --app 1142048512397440 --user studio')
    .addCommand(createCommand())
    .addCommand(revokeCommand())
}

function createCommand(): Command {
  return withData(new Command('create'), 'print the token as JSON')
    .description('Make an access token that is good for a year, and print it.')
    .requiredOption('--app <id>', 'the app that it is for')
    .requiredOption('--user <username>', 'the account that it acts as')
    .addOption(
      new Option('--scopes <list>', 'what it may do, with commas (default: everything)').argParser((text) =>
        text.split(',').map((name) => name.trim()),
      ),
    )
    .addHelpText(
      'after',
      `
The server may run meanwhile.

Examples:
  $ pinfold tokens create --app 1142048512397440 --user studio
  $ pinfold tokens create --app 1142048512397440 --user studio --scopes boards:read,pins:read --json | jq -r .accessToken`,
    )
    .action(({ app, user, scopes, ...options }: CreateOptions) =>
      operate(options, async (operator) => {
        const token = { app, username: user, ...(scopes !== undefined && { scopes }) }
        printOne(await operator.createToken(token), columns, options)
        noteOnce('token')
      }),
    )
}

function revokeCommand(): Command {
  return withData(new Command('revoke'), 'print {"revoked": true}')
    .description('Make a token invalid that is read from standard input.')
    .addHelpText(
      'after',
      `
A refresh token takes the access tokens of its grant along. A running server knows within ten seconds.

Example:
  $ pinfold tokens revoke < token.txt`,
    )
    .action((options: DataOptions) =>
      operate(options, async (operator) => {
        await operator.revokeToken(await secretFromInput('token'))
        console.log(options.json ? JSON.stringify({ revoked: true }) : 'The token is revoked.')
      }),
    )
}
