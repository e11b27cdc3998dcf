import { columnsOf, type ReportType } from '@pinfold/contract'
import { organicMetrics } from './organic-metrics.ts'

/** What can be asked for in analytics and reports. */
export interface DeliveryMetric {
  /** Its name in requests and answers. */
  name: string
  /** Whether it tells of ads or of Pins that nobody pays for. */
  category: 'ADS' | 'ORGANIC'
  /** What it means. */
  definition: string
  /** What people call it. */
  displayName: string
}

/** Returns what analytics (SYNC) or reports (ASYNC) can be asked for, or all, by name. Reports are of ads alone. */
export function deliveryMetrics(reportType?: ReportType): DeliveryMetric[] {
  const ofAds = columnsOf(reportType).map(({ name, definition, displayName }) => ({
    ...{ name, definition, displayName },
    category: 'ADS' as const,
  }))
  const ofPins = Object.entries(organicMetrics).map(([name, [displayName, definition]]) => ({
    ...{ name, definition, displayName },
    category: 'ORGANIC' as const,
  }))
  return [...ofAds, ...(reportType === 'ASYNC' ? [] : ofPins)].sort((a, b) => (a.name < b.name ? -1 : 1))
}
