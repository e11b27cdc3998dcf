import type { CampaignSettings } from '../campaigns.ts'
import type { Rules } from '../rules.ts'
import { ageFaults } from '../targeting/spec.ts'
import { type AdGroupSettings, needsBid } from './settings.ts'

/** An ad group, and the campaign that it is in. */
export interface AdGroupInCampaign {
  adGroup: AdGroupSettings
  campaign: CampaignSettings
}

const withCampaignBudget = ({ campaign }: AdGroupInCampaign) => campaign.is_campaign_budget_optimization
const isAmount = (micros: number | null) => micros === null || (Number.isSafeInteger(micros) && micros > 0)
const isMoment = (seconds: number | null) => seconds === null || (Number.isSafeInteger(seconds) && seconds >= 0)

/** What must hold for every ad group. */
export const adGroupRules: Rules<AdGroupInCampaign> = [
  {
    broken: ({ adGroup: { name } }) => !/\S/.test(name) || name.length > 255,
    message: `'name' must have 1 to 255 characters, and not only blanks.`,
  },
  // Money.
  {
    broken: ({ adGroup }) => !isAmount(adGroup.budget_in_micro_currency) || !isAmount(adGroup.bid_in_micro_currency),
    message: `'budget_in_micro_currency' and 'bid_in_micro_currency' must be above 0.`,
  },
  {
    broken: (it) => !withCampaignBudget(it) && it.adGroup.budget_in_micro_currency === null,
    message: `'budget_in_micro_currency' is needed: the campaign has no budget of its own.`,
  },
  {
    broken: (it) => !withCampaignBudget(it) && it.adGroup.budget_type === 'CBO_ADGROUP',
    message: `'budget_type' must be DAILY or LIFETIME: the campaign has no budget of its own.`,
  },
  {
    broken: ({ adGroup }) => adGroup.budget_type === 'LIFETIME' && adGroup.end_time === null,
    message: `'end_time' is needed with the 'budget_type' LIFETIME.`,
  },
  {
    broken: (it) =>
      !withCampaignBudget(it) && it.campaign.objective_type === 'WEB_SESSIONS' && it.adGroup.budget_type !== 'LIFETIME',
    message: `'budget_type' must be LIFETIME in a campaign with the objective WEB_SESSIONS.`,
  },
  {
    broken: (it) => withCampaignBudget(it) && it.adGroup.budget_in_micro_currency !== null,
    message: `'budget_in_micro_currency' must be left out: the campaign has the budget.`,
  },
  {
    broken: (it) => withCampaignBudget(it) && it.adGroup.budget_type === 'LIFETIME',
    message: `'budget_type' must be CBO_ADGROUP: the campaign has the budget.`,
  },
  {
    broken: (it) => withCampaignBudget(it) && it.adGroup.pacing_delivery_type !== 'STANDARD',
    message: `'pacing_delivery_type' must be STANDARD: the campaign has the budget.`,
  },
  // Bids.
  {
    broken: ({ adGroup, campaign }) =>
      needsBid(adGroup, campaign) &&
      adGroup.bid_strategy_type !== 'AUTOMATIC_BID' &&
      adGroup.bid_in_micro_currency === null,
    message: `'bid_in_micro_currency' is needed for this 'billable_event' and the objective of the campaign.`,
  },
  {
    broken: ({ adGroup, campaign }) =>
      !needsBid(adGroup, campaign) && adGroup.bid_strategy_type === 'MAX_BID' && adGroup.bid_in_micro_currency === null,
    message: `'bid_in_micro_currency' is needed with the 'bid_strategy_type' MAX_BID.`,
  },
  {
    broken: ({ adGroup, campaign }) =>
      campaign.objective_type === 'VIDEO_COMPLETION' && adGroup.bid_strategy_type !== 'AUTOMATIC_BID',
    message: `'bid_strategy_type' must be AUTOMATIC_BID in a campaign with the objective VIDEO_COMPLETION.`,
  },
  {
    broken: ({ adGroup: { bid_multiplier: factor } }) => factor !== null && (factor < 0.1 || factor > 10),
    message: `'bid_multiplier' must be from 0.1 to 10, or 0 for none.`,
  },
  {
    broken: ({ adGroup }) => adGroup.bid_multiplier !== null && adGroup.bid_strategy_type !== 'AUTOMATIC_BID',
    message: `'bid_multiplier' is for ad groups with the 'bid_strategy_type' AUTOMATIC_BID.`,
  },
  {
    broken: ({ adGroup, campaign }) => adGroup.bid_multiplier !== null && campaign.is_performance_plus,
    message: `'bid_multiplier' is not for Performance+ campaigns.`,
  },
  // Times.
  {
    broken: ({ adGroup }) => !isMoment(adGroup.start_time) || !isMoment(adGroup.end_time),
    message: `'start_time' and 'end_time' are Unix seconds, and not negative.`,
  },
  {
    broken: ({ adGroup: { start_time: start, end_time: end } }) => start !== null && end !== null && end <= start,
    message: `'end_time' must be after 'start_time'.`,
  },
  {
    broken: ({ adGroup, campaign }) => isOutside(adGroup.start_time, campaign) || isOutside(adGroup.end_time, campaign),
    message: `'start_time' and 'end_time' must be within those of the campaign.`,
  },
  // What it aims at.
  {
    broken: ({ adGroup, campaign }) =>
      campaign.objective_type === 'WEB_CONVERSION' &&
      adGroup.optimization_goal_metadata.conversion_tag_v3_goal_metadata === undefined,
    message: `'optimization_goal_metadata' needs 'conversion_tag_v3_goal_metadata' with the objective WEB_CONVERSION.`,
  },
  {
    broken: ({ adGroup: { optimization_goal_metadata: goals, bid_strategy_type: strategy } }) => {
      const conversions = goals.conversion_tag_v3_goal_metadata
      return (
        conversions?.is_roas_optimized === true &&
        (conversions.conversion_event !== 'CHECKOUT' || strategy !== 'AUTOMATIC_BID')
      )
    },
    message: `'is_roas_optimized' needs the 'conversion_event' CHECKOUT and the 'bid_strategy_type' AUTOMATIC_BID.`,
  },
  {
    broken: ({ adGroup: { lifetime_frequency_cap: cap } }) =>
      cap !== -1 && !(cap >= 1 && cap <= Number.MAX_SAFE_INTEGER),
    message: `'lifetime_frequency_cap' must be above 0, or -1 for none.`,
  },
  {
    broken: ({ adGroup }) => adGroup.lifetime_frequency_cap > 0 && adGroup.billable_event !== 'IMPRESSION',
    message: `'lifetime_frequency_cap' is for ad groups with the 'billable_event' IMPRESSION.`,
  },
  {
    broken: ({ adGroup }) => adGroup.lifetime_frequency_cap > 0 && adGroup.end_time === null,
    message: `'end_time' is needed with 'lifetime_frequency_cap'.`,
  },
  // Whom it is for.
  {
    broken: ({ adGroup }) => ageFaults.mixed(adGroup.targeting_spec),
    message: `'AGE_BUCKET' cannot be together with 'MINIMUM_AGE' and 'MAXIMUM_AGE'.`,
  },
  {
    broken: ({ adGroup }) => ageFaults.unpaired(adGroup.targeting_spec),
    message: `'MINIMUM_AGE' and 'MAXIMUM_AGE' must be there together.`,
  },
  {
    broken: ({ adGroup }) => ageFaults.outOfRange(adGroup.targeting_spec),
    message: `'MINIMUM_AGE' must be from 18 to 65, and 'MAXIMUM_AGE' from there to 65, or 65+.`,
  },
  {
    broken: ({ adGroup }) => adGroup.targeting_template_ids !== null && Object.keys(adGroup.targeting_spec).length > 0,
    message: `'targeting_spec' must be left out with a targeting template: set 'targeting_template_ids' to ['0'] first.`,
  },
  {
    broken: ({ adGroup }) => adGroup.targeting_template_ids !== null && adGroup.tracking_urls !== null,
    message: `'tracking_urls' must be left out with a targeting template.`,
  },
  {
    broken: ({ adGroup }) => adGroup.targeting_template_ids !== null && adGroup.placement_group !== 'ALL',
    message: `'placement_group' must be left out with a targeting template.`,
  },
  {
    broken: ({ adGroup }) => adGroup.promotion_ids.length > 50,
    message: `'promotion_ids' has at most 50 promotions.`,
  },
]

function isOutside(seconds: number | null, { start_time: start, end_time: end }: CampaignSettings): boolean {
  return seconds !== null && isMoment(seconds) && (seconds < (start ?? 0) || (end !== null && seconds > end))
}
