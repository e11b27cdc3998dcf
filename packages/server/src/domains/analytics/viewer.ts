import type { Viewer } from '../../core/viewer.ts'

/** The viewer of numbers. Without access to secret Pins, lists and sums leave them out. */
export type AnalyticsViewer = Pick<Viewer, 'accountId' | 'secret'>
