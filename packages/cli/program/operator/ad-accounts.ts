import type { AdAccountRecord, NewAdAccountRecord } from '@pinfold/server'
import { Command } from 'commander'
import { type Columns, printList, printOne } from '../output/print.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type DataOptions, operate, withData } from './operate.ts'

const columns: Columns<AdAccountRecord> = {
  id: (adAccount) => adAccount.id,
  name: (adAccount) => adAccount.name,
  owner: (adAccount) => adAccount.owner,
  country: (adAccount) => adAccount.country,
  currency: (adAccount) => adAccount.currency,
  roles: ({ roles }) => roles.map(({ username, role }) => `${username} ${role}`).join(', '),
}

/** Returns `pinfold ad-accounts …`: the ad accounts of a server, for its operator. */
export function adAccountsCommand(): Command {
  return new Command('ad-accounts')
    .description('Make and list the ad accounts of a server, and give roles in them, on its machine.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold ad-accounts list\n  $ pinfold ad-accounts share 1142048512397313 ann CAMPAIGN_MANAGER',
    )
    .addCommand(createCommand())
    .addCommand(shareCommand())
    .addCommand(unshareCommand())
    .addCommand(listCommand())
}

function createCommand(): Command {
  return withData(new Command('create'), 'print the ad account as JSON')
    .description('Make one more ad account of a business, which has one from its beginning.')
    .requiredOption('--owner <username>', 'the business that owns it')
    .option('--name <name>', 'what people call it (default: as the business)')
    .option('--country <code>', 'where the advertiser is, as two letters (default: US)')
    .option('--currency <code>', 'what its advertising is paid in (default: what is paid with in the country)')
    .option('--time-zone <name>', 'where its days begin, such as Europe/Berlin')
    .addHelpText('after', '\nExample:\n  $ pinfold ad-accounts create --owner studio --name Europe --country DE')
    .action(({ owner, name, country, currency, timeZone, ...options }: NewAdAccountRecord & DataOptions) =>
      operate(options, async (operator) => {
        const given = withoutUndefined({ name, country, currency, timeZone })
        printOne(await operator.createAdAccount({ owner, ...given }), columns, options)
      }),
    )
}

function shareCommand(): Command {
  return withData(new Command('share'), 'print the ad account as JSON')
    .description('Give an account a role in an ad account: it counts from its next request on.')
    .argument('<ad-account>', 'its id')
    .argument('<username>', 'who gets the role')
    .argument('<role>', 'such as ADMIN, ANALYST or CAMPAIGN_MANAGER')
    .addHelpText('after', '\nExample:\n  $ pinfold ad-accounts share 1142048512397313 ann CAMPAIGN_MANAGER')
    .action((id: string, username: string, role: string, options: DataOptions) =>
      operate(options, async (operator) =>
        printOne(await operator.shareAdAccount(id, username, role), columns, options),
      ),
    )
}

function unshareCommand(): Command {
  return withData(new Command('unshare'), 'print the ad account as JSON')
    .description('Take a role in an ad account from an account, or all that it has.')
    .argument('<ad-account>', 'its id')
    .argument('<username>', 'who has the role')
    .argument('[role]', 'which one; all if it is left out')
    .addHelpText('after', '\nExample:\n  $ pinfold ad-accounts unshare 1142048512397313 ann')
    .action((id: string, username: string, role: string | undefined, options: DataOptions) =>
      operate(options, async (operator) =>
        printOne(await operator.unshareAdAccount(id, username, role), columns, options),
      ),
    )
}

function listCommand(): Command {
  return withData(new Command('list'), 'print one JSON object a line')
    .description('List the ad accounts with the roles in them, oldest first.')
    .addHelpText('after', '\nExample:\n  $ pinfold ad-accounts list --json | jq -r .id')
    .action((options: DataOptions) =>
      operate(options, (operator) => printList(operator.adAccounts(), columns, options)),
    )
}
