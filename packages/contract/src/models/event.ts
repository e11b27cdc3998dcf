import { Id, Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** The events of a Pin. Saves are counted without one. */
export const eventTypes = [
  'impression',
  'pin_click',
  'outbound_click',
  'video_start',
  'video_progress',
  'profile_visit',
  'comment',
  'reaction',
] as const
export type EventType = (typeof eventTypes)[number]

/** The metrics of an uploaded history: every count, but no rate and no average. */
export const historyMetrics = [
  'IMPRESSION',
  'OUTBOUND_CLICK',
  'PIN_CLICK',
  'SAVE',
  'TOTAL_COMMENTS',
  'TOTAL_REACTIONS',
  'USER_FOLLOW',
  'PROFILE_VISIT',
  'VIDEO_MRC_VIEW',
  'VIDEO_10S_VIEW',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_V50_WATCH_TIME',
  'VIDEO_START',
] as const
export type HistoryMetric = (typeof historyMetrics)[number]

/** At most this many events or rows of history per request. */
export const maxBatch = 1000

/** Watch times are below a day. */
const watchMs = (description: string) => Type.Integer({ minimum: 0, maximum: 86_400_000, description })

const eventExample = {
  id: '0d9c2f0e-6c4b-4f0e-9a53-0f2a6f3a9f11',
  type: 'impression',
  pin_id: '1142048512397440',
  at: '2026-03-14T09:26:53Z',
}

export const PinEvent = Model(
  'PinEvent',
  'Something that happened to a Pin.',
  {
    id: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Made by the sender, such as a UUID. What is sent again with the same id counts once.',
    }),
    type: StringEnum(eventTypes, { description: 'What happened.' }),
    pin_id: Id('The Pin it happened to.'),
    ad_id: Type.Optional(
      Type.String({
        pattern: '^\\d+$',
        maxLength: 18,
        description:
          'The ad it happened to, if it was one: the ad shows this Pin, or the Pin was saved from there. It counts for the ' +
          'ad as well if the token has ads:write and its account manages the ad account, and else for the Pin alone.',
        examples: ['1142048512397318'],
      }),
    ),
    at: Type.String({
      maxLength: 40,
      description: 'When: a date and time with its zone, at most 90 days ago. It counts on its day in UTC.',
      examples: ['2026-03-14T09:26:53Z'],
    }),
    viewer: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          'Who saw it: an id of an account, or any text that stands for one person. Without it: the account of the ' +
          'token, or else the address and program that the request comes from.',
      }),
    ),
    user_agent: Type.Optional(
      Type.String({ maxLength: 1000, description: "The viewer's, if it is not that of the request." }),
    ),
    watched_from_ms: Type.Optional(
      watchMs('Of video_progress: how much this viewer had watched of it when it was told of last; 0 at first.'),
    ),
    watched_to_ms: Type.Optional(watchMs('Of video_progress: how much the viewer has watched of it now.')),
    duration_ms: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 86_400_000, description: 'Of video_progress: how long the video is.' }),
    ),
  },
  { examples: [eventExample] },
)

export const EventBatch = Model(
  'EventBatch',
  'Events to count: all of them, or none if one is wrong.',
  {
    events: Type.Array(PinEvent, { minItems: 1, maxItems: maxBatch, description: 'In any order.' }),
  },
  { examples: [{ events: [eventExample] }] },
)

const count = (description: string) => Type.Integer({ minimum: 0, description })

export const EventReceipt = Model(
  'EventReceipt',
  'What became of a batch. Its parts add up to `received`, without `counted_for_ads`.',
  {
    received: count('How many events it held.'),
    counted: count('How many count now.'),
    counted_for_ads: Type.Optional(count('If any names an ad: how many of those that count do so for an ad as well.')),
    duplicates: count('How many had come before, by their ids.'),
    repeated: count('How many were impressions of a Pin on a viewer who had seen it in the same half hour.'),
    own: count("How many were the Pin's owner's."),
    crawlers: count('How many were of programs that read the web.'),
    unknown: count('How many were of Pins that do not exist, or that nobody but their owner can see.'),
  },
  { examples: [{ received: 3, counted: 2, duplicates: 1, repeated: 0, own: 0, crawlers: 0, unknown: 0 }] },
)

export const HistoryBatch = Model(
  'HistoryBatch',
  'Numbers of past days, from elsewhere.',
  {
    // Each row is checked by itself when it is loaded.
    rows: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: maxBatch,
      description:
        'Each with `date` (`YYYY-MM-DD`, UTC), `pin_id`, `metric`, `value`, and `app_type` if it is not WEB: a number of ' +
        'times, or of milliseconds for VIDEO_V50_WATCH_TIME. With `ad_id` in place of `pin_id` it is of an ad, and ' +
        '`metric` the name of a column of ads analytics that is a plain count, such as SPEND_IN_MICRO_DOLLAR or ' +
        'IMPRESSION_1. A row that is wrong is reported and stops no other.',
    }),
  },
  { examples: [{ rows: [{ date: '2026-03-01', pin_id: '1142048512397440', metric: 'SAVE', value: 3 }] }] },
)

export const HistoryReceipt = Model(
  'HistoryReceipt',
  'What became of the rows.',
  {
    loaded: count('How many are in place now.'),
    errors: Type.Array(
      Type.Object({
        row: count('Which row was wrong, counted from 0.'),
        message: Type.String({ description: 'What was wrong with it.' }),
      }),
      { description: 'The rows that were not taken.' },
    ),
  },
  { examples: [{ loaded: 1, errors: [{ row: 1, message: "'date': '2026-02-30' is not a date. Use YYYY-MM-DD." }] }] },
)
