import type { Viewer } from '../../core/viewer.ts'

/** Who asks about numbers. Without access to secret Pins, these are in no list and in no sum. */
export type AnalyticsViewer = Pick<Viewer, 'accountId' | 'secret'>
