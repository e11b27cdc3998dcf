import type { Counts } from '../../../db/counters.ts'
import type { DayRange } from '../days.ts'
import { appRangeOf } from '../reports.ts'
import type { ReadingParts } from './parts.ts'

/** What was done with a Pin on a day. */
export interface PinEngagements extends Partial<Pick<Counts, (typeof engagementCounters)[number]>> {
  pin_id: number
  day: number
}

const engagementCounters = ['saves', 'pin_clicks', 'outbound_clicks'] as const

/** What is done with Pins, to tell what is frequent. The caller must have made sure that the Pins are public. */
export interface EngagementReading {
  /** Returns the days on which something was counted of Pins, with what. */
  engagements(ids: readonly number[], days: DayRange): Promise<PinEngagements[]>
}

/** Makes the reading. */
export function engagementReading({ store }: Pick<ReadingParts, 'store'>): EngagementReading {
  return {
    engagements: (ids, days) => store.pinSums.byDay(ids, { ...days, ...appRangeOf() }, engagementCounters),
  }
}
