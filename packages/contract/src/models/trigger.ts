import { Id, Model } from '../schema.ts'
import { Type } from '../type.ts'

const example = '1142048512397440'

export const TokenOfTrigger = Model(
  'TokenOfTrigger',
  'The token that something happens to.',
  {
    token: Type.String({
      minLength: 1,
      maxLength: 512,
      description: 'The text of an access or refresh token.',
      examples: ['pina_…'],
    }),
  },
  { additionalProperties: false, examples: [{ token: 'pina_gone' }] },
)

export const AppOfTrigger = Model(
  'AppOfTrigger',
  'An app, and the account that takes its access away.',
  {
    app_id: Id('The id of the app.'),
    account: Type.String({ minLength: 1, maxLength: 100, description: 'The username of the account.' }),
  },
  { additionalProperties: false, examples: [{ app_id: example, account: 'cup_collector' }] },
)

const mediaId = Id('The id of the upload.')

export const MediaOfTrigger = Model(
  'MediaOfTrigger',
  'The upload that something happens to.',
  { media_id: mediaId },
  { additionalProperties: false, examples: [{ media_id: example }] },
)

export const FailingMedia = Model(
  'FailingMedia',
  'The upload that fails.',
  {
    media_id: mediaId,
    problem: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for who uploaded it.' }),
    ),
  },
  { additionalProperties: false, examples: [{ media_id: example, problem: 'The video is damaged.' }] },
)

const adId = Id('The id of the ad.')

export const AdOfTrigger = Model(
  'AdOfTrigger',
  'The ad that the review approves.',
  { ad_id: adId },
  { additionalProperties: false, examples: [{ ad_id: example }] },
)

export const RejectedAd = Model(
  'RejectedAd',
  'The ad that the review rejects.',
  {
    ad_id: adId,
    problem: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for who made the ad.' }),
    ),
  },
  { additionalProperties: false, examples: [{ ad_id: example, problem: 'The picture shows a weapon.' }] },
)

export const BoardOfTrigger = Model(
  'BoardOfTrigger',
  'The board that something happens to.',
  { board_id: Id('The id of the board.') },
  { additionalProperties: false, examples: [{ board_id: example }] },
)

const pinId = Id('The id of the Pin.')

export const PinOfTrigger = Model(
  'PinOfTrigger',
  'The Pin that something happens to.',
  { pin_id: pinId },
  { additionalProperties: false, examples: [{ pin_id: example }] },
)

export const SavedPin = Model(
  'SavedPin',
  'The Pin that is saved, and where.',
  { pin_id: pinId, board_id: Id('The id of the board that it is saved to, by its owner.') },
  { additionalProperties: false, examples: [{ pin_id: example, board_id: '1142048512397441' }] },
)

/** How many events of each kind one trigger makes at most. */
const mostTraffic = 10_000

const count = (what: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: mostTraffic, default: 0, description: `How many ${what}.` }))

/** What can happen to a Pin that many people see. */
const trafficCounts = {
  impressions: count('people see it'),
  pin_clicks: count('people open it'),
  outbound_clicks: count('people follow its link'),
  video_starts: count('people start its video'),
  comments: count('comments it gets'),
  reactions: count('reactions it gets'),
} as const

export const PinTraffic = Model(
  'PinTraffic',
  'What happens to a Pin, each time by somebody else.',
  {
    pin_id: pinId,
    days_ago: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 89, default: 0, description: 'On which day: 0 is now, 1 is a day ago.' }),
    ),
    ...trafficCounts,
  },
  { additionalProperties: false, examples: [{ pin_id: example, impressions: 500, outbound_clicks: 20 }] },
)

export const TrafficReceipt = Model(
  'TrafficReceipt',
  'What came of it.',
  { counted: Type.Integer({ description: 'How many events were counted.' }) },
  { examples: [{ counted: 520 }] },
)

export const FollowOfTrigger = Model(
  'FollowOfTrigger',
  'Who follows whom.',
  {
    account: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The username of the account that is followed.',
    }),
    by: Type.String({ minLength: 1, maxLength: 100, description: 'The username of the account that follows it.' }),
  },
  { additionalProperties: false, examples: [{ account: 'cup_collector', by: 'tea_drinker' }] },
)
