import type { PinterestClient } from '@pinfold/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Columns, printList, printOne } from '../output/print.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { toCount } from './to-count.ts'

type NewFault = Parameters<PinterestClient['control']['addFault']>[0]
type Fault = Awaited<ReturnType<PinterestClient['control']['addFault']>>

interface AddOptions extends ControlOptions {
  error?: string
  effect?: NewFault['effect']
  times?: number
  after?: number
  probability?: number
  retryAfter?: number
  latency?: number
  app?: string
  account?: string
}

const columns: Columns<Fault> = {
  id: (fault) => fault.id,
  operation: (fault) => fault.operation ?? 'any',
  effect: (fault) => fault.error ?? fault.effect,
  for: (fault) => [fault.account, fault.app && `app ${fault.app}`].filter(Boolean).join(', ') || 'everybody',
  times: (fault) => String(fault.times ?? 'always'),
  happened: (fault) => String(fault.happened),
}

/** Returns `pinfold fault …`: what goes wrong on purpose at a server that one tests with. */
export function faultCommand(): Command {
  return new Command('fault')
    .description('Have requests to a Pinfold server fail on purpose.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold fault add pins/create --error rateLimited --retry-after 1 --times 2\n  $ pinfold fault clear',
    )
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(clearCommand())
}

function addCommand(): Command {
  return withControlOptions(new Command('add'), 'print the fault as JSON')
    .description('Add a fault. The first that matches a request happens.')
    .argument('[operation]', 'the operation, as the reference names it; without one, every operation')
    .option('--error <name>', 'refuse requests with this error, such as rateLimited or unavailable')
    .addOption(
      new Option('--effect <effect>', 'what happens otherwise').choices([
        'latency',
        'reset',
        'timeout',
        'truncate',
        'lost_response',
      ]),
    )
    .addOption(new Option('--times <number>', 'how often it happens (default: always)').argParser(toCount))
    .addOption(new Option('--after <number>', 'how many requests pass before').argParser(toCount))
    .addOption(new Option('--probability <number>', 'how likely it is each time, from 0 to 1').argParser(toFraction))
    .addOption(new Option('--retry-after <seconds>', 'the header Retry-After of the error').argParser(toCount))
    .addOption(new Option('--latency <ms>', 'how long the effect latency waits').argParser(toCount))
    .option('--app <id>', 'only requests of this app')
    .option('--account <username>', 'only requests of this account')
    .addHelpText(
      'after',
      `
Effects: latency waits first; reset and timeout do nothing; truncate does the work, and half of the answer comes;
lost_response does the work, and no answer comes.

Examples:
  $ pinfold fault add pins/create --error rateLimited --retry-after 1 --times 2
  $ pinfold fault add pins/create --effect lost_response --times 1
  $ pinfold fault add --effect latency --latency 800 --probability 0.2`,
    )
    .action(async (operation: string | undefined, options: AddOptions) => {
      const { error, effect = 'error', times, after, probability, retryAfter, latency, app, account } = options
      const fault = { operation, effect, error, times, after, probability, app, account }
      const body = withoutUndefined({ ...fault, retry_after: retryAfter, latency_ms: latency }) as NewFault
      printOne(await (await controlOf(options)).addFault(body), columns, options)
    })
}

function listCommand(): Command {
  return withControlOptions(new Command('list'), 'print one JSON object a line')
    .description('List the faults, in the order in which they are tried.')
    .addHelpText('after', '\nExample:\n  $ pinfold fault list')
    .action(async (options: ControlOptions) => {
      const { items } = await (await controlOf(options)).listFaults()
      await printList(items, columns, options)
    })
}

function clearCommand(): Command {
  return withControlOptions(new Command('clear'), 'print nothing')
    .description('Remove all faults.')
    .addHelpText('after', '\nExample:\n  $ pinfold fault clear')
    .action(async (options: ControlOptions) => {
      await (await controlOf(options)).clearFaults()
      if (!options.json) console.log('There are no faults.')
    })
}

function toFraction(text: string): number {
  const fraction = Number(text)
  if (text.trim() === '' || !(fraction >= 0 && fraction <= 1)) throw new InvalidArgumentError('It must be from 0 to 1.')
  return fraction
}
