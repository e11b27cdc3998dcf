import { type Paper, plain, stdout, table } from '../output/print.ts'
import { sparkline } from './sparkline.ts'

/** Numbers by day, as the API answers them, of everything or of one part. */
interface Part {
  daily_metrics?: { date?: string; data_status?: string; metrics?: Record<string, number> }[]
  summary_metrics?: Record<string, number>
  lifetime_metrics?: Record<string, number>
}
export type Analytics = Record<string, Part>

export interface FormatOptions {
  json?: boolean
  csv?: boolean
}

/** Prints numbers by day: for people with a bar for each day and the sums, for programs in the requested format. */
export function printDays(analytics: Analytics, metrics: readonly string[], options: FormatOptions): void {
  if (options.json) stdout.write(`${JSON.stringify(analytics)}\n`)
  else if (options.csv || stdout.width === undefined) printRows(analytics, metrics, options)
  else
    for (const [name, part] of Object.entries(analytics)) {
      if (Object.keys(analytics).length > 1) stdout.write(`${plain(name)}\n`)
      stdout.write(partText(part, metrics, stdout.width))
    }
}

/** Prints one row per day; with several parts, one per day and part. */
function printRows(analytics: Analytics, metrics: readonly string[], { csv }: FormatOptions): void {
  const isSplit = Object.keys(analytics).length > 1
  const rows = Object.entries(analytics).flatMap(([name, { daily_metrics: days = [] }]) =>
    days.map(({ date = '', data_status: status = '', metrics: values = {} }) => [
      date,
      ...(isSplit ? [name] : []),
      ...metrics.filter(isDaily).map((metric) => String(values[metric] ?? '')),
      status,
    ]),
  )
  const header = ['date', ...(isSplit ? ['part'] : []), ...metrics.filter(isDaily), 'data_status']
  printPlainRows(header, rows, csv)
}

/** Prints CSV (RFC 4180), or to a pipe tab-separated rows without a heading. */
export function printPlainRows(header: readonly string[], rows: readonly (readonly string[])[], csv = false): void {
  const lines = csv ? [header, ...rows].map(csvLine) : rows.map((row) => `${row.map(plain).join('\t')}\n`)
  stdout.write(lines.join(''))
}

const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`

/** Returns whether a metric is reported by day: these are reported over a Pin's whole lifetime only. */
const isDaily = (metric: string): boolean => !/^TOTAL_/.test(metric)

function partText(part: Part, metrics: readonly string[], width: number): string {
  const { daily_metrics: days = [], summary_metrics: sums = {}, lifetime_metrics: ever = {} } = part
  const daily = metrics.filter(isDaily)
  const rows = days.map(({ date = '', data_status: status, metrics: values = {} }) => [
    date,
    ...daily.map((metric) => shown(metric, values[metric])),
    status === 'READY' ? '' : plain(status?.toLowerCase().replaceAll('_', ' ')),
  ])
  const isNumber = (column: number) => column > 0 && column <= daily.length
  const dayTable = daily.length > 0 ? `${table([['date', ...daily, ''], ...rows], width, isNumber)}\n` : ''
  const barsWidth = Math.max(8, width - 44)
  const lines = [
    ...daily.map((metric) => [
      metric,
      sparkline(
        days.map(({ metrics: values = {} }) => values[metric] ?? 0),
        barsWidth,
      ),
      shown(metric, sums[metric]),
    ]),
    ...Object.entries(ever).map(([metric, value]) => [metric, 'since it was made', shown(metric, value)]),
  ]
  return `${dayTable}${table(lines, width, (column) => column === 2)}\n`
}

/** A Pin in a list of top Pins. */
export interface TopPin {
  id: string
  title: string
  metrics: Record<string, number>
}

/** Prints top Pins, the best first. */
export function printTopPins(pins: readonly TopPin[], metrics: readonly string[], { csv }: FormatOptions): void {
  const paper: Paper = stdout
  if (csv || paper.width === undefined) {
    const cells = ({ id, title, metrics: values }: TopPin) => [
      id,
      ...metrics.map((metric) => String(values[metric] ?? '')),
      ...(csv ? [] : [title]),
    ]
    printPlainRows(['pin_id', ...metrics], pins.map(cells), csv)
    return
  }
  const rows = pins.map(({ id, title, metrics: values }) => [
    id,
    ...metrics.map((metric) => shown(metric, values[metric])),
    plain(title),
  ])
  const isNumber = (column: number) => column > 0 && column <= metrics.length
  const list = table([['id', ...metrics, 'title'], ...rows], paper.width, isNumber)
  paper.write(rows.length === 0 ? 'There are none.\n' : list)
}

/** Formats a number for people: rates in percent, times in seconds. */
function shown(metric: string, value: number | undefined): string {
  if (value === undefined) return ''
  if (metric.endsWith('_RATE')) return `${(100 * value).toFixed(1)}%`
  if (metric.endsWith('_TIME')) return `${(value / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })} s`
  return value.toLocaleString('en-US')
}
