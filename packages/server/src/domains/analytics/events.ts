import type { OperationInput, resources } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Slices } from '../../core/slices.ts'
import type { AdEvent, AdEventCounts, ShownAd, ShownAds } from './counted-ads.ts'
import type { Tally } from './counting/tally.ts'
import { dayAt, dayMs, parseTime } from './days.ts'
import type { AppCode, Counter } from './metrics.ts'
import { deviceOf, keyOf } from './viewers.ts'

export type GivenEvent = OperationInput<typeof resources.events.send>['body']['events'][number]

/** An event may be at most this late. */
export const maxLateMs = 90 * dayMs
/** A sender's clock may be at most this far ahead. */
export const maxAheadMs = 60_000
/** A viewer's impressions of a Pin count once in each period of this length; a day begins with a new period. */
export const impressionMs = 30 * 60_000
/** A video counts as viewed after this time: the Media Rating Council's rule. */
export const mrcViewMs = 2000
/** … as viewed for long after this time … */
export const longViewMs = 10_000
/** Pinterest counts another kind of view of ads after this time. */
export const shortViewMs = 3000
/** … and as seen nearly to its end after this part of it. */
export const nearlyAll = 0.95

/** A valid event. Whether it counts is decided when it is counted. */
export interface CheckedEvent {
  /** Identifies the event. */
  key: number
  /** Identifies the viewer, the Pin, the ad if there is one, and the half hour of an impression. */
  impressionKey: number | undefined
  pinId: number
  day: number
  app: AppCode
  viewer: string
  isCrawler: boolean
  /** Of an account's visit to the profile of the Pin's owner: who came, and when. */
  visit: { viewerId: number; at: number } | undefined
  counts: readonly (readonly [Counter, number])[]
  /** The ad that it counts for too. */
  forAd: AdEvent | undefined
}

/** The sender of a batch, the default viewer of its events. */
export interface EventSender {
  /** The account of the token. */
  accountId: number | undefined
  address: string
  userAgent: string
  /** The account that may write the numbers of its ads. */
  writesAdsOf?: number | undefined
}

const hourMs = 3_600_000

/** This many events are checked at a time: about half a millisecond. */
const sliceLength = 128

export interface CheckOptions {
  now: number
  /** A secret that keeps the keys from revealing anything. */
  salt: string
  /** The turns of all batches. */
  slices: Slices
  /** The ads of those events that count for one. */
  shownAds?: ShownAds | undefined
}

/** Checks a batch, some events at a time, so that others get their turn in between. Throws when one of them is invalid. */
export async function checkEvents(
  events: readonly GivenEvent[],
  sender: EventSender,
  { now, salt, slices, shownAds }: CheckOptions,
): Promise<CheckedEvent[]> {
  const check = checkOf(sender, now, salt, shownAds)
  const checked: CheckedEvent[] = []
  for (const [i, event] of events.entries()) {
    if (i > 0 && i % sliceLength === 0) await slices.next()
    checked.push(check(event, i))
  }
  return checked
}

/** Returns the check of one event, by its place in the batch. */
function checkOf(
  sender: EventSender,
  now: number,
  salt: string,
  shownAds: ShownAds | undefined,
): (event: GivenEvent, i: number) => CheckedEvent {
  return (event, i) => {
    const refuse = (what: string) => invalid(`'events.${i}' (id '${event.id}') ${what} None of the batch was counted.`)
    const pinId = parseId(event.pin_id)
    const at = parseTime(event.at)
    if (at === undefined || !/T/i.test(event.at))
      throw refuse(`has '${event.at}' as 'at'. Use a date and time such as 2026-03-14T09:26:53Z.`)
    if (at > now + maxAheadMs) throw refuse(`is from the future: 'at' is ${event.at}.`)
    if (at < now - maxLateMs) throw refuse(`is older than 90 days: 'at' is ${event.at}.`)
    const userAgent = event.user_agent ?? sender.userAgent
    const viewer =
      event.viewer ?? (sender.accountId === undefined ? `${sender.address} ${userAgent}` : String(sender.accountId))
    const device = deviceOf(userAgent)
    const shown = shownAds?.get(event)
    const viewerId = event.type === 'profile_visit' ? parseId(viewer) : undefined
    return {
      key: keyOf(`${salt} e ${event.id}`),
      impressionKey:
        event.type === 'impression'
          ? keyOf(
              `${salt} i ${viewer} ${event.pin_id} ${Math.floor(at / impressionMs)}${shown ? ` ${shown.ad.id}` : ''}`,
            )
          : undefined,
      // An id that no Pin can have counts as unknown.
      pinId: pinId ?? 0,
      day: dayAt(at),
      app: device.app,
      viewer,
      isCrawler: device.isCrawler,
      visit: viewerId === undefined ? undefined : { viewerId, at },
      counts: countsOf(event, refuse),
      forAd: shown && adEventOf(event, shown, Math.floor(at / hourMs)),
    }
  }
}

/** Returns what an event adds to which counters. */
function countsOf(event: GivenEvent, refuse: (what: string) => Error): readonly (readonly [Counter, number])[] {
  if (event.type !== 'video_progress') return plainCounts[event.type]
  const { watched_from_ms: from, watched_to_ms: to, duration_ms: duration } = event
  if (from === undefined || to === undefined) throw refuse(`lacks 'watched_from_ms' or 'watched_to_ms'.`)
  if (to < from) throw refuse(`has a 'watched_to_ms' below its 'watched_from_ms'.`)
  const passes = (ms: number): boolean => from < ms && ms <= to
  return [
    ['video_watch_ms', to - from],
    ['video_mrc_views', passes(mrcViewMs) ? 1 : 0],
    ['video_10s_views', passes(longViewMs) ? 1 : 0],
    ['video_95_percent_views', duration !== undefined && passes(Math.ceil(nearlyAll * duration)) ? 1 : 0],
  ]
}

/** Returns what an event adds to the numbers of an ad. It has been checked. */
function adEventOf(event: GivenEvent, shown: ShownAd, hour: number): AdEvent {
  return { ...shown, hour, counts: event.type === 'video_progress' ? videoCounts(event) : plainAdCounts[event.type] }
}

/** Returns what is counted of a video of an ad whose viewer has gone on. */
function videoCounts({ watched_from_ms: from = 0, watched_to_ms: to = 0, duration_ms: duration }: GivenEvent) {
  const passes = (ms: number): number => (from < ms && ms <= to ? 1 : 0)
  const passesPart = (part: number): number => (duration === undefined ? 0 : passes(Math.ceil(part * duration)))
  return [
    ['video_watch_ms', to - from],
    ['video_3s_views', passes(shortViewMs)],
    ['video_mrc_views', passes(mrcViewMs)],
    ['video_quarters', passesPart(0.25)],
    ['video_halves', passesPart(0.5)],
    ['video_three_quarters', passesPart(0.75)],
    ['video_95_percent', passesPart(nearlyAll)],
    ['video_completions', passesPart(1)],
  ] as const
}

const plainAdCounts: Record<Exclude<GivenEvent['type'], 'video_progress'>, AdEventCounts> = {
  impression: [['impressions', 1]],
  pin_click: [
    ['clickthroughs', 1],
    ['engagements', 1],
  ],
  outbound_click: [
    ['outbound_clicks', 1],
    ['engagements', 1],
  ],
  video_start: [['video_starts', 1]],
  profile_visit: [['engagements', 1]],
  comment: [['engagements', 1]],
  reaction: [['engagements', 1]],
}

const plainCounts: Record<Exclude<GivenEvent['type'], 'video_progress'>, readonly (readonly [Counter, number])[]> = {
  impression: [['impressions', 1]],
  pin_click: [['pin_clicks', 1]],
  outbound_click: [['outbound_clicks', 1]],
  video_start: [['video_starts', 1]],
  profile_visit: [['profile_visits', 1]],
  comment: [['comments', 1]],
  reaction: [['reactions', 1]],
}

/** Adds an event to a tally. */
export function addEvent(tally: Tally, { pinId, day, app, counts }: CheckedEvent): void {
  for (const [counter, count] of counts) if (count > 0) tally.add(pinId, day, app, counter, count)
}
