import type {
  BidStrategy,
  BillableEvent,
  BudgetType,
  OperationInput,
  PlacementGroup,
  resources,
} from '@pinfold/contract'
import { refused } from '../batch.ts'
import type { CampaignSettings } from '../campaigns.ts'
import { pick, said } from '../given.ts'
import type { Schedule } from '../status.ts'
import { changedTargeting, keptTargeting, type TargetingOperation, type TargetingSpec } from '../targeting/spec.ts'
import { keptTrackingUrls } from '../tracking-urls.ts'

/** An ad group as it is sent to be made. */
export type NewAdGroup = OperationInput<typeof resources.adGroups.create>['body'][number]
/** A change of one. */
export type AdGroupChange = OperationInput<typeof resources.adGroups.update>['body'][number]

type Goals = NonNullable<NewAdGroup['optimization_goal_metadata']>

/** What is kept of an ad group, under the names of the API. */
export interface AdGroupSettings extends Schedule {
  name: string
  billable_event: BillableEvent
  /** In millionths of the ad account's currency. */
  bid_in_micro_currency: number | null
  bid_strategy_type: BidStrategy | null
  bid_multiplier: number | null
  /** In millionths of the ad account's currency; null: the campaign has the budget. */
  budget_in_micro_currency: number | null
  budget_type: BudgetType
  pacing_delivery_type: 'STANDARD' | 'ACCELERATED'
  auto_targeting_enabled: boolean
  targeting_spec: TargetingSpec
  targeting_template_ids: string[] | null
  placement_group: PlacementGroup
  placement_traffic_type: 'ALL' | 'TWO_COLUMN_FEED' | 'FULLSCREEN_FEED' | null
  tracking_urls: Record<string, string[]> | null
  /** How often somebody may see it in 30 days; -1: however often. */
  lifetime_frequency_cap: number
  optimization_goal_metadata: Goals
  is_creative_optimization: boolean | null
  promotion_id: string | null
  promotion_ids: string[]
  promotion_application_level: 'NONE' | 'ITEM' | 'AD_GROUP' | null
  feed_profile_id: string
  ext_features: object | null
  customer_segment_id?: string
  is_local_inventory?: boolean
  local_inventory_radius_in_miles?: number
  performance_plus_campaign_settings?: object | null
}

/** What an ad group has of which nothing is said. */
const usual: AdGroupSettings = {
  ...{ name: '', status: 'ACTIVE', billable_event: 'IMPRESSION', start_time: null, end_time: null },
  ...{ bid_in_micro_currency: null, bid_strategy_type: null, bid_multiplier: null },
  ...{ budget_in_micro_currency: null, budget_type: 'DAILY', pacing_delivery_type: 'STANDARD' },
  ...{ auto_targeting_enabled: true, targeting_spec: {}, targeting_template_ids: null },
  ...{ placement_group: 'ALL', placement_traffic_type: null, tracking_urls: null, lifetime_frequency_cap: -1 },
  ...{ optimization_goal_metadata: {}, is_creative_optimization: null },
  ...{ promotion_id: null, promotion_ids: [], promotion_application_level: null },
  ...{ feed_profile_id: '0', ext_features: null },
}

/** What null takes back. */
const unsettable = [
  ...(['start_time', 'end_time', 'bid_in_micro_currency', 'bid_strategy_type', 'tracking_urls'] as const),
  ...(['targeting_template_ids', 'placement_traffic_type', 'optimization_goal_metadata', 'promotion_id'] as const),
  ...(['promotion_application_level', 'is_creative_optimization', 'ext_features', 'bid_multiplier'] as const),
] as const

/** What may be set as it is sent. */
const asSent = [
  ...(['name', 'status', 'billable_event', 'start_time', 'end_time', 'bid_in_micro_currency'] as const),
  ...(['bid_strategy_type', 'budget_in_micro_currency', 'budget_type', 'pacing_delivery_type'] as const),
  ...(['auto_targeting_enabled', 'placement_group', 'placement_traffic_type', 'lifetime_frequency_cap'] as const),
  ...(['optimization_goal_metadata', 'is_creative_optimization', 'promotion_ids', 'feed_profile_id'] as const),
  ...(['promotion_application_level', 'ext_features', 'customer_segment_id', 'is_local_inventory'] as const),
  ...(['local_inventory_radius_in_miles', 'performance_plus_campaign_settings'] as const),
] as const

/** Returns what is kept of a new ad group. Throws `Refused`. */
export const newAdGroup = (given: NewAdGroup, campaign: CampaignSettings): AdGroupSettings =>
  changedAdGroup(usual, { ...given, id: '' }, campaign)

/** Returns what is kept of an ad group after a change. Throws `Refused`. */
export function changedAdGroup(
  before: AdGroupSettings,
  change: AdGroupChange,
  campaign: CampaignSettings,
): AdGroupSettings {
  const { bid_multiplier, promotion_id, targeting_template_ids, tracking_urls, ...rest } = said(change)
  const cleared = unsettable.filter((name) => change[name] === null).map((name) => [name, usual[name]])
  const wanted = pick(rest, asSent as never) as Partial<AdGroupSettings>
  const settings: AdGroupSettings = {
    ...before,
    ...Object.fromEntries(cleared),
    ...wanted,
    ...(bid_multiplier !== undefined && { bid_multiplier: bid_multiplier || null }),
    ...(promotion_id !== undefined && { promotion_id: Number(promotion_id) === 0 ? null : promotion_id }),
    ...(targeting_template_ids && withTemplate(targeting_template_ids)),
    ...(tracking_urls && { tracking_urls: keptTrackingUrls(tracking_urls) }),
    ...withTargeting(before, change),
  }
  return withoutBudgetOfCampaign(withBidStrategy(settings, campaign), campaign)
}

/** A template says what an ad group would say otherwise: setting one takes that back. */
function withTemplate(ids: readonly string[]): Partial<AdGroupSettings> {
  const [id] = ids
  if (id === undefined || Number(id) === 0) return { targeting_template_ids: null }
  return { targeting_template_ids: [id], targeting_spec: {} }
}

function withTargeting(before: AdGroupSettings, change: AdGroupChange): Partial<AdGroupSettings> {
  const { targeting_spec: spec, targeting_spec_operations: operations } = change
  if (spec && operations) throw refused(`Send either 'targeting_spec' or 'targeting_spec_operations'.`)
  if (spec) return { targeting_spec: keptTargeting(spec) }
  if (!operations) return {}
  return { targeting_spec: changedTargeting(before.targeting_spec, operations as readonly TargetingOperation[]) }
}

/** What is paid for with which objective only for a bid that is said. */
const bidders = ['AWARENESS/IMPRESSION', 'CONSIDERATION/CLICKTHROUGH', 'CATALOG_SALES/CLICKTHROUGH']

/** Returns whether an ad group needs a bid, unless its bids are found automatically. */
export const needsBid = ({ billable_event: event }: AdGroupSettings, { objective_type: objective }: CampaignSettings) =>
  bidders.includes(`${objective}/${event}`)

function withBidStrategy(settings: AdGroupSettings, campaign: CampaignSettings): AdGroupSettings {
  if (settings.bid_strategy_type !== null) return settings
  const isSaid = settings.bid_in_micro_currency !== null || needsBid(settings, campaign)
  const isAutomatic = !isSaid || campaign.objective_type === 'VIDEO_COMPLETION'
  return { ...settings, bid_strategy_type: isAutomatic ? 'AUTOMATIC_BID' : 'MAX_BID' }
}

/** DAILY is what clients send without being told: where the campaign has the budget, it means that. */
function withoutBudgetOfCampaign(settings: AdGroupSettings, campaign: CampaignSettings): AdGroupSettings {
  const { budget_in_micro_currency: budget, budget_type: type } = settings
  if (!campaign.is_campaign_budget_optimization || budget) return settings
  return { ...settings, budget_in_micro_currency: null, budget_type: type === 'DAILY' ? 'CBO_ADGROUP' : type }
}
