import { Command, InvalidArgumentError, Option } from 'commander'
import { type DayOptions, daysOf, withDayOptions } from '../analytics/days.ts'
import { printPlainRows } from '../analytics/print.ts'
import { stdout, table } from '../output/print.ts'
import { connect, type Session } from '../service/service.ts'
import { type AdAccountOptions, adAccountOf, withAdAccountOptions } from './ad-account.ts'

interface ReportOptions extends AdAccountOptions, DayOptions {
  byCampaign?: boolean
  granularity: 'TOTAL' | 'DAY' | 'WEEK' | 'MONTH'
  columns: string[]
  json?: boolean
  csv?: boolean
}

type Row = Record<string, unknown>

const usual = ['SPEND_IN_DOLLAR', 'TOTAL_IMPRESSION', 'TOTAL_CLICKTHROUGH', 'TOTAL_ENGAGEMENT', 'ECTR']

/** As many campaigns are asked for in one request. */
const mostIds = 250

/** `pinfold ads report`. */
export function reportCommand(): Command {
  return withDayOptions(withAdAccountOptions(new Command('report')))
    .description('Show how the ads of an ad account did.')
    .option('--by-campaign', 'a row for each campaign that is active or paused')
    .addOption(
      new Option('--granularity <which>', 'a row for each of these')
        .choices(['TOTAL', 'DAY', 'WEEK', 'MONTH'])
        .default('DAY'),
    )
    .addOption(
      new Option('--columns <names>', 'what to tell, separated by commas')
        .default(usual, usual.join())
        .argParser(toColumns),
    )
    .option('--json', 'print one JSON object a line')
    .addOption(new Option('--csv', 'print CSV, with a heading').conflicts('json'))
    .addHelpText(
      'after',
      `
Numbers reach back 90 days. \`GET /v5/resources/delivery_metrics?report_type=SYNC\` lists the columns.

Examples:
  $ pinfold ads report
  $ pinfold ads report --by-campaign --granularity TOTAL --from 2026-03-01 --to 2026-03-14
  $ pinfold ads report --columns SPEND_IN_DOLLAR,TOTAL_CLICKTHROUGH --csv > report.csv`,
    )
    .action(async (options: ReportOptions) => {
      const days = daysOf(options)
      const session = await connect(options)
      const adAccount = await adAccountOf(session, options)
      print(await rowsOf(session, adAccount, { ...options, ...days }), options)
    })
}

async function rowsOf(
  { client }: Session,
  adAccount: string,
  { columns, granularity, byCampaign, start_date, end_date }: ReportOptions & { start_date: string; end_date: string },
): Promise<Row[]> {
  // The service says which columns it does not know.
  const query = { start_date, end_date, granularity, columns: columns as never }
  if (!byCampaign) return (await client.adAnalytics.adAccount(adAccount, query)) as Row[]
  const names = new Map<string, string>()
  for await (const { id, name } of client.campaigns.list(adAccount, { page_size: 250 })) names.set(id, name ?? '')
  const ids = [...names.keys()]
  const rows: Row[] = []
  for (let start = 0; start < ids.length; start += mostIds) {
    const some = { campaign_ids: ids.slice(start, start + mostIds) }
    rows.push(...((await client.adAnalytics.campaigns(adAccount, { ...some, ...query })) as Row[]))
  }
  return rows.map((row) => ({ ...row, NAME: names.get(String(row.CAMPAIGN_ID)) ?? '' }))
}

function print(rows: readonly Row[], { json, csv, columns, byCampaign, granularity }: ReportOptions): void {
  const leading = [...(granularity === 'TOTAL' ? [] : ['DATE']), ...(byCampaign ? ['CAMPAIGN_ID', 'NAME'] : [])]
  const header = [...leading, ...columns]
  const cells = rows.map((row) => header.map((name) => String(row[name] ?? '')))
  if (json) for (const row of rows) stdout.write(`${JSON.stringify(row)}\n`)
  else if (csv || stdout.width === undefined) printPlainRows(header, cells, csv)
  else if (rows.length === 0) stdout.write('There are no numbers.\n')
  else stdout.write(table([header, ...cells], stdout.width, (column) => column >= leading.length))
}

function toColumns(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toUpperCase())
  if (names.some((name) => !/^[A-Z0-9_]+$/.test(name)))
    throw new InvalidArgumentError('It must be names of columns, separated by commas.')
  return names
}
