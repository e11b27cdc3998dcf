import type { ReportedEntity } from '@pinfold/contract'
import type { Database } from '../../../db/database.ts'
import { adGroupOf, adGroupSummary } from '../ad-groups/ad-groups.ts'
import { type AdRow, adOf } from '../ad-settings.ts'
import { adSummaryStatus } from '../ad-status.ts'
import type { AdvertisedPins } from '../advertised-pins.ts'
import { type Campaign, campaignOf } from '../campaigns.ts'
import type { EntityRow, Level } from '../numbers/entity-fields.ts'
import { summaryStatus } from '../status.ts'
import { entityStore } from '../store/entities.ts'

/** Rows of a level in an ad account. */
export interface LevelRows {
  adAccountId: number
  level: Level
  rows: readonly EntityRow[]
  /** In milliseconds. */
  now: number
}

/** What these rows are in, and what has become of that. */
export interface Surroundings {
  /** Returns the campaign that a row is, or is in. */
  campaignOf(row: EntityRow): Campaign | undefined
  /** Returns the summary status of what a row is, or is in. */
  statusOf(row: EntityRow, entity: ReportedEntity): string | undefined
}

/** Makes what reads surroundings from `db`. */
export function surroundingsIn(db: Database, pins: Pick<AdvertisedPins, 'existing'>) {
  const campaignStore = entityStore(db, 'campaigns')
  const groupStore = entityStore(db, 'ad_groups')

  return async ({ adAccountId, level, rows, now }: LevelRows): Promise<Surroundings> => {
    const ads = level === 'ad' ? (rows as unknown as AdRow[]) : []
    const [campaigns, groups, existing] = await Promise.all([
      campaignStore.byIds(
        adAccountId,
        rows.map((row) => campaignIdOf(level, row)),
      ),
      groupStore.byIds(
        adAccountId,
        ads.map((row) => row.parent_id),
      ),
      pins.existing(ads.map((row) => row.pin_id)),
    ])
    const known = new Map([...campaigns].map(([id, row]) => [id, campaignOf(row)]))
    const campaignAround = (row: EntityRow) => known.get(campaignIdOf(level, row))

    return {
      campaignOf: campaignAround,

      statusOf(row, entity) {
        const campaign = campaignAround(row)
        if (!campaign) return undefined
        if (entity === 'campaign') return summaryStatus(campaign.settings, now)
        const groupRow = level === 'ad' ? groups.get(row.parent_id) : level === 'ad_group' ? row : undefined
        const group = groupRow && adGroupOf(groupRow)
        if (!group) return undefined
        if (entity === 'ad_group') return adGroupSummary({ ...group, campaign }, now)
        if (entity !== 'ad' || level !== 'ad') return undefined
        const ad = adOf(row as unknown as AdRow)
        const within = [group.settings, campaign.settings]
        const isPinDeleted = !existing.has(ad.row.pin_id)
        return adSummaryStatus({ status: ad.settings.status, review: ad.row.review_status, isPinDeleted, within }, now)
      },
    }
  }
}

/** Returns the id of the campaign that something of a level is, or is in. */
export function campaignIdOf(level: Level, row: EntityRow): number {
  if (level === 'campaign') return row.id
  return level === 'ad_group' ? row.parent_id : (row.campaign_id ?? 0)
}
