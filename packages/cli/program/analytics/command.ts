import { Command, Option } from 'commander'
import { toPinId } from '../service/arguments.ts'
import { connect } from '../service/service.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { daysOf } from './days.ts'
import { historyImportCommand } from './import/command.ts'
import { type AccountQuery, accountMetrics, metricsFrom, type PinQuery, pinMetrics, shown } from './metrics.ts'
import { type FilterOptions, filtersOf, type ReadOptions, withFilters, withReadOptions } from './options.ts'
import { printDays } from './print.ts'
import { topCommand } from './top.ts'

/** `pinfold analytics …`. */
export function analyticsCommand(): Command {
  return new Command('analytics')
    .description('Show how often Pins were seen and used, and load numbers of the past.')
    .addHelpText('after', '\nExamples:\n  $ pinfold analytics account\n  $ pinfold analytics top --sort-by SAVE')
    .addCommand(pinCommand())
    .addCommand(accountCommand())
    .addCommand(topCommand())
    .addCommand(historyImportCommand())
}

function pinCommand(): Command {
  interface PinOptions extends ReadOptions {
    metrics: PinQuery['metric_types']
    split?: PinQuery['split_field']
  }
  return withReadOptions(new Command('pin'))
    .description('Show the numbers of a Pin of yours, day by day.')
    .argument('<pin>', 'its id or its web address', toPinId)
    .addOption(metricsOption(pinMetrics, shown.pin))
    .addOption(new Option('--split <field>', 'show each kind of device by itself too').choices(['APP_TYPE']))
    .addHelpText(
      'after',
      `
Metrics: ${pinMetrics.join(', ')}.

Examples:
  $ pinfold analytics pin 1142048512397440
  $ pinfold analytics pin 1142048512397440 --metrics impression,save_rate --from 2026-03-01 --csv > pin.csv`,
    )
    .action(async (pin: string, options: PinOptions) => {
      const { metrics, appTypes, split } = options
      const days = daysOf(options)
      const { client } = await connect(options)
      const query = { ...days, metric_types: metrics, ...withoutUndefined({ app_types: appTypes, split_field: split }) }
      printDays(await client.pins.analytics(pin, query), metrics, options)
    })
}

function accountCommand(): Command {
  interface AccountOptions extends ReadOptions, FilterOptions {
    metrics: NonNullable<AccountQuery['metric_types']>
    split?: AccountQuery['split_field']
  }
  return withFilters(withReadOptions(new Command('account')))
    .description('Show the numbers of all your Pins, day by day.')
    .addOption(metricsOption(accountMetrics, shown.account))
    .addOption(
      new Option('--split <field>', 'show each part by itself too').choices([
        'APP_TYPE',
        'OWNED_CONTENT',
        'SOURCE',
        'PIN_FORMAT',
      ]),
    )
    .addHelpText(
      'after',
      `
Metrics: ${accountMetrics.join(', ')}.

Examples:
  $ pinfold analytics account
  $ pinfold analytics account --from 2026-03-01 --to 2026-03-31 --split APP_TYPE --json | jq .MOBILE.summary_metrics`,
    )
    .action(async (options: AccountOptions) => {
      const { metrics, split } = options
      const days = daysOf(options)
      const { client } = await connect(options)
      const query = {
        ...days,
        ...filtersOf(options),
        metric_types: metrics,
        ...withoutUndefined({ split_field: split }),
      }
      printDays(await client.userAccount.analytics(query), metrics, options)
    })
}

function metricsOption(metrics: readonly string[], usual: string): Option {
  const parse = metricsFrom(metrics)
  return new Option('--metrics <list>', 'which metrics to show, with commas')
    .default(parse(usual), usual)
    .argParser(parse)
}
