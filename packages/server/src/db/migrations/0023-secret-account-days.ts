import { type QueryExecutorProvider, sql } from 'kysely'

/**
 * Keeps the sums over an account's secret Pins apart, in slices 9 to 17, from those over its others, in slices 0 to 8. Until
 * now these had both: what secret Pins have is summed up once more, and taken out of them.
 */
export async function up(db: QueryExecutorProvider): Promise<void> {
  // 0 for all Pins, 1 and 2 for those that are not and are: claimed times 3, and video.
  await sql`
    INSERT INTO account_days (account_id, slice, day, app_type, impressions, saves, pin_clicks, outbound_clicks)
    SELECT owner_id, slice, day, app_type, CAST(sum(impressions) AS bigint), CAST(sum(saves) AS bigint),
      CAST(sum(pin_clicks) AS bigint), CAST(sum(outbound_clicks) AS bigint)
    FROM (
      SELECT owner_id, day, app_type, impressions, saves, pin_clicks, outbound_clicks,
        9 + by_claimed * (1 + is_claimed) * 3
          + by_video * (1 + CASE WHEN creative_type IN ('VIDEO', 'MAX_VIDEO', 'MAX_WIDTH_VIDEO_COLLECTION') THEN 1 ELSE 0 END)
          AS slice
      FROM pins
      JOIN pin_days ON pin_days.pin_id = pins.id
      CROSS JOIN (
        SELECT 0 AS by_claimed, 0 AS by_video UNION ALL SELECT 0, 1 UNION ALL SELECT 1, 0 UNION ALL SELECT 1, 1
      ) AS unions
      WHERE privacy = 'SECRET' AND (impressions > 0 OR saves > 0 OR pin_clicks > 0 OR outbound_clicks > 0)
    ) AS secret
    GROUP BY owner_id, slice, day, app_type`.execute(db)
  await sql`
    UPDATE account_days
    SET impressions = account_days.impressions - secret.impressions, saves = account_days.saves - secret.saves,
      pin_clicks = account_days.pin_clicks - secret.pin_clicks,
      outbound_clicks = account_days.outbound_clicks - secret.outbound_clicks
    FROM account_days AS secret
    WHERE secret.slice >= 9 AND account_days.slice = secret.slice - 9 AND account_days.account_id = secret.account_id
      AND account_days.day = secret.day AND account_days.app_type = secret.app_type`.execute(db)
}
