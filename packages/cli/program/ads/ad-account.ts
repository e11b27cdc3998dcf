import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { type ServiceOptions, type Session, withServiceOptions } from '../service/service.ts'

export interface AdAccountOptions extends ServiceOptions {
  adAccount?: string
}

/** Adds the options of every command about an ad account. */
export function withAdAccountOptions(command: Command): Command {
  return withServiceOptions(command).addOption(
    new Option('--ad-account <id>', 'the ad account (default: the one that you have, if it is one)').argParser(toId),
  )
}

/** Reads the id of something in an ad account, also with the letters that reports put before it. */
export function toId(text: string): string {
  const [, id] = /^(?:C|AG|A)?(\d{1,18})$/.exec(text) ?? []
  if (id === undefined) throw new InvalidArgumentError('It must be an id, such as 1142048512397315.')
  return id
}

/** Returns the id of the ad account that is meant. Throws a `CommandError` when there is none, or when there are several. */
export async function adAccountOf({ client }: Session, { adAccount }: AdAccountOptions): Promise<string> {
  if (adAccount !== undefined) return adAccount
  const { items } = await client.adAccounts.list({ page_size: 10 })
  const [first, second] = items
  if (!first) throw new CommandError('You have no ad account, and no role in one.', exitCodes.notFound)
  if (!second) return first.id
  const names = items.map(({ id, name }) => `${id} (${name})`).join(', ')
  throw new CommandError(`Name one of your ad accounts with --ad-account: ${names}.`, exitCodes.usage)
}
