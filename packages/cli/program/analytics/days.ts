import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

const dayMs = 86_400_000
/** So many days are shown if nothing else is said. */
const usualDays = 30

export interface DayOptions {
  from?: string
  to?: string
}

/** Adds the options that name days. */
export function withDayOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--from <date>', `the first day, in UTC (default: ${usualDays} days in all)`).argParser(toDate),
    )
    .addOption(new Option('--to <date>', 'the last day, in UTC (default: today)').argParser(toDate))
}

/** The days to ask for. Throws a `CommandError` when they end before they begin. */
export function daysOf({ from, to = dateOf(Date.now()) }: DayOptions): { start_date: string; end_date: string } {
  const start = from ?? dateOf(Date.parse(to) - (usualDays - 1) * dayMs)
  if (start > to) throw new CommandError(`--from ${start} is after --to ${to}.`, exitCodes.usage)
  return { start_date: start, end_date: to }
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

function toDate(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  // 30 February is read as a day in March.
  if (Number.isNaN(ms) || dateOf(ms) !== text) throw new InvalidArgumentError('It must be a day, such as 2026-03-14.')
  return text
}
