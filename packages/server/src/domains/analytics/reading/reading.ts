import { type AccountReports, accountReports } from './account-reports.ts'
import type { ReadingParts } from './parts.ts'
import { type EngagementReading, engagementReading } from './pin-engagements.ts'
import { type PinReports, pinReports } from './pin-reports.ts'
import { type PinSummaries, pinSummaries } from './pin-summaries.ts'
import { type TopPinsReports, topPinsReports } from './top-pins-report.ts'

/** Reads counts. It reads rollups, and nothing else. */
export interface Reading extends PinReports, PinSummaries, AccountReports, TopPinsReports, EngagementReading {}

/** Makes the reading of counts. */
export function readingOf(parts: ReadingParts): Reading {
  const reports = { ...pinReports(parts), ...accountReports(parts), ...topPinsReports(parts) }
  return { ...reports, ...pinSummaries(parts), ...engagementReading(parts) }
}
