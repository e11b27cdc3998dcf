import type { Resources } from '@pinfold/client'
import { InvalidArgumentError } from 'commander'

type Query<Name extends 'analytics' | 'analyticsTopPins' | 'analyticsTopVideoPins'> = NonNullable<
  Parameters<Resources['userAccount'][Name]>[0]
>
export type PinQuery = NonNullable<Parameters<Resources['pins']['analytics']>[1]>
export type AccountQuery = Query<'analytics'>
export type TopQuery = Query<'analyticsTopPins'>
export type TopVideoQuery = Query<'analyticsTopVideoPins'>

export const pinMetrics = [
  'IMPRESSION',
  'SAVE',
  'PIN_CLICK',
  'OUTBOUND_CLICK',
  'SAVE_RATE',
  'PROFILE_VISIT',
  'USER_FOLLOW',
  'TOTAL_COMMENTS',
  'TOTAL_REACTIONS',
  'VIDEO_START',
  'VIDEO_MRC_VIEW',
  'VIDEO_10S_VIEW',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_V50_WATCH_TIME',
  'VIDEO_AVG_WATCH_TIME',
] as const satisfies readonly PinQuery['metric_types'][number][]

export const accountMetrics = [
  'IMPRESSION',
  'ENGAGEMENT',
  'SAVE',
  'PIN_CLICK',
  'OUTBOUND_CLICK',
  'ENGAGEMENT_RATE',
  'SAVE_RATE',
  'PIN_CLICK_RATE',
  'OUTBOUND_CLICK_RATE',
] as const satisfies readonly NonNullable<AccountQuery['metric_types']>[number][]

/** The metrics that top video Pins show and are sorted by. */
export const videoMetrics = [
  'VIDEO_MRC_VIEW',
  'VIDEO_START',
  'VIDEO_AVG_WATCH_TIME',
  'VIDEO_V50_WATCH_TIME',
  'VIDEO_10S_VIEW',
  'QUARTILE_95_PERCENT_VIEW',
  'IMPRESSION',
  'SAVE',
  'OUTBOUND_CLICK',
] as const satisfies readonly TopVideoQuery['sort_by'][]

/** The metrics that top Pins are sorted by. */
export const topOrders = [
  'IMPRESSION',
  'ENGAGEMENT',
  'SAVE',
  'PIN_CLICK',
  'OUTBOUND_CLICK',
] as const satisfies readonly TopQuery['sort_by'][]

/** The metrics shown by default. */
export const shown = {
  pin: 'IMPRESSION,SAVE,PIN_CLICK,OUTBOUND_CLICK',
  account: 'IMPRESSION,ENGAGEMENT,SAVE,PIN_CLICK,OUTBOUND_CLICK',
  video: 'VIDEO_MRC_VIEW,VIDEO_START,VIDEO_AVG_WATCH_TIME,IMPRESSION',
} as const

/** Returns a parser for a list of metrics with commas, in any case, with spaces or dashes for underscores. */
export function metricsFrom<const T extends readonly string[]>(known: T): (text: string) => T[number][] {
  return (text) => {
    const names = text.split(',').map((name) =>
      name
        .trim()
        .toUpperCase()
        .replaceAll(/[\s-]+/g, '_'),
    )
    const isKnown = (name: string): name is T[number] => known.includes(name)
    const metrics = [...new Set(names)].filter(isKnown)
    if (metrics.length < new Set(names).size)
      throw new InvalidArgumentError(`It must be some of ${known.join(', ')}, with commas between them.`)
    return metrics
  }
}
