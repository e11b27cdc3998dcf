import { syncColumns } from '../sync-columns.ts'
import type { ReportColumn, ReportType } from './column.ts'
import { conversionColumns } from './conversion-columns.ts'
import { deliveryColumns } from './delivery-columns.ts'
import { entityColumns } from './entity-columns.ts'
import { videoColumns } from './video-columns.ts'

let known: ReadonlyMap<string, ReportColumn> | undefined

/** Returns every column of the analytics and reports of ads, by name: made when it is first asked for, since most servers never do. */
export function reportColumns(): ReadonlyMap<string, ReportColumn> {
  known ??= new Map(
    [...entityColumns(), ...deliveryColumns(), ...videoColumns(), ...conversionColumns()].map((column) => [
      column.name,
      column,
    ]),
  )
  return known
}

const onlySync: ReadonlySet<string> = new Set(['QUIZ_PIN_RESULT_OPEN'])

/** Returns every column that reports can be asked for: all but one. */
export const asyncColumns = (): readonly string[] => [...reportColumns().keys()].filter((name) => !onlySync.has(name))

/** Returns the columns that analytics (SYNC) or reports (ASYNC) can be asked for, or all. */
export function columnsOf(reportType?: ReportType): readonly ReportColumn[] {
  const columns = [...reportColumns().values()]
  if (reportType === undefined) return columns
  const names: ReadonlySet<string> = new Set(reportType === 'SYNC' ? syncColumns : asyncColumns())
  return columns.filter(({ name }) => names.has(name))
}
