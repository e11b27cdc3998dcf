import type { PinterestClient } from '@pinfold/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { noteOnce } from '../operator/operate.ts'
import { type Columns, plain, printList, printOne } from '../output/print.ts'
import { numberFrom, pageSize, toLimit } from '../service/arguments.ts'
import { confirm } from '../service/confirm.ts'
import { connect, type ServiceOptions, withServiceOptions } from '../service/service.ts'
import { withoutUndefined } from '../without-undefined.ts'
import type { ListenOptions } from './listen.ts'

type Webhooks = PinterestClient['webhooks']
type Webhook = Awaited<ReturnType<Webhooks['get']>>
type WithSecret = Awaited<ReturnType<Webhooks['create']>>
type Delivery = Awaited<ReturnType<Webhooks['getDelivery']>>
type NewWebhook = Parameters<Webhooks['create']>[0]
type Status = Delivery['status']

interface OutputOptions extends ServiceOptions {
  json?: boolean
}

interface GivenOptions extends OutputOptions {
  events?: NonNullable<NewWebhook['events']>
  threshold?: NonNullable<NewWebhook['thresholds']>
  description?: string
}

const columns: Columns<Webhook> = {
  id: (webhook) => webhook.id,
  url: (webhook) => webhook.url,
  status: (webhook) => webhook.status,
  events: (webhook) => webhook.events.join(' '),
  'failing since': (webhook) => webhook.failing_since,
  problem: (webhook) => webhook.problem,
}
const secretColumns: Columns<WithSecret> = { id: columns.id as () => string, secret: (webhook) => webhook.secret }
const deliveryColumns: Columns<Delivery> = {
  id: (delivery) => delivery.id,
  type: (delivery) => delivery.type,
  status: (delivery) => delivery.status,
  tries: (delivery) => String(delivery.attempts),
  when: (delivery) => delivery.created_at,
  problem: (delivery) => delivery.problem,
}

/** Returns `pinfold webhook …`: where a Pinfold server tells what happens. */
export function webhookCommand(): Command {
  return new Command('webhook')
    .description('Have what happens at a Pinfold server posted to an address.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold webhook listen\n  $ pinfold webhook create https://app.example/webhooks --events pin.created,pin.deleted',
    )
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(setCommand())
    .addCommand(deleteCommand())
    .addCommand(rotateCommand())
    .addCommand(testCommand())
    .addCommand(deliveriesCommand())
    .addCommand(resendCommand())
    .addCommand(listenCommand())
}

function withGiven(command: Command): Command {
  return withServiceOptions(command)
    .addOption(new Option('--events <list>', 'what to tell, with commas (default: everything)').argParser(toEvents))
    .addOption(
      new Option('--threshold <number=count>', 'tell pin.reached of SAVE=100 and the like; may be repeated').argParser(
        addThreshold,
      ),
    )
    .option('--description <text>', 'a note of your own')
    .option('--json', 'print the webhook as JSON')
}

function createCommand(): Command {
  return withGiven(new Command('create'))
    .description('Make a webhook. Its secret is printed this once.')
    .argument('<url>', 'where to post to')
    .option('--secret', 'tell of secret boards too, which takes a token that may see them')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold webhook create https://app.example/webhooks\n  $ pinfold webhook create https://app.example/webhooks --events pin.reached --threshold SAVE=100',
    )
    .action(async (url: string, options: GivenOptions & { secret?: boolean }) => {
      const { events, threshold: thresholds, description, secret } = options
      const given = withoutUndefined({ url, events, thresholds, description }) as NewWebhook
      const { client } = await connect(options)
      const made = await client.webhooks.create({ ...given, ...(secret && { includes_secret: true }) })
      printOne(made, secretColumns, options)
      noteOnce('secret')
    })
}

function listCommand(): Command {
  return withServiceOptions(new Command('list'))
    .description('List the webhooks, newest first.')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', '\nExample:\n  $ pinfold webhook list')
    .action(async (options: OutputOptions) => {
      const { client } = await connect(options)
      await printList(client.webhooks.list(), columns, options)
    })
}

function setCommand(): Command {
  return withGiven(new Command('set'))
    .description('Change a webhook, pause it, or enable it again.')
    .argument('<id>', "the webhook's id", toId)
    .option('--url <url>', 'where to post to')
    .option('--secret', 'tell of secret boards too, which takes a token that may see them')
    .option('--no-secret', 'tell of secret boards no more')
    .addOption(new Option('--status <status>', 'whether it tells anything').choices(['enabled', 'paused']))
    .addHelpText('after', '\nExample:\n  $ pinfold webhook set 1142048512397312 --status enabled')
    .action(
      async (id: string, options: GivenOptions & { url?: string; secret?: boolean; status?: 'enabled' | 'paused' }) => {
        const { url, status, events, threshold: thresholds, description, secret: includes_secret } = options
        const change = withoutUndefined({ url, status, events, thresholds, description, includes_secret })
        if (Object.keys(change).length === 0) throw new CommandError('Name what to change.', exitCodes.usage)
        const { client } = await connect(options)
        printOne(await client.webhooks.update(id, change as Parameters<Webhooks['update']>[1]), columns, options)
      },
    )
}

function deleteCommand(): Command {
  return withServiceOptions(new Command('delete'))
    .description('Delete a webhook, with its deliveries.')
    .argument('<id>', "the webhook's id", toId)
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ pinfold webhook delete 1142048512397312 --yes')
    .action(async (id: string, options: ServiceOptions & { yes?: boolean }) => {
      const { client } = await connect(options)
      await confirm(`Delete the webhook ${plain(id)}?`, options)
      await client.webhooks.delete(id)
      console.log(`The webhook ${plain(id)} is deleted.`)
    })
}

function rotateCommand(): Command {
  return withServiceOptions(new Command('rotate'))
    .description('Replace the secret of a webhook. For a day the one before signs too.')
    .argument('<id>', "the webhook's id", toId)
    .option('--json', 'print the webhook as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold webhook rotate 1142048512397312')
    .action(async (id: string, options: OutputOptions) => {
      const { client } = await connect(options)
      printOne(await client.webhooks.rotateSecret(id), secretColumns, options)
      noteOnce('secret')
    })
}

function testCommand(): Command {
  return withServiceOptions(new Command('test'))
    .description('Send a test to a webhook. Its delivery says how it went.')
    .argument('<id>', "the webhook's id", toId)
    .option('--json', 'print the delivery as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold webhook test 1142048512397312')
    .action(async (id: string, options: OutputOptions) => {
      const { client } = await connect(options)
      printOne(await client.webhooks.test(id), deliveryColumns, options)
    })
}

function deliveriesCommand(): Command {
  return withServiceOptions(new Command('deliveries'))
    .description('List what was sent to a webhook and what waits, newest first.')
    .argument('<id>', "the webhook's id", toId)
    .addOption(new Option('--status <status>', 'only those').choices(['waiting', 'delivered', 'failed']))
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', '\nExample:\n  $ pinfold webhook deliveries 1142048512397312 --status failed')
    .action(async (id: string, options: OutputOptions & { status?: Status; limit?: number }) => {
      const { client } = await connect(options)
      const query = withoutUndefined({ page_size: pageSize(options.limit), status: options.status })
      await printList(client.webhooks.listDeliveries(id, query), deliveryColumns, options)
    })
}

function resendCommand(): Command {
  return withServiceOptions(new Command('resend'))
    .description('Send deliveries again: one, or all that failed.')
    .argument('<id>', "the webhook's id", toId)
    .argument('[delivery]', 'the delivery', toId)
    .option('--failed', 'all that failed')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold webhook resend 1142048512397312 1142048512397440\n  $ pinfold webhook resend 1142048512397312 --failed',
    )
    .action(async (id: string, delivery: string | undefined, options: OutputOptions & { failed?: boolean }) => {
      if ((delivery === undefined) === (options.failed === undefined))
        throw new CommandError('Name a delivery, or --failed.', exitCodes.usage)
      const { client } = await connect(options)
      await printList(resent(client.webhooks, id, delivery), deliveryColumns, options)
    })
}

function listenCommand(): Command {
  return withServiceOptions(new Command('listen'))
    .description('Print what happens at a server on this machine, as it happens, until it is stopped.')
    .addOption(new Option('--events <list>', 'what to be told, with commas (default: everything)').argParser(toEvents))
    .addOption(new Option('--times <number>', 'end after so many messages').argParser(numberFrom(1, 1_000_000_000)))
    .addOption(new Option('--port <port>', 'where to listen').default(0, 'a free one').argParser(numberFrom(0, 65_535)))
    .addOption(
      new Option(
        '--secret-file <file>',
        'print what a webhook sends that there is, checked with the secret in this file',
      ).conflicts(['events', 'api', 'profile']),
    )
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
It makes a webhook for itself, checks each message with its secret, and deletes it at the end. With --secret-file
it makes none and asks no server: it takes what the webhook with that secret sends to --port, and says why others are refused.

Examples:
  $ pinfold webhook listen
  $ pinfold webhook listen --events pin.created --times 1 --json | jq -r .data.id
  $ pinfold webhook listen --port 4100 --secret-file webhook.secret`,
    )
    .action(async (options: ListenOptions) => {
      const { listen } = await import('./listen.ts')
      await listen(options)
    })
}

/** Sends a delivery again, or all that failed, in the order in which they happened. */
async function* resent(webhooks: Webhooks, id: string, delivery: string | undefined): AsyncGenerator<Delivery> {
  const failed = () => webhooks.listDeliveries(id, { status: 'failed', page_size: 250 }).toArray()
  const ids = delivery === undefined ? (await failed()).map((one) => one.id).reverse() : [delivery]
  for (const each of ids) yield await webhooks.resend(id, each)
}

function toId(text: string): string {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be an id, such as 1142048512397312.')
  return text
}

/** The server says which there are. */
const toEvents = (text: string) => text.split(',').map((name) => name.trim()) as NonNullable<NewWebhook['events']>

function addThreshold(text: string, before: NewWebhook['thresholds'] = []): NonNullable<NewWebhook['thresholds']> {
  const [, metric, count] = /^(\w+)=(\d{1,10})$/.exec(text) ?? []
  if (!metric) throw new InvalidArgumentError(`'${text}' must be like SAVE=100: a number of Pins, and its count.`)
  type Metric = NonNullable<NewWebhook['thresholds']>[number]['metric']
  return [...before, { metric: metric as Metric, count: Number(count) }]
}
