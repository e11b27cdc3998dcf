import {
  AdAccountAnalytics,
  AdGroupsAnalytics,
  AdPinsAnalytics,
  AdsAnalytics,
  adAnalyticsQuery,
  aggregateQuery,
  CampaignsAnalytics,
  mostFilterPins,
  timeZoneInput,
} from '../../models/ads/analytics.ts'
import { adAccountParams, CampaignId, EntityIds, mostFilterIds } from '../../models/ads/common.ts'
import { operation } from '../../operation.ts'
import { Type } from '../../type.ts'

const shared = {
  method: 'GET',
  auth: { by: 'token', scopes: ['ads:read'], clientCredentials: true },
  adRight: 'see',
  category: 'ads_analytics',
  params: adAccountParams,
} as const
const path = '/ad_accounts/{ad_account_id}'

/** Returns the parameter of ids that must be there. */
const ids = (what: string) =>
  Type.Array(Type.String({ pattern: '^\\d+$', maxLength: 18 }), {
    ...{ minItems: 1, maxItems: mostFilterIds, description: `The ${what}. One that is not there has no rows.` },
    examples: [['1142048512397315']],
  })
const somePins = { minItems: 1, maxItems: mostFilterPins, description: 'The Pins that ads show.' }
const pinIds = { ...somePins, examples: [['1142048512397440']] }
const digits = Type.String({ pattern: '^\\d+$' })

const counted = 'Every number is the sum over the ads, whichever way it is asked for.'

export const adAnalytics = {
  /** How all ads of an ad account did. */
  adAccount: operation({
    ...shared,
    id: 'ad_account/analytics',
    path: `${path}/analytics`,
    tag: 'ad_accounts',
    summary: 'Get ad account analytics',
    description: `How all ads of an ad account did, in all or by time. ${counted}`,
    query: Type.Object({ ...adAnalyticsQuery, ...timeZoneInput }),
    success: { status: 200, description: 'The numbers.', schema: AdAccountAnalytics },
    errors: { adAccountAnalyticsInvalid: {} },
  }),
  /** How the ads of campaigns did. */
  campaigns: operation({
    ...shared,
    id: 'campaigns/analytics',
    path: `${path}/campaigns/analytics`,
    tag: 'campaigns',
    summary: 'Get campaign analytics',
    description: `How the ads of up to 250 campaigns did, in all or by time. ${counted}`,
    query: Type.Object({ campaign_ids: ids('campaigns'), ...adAnalyticsQuery, ...aggregateQuery, ...timeZoneInput }),
    success: { status: 200, description: 'The numbers.', schema: CampaignsAnalytics },
    errors: { campaignsAnalyticsInvalid: {} },
  }),
  /** How the ads of ad groups did. */
  adGroups: operation({
    ...shared,
    id: 'ad_groups/analytics',
    path: `${path}/ad_groups/analytics`,
    tag: 'ad_groups',
    summary: 'Get ad group analytics',
    description: `How the ads of up to 250 ad groups did, in all or by time. ${counted}`,
    query: Type.Object({ ad_group_ids: ids('ad groups'), ...adAnalyticsQuery, ...aggregateQuery, ...timeZoneInput }),
    success: { status: 200, description: 'The numbers.', schema: AdGroupsAnalytics },
    errors: { adGroupsAnalyticsInvalid: {} },
  }),
  /** How ads did. */
  ads: operation({
    ...shared,
    id: 'ads/analytics',
    path: `${path}/ads/analytics`,
    tag: 'ads',
    summary: 'Get ad analytics',
    description:
      'How ads did, in all or by time: those in `ad_ids`, or those of `campaign_ids` that show one of `pin_ids`. Where ' +
      'these are more than 250, those that were made first.',
    query: Type.Object({
      ad_ids: Type.Optional(
        Type.Array(digits, {
          ...{ minItems: 1, maxItems: mostFilterIds, description: 'The ads. One that is not there has no rows.' },
          examples: [['1142048512397315']],
        }),
      ),
      // Without an example: they go with campaigns, not with ads.
      pin_ids: Type.Optional(Type.Array(digits, somePins)),
      campaign_ids: EntityIds('The campaigns whose ads are meant.', { maxLength: 18 }),
      ...adAnalyticsQuery,
      ...timeZoneInput,
    }),
    success: { status: 200, description: 'The numbers.', schema: AdsAnalytics },
    errors: { adsAnalyticsInvalid: {} },
  }),
  /** How the ads of a campaign did that show Pins. */
  pins: operation({
    ...shared,
    id: 'ad_pins/analytics',
    path: `${path}/pins/analytics`,
    tag: 'campaigns',
    summary: 'Get analytics of Pins in a campaign',
    description: `How Pins did as ads of one campaign, in all or by time. ${counted}`,
    query: Type.Object({
      campaign_id: CampaignId('The campaign.'),
      pin_ids: Type.Array(digits, pinIds),
      ...adAnalyticsQuery,
    }),
    success: { status: 200, description: 'The numbers.', schema: AdPinsAnalytics },
    errors: { adPinsAnalyticsInvalid: {} },
  }),
} as const
