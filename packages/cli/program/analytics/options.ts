import { type Command, Option } from 'commander'
import { type ServiceOptions, withServiceOptions } from '../service/service.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type DayOptions, withDayOptions } from './days.ts'
import type { AccountQuery } from './metrics.ts'
import type { FormatOptions } from './print.ts'

export interface ReadOptions extends ServiceOptions, DayOptions, FormatOptions {
  appTypes?: AccountQuery['app_types']
}

export interface FilterOptions {
  fromClaimedContent?: AccountQuery['from_claimed_content']
  pinFormat?: AccountQuery['pin_format']
  contentType?: AccountQuery['content_type']
  source?: AccountQuery['source']
}

/** Adds the options of every command that reads numbers. */
export function withReadOptions(command: Command): Command {
  return withServiceOptions(withDayOptions(command))
    .addOption(
      new Option('--app-types <type>', 'only what happened on such devices').choices([
        'ALL',
        'MOBILE',
        'TABLET',
        'WEB',
      ]),
    )
    .option('--json', "print the API's answer as JSON")
    .addOption(new Option('--csv', 'print CSV, with a heading').conflicts('json'))
}

/** Adds the options that choose among an account's Pins. */
export function withFilters(command: Command): Command {
  return command
    .addOption(
      new Option('--from-claimed-content <which>', 'whether Pins lead to your own website').choices([
        'BOTH',
        'CLAIMED',
        'OTHER',
      ]),
    )
    .addOption(
      new Option('--pin-format <format>', 'only Pins of this kind').choices([
        'ALL',
        'ORGANIC_IMAGE',
        'ORGANIC_PRODUCT',
        'ORGANIC_VIDEO',
        'ADS_STANDARD',
        'ADS_PRODUCT',
        'ADS_VIDEO',
        'ADS_IDEA',
      ]),
    )
    .addOption(new Option('--content-type <type>', 'whether it was advertised').choices(['ALL', 'PAID', 'ORGANIC']))
    .addOption(new Option('--source <whose>', 'whose Pins').choices(['ALL', 'YOUR_PINS', 'OTHER_PINS']))
}

/** Returns the chosen filters as the API names them. */
export const filtersOf = (options: ReadOptions & FilterOptions) =>
  withoutUndefined({
    app_types: options.appTypes,
    from_claimed_content: options.fromClaimedContent,
    pin_format: options.pinFormat,
    content_type: options.contentType,
    source: options.source,
  })
