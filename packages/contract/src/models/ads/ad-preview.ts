import type { Static } from 'typebox'
import { Model, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { callsToAction } from './ad.ts'
import { BatchException, EntityId, mostBatchItems, Seconds } from './common.ts'

const Digits = (description: string, example = '1142048512397440') =>
  Type.String({ pattern: '^\\d+$', description, examples: [example] })

const OfImage = Model('AdPreviewOfImage', 'The preview of an ad of a picture that is on the web.', {
  image_url: Type.String({ description: 'The http or https address of the picture, at most 2,000 characters.' }),
  title: Type.String({ description: 'What stands below it, at most 255 characters.' }),
  promotion_id: Type.Optional(Digits('A promotion that is shown with it.', '1142048512397321')),
})

const OfPin = Model('AdPreviewOfPin', 'The preview of an ad of a Pin.', {
  pin_id: Type.String({
    description: 'A Pin of the owner of the ad account that has a link and is not secret.',
    examples: ['1142048512397440'],
  }),
  creative_type: Type.Optional(
    StringEnum(['SHOPPING', 'COLLECTION', 'MAX_VIDEO', 'MAX_WIDTH_VIDEO_COLLECTION', 'MAX_WIDTH_REGULAR_COLLECTION'], {
      description: 'How the ad is to show it.',
    }),
  ),
})

const OfProducts = Model('AdPreviewOfProducts', 'The preview of an ad of a product group. There are none yet.', {
  catalog_product_group_id: Digits('The product group.'),
  creative_type: StringEnum(['SHOPPING', 'COLLECTION', 'CAROUSEL', 'MAX_WIDTH_COLLECTION'], {
    description: 'How the ad is to show them.',
  }),
  customizable_cta_type: Type.Optional(
    Type.Unsafe<(typeof callsToAction)[number] | null>({
      type: ['string', 'null'],
      enum: [...callsToAction, null],
      description: 'What its button says.',
    }),
  ),
  hero_image_title: Type.Optional(Type.String({ description: 'What stands below the large picture.' })),
  hero_image_url: Type.Optional(Type.String({ description: 'The address of the large picture.' })),
  hero_pin_id: Type.Optional(Digits('The Pin of the large picture.')),
  image_tag: Type.Optional(Type.String({ description: 'Which pictures of the products are shown.' })),
  item_id: Type.Optional(Type.String({ description: 'The product that is shown, with SHOPPING.' })),
  preferred_media_type: Type.Optional(
    StringEnum(['VIDEO', 'IMAGE'], { description: 'What is shown of products that have both.' }),
  ),
  video_tag: Type.Optional(Type.String({ description: 'Which videos of the products are shown.' })),
  show_promotion: Type.Optional(Type.Boolean({ description: 'Whether promotions are shown with them.' })),
})

export const AdPreviewCreate = Type.Union([OfImage, OfPin, OfProducts], {
  title: 'AdPreviewCreate',
  description: 'What an ad is made of, to look at it before there is one.',
  examples: [{ pin_id: '1142048512397440' }],
})

const url = 'http://localhost:4000/_pinfold/ad-previews?of=8d0b'

export const AdPreview = Model(
  'AdPreview',
  'Where a preview can be looked at.',
  {
    url: Type.Optional(
      Type.String({ description: 'Its page, for 7 days, which other pages may frame.', examples: [url] }),
    ),
  },
  { examples: [{ url }] },
)

const AdGroupOfPreview = EntityId('The ad group.', { maxLength: 18 })

export const CampaignAdPreviewCreate = Model(
  'CampaignAdPreviewCreate',
  'An ad group whose first ad is to be looked at.',
  { ad_group_id: AdGroupOfPreview },
  { examples: [{ ad_group_id: '1142048512397316' }] },
)

export const CampaignAdPreviewBody = Type.Array(CampaignAdPreviewCreate, {
  minItems: 1,
  maxItems: mostBatchItems,
  description: 'The ad groups.',
  examples: [[{ ad_group_id: '1142048512397316' }]],
})

const made = {
  ...{ ad_account_id: '1142048512397313', ad_group_id: '1142048512397316', user_id: 1142048512397312 },
  ...{ pin_id: 1142048512397440, pin_promotion_id: 1142048512397317, is_active: true, expires_at: 1774085213 },
  ...{ uuid: '8d0b7a5e44cf4f7d9a0b1c2d3e4f5a6b', url },
}

const count = (description: string) => Type.Optional(Type.Integer({ readOnly: true, description }))

export const CampaignAdPreview = Model(
  'CampaignAdPreview',
  'A page that shows the first ad of an ad group to whoever has its address.',
  {
    ad_account_id: EntityId('The ad account.', { readOnly: true }),
    ad_group_id: AdGroupOfPreview,
    uuid: Type.String({ readOnly: true, description: 'What tells it from others.' }),
    url: Type.String({ readOnly: true, description: 'Its page, which other pages may frame.' }),
    expires_at: Type.Integer({ ...Seconds('When the page is gone'), readOnly: true }),
    is_active: Type.Boolean({ readOnly: true, description: 'Whether the page is there still.' }),
    user_id: Type.Integer({ readOnly: true, description: 'Who made it.' }),
    pin_id: count('The Pin that it shows.'),
    pin_promotion_id: count('The ad that it shows.'),
    promoted_product_group_id: count('The product group that it shows: it is left out.'),
    client_id: count('The app that made it: it is left out.'),
  },
  { examples: [made] },
)

const CampaignAdPreviewRefused = Model(
  'CampaignAdPreviewRefused',
  'Why there is no preview of an ad group.',
  { exceptions: BatchException },
  { examples: [{ exceptions: { code: 1, message: 'It has no ads.' } }] },
)

/** What became of each ad group. */
export const CampaignAdPreviewsMade = Type.Array(
  Model('CampaignAdPreviewMade', 'What became of one ad group.', {
    data: Type.Unsafe<Static<typeof CampaignAdPreview> | Static<typeof CampaignAdPreviewRefused>>({
      oneOf: [CampaignAdPreview, CampaignAdPreviewRefused],
    }),
  }),
  { description: 'What became of each, in the order in which they were sent.', examples: [[{ data: made }]] },
)

export const CampaignAdPreviews = Type.Array(CampaignAdPreview, {
  description: 'The previews that there are.',
  examples: [[made]],
})

const PreviewIsDeleted = Model('PreviewIsDeleted', 'It is gone.', {
  statusCode: Type.Unsafe<204>({ type: 'number', enum: [204], description: 'Always 204.' }),
})
const PreviewIsNotDeleted = Model('PreviewIsNotDeleted', 'There was none.', {
  code: Type.Integer({ description: 'A number for the reason.' }),
  message: Type.String({ description: 'The reason, in words.' }),
})

/** What became of each preview. */
export const CampaignAdPreviewsDeleted = Type.Array(
  Model('CampaignAdPreviewDeleted', 'What became of one.', {
    status: Type.Unsafe<Static<typeof PreviewIsDeleted> | Static<typeof PreviewIsNotDeleted>>({
      oneOf: [PreviewIsDeleted, PreviewIsNotDeleted],
    }),
  }),
  {
    description: 'What became of each, in the order in which they were named.',
    examples: [[{ status: { statusCode: 204 } }]],
  },
)
