import type { Operation } from '@pinfold/contract'
import { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Columns, printList } from '../output/print.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { tell } from './data.ts'

/** Something that can happen: the client's method for it, and the fields of its body. */
interface Trigger {
  event: string
  summary: string
  method: string
  fields: Record<string, { type?: string }>
  required: readonly string[]
}

const columns: Columns<Trigger> = {
  event: ({ event }) => event,
  does: ({ summary }) => summary,
  fields: (trigger) => fieldsText(trigger),
}

/** Returns `pinfold trigger`: has something happen that a program has to notice, at a server that one tests with. */
export function triggerCommand(): Command {
  return withControlOptions(new Command('trigger'), 'print what came of it as JSON')
    .description('Have something happen that others do, such as a token that is revoked, or a board that is deleted.')
    .argument('[event]', 'what happens; without it, what there is is listed, with its fields')
    .argument('[field=value...]', 'to what')
    .addHelpText(
      'after',
      `
A token that is not named is that of PINTEREST_ACCESS_TOKEN.

Examples:
  $ pinfold trigger
  $ pinfold trigger token.expire
  $ pinfold trigger pin.traffic pin_id=1142048512397440 impressions=500 outbound_clicks=20
  $ pinfold trigger media.fail media_id=1142048512397440 problem="The video is damaged."`,
    )
    .action(async (event: string | undefined, given: string[], options: ControlOptions) => {
      const triggers = await findTriggers()
      if (event === undefined) return printList(triggers, columns, options)
      const trigger = triggers.find((each) => each.event === event)
      if (!trigger) throw wrong(`there is no event '${event}', but: ${triggers.map((each) => each.event).join(', ')}.`)
      const control: object = await controlOf(options)
      const answer = await method(control, trigger.method)(bodyOf(trigger, given))
      if (answer !== undefined) console.log(JSON.stringify(answer))
      else tell(`It has happened: ${event}.`, options)
    })
}

const path = '/trigger/'

/** Returns what can happen, as the contract declares it: loaded when it is asked for, as other commands do not need it. */
async function findTriggers(): Promise<Trigger[]> {
  const { resources } = await import('@pinfold/contract')
  const operations: [string, Operation][] = Object.entries(resources.control)
  return operations.flatMap(([method, op]) => {
    if (!op.path.startsWith(path) || !op.body) return []
    const {
      properties: fields = {},
      required = [],
    }: Partial<Record<'properties', Trigger['fields']>> & {
      required?: string[]
    } = op.body.schema
    return [{ event: op.path.slice(path.length), summary: op.summary, method, fields, required }]
  })
}

/** Returns a method of the client that the contract names. */
function method(control: object, name: string): (body: object) => Promise<unknown> {
  const found: unknown = Reflect.get(control, name)
  if (typeof found !== 'function') throw new Error(`The client has no method '${name}'.`)
  return (body) => found.call(control, body)
}

const fieldsText = ({ fields, required }: Trigger): string =>
  Object.keys(fields)
    .map((name) => (required.includes(name) ? name : `[${name}]`))
    .join(' ')

/** Returns the body of a request; the server says what is wrong with values. */
function bodyOf(trigger: Trigger, given: readonly string[]): object {
  const { event, fields } = trigger
  const values = given.map((text): [string, string | number] => {
    const [, name = '', value = ''] = /^(\w+)=([\s\S]*)$/.exec(text) ?? []
    const field = fields[name]
    if (!field) throw wrong(`'${text}' must be a field of ${event} and its value: ${fieldsText(trigger)}.`)
    return [name, field.type === 'integer' && /^-?\d{1,15}$/.test(value) ? Number(value) : value]
  })
  const token = process.env.PINTEREST_ACCESS_TOKEN
  return { ...('token' in fields && token && { token }), ...Object.fromEntries(values) }
}

const wrong = (message: string): CommandError => new CommandError(message, exitCodes.usage)
