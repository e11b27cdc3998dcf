import { stat } from 'node:fs/promises'
import { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { plain } from '../output/print.ts'
import { withProgress } from '../output/with-progress.ts'
import { connect, type Session } from '../service/service.ts'
import { type AdAccountOptions, adAccountOf, withAdAccountOptions } from './ad-account.ts'
import { makers } from './kinds.ts'
import { type Line, readLines, refsIn, withIds } from './read-lines.ts'

interface CreateOptions extends AdAccountOptions {
  dryRun?: boolean
  json?: boolean
}

interface Report {
  dry_run: boolean
  made: { line: number; kind: string; id: string | null }[]
  refused: { line: number; kind: string; reason: string }[]
}

/** As many items go into one request. */
const batchSize = 30

/** `pinfold ads create`. */
export function createCommand(): Command {
  return withAdAccountOptions(new Command('create'))
    .description('Make campaigns, ad groups and whatever else a file of JSON Lines has.')
    .argument('<file>', 'a file with one JSON object a line')
    .option('--dry-run', 'check every line, and make nothing')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Each line is the body of the API with a "kind": ${Object.keys(makers).join(', ')}. A line with a "ref" can be named by those
after it, in place of an id:
  {"kind":"campaign","ref":"spring","name":"Spring","objective_type":"AWARENESS","daily_spend_cap":5000000}
  {"kind":"ad_group","campaign_id":"@spring","name":"Cups","billable_event":"IMPRESSION"}

Examples:
  $ pinfold ads create ads.jsonl --dry-run
  $ pinfold ads create ads.jsonl --json

Exit codes: 0 all was made, 5 some lines were refused; others as everywhere.`,
    )
    .action(async (file: string, options: CreateOptions) => {
      await stat(file).catch((error: Error) => {
        throw new CommandError(`The input cannot be read: ${error.message}`, exitCodes.usage)
      })
      const report = options.dryRun ? await dryRun(file) : await create(file, options)
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : textOf(report))
      if (report.refused.length > 0) process.exitCode = exitCodes.partly
    })
}

async function dryRun(file: string): Promise<Report> {
  const report: Report = { dry_run: true, made: [], refused: [] }
  for await (const { number: line, kind, problem } of readLines(file))
    if (problem === undefined) report.made.push({ line, kind, id: null })
    else report.refused.push({ line, kind, reason: problem })
  return report
}

async function create(file: string, options: CreateOptions): Promise<Report> {
  const session = await connect(options)
  const adAccount = await adAccountOf(session, options)
  const report: Report = { dry_run: false, made: [], refused: [] }
  const told = () => `${report.made.length} made, ${report.refused.length} refused`
  await withProgress(told, async () => {
    const send = sender(session, adAccount, report)
    for await (const line of readLines(file)) await send.add(line)
    await send.flush()
  })
  report.refused.sort((a, b) => a.line - b.line)
  return report
}

/** Sends lines of one kind together, until one comes that refers to one of them. */
function sender({ client }: Session, adAccount: string, report: Report) {
  let waiting: Line[] = []
  const ids = new Map<string, string>()

  async function flush(): Promise<void> {
    const lines = waiting
    waiting = []
    const [first] = lines
    if (!first) return
    const items = lines.map(({ item }) => withIds(item, (ref) => ids.get(ref)))
    const outcomes = (await makers[first.kind]?.create(client, adAccount, items)) ?? []
    for (const [i, { number: line, kind, ref }] of lines.entries()) {
      const { data, reasons } = outcomes[i] ?? { reasons: ['The service said nothing of it.'] }
      if (data?.id === undefined) report.refused.push({ line, kind, reason: reasons.join(' ') })
      else {
        report.made.push({ line, kind, id: data.id })
        if (ref !== undefined) ids.set(ref, data.id)
      }
    }
  }

  async function add(line: Line): Promise<void> {
    const { number, kind, item, problem } = line
    const refuse = (reason: string) => report.refused.push({ line: number, kind, reason })
    if (problem !== undefined) return void refuse(problem)
    const refs = refsIn(item)
    const isOther = waiting.length > 0 && waiting[0]?.kind !== kind
    if (isOther || waiting.length >= batchSize || waiting.some(({ ref }) => ref !== undefined && refs.includes(ref)))
      await flush()
    const missing = refs.find((ref) => !ids.has(ref))
    if (missing !== undefined) return void refuse(`'@${missing}' was not made.`)
    waiting.push(line)
  }

  return { add, flush }
}

function textOf({ dry_run: isDry, made, refused }: Report): string {
  const kinds = [...Map.groupBy(made, ({ kind }) => kind)].map(([kind, those]) => `${those.length} ${kind}`)
  const lines = refused.map(({ line, reason }) => `line ${line}: ${plain(reason)}\n`)
  const counted = kinds.length > 0 ? kinds.join(', ') : 'nothing'
  return `${isDry ? 'Would be made' : 'Made'}: ${counted}.${refused.length > 0 ? ` Refused: ${refused.length}.` : ''}\n${lines.join('')}`
}
