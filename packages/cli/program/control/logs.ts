import { writeFile } from 'node:fs/promises'
import type { PinterestClient } from '@pinfold/client'
import { Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { type Columns, plain, printList, printOne } from '../output/print.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { toCount } from './to-count.ts'

type Control = PinterestClient['control']
type Detail = Awaited<ReturnType<Control['getRequest']>>
type Call = Omit<Detail, 'request' | 'answer' | 'curl'>

interface FilterOptions extends ControlOptions {
  operation?: string
  status?: string
  app?: string
  account?: string
  by?: string
  text?: string
  since?: string
}

const columns: Columns<Call> = {
  id: (call) => call.id,
  time: (call) => call.time,
  status: (call) => call.status ?? 'none',
  ms: (call) => call.duration_ms,
  method: (call) => call.method,
  path: (call) => call.path,
  operation: (call) => call.operation,
  account: (call) => call.account,
  why: (call) => whyOf(call),
}

const details: Columns<Call> = {
  ...columns,
  app: (call) => call.app,
  'request id': (call) => call.request_id,
  'replay of': (call) => call.replay_of,
}

/** Returns `pinfold logs …`: what programs sent to a server that one tests with, and why it was answered so. */
export function logsCommand(): Command {
  return new Command('logs')
    .description('Look at the calls that a Pinfold server answered, and why it answered them so.')
    .addHelpText('after', '\nExamples:\n  $ pinfold logs tail --status 4xx --follow\n  $ pinfold logs show 17')
    .addCommand(tailCommand())
    .addCommand(waitCommand())
    .addCommand(showCommand())
    .addCommand(replayCommand())
    .addCommand(exportCommand())
    .addCommand(clearCommand())
}

function withFilters(command: Command): Command {
  return command
    .option('--operation <name>', 'only this operation, such as pins/create')
    .option('--status <status>', 'only this status, such as 429 or 4xx')
    .option('--app <id>', 'only requests of this app')
    .option('--account <username>', 'only requests of this account')
    .addOption(
      new Option('--by <who>', 'only of programs, or only of people in the web app').choices(['program', 'person']),
    )
    .option('--text <text>', 'only with this text in the address, the bodies or the reason')
    .option('--since <number|time>', 'only after the request with this number, or since this time')
}

const filtersOf = ({ operation, status, app, account, by, text, since }: FilterOptions) =>
  withoutUndefined({ operation, status, app, account, by, text, since }) as Record<string, string>

function tailCommand(): Command {
  return withFilters(withControlOptions(new Command('tail'), 'print one JSON object a line'))
    .description('Show the newest requests, the newest last.')
    .addOption(new Option('-n, --lines <number>', 'how many').default(20).argParser(toCount))
    .option('-f, --follow', 'go on with those that come, until Ctrl-C')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold logs tail\n  $ pinfold logs tail --operation pins/create --status 4xx\n  $ pinfold logs tail --follow --json | jq .why.text',
    )
    .action(async (options: FilterOptions & { lines: number; follow?: boolean }) => {
      const control = await controlOf(options)
      const newest: Call[] = []
      if (options.lines > 0)
        for await (const call of control.listRequests({
          ...filtersOf(options),
          page_size: Math.min(options.lines, 250),
        })) {
          newest.push(call)
          if (newest.length >= options.lines) break
        }
      await printList(newest.toReversed(), columns, options)
      if (!options.follow) return
      const since = newest[0]?.id ?? options.since ?? (await newestId(control))
      for await (const call of control.followRequests({ ...filtersOf(options), since }))
        await printList([call], columns, options)
    })
}

function waitCommand(): Command {
  return withFilters(withControlOptions(new Command('wait'), 'print one JSON object a line'))
    .description('Wait until so many requests match, those included that there are, and show them, the oldest first.')
    .addOption(new Option('--count <number>', 'how many, 250 at most').default(1).argParser(toCount))
    .addOption(new Option('--timeout <seconds>', 'how long, 60 at most').default(30).argParser(toCount))
    .addHelpText(
      'after',
      '\nExample:\n  $ pinfold logs wait --operation pins/create --count 3 --timeout 10\n\nThe exit code is 1 if there are fewer in time.',
    )
    .action(async (options: FilterOptions & { count: number; timeout: number }) => {
      const { count, timeout } = options
      const control = await controlOf(options)
      const query = { ...filtersOf(options), count, timeout_seconds: timeout }
      const { items, is_complete: isComplete } = await control.waitForRequests(query, {
        timeoutMs: (timeout + 30) * 1000,
      })
      await printList(items, columns, options)
      if (!isComplete) throw new CommandError(`${items.length} of ${count} requests came within ${timeout} seconds.`)
    })
}

/** Returns the number of the newest request; 0 if there is none. */
async function newestId(control: Control): Promise<string> {
  for await (const { id } of control.listRequests({ page_size: 1 })) return id
  return '0'
}

const oneCommand = (name: string) =>
  withControlOptions(new Command(name), 'print the request as JSON').argument(
    '<id>',
    'its number, or the x-pinterest-rid of its answer',
  )

function showCommand(): Command {
  return oneCommand('show')
    .description('Show a request and its answer, with headers and bodies. Secrets are left out.')
    .option('--curl', 'print a curl command that sends it again, with $PINTEREST_ACCESS_TOKEN for the token')
    .addHelpText('after', '\nExamples:\n  $ pinfold logs show 17\n  $ pinfold logs show 17 --curl')
    .action(async (id: string, options: ControlOptions & { curl?: boolean }) => {
      const found = await (await controlOf(options)).getRequest(id)
      if (options.curl) console.log(found.curl)
      else print(found, options)
    })
}

function replayCommand(): Command {
  return oneCommand('replay')
    .description('Send a request again, with the token that it had.')
    .addHelpText('after', '\nExample:\n  $ pinfold logs replay 17')
    .action(async (id: string, options: ControlOptions) =>
      print(await (await controlOf(options)).replayRequest(id), options),
    )
}

function exportCommand(): Command {
  return withFilters(withControlOptions(new Command('export'), 'print nothing but the file'))
    .description('Write the requests as a HAR file, without secrets.')
    .argument('[file]', 'where to write it; without one, it is printed')
    .addHelpText('after', '\nExample:\n  $ pinfold logs export calls.har --operation pins/create')
    .action(async (file: string | undefined, options: FilterOptions) => {
      const har = await (await controlOf(options)).exportRequests(filtersOf(options))
      const text = `${JSON.stringify(har, null, 2)}\n`
      if (file === undefined) process.stdout.write(text)
      else await writeFile(file, text)
      if (file !== undefined && !options.json) console.log(`${har.log.entries.length} requests are in ${file}.`)
    })
}

function clearCommand(): Command {
  return withControlOptions(new Command('clear'), 'print nothing')
    .description('Empty the log.')
    .addHelpText('after', '\nExample:\n  $ pinfold logs clear')
    .action(async (options: ControlOptions) => {
      await (await controlOf(options)).clearRequests()
      if (!options.json) console.log('The log is empty.')
    })
}

/** Prints a request with its headers and bodies. */
function print(call: Detail, options: ControlOptions): void {
  printOne(call, details, options)
  if (options.json) return
  for (const [title, { headers, body, body_note: note }] of [
    ['Request', call.request],
    ['Answer', call.answer],
  ] as const) {
    console.log(`\n${title}`)
    for (const { name, value } of headers) console.log(plain(`${name}: ${value}`))
    if (body !== null) console.log(`\n${plain(body)}`)
    if (note !== null) console.log(`(${note})`)
  }
}

/** Why a request was answered so, in a line. */
function whyOf({ why }: Call): string {
  if (!why) return ''
  const { nearest, schema } = why
  const more = nearest
    ? ` Nearest: ${nearest.method} ${nearest.path}.`
    : schema
      ? ` (${schema.part}${schema.path})`
      : ''
  return `${why.kind}: ${why.text}${more}`
}
