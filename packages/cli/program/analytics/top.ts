import type { PinterestClient } from '@pinfold/client'
import { Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { numberFrom } from '../service/arguments.ts'
import { connect } from '../service/service.ts'
import { daysOf } from './days.ts'
import { accountMetrics, metricsFrom, shown, topOrders, videoMetrics } from './metrics.ts'
import { type FilterOptions, filtersOf, type ReadOptions, withFilters, withReadOptions } from './options.ts'
import { printTopPins } from './print.ts'

interface TopOptions extends ReadOptions, FilterOptions {
  metrics?: string
  sortBy?: string
  count: number
  recent?: boolean
  video?: boolean
}

/** `pinfold analytics top`. */
export function topCommand(): Command {
  return withFilters(withReadOptions(new Command('top')))
    .description('List your Pins with the most of something.')
    .option('--sort-by <metric>', 'what to sort by (default: IMPRESSION, with --video VIDEO_MRC_VIEW)')
    .option('--metrics <list>', 'which metrics to show, with commas (default: some)')
    .addOption(new Option('--count <number>', 'how many Pins, at most').default(10).argParser(numberFrom(1, 50)))
    .option('--recent', 'only Pins made in the last 30 days')
    .option('--video', 'only video Pins, by how they were watched')
    .addHelpText(
      'after',
      `
Metrics: ${accountMetrics.join(', ')}; with --video: ${videoMetrics.join(', ')}.
Sorted by: ${topOrders.join(', ')}; with --video by any of its metrics.

Examples:
  $ pinfold analytics top --sort-by SAVE --count 5
  $ pinfold analytics top --video --sort-by video_start --json | jq '.pins[].pin_id'`,
    )
    .action(async (options: TopOptions) => {
      const ask = options.video ? topVideoPins(options) : topPins(options)
      const { client } = await connect(options)
      const { answer, metrics } = await ask(client)
      if (options.json) {
        process.stdout.write(`${JSON.stringify(answer)}\n`)
        return
      }
      const found = (answer.pins ?? []).map(({ pin_id: id = '', metrics: values = {} }) => ({ id, metrics: values }))
      const titles = options.csv ? [] : await titlesOf(client, found)
      const pins = found.map((pin, i) => ({ ...pin, title: titles[i] ?? '' }))
      printTopPins(pins, metrics, options)
    })
}

/** Reads the options, and requests the top Pins. */
function topPins(options: TopOptions) {
  const sortBy = oneOf(topOrders, '--sort-by', options.sortBy ?? 'IMPRESSION')
  const metrics = someOf(accountMetrics, '--metrics', options.metrics ?? shown.account)
  const query = { ...daysOf(options), ...filtersOf(options), ...topQuery(options), metric_types: metrics }
  return async (client: PinterestClient) => ({
    answer: await client.userAccount.analyticsTopPins({ ...query, sort_by: sortBy }),
    metrics,
  })
}

function topVideoPins(options: TopOptions) {
  const sortBy = oneOf(videoMetrics, '--sort-by', options.sortBy ?? 'VIDEO_MRC_VIEW')
  const metrics = someOf(videoMetrics, '--metrics', options.metrics ?? shown.video)
  const query = { ...daysOf(options), ...filtersOf(options), ...topQuery(options), metric_types: metrics }
  return async (client: PinterestClient) => ({
    answer: await client.userAccount.analyticsTopVideoPins({ ...query, sort_by: sortBy }),
    metrics,
  })
}

const topQuery = ({ count, recent }: TopOptions) => ({
  num_of_pins: count,
  ...(recent && { created_in_last_n_days: 30 as const }),
})

/** Returns the title of each Pin that can be read. */
async function titlesOf(client: PinterestClient, pins: readonly { id: string }[]): Promise<string[]> {
  const { PinterestError } = await import('@pinfold/client')
  return Promise.all(
    pins.map(async ({ id }) => {
      try {
        return (await client.pins.get(id)).title ?? ''
      } catch (error) {
        if (!(error instanceof PinterestError)) throw error
        return ''
      }
    }),
  )
}

/** Reads metrics whose choice depends on another option. Throws a `CommandError` for any other metric. */
function someOf<const T extends readonly string[]>(known: T, option: string, text: string): T[number][] {
  try {
    return metricsFrom(known)(text)
  } catch (error) {
    throw new CommandError(`${option} '${text}': ${(error as Error).message}`, exitCodes.usage)
  }
}

function oneOf<const T extends readonly string[]>(known: T, option: string, text: string): T[number] {
  const [metric, ...more] = someOf(known, option, text)
  if (metric === undefined || more.length > 0) throw new CommandError(`${option} takes one metric.`, exitCodes.usage)
  return metric
}
