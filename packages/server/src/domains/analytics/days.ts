import { ApiError, invalid } from '../../core/errors.ts'

export const dayMs = 86_400_000
/** A range has at most this many days after its first, and begins at most this many days back: Pinterest's rule. */
export const maxRangeDays = 90
/** The number of days in a block. */
export const blockDays = 16

/** Days are numbered from 1970-01-01, UTC. */
export interface DayRange {
  /** The first of them. */
  first: number
  /** The last, which belongs to it. */
  last: number
}

/** Every block, including the one before all others. */
export const everyBlock: DayRange = { first: -1, last: 1_000_000 }

export const dayAt = (ms: number): number => Math.floor(ms / dayMs)
export const blockOf = (day: number): number => Math.floor(day / blockDays)

const texts = new Map<number, string>()

/** Formats a day as `YYYY-MM-DD`. */
export function dayText(day: number): string {
  let text = texts.get(day)
  if (text === undefined) {
    text = new Date(day * dayMs).toISOString().slice(0, 10)
    if (texts.size > 2000) texts.clear()
    texts.set(day, text)
  }
  return text
}

const timePattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i

/**
 * Returns the time of a text, in milliseconds: a date, or a date and time, in UTC if it names no zone. Undefined if it
 * is neither, or there is no such day.
 */
export function parseTime(text: string): number | undefined {
  return parseUsual(text) ?? parseAny(text)
}

/** The beginning of the day that was last read, since most times that come one after the other are of one day. */
let lastDay = { text: '', midnight: 0 }
const usualTime = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/

/** Does the same for a text as clocks of programs write it, in a quarter of the time; undefined for any other. */
function parseUsual(text: string): number | undefined {
  if (!usualTime.test(text)) return undefined
  const day = text.slice(0, 10)
  if (day !== lastDay.text) {
    const midnight = parseAny(day)
    if (midnight === undefined) return undefined
    lastDay = { text: day, midnight }
  }
  const digits = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
  const seconds = (digits(11) * 60 + digits(14)) * 60 + digits(17)
  const ms = text.length === 24 ? text.charCodeAt(20) * 100 + digits(21) - 4800 : 0
  return lastDay.midnight + seconds * 1000 + ms
}

function parseAny(text: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] =
    timePattern.exec(text) ?? []
  if (!year || !month || !day) return undefined
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const date = new Date(midnight)
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const local = midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms
  if (zone.toUpperCase() === 'Z') return local
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return local - (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

/**
 * Returns the days that a query asks for. A date may have a time; its day in UTC counts. Throws when a date is invalid,
 * when the range ends before it starts, is too long or starts in the future, and `daysNotKept` when it starts too far
 * back.
 */
export function readRange(query: { start_date: string; end_date: string }, now: number): DayRange {
  const first = readDay('start_date', query.start_date)
  const last = readDay('end_date', query.end_date)
  const today = dayAt(now)
  if (last < first) throw invalid(`'end_date' (${dayText(last)}) must not be before 'start_date' (${dayText(first)}).`)
  if (first > today) throw invalid(`'start_date' must not be after today, which is ${dayText(today)} in UTC.`)
  if (first < today - maxRangeDays) throw new ApiError('daysNotKept')
  if (last - first > maxRangeDays)
    throw invalid(
      `'end_date' must be at most ${maxRangeDays} days after 'start_date': ${dayText(first + maxRangeDays)} or earlier.`,
    )
  return { first, last }
}

function readDay(name: string, text: string): number {
  const ms = parseTime(text)
  if (ms === undefined) throw invalid(`'${name}': '${text.slice(0, 50)}' is not a date. Use YYYY-MM-DD.`)
  return dayAt(ms)
}

/** Splits a range into whole blocks and the days before and after them, which a sum over the range is made of. */
export function partsOf({ first, last }: DayRange): { days: DayRange[]; blocks: DayRange | undefined } {
  const firstBlock = Math.ceil(first / blockDays)
  const lastBlock = Math.floor((last + 1) / blockDays) - 1
  if (lastBlock < firstBlock) return { days: [{ first, last }], blocks: undefined }
  const days = [
    { first, last: firstBlock * blockDays - 1 },
    { first: (lastBlock + 1) * blockDays, last },
  ]
  return { days: days.filter((range) => range.first <= range.last), blocks: { first: firstBlock, last: lastBlock } }
}
