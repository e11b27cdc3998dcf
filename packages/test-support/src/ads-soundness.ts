import { adCounters } from '../../server/src/db/ad-counters.ts'

const some = adCounters.map((name) => `${name} <> 0`).join(' OR ')
const sums = adCounters.map((name) => `sum(n.${name}) AS ${name}`).join()

/** Returns the rows of one of two queries that are not in the other. */
const difference = (one: string, other: string) =>
  `SELECT * FROM (SELECT * FROM (${one}) EXCEPT SELECT * FROM (${other})) UNION ALL
   SELECT * FROM (SELECT * FROM (${other}) EXCEPT SELECT * FROM (${one}))`

/** What ads are in, by the columns that name it. */
const owners = ['parent_id', 'campaign_id', 'ad_account_id']

/** What is not the sum over its ads: their ad group, their campaign, their ad account. */
const notTheSums = (table: string, time: string) =>
  difference(
    `SELECT entity_id, ${time}, side, ${adCounters} FROM ${table} WHERE (${some}) AND entity_id NOT IN (SELECT id FROM ads)`,
    owners
      .map(
        (owner) => `SELECT * FROM (SELECT ${owner} AS entity_id, ${time}, side, ${sums}
          FROM ${table} n JOIN ads ON ads.id = entity_id GROUP BY 1, 2, 3) WHERE ${some}`,
      )
      .join(' UNION ALL '),
  )

/** What things are counted in, by the column that names it. */
const countedBy: Record<string, string> = {
  campaigns: 'ad_account_id',
  ad_groups: 'parent_id',
  ads: 'parent_id',
  ad_schedules: 'parent_id',
  keywords: 'ad_account_id',
  ad_labels: 'ad_account_id',
  targeting_templates: 'ad_account_id',
  promotions: 'ad_account_id',
  order_lines: 'ad_account_id',
}

/** Queries that return no rows if what is in ad accounts, and the numbers of ads, agree, for `expectSound`. */
export const adsContradictions: Record<string, string> = {
  'numbers of ads, or of what they were in, that are not there': `
    SELECT entity_id FROM ad_days UNION SELECT entity_id FROM ad_hours EXCEPT SELECT id FROM
    (SELECT id FROM ads UNION SELECT id FROM ad_groups UNION SELECT id FROM campaigns UNION SELECT id FROM ad_accounts)`,
  'days of ad groups, campaigns and ad accounts that are not the sums over their ads': notTheSums('ad_days', 'day'),
  'hours of ad groups, campaigns and ad accounts that are not the sums over their ads': notTheSums('ad_hours', 'hour'),
  'numbers of ads below 0': ['ad_days', 'ad_hours']
    .map((table) => `SELECT entity_id FROM ${table} WHERE ${adCounters.map((name) => `${name} < 0`).join(' OR ')}`)
    .join(' UNION '),
  'counts of what is in ad accounts that are wrong': difference(
    'SELECT owner_id, kind, count FROM ad_counts WHERE count <> 0',
    Object.entries(countedBy)
      .map(([table, owner]) => `SELECT ${owner}, '${table}', count(*) FROM ${table} GROUP BY 1`)
      .join(' UNION ALL '),
  ),
  'ads and ad groups in what is not there': `
    SELECT id FROM ad_groups WHERE parent_id NOT IN (SELECT id FROM campaigns) UNION
    SELECT ads.id FROM ads LEFT JOIN ad_groups g ON g.id = ads.parent_id WHERE g.parent_id IS NOT ads.campaign_id`,
  'what belongs to ad groups and campaigns that are not there': `
    SELECT entity_id FROM ad_label_entities WHERE entity_id NOT IN (SELECT id FROM campaigns)
    UNION SELECT label_id FROM ad_label_entities WHERE label_id NOT IN (SELECT id FROM ad_labels)
    UNION SELECT ad_group_id FROM ad_group_promotions WHERE ad_group_id NOT IN (SELECT id FROM ad_groups)
    UNION SELECT ad_group_id FROM campaign_ad_previews WHERE ad_group_id NOT IN (SELECT id FROM ad_groups)
    UNION SELECT ad_group_id FROM ad_group_titles WHERE ad_group_id NOT IN (SELECT id FROM ad_groups)
    UNION SELECT ad_group_id FROM ad_group_title_uploads WHERE ad_group_id NOT IN (SELECT id FROM ad_groups)`,
  'parts of files that no job has, and files that are not whole': `
    SELECT file_key FROM job_parts EXCEPT SELECT file_key FROM jobs UNION
    SELECT token FROM jobs WHERE status = 'FINISHED' AND size > 0 AND file_key NOT IN (SELECT file_key FROM job_parts)`,
  'ads that wait for a review that they had, or do not wait for one':
    "SELECT id FROM ads WHERE (review_at IS NOT NULL) <> (review_status = 'PENDING' AND status <> 'DRAFT')",
}
