import { existsSync, readFileSync } from 'node:fs'
import type { PinterestClient } from '@pinfold/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Columns, printList, printOne } from '../output/print.ts'
import { withoutUndefined } from '../without-undefined.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'

type AppChange = Parameters<PinterestClient['control']['updateApp']>[1]
type App = Awaited<ReturnType<PinterestClient['control']['updateApp']>>
type Limits = NonNullable<AppChange['limits']>

/** What stands for the features of the tier, and the limits of the server. */
const usual = 'default'

interface SetOptions extends ControlOptions {
  tier?: AppChange['tier']
  features?: NonNullable<AppChange['features']> | typeof usual
  limits?: Limits | typeof usual
}

const columns: Columns<App> = {
  id: (app) => app.id,
  name: (app) => app.name,
  owner: (app) => app.owner,
  tier: (app) => app.tier,
  features: (app) => app.features.join(' ') || 'none',
  limits: (app) =>
    Object.entries(app.limits ?? {})
      .map(limitText)
      .join(' ') || "the server's",
}

const limitText = ([name, { limit, window_seconds: seconds }]: [string, NonNullable<Limits[keyof Limits]>]) =>
  `${name}=${limit}/${seconds}`

/** Prints the apps of a running server, with what they may do. */
export async function listControlledApps(options: ControlOptions): Promise<void> {
  await printList((await controlOf(options)).listApps(), columns, options)
}

/** `pinfold apps set`: what an app may do at a server that one tests with. */
export function setAppCommand(): Command {
  return withControlOptions(new Command('set'), 'print the app as JSON')
    .description('Change the tier, the restricted features or the limits of an app, at a running server.')
    .argument('<id>', "the app's id")
    .addOption(new Option('--tier <tier>', 'what it may do').choices(['standard', 'trial']))
    .addOption(
      new Option(
        '--features <list>',
        `restricted features that it has, with commas; none; or ${usual}: those of its tier`,
      ).argParser(toFeatures),
    )
    .addOption(
      new Option(
        '--limits <limits>',
        `its own limits: category=limit/seconds, with commas, or a file as of serve --rate-limits; ${usual}: the server's`,
      ).argParser(toLimits),
    )
    .addHelpText(
      'after',
      `
What is changed holds from the next request on. The limits replace all that the app has of its own.

Examples:
  $ pinfold apps set 1142048512397440 --tier trial
  $ pinfold apps set 1142048512397440 --limits org_write=2/60,universal=5/1
  $ pinfold apps set 1142048512397440 --tier standard --features pin_edit,pin_search --limits ${usual}`,
    )
    .action(async (id: string, { tier, features, limits, ...options }: SetOptions) => {
      const change = withoutUndefined({ tier, features: orNull(features), limits: orNull(limits) }) as AppChange
      if (Object.keys(change).length === 0)
        throw new CommandError('Name what to change: --tier, --features or --limits.', exitCodes.usage)
      printOne(await (await controlOf(options)).updateApp(id, change), columns, options)
    })
}

/** What an app has shown of one point. */
type Reviewed = Awaited<ReturnType<PinterestClient['control']['reviewApp']>>['points'][number]

const reviewColumns: Columns<Reviewed> = {
  point: ({ point }) => point,
  state: ({ state }) => state,
  text: ({ text }) => text,
  requests: ({ requests }) => requests.join(' '),
}

/** `pinfold apps review`: what an app has shown of what Pinterest's review looks for. */
export function reviewAppCommand(): Command {
  return withControlOptions(new Command('review'), 'print one JSON object a line')
    .description("Say what an app has shown, by the request log, of what Pinterest's review looks for.")
    .argument('<id>', "the app's id")
    .addHelpText('after', '\nExample:\n  $ pinfold apps review 1142048512397312')
    .action(async (id: string, options: ControlOptions) => {
      const { points } = await (await controlOf(options)).reviewApp(id)
      await printList(points, reviewColumns, options)
    })
}

/** Commander takes no null for a value. */
const orNull = <Value>(value: Value | typeof usual): Value | null => (value === usual ? null : value)

function toFeatures(text: string): SetOptions['features'] {
  if (text === usual) return usual
  // The server says which there are.
  return (text === 'none' ? [] : text.split(',').map((name) => name.trim())) as NonNullable<AppChange['features']>
}

function toLimits(text: string): Limits | typeof usual {
  if (text === usual) return usual
  return text.includes('=') ? limitsOfText(text) : limitsOfFile(text)
}

function limitsOfText(text: string): Limits {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, name, limit, seconds] = /^\s*(\w+)=(\d{1,9})\/(\d{1,9})\s*$/.exec(part) ?? []
      if (!name) throw new InvalidArgumentError(`'${part}' must be like org_write=100/60: category, limit and seconds.`)
      return [name, { limit: Number(limit), window_seconds: Number(seconds) }]
    }),
  )
}

function limitsOfFile(path: string): Limits {
  if (!existsSync(path)) throw new InvalidArgumentError(`There is no file ${path}; limits are like org_write=100/60.`)
  const given = parsed(path)
  return Object.fromEntries(
    // The server says what is wrong with a window.
    Object.entries(given).map(([name, window]) => [
      name,
      { limit: window?.limit, window_seconds: window?.windowSeconds },
    ]),
  )
}

function parsed(path: string): Record<string, { limit?: number; windowSeconds?: number } | null> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) ?? {}
  } catch {
    throw new InvalidArgumentError(`${path} is not valid JSON.`)
  }
}
