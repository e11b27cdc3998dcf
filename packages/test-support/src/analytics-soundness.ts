const counters = [
  'impressions',
  'saves',
  'pin_clicks',
  'outbound_clicks',
  'profile_visits',
  'user_follows',
  'comments',
  'reactions',
  'video_starts',
  'video_mrc_views',
  'video_10s_views',
  'video_95_percent_views',
  'video_watch_ms',
]
const ofAccounts = counters.slice(0, 4)

const sums = (names: readonly string[], from = '') => names.map((name) => `sum(${from}${name}) AS ${name}`).join()
const someOf = (names: readonly string[]) => names.map((name) => `${name} <> 0`).join(' OR ')

const all = (query: string) => `SELECT * FROM (${query})`
/** Returns the rows of one of two queries that are not in the other. */
const difference = (one: string, other: string) =>
  `SELECT * FROM (${all(one)} EXCEPT ${all(other)}) UNION ALL SELECT * FROM (${all(other)} EXCEPT ${all(one)})`

const isVideo = "creative_type IN ('VIDEO', 'MAX_VIDEO', 'MAX_WIDTH_VIDEO_COLLECTION')"

/** The lists of top Pins by number, each with the metric it is by. */
const ranked = [
  'impressions',
  'saves',
  'pin_clicks',
  'outbound_clicks',
  'saves + pin_clicks + outbound_clicks',
  'video_starts',
  'video_mrc_views',
  'video_10s_views',
  'video_95_percent_views',
  'video_watch_ms',
]

/** Queries that return no rows if all counts agree, for `expectSound`. */
export const analyticsContradictions: Record<string, string> = {
  'numbers of Pins that are not there': `
    SELECT pin_id FROM pin_days UNION SELECT pin_id FROM pin_blocks UNION SELECT pin_id FROM top_pins
    EXCEPT SELECT id FROM pins`,
  'blocks that are not the sums of their days': difference(
    `SELECT pin_id, block, app_type, ${counters.join()} FROM pin_blocks WHERE block >= 0`,
    `SELECT pin_id, day / 16 AS block, app_type, ${sums(counters)} FROM pin_days GROUP BY 1, 2, 3`,
  ),
  'days of accounts that are not the sums over their Pins': difference(
    `SELECT account_id, slice, day, app_type, ${ofAccounts.join()} FROM account_days WHERE ${someOf(ofAccounts)}`,
    `SELECT * FROM (
       SELECT owner_id AS account_id, claimed.code * 3 + video.code + 9 * (privacy = 'SECRET') AS slice, day, app_type, ${sums(ofAccounts, 'd.')}
       FROM pin_days d JOIN pins ON pins.id = pin_id
       JOIN (SELECT 0 AS code, NULL AS flag UNION SELECT 1, 0 UNION SELECT 2, 1) claimed
         ON claimed.flag IS NULL OR claimed.flag = is_claimed
       JOIN (SELECT 0 AS code, NULL AS flag UNION SELECT 1, 0 UNION SELECT 2, 1) video
         ON video.flag IS NULL OR video.flag = (${isVideo})
       GROUP BY 1, 2, 3, 4
     ) WHERE ${someOf(ofAccounts)}`,
  ),
  'top Pins that are not where they belong': difference(
    'SELECT account_id, slice, metric, app_type, block, bucket, pin_id FROM top_pins',
    ranked
      .map(
        (sum, metric) => `
          SELECT owner_id, is_claimed * 2 + (${isVideo}), ${metric}, app_type, block,
            CAST(floor(log2(${sum})) AS INTEGER), pin_id
          FROM pin_blocks JOIN pins ON pins.id = pin_id WHERE block >= 0 AND ${sum} > 0`,
      )
      .join(' UNION ALL '),
  ),
}
