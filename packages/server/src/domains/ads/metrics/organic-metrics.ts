import type { Metric } from '@pinfold/contract'

/** What the metrics of Pins and accounts are called, and what they mean. */
export const organicMetrics: Record<Metric, readonly [displayName: string, definition: string]> = {
  ENGAGEMENT: ['Engagements', 'Clicks on Pins, clicks that led out, and saves.'],
  ENGAGEMENT_RATE: ['Engagement rate', 'Engagements per impression.'],
  IMPRESSION: ['Impressions', 'How often Pins were on a screen.'],
  OUTBOUND_CLICK: ['Outbound clicks', 'Clicks that led to the website of a Pin.'],
  OUTBOUND_CLICK_RATE: ['Outbound click rate', 'Outbound clicks per impression.'],
  PIN_CLICK: ['Pin clicks', 'Clicks that opened a Pin.'],
  PIN_CLICK_RATE: ['Pin click rate', 'Pin clicks per impression.'],
  PROFILE_VISIT: ['Profile visits', 'Visits of the profile that came from a Pin.'],
  QUARTILE_95_PERCENT_VIEW: ['Played to 95%', 'Times that a video was watched nearly to the end.'],
  SAVE: ['Saves', 'How often Pins were saved to a board.'],
  SAVE_RATE: ['Save rate', 'Saves per impression.'],
  TOTAL_COMMENTS: ['Comments', 'All comments that a Pin ever had.'],
  TOTAL_REACTIONS: ['Reactions', 'All reactions that a Pin ever had.'],
  USER_FOLLOW: ['Follows', 'People who followed the account after they had come from a Pin.'],
  VIDEO_10S_VIEW: ['10-second views', 'Times that ten seconds of a video were watched.'],
  VIDEO_AVG_WATCH_TIME: ['Average watch time', 'How long a video was watched on average, in milliseconds.'],
  VIDEO_MRC_VIEW: ['Video views', 'Times that half of a video was in sight for two seconds.'],
  VIDEO_START: ['Video starts', 'Times that a video began to play.'],
  VIDEO_V50_WATCH_TIME: ['Total watch time', 'How long videos were watched in all, in milliseconds.'],
}
