import type { Database } from '../../../db/database.ts'
import type { LabelSettings } from '../labels.ts'
import type { EntityRow } from '../numbers/entity-fields.ts'
import { entityStore } from '../store/entities.ts'
import { labelEntityStore } from '../store/label-entities.ts'
import type { CampaignNarrowing, EntityNarrowing, ReportSpec } from './report-spec.ts'
import { campaignIdOf, type LevelRows, type Surroundings } from './surroundings.ts'

/** Returns those rows that a report has numbers of. */
export type Narrow = (spec: Pick<ReportSpec, 'campaign' | 'adGroup' | 'ad'>, of: LevelRows) => Promise<EntityRow[]>

/** Makes what narrows reports over `db`. */
export function narrowing(db: Database, surroundings: (of: LevelRows) => Promise<Surroundings>): Narrow {
  const labels = entityStore(db, 'ad_labels')
  const labelled = labelEntityStore(db)

  /** Returns what tells whether campaigns have the labels that are wanted. */
  async function labelsOf(
    adAccountId: number,
    campaigns: readonly number[],
    { brandLabel, customLabel }: CampaignNarrowing,
  ): Promise<(campaign: number) => boolean> {
    if (brandLabel === undefined && customLabel === undefined) return () => true
    const on = await labelled.labelsOn(campaigns)
    const known = await labels.byIds(
      adAccountId,
      on.map(({ label_id }) => label_id),
    )
    const byCampaign = Map.groupBy(on, ({ entity_id }) => entity_id)
    const has = (campaign: number, type: string, value: string | undefined) =>
      value === undefined ||
      byCampaign.get(campaign)?.some(({ label_id }) => {
        const row = known.get(label_id)
        const label: LabelSettings | undefined = row && JSON.parse(row.data)
        return label?.label_type === type && label.value === value && label.status === 'ACTIVE'
      }) === true
    return (campaign) => has(campaign, 'BRAND', brandLabel) && has(campaign, 'CUSTOM', customLabel)
  }

  return async (spec, of) => {
    const { level, rows, adAccountId } = of
    if ([spec.campaign, spec.adGroup, spec.ad].every((wanted) => Object.keys(wanted).length === 0)) return [...rows]
    const around = await surroundings(of)
    const campaignIds = rows.map((row) => campaignIdOf(level, row))
    const isLabelled = await labelsOf(adAccountId, campaignIds, spec.campaign)
    const isWanted = ({ ids, statuses }: EntityNarrowing, id: number, status: () => string | undefined) =>
      (!ids || ids.includes(id)) && (!statuses || isOneOf(statuses, status()))
    return rows.filter((row) => {
      const campaign = around.campaignOf(row)
      if (!campaign || !isWanted(spec.campaign, campaign.row.id, () => around.statusOf(row, 'campaign'))) return false
      if (!(spec.campaign.objectives?.includes(campaign.settings.objective_type) ?? true)) return false
      if (!isLabelled(campaign.row.id)) return false
      if (level === 'campaign') return true
      const groupId = level === 'ad' ? row.parent_id : row.id
      if (!isWanted(spec.adGroup, groupId, () => around.statusOf(row, 'ad_group'))) return false
      return level === 'ad_group' || isWanted(spec.ad, row.id, () => around.statusOf(row, 'ad'))
    })
  }
}

/** What is paused is called so, or ADVERTISER_DISABLED: both mean either. */
const isOneOf = (statuses: readonly string[], found: string | undefined): boolean =>
  found !== undefined && (statuses.includes(found) || (found === 'ADVERTISER_DISABLED' && statuses.includes('PAUSED')))
