import type { ReportColumn, SidedCount } from './column.ts'
import { perMicro, plain, ratio, sided, sidedColumns, sides, sum } from './make-column.ts'

/** What is counted of videos: the column, the count, what people call it and what it means. */
const counted: [name: string, count: SidedCount, displayName: string, definition: string][] = [
  ['VIDEO_3SEC_VIEWS', 'video_3s_views', '3-second views', 'Times that three seconds were watched'],
  ['VIDEO_15SEC_UNIQUE_VIEWS', 'video_15s_viewers', '15-second viewers', 'People who watched fifteen seconds'],
  ['VIDEO_MRC_VIEWS', 'video_mrc_views', 'Views', 'Times that half of it was in sight for two seconds'],
  ['VIDEO_P0_COMBINED', 'video_starts', 'Starts', 'Times that it began to play'],
  ['VIDEO_P25_COMBINED', 'video_quarters', 'Played to 25%', 'Times that a quarter was watched'],
  ['VIDEO_P50_COMBINED', 'video_halves', 'Played to 50%', 'Times that half was watched'],
  ['VIDEO_P75_COMBINED', 'video_three_quarters', 'Played to 75%', 'Times that three quarters were watched'],
  ['VIDEO_P95_COMBINED', 'video_95_percent', 'Played to 95%', 'Times that it was watched nearly to the end'],
  ['VIDEO_P100_COMPLETE', 'video_completions', 'Played to 100%', 'Times that it was watched to the end'],
]

/** What a view cost: the end of the column's name, the count, and what the price is for. */
const prices: [name: string, count: SidedCount, what: string][] = [
  ['CPV', 'video_mrc_views', 'view'],
  ['CPCV', 'video_completions', 'view to the end'],
  ['CPCV_P95', 'video_95_percent', 'view nearly to the end'],
]

const videoSpend = plain('video_spend')

/** The columns of video ads. */
export const videoColumns = (): readonly ReportColumn[] => [
  ...counted.flatMap(([name, count, displayName, definition]) =>
    sidedColumns(name, count, { displayName: `Video: ${displayName.toLowerCase()}`, definition }),
  ),
  ...sides.map(({ side, number, label, where }) =>
    ratio(
      number ? `VIDEO_AVG_WATCHTIME_IN_SECOND_${number}` : 'TOTAL_VIDEO_AVG_WATCHTIME_IN_SECOND',
      { tally: sided('video_watch_seconds', side), per: sided('video_starts', side) },
      {
        displayName: `Video: average watch time (${label})`,
        definition: `How many seconds were watched on average, ${where}.`,
      },
    ),
  ),
  ratio(
    'PAID_VIDEO_VIEWABLE_RATE',
    { tally: sided('video_mrc_views', 'paid'), per: sided('impressions', 'paid') },
    { displayName: 'Video: viewable rate', definition: 'Paid views per paid impression.' },
  ),
  sum(
    'VIDEO_SPEND_IN_DOLLAR',
    videoSpend,
    { displayName: 'Video: spend', definition: 'The part of the spend that went to video ads.' },
    perMicro,
  ),
  ...prices.flatMap(([name, count, what]) => [
    ratio(
      `${name}_IN_MICRO_DOLLAR`,
      { tally: videoSpend, per: sided(count, 'paid') },
      {
        displayName: `${name.replace('_P95', ' (95%)')} (micro)`,
        definition: `Spend on video ads per paid ${what}, in millionths.`,
      },
    ),
    ratio(
      `E${name}_IN_DOLLAR`,
      { tally: videoSpend, per: sided(count), times: perMicro },
      {
        displayName: `e${name.replace('_P95', ' (95%)')}`,
        definition: `Spend on video ads per ${what}, paid and earned.`,
      },
    ),
  ]),
]
