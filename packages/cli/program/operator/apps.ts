import type { AppRecord } from '@pinfold/server'
import { Command, Option } from 'commander'
import { listControlledApps, reviewAppCommand, setAppCommand } from '../control/apps.ts'
import { type ControlOptions, withApi } from '../control/control-service.ts'
import { type Columns, printList, printOne } from '../output/print.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type DataOptions, dateOf, noteOnce, operate, withData } from './operate.ts'

interface CreateOptions extends DataOptions {
  owner: string
  redirectUri: string[]
  loopbackRedirects?: boolean
  tier: AppRecord['tier']
  features?: string[]
}

const columns: Columns<AppRecord> = {
  id: (app) => app.id,
  name: (app) => app.name,
  owner: (app) => app.owner,
  tier: (app) => app.tier,
  made: (app) => dateOf(app.createdAt),
}
const details: Columns<AppRecord & { secret: string }> = {
  ...columns,
  'redirect URIs': (app) => [...app.redirectUris, ...(app.loopbackRedirects ? ['any on loopback'] : [])].join(' '),
  secret: (app) => app.secret,
}

/** Returns `pinfold apps …`: the apps of a server, for its operator. */
export function appsCommand(): Command {
  return new Command('apps')
    .description(
      'Make and list the apps of a server, renew their secrets, set what they may do, and review what they do.',
    )
    .addHelpText('after', '\nExamples:\n  $ pinfold apps create "Look book" --owner studio\n  $ pinfold apps list')
    .addCommand(createCommand())
    .addCommand(rotateCommand())
    .addCommand(listCommand())
    .addCommand(setAppCommand())
    .addCommand(reviewAppCommand())
}

function createCommand(): Command {
  const collect = (uri: string, before: string[]) => [...before, uri]
  return withData(new Command('create'), 'print the app as JSON')
    .description('Make an app, and print its id and its secret.')
    .argument('<name>', 'what the consent page calls it')
    .requiredOption('--owner <username>', 'the account that owns it')
    .addOption(
      new Option('--redirect-uri <address>', 'where the consent page sends people back to; may be repeated')
        .default([], 'none')
        .argParser(collect),
    )
    .option('--loopback-redirects', 'take any address on a loopback host too, for development')
    .addOption(new Option('--tier <tier>', 'what it may do').choices(['standard', 'trial']).default('standard'))
    .addOption(
      new Option(
        '--features <list>',
        'restricted features that it has, with commas (default: all with the tier standard, none with trial)',
      ).argParser((text) => text.split(',').map((name) => name.trim())),
    )
    .addHelpText(
      'after',
      `
The server may run meanwhile.

Examples:
  $ pinfold apps create "Look book" --owner studio --redirect-uri https://look.example.com/callback
  $ pinfold apps create Scripts --owner studio --data /var/lib/pinfold --json`,
    )
    .action(
      (name: string, { owner, redirectUri, loopbackRedirects = false, tier, features, ...options }: CreateOptions) =>
        operate(options, async (operator) => {
          const app = {
            name,
            owner,
            tier,
            redirectUris: redirectUri,
            loopbackRedirects,
            ...withoutUndefined({ features }),
          }
          printOne(await operator.createApp(app), details, options)
          noteOnce('secret')
        }),
    )
}

function rotateCommand(): Command {
  return withData(new Command('rotate'), 'print the app as JSON')
    .description('Give an app another secret, and print it. The old one is good no longer; tokens stay.')
    .argument('<id>', "the app's id")
    .addHelpText('after', '\nExample:\n  $ pinfold apps rotate 1142048512397440')
    .action((id: string, options: DataOptions) =>
      operate(options, async (operator) => {
        printOne(await operator.rotateSecret(id), details, options)
        noteOnce('secret')
      }),
    )
}

function listCommand(): Command {
  return withApi(withData(new Command('list'), 'print one JSON object a line'))
    .description('List the apps: of the data, or with --api of a running server, with what they may do.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold apps list --json | jq -r .id\n  $ pinfold apps list --api http://127.0.0.1:4000',
    )
    .action((options: DataOptions & ControlOptions) =>
      options.api === undefined
        ? operate(options, (operator) => printList(operator.apps(), columns, options))
        : listControlledApps(options),
    )
}
