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

export interface RowError {
  row: number
  message: string
}

/** Reads rows of history; reports the invalid ones, and returns the others. */
export function readHistory(
  rows: readonly unknown[],
  days: { today: number; firstDay: number },
): { changes: HistoryChange[]; errors: RowError[] } {
  const changes: HistoryChange[] = []
  const errors: RowError[] = []
  for (const [row, given] of rows.entries()) {
    const read = readRow(given, days)
    if (typeof read === 'string') errors.push({ row, message: read })
    else changes.push({ row, ...read })
  }
  return { changes, errors }
}

/** Returns the content of a row, or what is wrong with it. */
function readRow(
  given: unknown,
  { today, firstDay }: { today: number; firstDay: number },
): Omit<HistoryChange, 'row'> | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'A row must be an object.'
  const { date, pin_id: pin, metric, value, app_type: app = 'WEB' } = given as Record<string, unknown>
  const at = typeof date === 'string' && date.length <= 40 ? parseTime(date) : undefined
  if (at === undefined) return `'date': ${shown(date)} is not a date. Use YYYY-MM-DD.`
  const day = dayAt(at)
  if (day > today) return `'date': ${dayText(day)} is in the future.`
  if (day < firstDay) return `'date': ${dayText(day)} is before ${dayText(firstDay)}, from which on days are kept.`
  const pinId = typeof pin === 'string' ? parseId(pin) : undefined
  if (pinId === undefined) return `'pin_id': ${shown(pin)} is not the id of a Pin, a string of digits.`
  if (!isOneOf(historyMetrics, metric))
    return `'metric': ${shown(metric)} is not one of ${historyMetrics.join(', ')}. Rates and averages follow from those.`
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 1e12)
    return `'value': ${shown(value)} is not a whole number from 0 to 1000000000000.`
  if (!isOneOf(appTypes, app)) return `'app_type': ${shown(app)} is not one of ${appTypes.join(', ')}.`
  return { pin_id: pinId, day, app_type: appCodes[app], counter: counterOf[metric], value: Number(value) }
}

const isOneOf = <const T extends readonly string[]>(names: T, value: unknown): value is T[number] =>
  typeof value === 'string' && names.includes(value)

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
