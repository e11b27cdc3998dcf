import { appTypes, historyMetrics } from '@pinfold/contract'
import { parseId } from '../../core/ids.ts'
import { counterOf } from '../../db/counters.ts'
import { dayAt, dayText, parseTime } from './days.ts'
import { type AppCode, appCodes, type Counter } from './metrics.ts'

/** A number to set. */
export interface HistoryChange {
  /** The index of its row, from 0. */
  row: number
  pin_id: number
  day: number
  app_type: AppCode
  counter: Counter
  value: number
}

/** What is wrong with a row. */
export interface RowError {
  /** Its index, from 0. */
  row: number
  /** What is wrong, and what would be right. */
  message: string
}

/** The days that history can have. */
export interface HistoryDays {
  /** The last of them. */
  today: number
  /** The first of them. */
  firstDay: number
}

/** Reads rows of history; reports the invalid ones, and returns the others. */
export const readHistory = (rows: readonly unknown[], days: HistoryDays) =>
  readRows(rows, (given) => readRow(given, days))

/** Reads rows one by one with `read`, which returns the content of a row, or in words what is wrong with it. */
export function readRows<Content extends object>(
  rows: readonly unknown[],
  read: (given: unknown) => Content | string,
): { changes: (Content & { row: number })[]; errors: RowError[] } {
  const changes: (Content & { row: number })[] = []
  const errors: RowError[] = []
  for (const [row, given] of rows.entries()) {
    const content = read(given)
    if (typeof content === 'string') errors.push({ row, message: content })
    else changes.push({ row, ...content })
  }
  return { changes, errors }
}

/** Returns the day that a row names, or what is wrong with it. */
export function readDay(date: unknown, { today, firstDay }: HistoryDays): number | string {
  const at = typeof date === 'string' && date.length <= 40 ? parseTime(date) : undefined
  if (at === undefined) return `'date': ${shown(date)} is not a date. Use YYYY-MM-DD.`
  const day = dayAt(at)
  if (day > today) return `'date': ${dayText(day)} is in the future.`
  if (day < firstDay) return `'date': ${dayText(day)} is before ${dayText(firstDay)}, from which on days are kept.`
  return day
}

/** Returns the number of a row, or what is wrong with it. */
export function readValue(value: unknown): number | string {
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1e12) return Number(value)
  return `'value': ${shown(value)} is not a whole number from 0 to 1000000000000.`
}

/** Returns the content of a row, or what is wrong with it. */
function readRow(given: unknown, days: HistoryDays): Omit<HistoryChange, 'row'> | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'A row must be an object.'
  const { date, pin_id: pin, metric, value, app_type: app = 'WEB' } = given as Record<string, unknown>
  const day = readDay(date, days)
  if (typeof day === 'string') return day
  const pinId = typeof pin === 'string' ? parseId(pin) : undefined
  if (pinId === undefined) return `'pin_id': ${shown(pin)} is not the id of a Pin, a string of digits.`
  if (!isOneOf(historyMetrics, metric))
    return `'metric': ${shown(metric)} is not one of ${historyMetrics.join(', ')}. Rates and averages follow from those.`
  const count = readValue(value)
  if (typeof count === 'string') return count
  if (!isOneOf(appTypes, app)) return `'app_type': ${shown(app)} is not one of ${appTypes.join(', ')}.`
  return { pin_id: pinId, day, app_type: appCodes[app], counter: counterOf[metric], value: count }
}

const isOneOf = <const T extends readonly string[]>(names: T, value: unknown): value is T[number] =>
  typeof value === 'string' && names.includes(value)

/** Returns a value as messages show it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
