import { adCounters } from '../../server/src/db/ad-counters.ts'

/**
 * Returns the SQL that writes ads in one ad group into a database, with three impressions on each of some days before today: by the
 * public door that would take longer than what is tested.
 */
export function adsWithNumbers({ account, ads, days }: { account: string; ads: number; days: number }): string {
  const [campaign, group, first] = [11, 12, 1000]
  const upTo = (count: number) => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`
  const today = Math.floor(Date.now() / 86_400_000)
  const counts = (impressions: number) => adCounters.map((name) => (name === 'impressions' ? impressions : 0)).join()
  const data = (name: string) => `'{"name":"${name}","status":"ACTIVE","objective_type":"AWARENESS"}'`
  const row = `'ACTIVE', 0, 0`
  const columns = 'id, ad_account_id, parent_id, status, created_at, updated_at, data'
  const within = [campaign, group, account].map(
    (id) => `INSERT INTO ad_days (entity_id, day, side, ${adCounters})
      ${upTo(days)} SELECT ${id}, ${today} - i, 0, ${counts(3 * ads)} FROM n;`,
  )
  return `BEGIN;
    INSERT INTO campaigns (${columns}) VALUES (${campaign}, ${account}, ${account}, ${row}, ${data('Spring')});
    INSERT INTO ad_groups (${columns}) VALUES (${group}, ${account}, ${campaign}, ${row}, ${data('All')});
    INSERT INTO ads (campaign_id, pin_id, review_status, ${columns})
      ${upTo(ads)} SELECT ${campaign}, 1, 'APPROVED', ${first} + i, ${account}, ${group}, ${row}, ${data('Cup')} FROM n;
    INSERT INTO ad_counts (owner_id, kind, count)
      VALUES (${account}, 'campaigns', 1), (${campaign}, 'ad_groups', 1), (${group}, 'ads', ${ads});
    INSERT INTO ad_days (entity_id, day, side, ${adCounters})
      ${upTo(ads * days)} SELECT ${first} + 1 + (i - 1) % ${ads}, ${today} - 1 - (i - 1) / ${ads}, 0, ${counts(3)} FROM n;
    ${within.join('')}
    COMMIT`
}
