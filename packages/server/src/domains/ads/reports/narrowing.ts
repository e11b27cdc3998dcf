import type { Database } from '../../../db/database.ts'
import type { AdEntityColumns } from '../../../db/schema.ts'
import { adGroupOf, adGroupSummary } from '../ad-groups/ad-groups.ts'
import { type AdRow, adOf } from '../ad-settings.ts'
import { adSummaryStatus } from '../ad-status.ts'
import type { AdvertisedPins } from '../advertised-pins.ts'
import { type Campaign, campaignOf } from '../campaigns.ts'
import type { LabelSettings } from '../labels.ts'
import type { EntityRow, Level } from '../numbers/entity-fields.ts'
import { summaryStatus } from '../status.ts'
import { entityStore } from '../store/entities.ts'
import { labelEntityStore } from '../store/label-entities.ts'
import type { CampaignNarrowing, EntityNarrowing, ReportSpec } from './report-spec.ts'

/** Returns those rows of a level that a report has numbers of. `now`: in milliseconds. */
export type Narrow = (
  spec: Pick<ReportSpec, 'campaign' | 'adGroup' | 'ad'>,
  of: { adAccountId: number; level: Level; rows: readonly EntityRow[]; now: number },
) => Promise<EntityRow[]>

/** Makes what narrows reports over `db`. */
export function narrowing(db: Database, pins: Pick<AdvertisedPins, 'existing'>): Narrow {
  const campaignStore = entityStore(db, 'campaigns')
  const groupStore = entityStore(db, 'ad_groups')
  const labels = entityStore(db, 'ad_labels')
  const labelled = labelEntityStore(db)

  /** Returns the campaigns that a report is narrowed to, of those of these ids. */
  async function campaignsIn(
    adAccountId: number,
    ids: readonly number[],
    wanted: CampaignNarrowing,
    now: number,
  ): Promise<Map<number, Campaign>> {
    const among = wanted.ids ? new Set(wanted.ids) : undefined
    const rows = await campaignStore.byIds(adAccountId, among ? ids.filter((id) => among.has(id)) : ids)
    const isLabelled = await labelsOf(adAccountId, [...rows.keys()], wanted)
    const found = new Map<number, Campaign>()
    for (const [id, row] of rows) {
      const campaign = campaignOf(row)
      if (
        isOneOf(wanted.statuses, () => summaryStatus(campaign.settings, now)) &&
        (!wanted.objectives || wanted.objectives.includes(campaign.settings.objective_type)) &&
        isLabelled(id)
      )
        found.set(id, campaign)
    }
    return found
  }

  /** Returns what tells whether campaigns have the labels that are wanted. */
  async function labelsOf(
    adAccountId: number,
    ids: readonly number[],
    { brandLabel, customLabel }: CampaignNarrowing,
  ): Promise<(id: number) => boolean> {
    if (brandLabel === undefined && customLabel === undefined) return () => true
    const on = await labelled.labelsOn(ids)
    const known = await labels.byIds(
      adAccountId,
      on.map(({ label_id }) => label_id),
    )
    const namesOf = Map.groupBy(on, ({ entity_id }) => entity_id)
    const has = (id: number, type: string, value: string | undefined) =>
      value === undefined ||
      namesOf.get(id)?.some(({ label_id }) => {
        const row = known.get(label_id)
        if (!row) return false
        const label: LabelSettings = JSON.parse(row.data)
        return label.label_type === type && label.value === value && label.status === 'ACTIVE'
      }) === true
    return (id) => has(id, 'BRAND', brandLabel) && has(id, 'CUSTOM', customLabel)
  }

  return async ({ campaign, adGroup, ad }, { adAccountId, level, rows, now }) => {
    if ([campaign, adGroup, ad].every((wanted) => Object.keys(wanted).length === 0)) return [...rows]
    const campaigns = await campaignsIn(
      adAccountId,
      rows.map((row) => campaignIdOf(level, row)),
      campaign,
      now,
    )
    const inCampaigns = rows.filter((row) => campaigns.has(campaignIdOf(level, row)))
    if (level === 'campaign') return inCampaigns
    const groups =
      level === 'ad_group'
        ? new Map<number, AdEntityColumns>(inCampaigns.map((row) => [row.id, row]))
        : await groupStore.byIds(
            adAccountId,
            inCampaigns.map((row) => row.parent_id),
          )
    const isWantedGroup = (row: AdEntityColumns | undefined): row is AdEntityColumns => {
      const parent = row && campaigns.get(row.parent_id)
      if (!parent || !isAmong(adGroup, row.id)) return false
      return isOneOf(adGroup.statuses, () => adGroupSummary({ ...adGroupOf(row), campaign: parent }, now))
    }
    if (level === 'ad_group') return inCampaigns.filter(isWantedGroup)
    const ads = inCampaigns.filter((row) => isAmong(ad, row.id)) as unknown as AdRow[]
    const existing = ad.statuses ? await pins.existing(ads.map(({ pin_id }) => pin_id)) : new Set<number>()
    return ads.filter((row) => {
      const group = groups.get(row.parent_id)
      const parent = campaigns.get(row.campaign_id)
      if (!parent || !isWantedGroup(group)) return false
      return isOneOf(ad.statuses, () => {
        const within = [adGroupOf(group).settings, parent.settings]
        const { status } = adOf(row).settings
        const isPinDeleted = !existing.has(row.pin_id)
        return adSummaryStatus({ status, review: row.review_status, isPinDeleted, within }, now)
      })
    })
  }
}

/** Returns the id of the campaign that something of a level is, or is in. */
export function campaignIdOf(level: Level, row: EntityRow): number {
  if (level === 'campaign') return row.id
  return level === 'ad_group' ? row.parent_id : (row.campaign_id ?? 0)
}

const isAmong = ({ ids }: EntityNarrowing, id: number): boolean => !ids || ids.includes(id)

/** What is paused is called so, or ADVERTISER_DISABLED: both mean either. */
function isOneOf(statuses: readonly string[] | undefined, status: () => string): boolean {
  if (!statuses) return true
  const found = status()
  return statuses.includes(found) || (found === 'ADVERTISER_DISABLED' && statuses.includes('PAUSED'))
}
