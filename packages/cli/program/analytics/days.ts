import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

const dayMs = 86_400_000
/** The number of days to show by default. */
const usualDays = 30

export interface DayOptions {
  from?: string
  to?: string
}

/** Adds the options that choose days. */
export function withDayOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--from <date>', `the first day, in UTC (default: ${usualDays} days in all)`).argParser(toDate),
    )
    .addOption(new Option('--to <date>', 'the last day, in UTC (default: today)').argParser(toDate))
}

/** Returns the days to ask for. Throws a `CommandError` when they end before they begin. */
export function daysOf({ from, to = dateOf(Date.now()) }: DayOptions): { start_date: string; end_date: string } {
  const start = from ?? dateOf(Date.parse(to) - (usualDays - 1) * dayMs)
  if (start > to) throw new CommandError(`--from ${start} is after --to ${to}.`, exitCodes.usage)
  return { start_date: start, end_date: to }
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

function toDate(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  // JavaScript reads 30 February as a day in March.
  if (Number.isNaN(ms) || dateOf(ms) !== text) throw new InvalidArgumentError('It must be a day, such as 2026-03-14.')
  return text
}
