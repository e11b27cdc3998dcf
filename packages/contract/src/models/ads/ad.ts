import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { creativeTypes } from '../pin.ts'
import { BatchException, EntityId, Seconds, Status, shown, TrackingUrls, unsettable } from './common.ts'

export const adReviewStatuses = ['OTHER', 'PENDING', 'REJECTED', 'APPROVED'] as const

export const adSummaryStatuses = [
  'APPROVED',
  'PAUSED',
  'PENDING',
  'REJECTED',
  'ADVERTISER_DISABLED',
  'ARCHIVED',
  'DRAFT',
  'DELETED_DRAFT',
] as const
/** What has become of an ad by now. */
export type AdSummaryStatus = (typeof adSummaryStatuses)[number]

export const adRejectedReasons = [
  ...(['HASHTAGS', 'PROMOTIONS_AND_PRICES', 'TARGETING', 'LANDING_PAGE', 'CAPS_AND_SYMBOLS', 'SHOCKING'] as const),
  ...(['WEIGHT_LOSS', 'PROHIBITED_PRODUCT', 'AUTHENTICITY', 'NUDITY', 'CONFUSING_DESIGN', 'URGENCY'] as const),
  ...(['RATINGS', 'APP', 'ALCOHOL', 'CONTESTS', 'POLITICAL', 'OTHER', 'IMAGE', 'NAR', 'INCONSISTENT'] as const),
  ...(['CLICKBAIT', 'NO_DESCRIPTION', 'LOW_QUALITY', 'EXAGGERATED_CLAIMS', 'PINTEREST_BRAND'] as const),
  ...(['ALCOHOL_NO_SALE', 'LANDING_PAGE_SPEED', 'LANDING_PAGE_HARDWALL', 'LANDING_PAGE_BROKEN'] as const),
  ...(['LANDING_PAGE_QUALITY', 'OUT_OF_STOCK', 'IMAGE_LOW_QUALITY', 'IMAGE_BUSY', 'IMAGE_POORLY_EDITED'] as const),
  ...(['IMAGE_BEFORE_AFTER', 'UGC', 'FAKE_BUTTONS', 'WEAPONS', 'SENSITIVE', 'UNACCEPTABLE_BUSINESS'] as const),
  ...(['SUSPICIOUS_CLAIMS', 'PHARMA', 'SUSPICIOUS_SUPPLEMENTS', 'ILLEGAL_RECREATIONAL_DRUG'] as const),
  ...(['LOW_QUALITY_LANDING_PAGE', 'RESTRICTED_HEALTHCARE', 'INCONSISTENT_LANG_FR'] as const),
] as const
/** What the review of an ad had against it. */
export type AdRejectedReason = (typeof adRejectedReasons)[number]

export const callsToAction = [
  ...(['GET_OFFER', 'LEARN_MORE', 'ORDER_NOW', 'SHOP_NOW', 'SIGN_UP', 'SUBSCRIBE', 'BUY_NOW', 'CONTACT_US'] as const),
  ...(['GET_QUOTE', 'VISIT_SITE', 'APPLY_NOW', 'BOOK_NOW', 'REQUEST_DEMO', 'REGISTER_NOW', 'FIND_A_DEALER'] as const),
  ...(['ADD_TO_CART', 'WATCH_NOW', 'READ_MORE', 'BUY_TICKETS', 'DONATE_NOW', 'DOWNLOAD', 'EXPLORE_MORE'] as const),
  ...(['FIND_A_LOCATION', 'GET_DEAL', 'GET_RECIPE', 'GET_SHOWTIMES', 'ON_SALE', 'PLAY_GAME', 'TRY_IT'] as const),
  ...(['FIND_RETAILERS', 'TAKE_A_PEEK'] as const),
] as const

const disclosures = [
  ...(['NO_DISCLOSURE', 'PRESCRIBING_INFORMATION', 'PRESCRIBING_INFORMATION_BOX_WARNING'] as const),
  ...(['IMPORTANT_SAFETY_INFO', 'MED_GUIDE', 'PATIENT_INFORMATION'] as const),
] as const

const text = (description: string) => Type.String({ description })
const Address = (description: string) =>
  Type.String({ description: `${description}, at most 2,000 characters.`, examples: ['https://example.com/cups'] })
const Addresses = (description: string) => Type.Array(Type.String(), { description: `${description}, at most 5.` })

const QuizPinResult = Model('QuizPinResult', 'What somebody is shown at the end of a quiz.', {
  organic_pin_id: Type.Optional(text('The Pin that is shown.')),
  destination_url: Type.Optional(text('Where it leads.')),
  android_deep_link: Type.Optional(text('Where it leads in an app for Android.')),
  ios_deep_link: Type.Optional(text('Where it leads in an app for iOS.')),
  result_id: Type.Optional(Type.Number({ description: 'Its number in the quiz.' })),
})

const QuizPinOption = Model('QuizPinOption', 'One of the answers to choose from.', {
  id: Type.Optional(Type.Number({ description: 'Its number.' })),
  text: Type.Optional(text('What it says.')),
})

const QuizPinQuestion = Model('QuizPinQuestion', 'A question of a quiz.', {
  question_id: Type.Optional(Type.Number({ description: 'Its number.' })),
  question_text: Type.Optional(text('What is asked.')),
  options: Type.Optional(Type.Array(Nullable(QuizPinOption), { description: 'The answers to choose from.' })),
})

const QuizPinData = Model('QuizPinData', 'A quiz: its questions, and what it ends with.', {
  questions: Type.Optional(Type.Array(Nullable(QuizPinQuestion), { description: 'Its questions.' })),
  results: Type.Optional(Type.Array(Nullable(QuizPinResult), { description: 'What it can end with.' })),
  tie_breaker_type: Type.Optional(
    StringEnum(['RANDOM', 'CUSTOM'], { description: 'Which result counts where several have as many answers.' }),
  ),
  tie_breaker_custom_result: Type.Optional(Nullable(QuizPinResult)),
})

/** What may be unset, and is null then. */
const nullable = {
  android_deep_link: Address('Where it leads in an app for Android'),
  carousel_android_deep_links: Addresses('Where the pictures of a carousel lead in an app for Android'),
  carousel_destination_urls: Addresses('Where the pictures of a carousel lead'),
  carousel_ios_deep_links: Addresses('Where the pictures of a carousel lead in an app for iOS'),
  click_tracking_url: Address('Where clicks are told'),
  collection_items_destination_url_template: Address('Where the products of a collection lead'),
  collections_header_type: StringEnum(['SHOP_THIS_COLLECTION', 'EXPLORE_THIS_COLLECTION', 'NO_HEADER'], {
    description: 'What stands above the products of a collection.',
  }),
  customizable_cta_type: StringEnum(callsToAction, { description: 'What its button says.' }),
  destination_url: Address('Where it leads, if not where its Pin does'),
  disclosure_type: StringEnum(disclosures, { description: 'What `disclosure_url` tells of a medicine.' }),
  disclosure_url: Address('The page that tells of the risks of a medicine, which begins with https'),
  grid_click_type: StringEnum(['CLOSEUP', 'DIRECT_TO_DESTINATION'], {
    description: 'Where a click leads: what is sent is passed over.',
  }),
  ios_deep_link: Address('Where it leads in an app for iOS'),
  lead_form_id: Type.String({ pattern: '^(AG)?\\d+$', description: 'The form that it asks to fill in.' }),
  name: Type.String({ description: 'What people call it, at most 255 characters.', examples: ['Spring cups'] }),
  quiz_pin_data: QuizPinData,
  tracking_urls: TrackingUrls,
  view_tracking_url: Address('Where it is told that somebody saw the ad'),
}

const flags = {
  is_pin_deleted: Type.Boolean({ description: 'Whether its Pin was deleted since: what is sent is passed over.' }),
  is_removable: Type.Boolean({ description: 'Whether people may save its Pin.' }),
  is_carting: Type.Boolean({ description: 'Whether its products go into carts elsewhere.' }),
  is_collage_accepted_terms: Type.Boolean({ description: 'Whether the terms of collages were accepted.' }),
  is_collage_single_destination: Type.Boolean({ description: 'Whether all parts of a collage lead to one page.' }),
}

const AdGroupOfAd = Type.String({
  pattern: '^(AG)?\\d+$',
  description: 'The ad group that it is in.',
  examples: ['1142048512397316'],
})
const PinOfAd = Type.String({
  pattern: '^\\d+$',
  description: 'The Pin that it shows: one of the owner of the ad account, on a board that is not secret.',
  examples: ['1142048512397440'],
})

const creativeType = (options: Record<string, unknown> = {}) =>
  StringEnum(creativeTypes, { description: 'How it shows the Pin.', examples: ['REGULAR'], ...options })
const CreativeTypeSent = creativeType({ 'x-deprecated-values': { SHOP_THE_PIN: 'Use COLLECTION.' } })

export const AdCreate = Model(
  'AdCreate',
  'An ad to make.',
  {
    ad_group_id: AdGroupOfAd,
    pin_id: PinOfAd,
    creative_type: CreativeTypeSent,
    ...unsettable({ ...nullable, ...flags, status: Status }),
  },
  {
    examples: [
      {
        ad_group_id: '1142048512397316',
        pin_id: '1142048512397440',
        creative_type: 'REGULAR',
        name: 'Spring cups',
        destination_url: 'https://example.com/cups',
        status: 'ACTIVE',
      },
    ],
  },
)

/** The id of an ad. */
export const AdId = (description: string, options: Record<string, unknown> = {}) => EntityId(description, options)

export const AdUpdate = Model(
  'AdUpdate',
  'A change of an ad. What is not named stays as it is.',
  {
    id: AdId('The ad.'),
    ...unsettable({
      ...nullable,
      ...flags,
      status: Status,
      ad_group_id: { ...AdGroupOfAd, description: 'The ad group that it is in, which stays the same.' },
      creative_type: CreativeTypeSent,
      pin_id: { ...PinOfAd, description: 'The Pin that it shows: of drafts alone.' },
    }),
  },
  { examples: [{ id: '1142048512397317', name: 'Late spring cups', status: 'PAUSED' }] },
)

const CartingProduct = Model('CartingProduct', 'A product that can be put into a cart elsewhere.', {
  carting_product_id: EntityId('The product.'),
  display_preferred_retailers_only: Type.Optional(
    Type.Boolean({ description: 'Whether only the shops that are preferred are shown.' }),
  ),
  display_product_price: Type.Optional(Type.Boolean({ description: 'Whether its price is shown.' })),
  preferred_retailers: Type.Optional(
    Type.Array(
      Model('CartingRetailer', 'A shop that has it.', {
        retailer_id: text('The shop.'),
        retailer_name: text('What it is called.'),
      }),
      { description: 'The shops that are preferred.' },
    ),
  ),
  randomize_preferred_retailers: Type.Optional(
    Type.Boolean({ description: 'Whether these shops are shown in any order.' }),
  ),
})

const example = {
  id: '1142048512397317',
  ad_account_id: '1142048512397313',
  ad_group_id: '1142048512397316',
  campaign_id: '1142048512397315',
  pin_id: '1142048512397440',
  creative_type: 'REGULAR',
  name: 'Spring cups',
  destination_url: 'https://example.com/cups',
  status: 'ACTIVE',
  review_status: 'PENDING',
  rejected_reasons: [],
  rejection_labels: [],
  summary_status: 'PENDING',
  created_time: 1773480413,
  updated_time: 1773480413,
  type: 'pinpromotion',
}

export const Ad = Model(
  'Ad',
  'An ad: a Pin that is shown for money.',
  {
    id: AdId('The ad.'),
    ad_account_id: EntityId('The ad account that it is in.'),
    campaign_id: EntityId('The campaign that it is in.'),
    ad_group_id: AdGroupOfAd,
    pin_id: { ...PinOfAd, description: 'The Pin that it shows.' },
    creative_type: creativeType(),
    ...shown({ ...nullable, ...flags, status: Status }, Object.keys(nullable) as (keyof typeof nullable)[]),
    review_status: StringEnum(adReviewStatuses, { description: 'What the review says of it.', examples: ['PENDING'] }),
    rejected_reasons: Type.Array(StringEnum(adRejectedReasons), { description: 'What the review has against it.' }),
    rejection_labels: Type.Array(Type.String(), { description: 'The same in words.' }),
    summary_status: StringEnum(adSummaryStatuses, {
      description:
        'What has become of it by now: by its own status and its review, and those of its ad group and campaign.',
    }),
    type: Type.String({ description: 'What it is.', examples: ['pinpromotion'] }),
    created_time: Type.Optional(Seconds('When it was made')),
    updated_time: Type.Optional(Seconds('When it was changed last')),
    carting_platform_type: Type.Optional(
      Type.Integer({ readOnly: true, minimum: 1, maximum: 2, description: 'Who runs the carts. It is left out.' }),
    ),
    carting_products: Type.Optional(
      Type.Array(CartingProduct, { readOnly: true, description: 'Products for carts. It is left out.' }),
    ),
  },
  { examples: [example] },
)

/** What became of each ad: unlike in other batches, the reason is one object. */
export const AdBatch = Model('AdBatchAnswer', 'What became of each item, in the order in which they were sent.', {
  items: Type.Array(
    Model(
      'AdBatchItem',
      'What became of one item: `data`, or the reason why it was refused.',
      { data: Type.Optional(Ad), exceptions: Type.Optional(BatchException) },
      { examples: [{ data: example }] },
    ),
  ),
})
