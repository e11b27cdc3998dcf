import type { ReportColumn, ReportedEntity } from './column.ts'
import { perMicro } from './make-column.ts'

/** A column's name, the field that it tells, what people call it and what it means. */
type Row = readonly [name: string, field: string, displayName: string, definition: string, times?: number]

const rows: Record<ReportedEntity, readonly Row[]> = {
  ad_account: [
    ['ADVERTISER_ID', 'id', 'Advertiser ID', 'The ad account, by its older name.'],
    ['AD_ACCOUNT_ID', 'id', 'Ad account ID', 'The ad account.'],
  ],
  campaign: [
    ['CAMPAIGN_ID', 'id', 'Campaign ID', 'The campaign.'],
    ['CAMPAIGN_NAME', 'name', 'Campaign name', 'What the campaign is called.'],
    ['CAMPAIGN_STATUS', 'summary_status', 'Campaign status', 'How the campaign stands now, its schedule included.'],
    ['CAMPAIGN_ENTITY_STATUS', 'status', 'Campaign setting', 'Whether the campaign is active, paused or archived.'],
    ['CAMPAIGN_MANAGED_STATUS', 'managed_status', 'Managed campaign', 'Who manages the campaign.'],
    ['CAMPAIGN_OBJECTIVE_TYPE', 'objective_type', 'Objective', 'What the campaign is for.'],
    ['CAMPAIGN_BRAND_LABEL', 'brand_label', 'Brand label', 'The label that says whose brand the campaign is about.'],
    ['CAMPAIGN_CUSTOM_LABELS', 'custom_labels', 'Custom labels', 'The other labels of the campaign.'],
    ['CAMPAIGN_LIFETIME_SPEND_CAP', 'lifetime_spend_cap', 'Lifetime cap', 'The most it may spend, in micro units.'],
    ['CAMPAIGN_DAILY_SPEND_CAP', 'daily_spend_cap', 'Daily cap', 'The most it may spend in a day, in micro units.'],
    [
      'CAMPAIGN_BUDGET_OPTIMIZATION',
      'is_campaign_budget_optimization',
      'Campaign budget',
      'Whether its ad groups share the budget of the campaign.',
    ],
    ['IS_PREMIERE_CAMPAIGN', 'is_premiere', 'Premiere', 'Whether it has a place reserved for a day.'],
  ],
  ad_group: [
    ['AD_GROUP_ID', 'id', 'Ad group ID', 'The ad group.'],
    ['AD_GROUP_NAME', 'name', 'Ad group name', 'What the ad group is called.'],
    ['AD_GROUP_STATUS', 'summary_status', 'Ad group status', 'How the ad group stands now, its schedule included.'],
    ['AD_GROUP_ENTITY_STATUS', 'status', 'Ad group setting', 'Whether the ad group is active, paused or archived.'],
    ['AD_GROUP_BUDGET_TYPE', 'budget_type', 'Budget type', 'Whether its budget is for a day, for all, or shared.'],
    [
      'AD_GROUP_BUDGET_IN_LOCAL_CURRENCY',
      'budget_in_micro_currency',
      'Budget',
      'The budget of the ad group in the currency of the ad account.',
      perMicro,
    ],
    ['AD_GROUP_BID_MULTIPLIER', 'bid_multiplier', 'Bid multiplier', 'What bids for customers worth more are times.'],
    ['AD_GROUP_OPTIMIZATION', 'is_creative_optimization', 'Creative optimization', 'Whether its creatives vary.'],
  ],
  ad: [
    ['AD_ID', 'id', 'Ad ID', 'The ad.'],
    ['AD_NAME', 'name', 'Ad name', 'What the ad is called.'],
    ['AD_STATUS', 'summary_status', 'Ad status', 'How the ad stands now, its review included.'],
    ['PIN_PROMOTION_ID', 'id', 'Promoted Pin ID', 'The ad, by its older name.'],
    ['PIN_PROMOTION_NAME', 'name', 'Promoted Pin name', 'What the ad is called, by its older name.'],
    ['PIN_PROMOTION_STATUS', 'summary_status', 'Promoted Pin status', 'How the ad stands, by its older name.'],
    ['PIN_ID', 'pin_id', 'Pin ID', 'The Pin that the ad shows.'],
    ['VIDEO_LENGTH', 'video_length', 'Video length', 'How long the video of the ad is, in milliseconds.'],
    ['STANDARD_AD_FEED_ITEM_ID', 'feed_item_id', 'Feed item ID', 'The item of a feed that the ad was made of.'],
  ],
  order_line: [
    ['ORDER_LINE_ID', 'id', 'Order line ID', 'The line of the order that the campaign is paid with.'],
    ['ORDER_LINE_NAME', 'name', 'Order line name', 'What the order line is called.'],
  ],
  promotion: [
    ['PROMO_ID', 'id', 'Promotion ID', 'The offer that the ad group tells of.'],
    ['PROMO_NAME', 'name', 'Promotion name', 'What the offer is called.'],
  ],
  product_group: [
    ['PRODUCT_GROUP_ID', 'id', 'Product group ID', 'The promoted product group.'],
    ['PRODUCT_GROUP_STATUS', 'status', 'Product group status', 'How the promoted product group stands.'],
    ['PRODUCT_GROUP_AD_IMAGE_TAG', 'ad_image_tag', 'Image tag', 'Which of the pictures of its items are shown.'],
    ['PRODUCT_GROUP_AD_VIDEO_TAG', 'ad_video_tag', 'Video tag', 'Which of the videos of its items are shown.'],
  ],
  product_item: [
    ['PRODUCT_ITEM_NAME', 'name', 'Item name', 'The title of the item.'],
    ['PRODUCT_ITEM_IMAGE_URL', 'image_url', 'Item picture', 'The address of its picture.'],
    ['PRODUCT_ITEM_PRICE', 'price', 'Item price', 'What it costs.'],
    ['PRODUCT_ITEM_PRODUCT_URL', 'product_url', 'Item page', 'The address of its page at the shop.'],
    ['PRODUCT_ITEM_PIN_URL', 'pin_url', 'Item Pin', 'The address of the Pin made of it.'],
    ['PRODUCT_ITEM_BRAND', 'brand', 'Item brand', 'Whose brand it is.'],
    ['PRODUCT_ITEM_DESCRIPTION', 'description', 'Item description', 'What the feed says about it.'],
    ['PRODUCT_ITEM_SALE_PRICE', 'sale_price', 'Item sale price', 'What it costs while it is on sale.'],
    ['PRODUCT_ITEM_PRODUCT_TYPE', 'product_type', 'Item type', 'What kind of thing the shop calls it.'],
    ['PRODUCT_ITEM_PRODUCT_CATEGORY', 'product_category', 'Item category', 'Its category by Google’s taxonomy.'],
    ['PRODUCT_ITEM_CURRENCY', 'currency', 'Item currency', 'What its prices are in.'],
  ],
}

/** The columns that tell something of an entity. */
export const entityColumns = (): readonly ReportColumn[] =>
  Object.entries(rows).flatMap(([entity, fields]) =>
    fields.map(([name, field, displayName, definition, times]) => ({
      name,
      displayName,
      definition,
      source: { entity: entity as ReportedEntity, field, ...(times && { times }) },
    })),
  )
