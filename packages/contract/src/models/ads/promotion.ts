import { currencies } from '../../countries.ts'
import { Model, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { BatchException, EntityId, Seconds, Status, shown, unsettable } from './common.ts'

const promotionTypes = [
  'VARIABLE',
  'SITEWIDE',
  'CHECKOUT',
  'SAVE_X_ON_Y',
  'BUY_X_GET_Y',
  'SPEND_X_SAVE_Y',
  'FREE_SHIPPING',
  'FREE_SHIPPING_MINIMUM',
  'FREE_SHIPPING_WITH_DISCOUNT',
  'SITEWIDE_IN_STORES',
  'EXTRA_PERCENT_OFF',
  'GIFT_WITH_PURCHASE',
  'GIFT_WITH_PURCHASE_MINIMUM',
  'FIXED',
  'PERCENT_OFF_CLEARANCE',
  'X_OFF_Y',
  'GIFT_WITH_FIRST_PURCHASE',
  'BUY_X_GET_ONE_FREE',
  'CASH_BACK',
  'POINTS_ON_ALL_PURCHASES',
  'BONUS',
  'POINTS_WITH_PURCHASE',
  'CUSTOM',
] as const

const discountStatuses = ['OTHER', 'ACTIVE', 'PAUSED', 'SCHEDULED', 'EXPIRED'] as const
/** What has become of a discount by now. */
export type DiscountStatus = (typeof discountStatuses)[number]

const PromotionTemplateValue = Model('PromotionTemplateValue', 'A number or a text of the words of a promotion.', {
  amount: Type.Optional(Type.Number({ description: 'An amount of money or of things.', examples: [100] })),
  currency_code: Type.Optional(StringEnum(currencies, { description: 'What the amount is paid in.' })),
  custom_text: Type.Optional(Type.String({ description: 'Words of your own.', examples: ['A cup for each order'] })),
  percent: Type.Optional(Type.Number({ description: 'A share, in hundredths.', examples: [10] })),
})

const promotion_title = Type.String({
  description: 'What you call it, at most 255 characters.',
  examples: ['A tenth off all cups'],
})
const promotion_type = StringEnum(promotionTypes, {
  description: 'What it offers, and so with which words it is shown.',
  examples: ['SITEWIDE'],
})

const settable = {
  start_time: Seconds('When it begins'),
  end_time: Seconds('When it ends'),
  promotion_code: Type.String({ description: 'What buyers type in to get it.', examples: ['CUPS10'] }),
  template_values: Type.Array(PromotionTemplateValue, {
    minItems: 0,
    maxItems: 2,
    description: 'What its words are filled in with.',
    examples: [[{ percent: 10 }]],
  }),
  promotion_custom_id: Type.String({
    maxLength: 50,
    description: 'An id of your own: its id here, unless you name one.',
    examples: ['cups_2026'],
  }),
  external_id: Type.String({ maxLength: 64, description: 'Its id on the platform that it comes from.' }),
  platform_type: Type.String({
    description: 'Where it comes from: DEFAULT, for those that are made here, or SHOPIFY.',
    examples: ['DEFAULT'],
  }),
  discount_status: StringEnum(discountStatuses, {
    description: 'What has become of it by now, by its times and its status; passed over in what is sent.',
  }),
}

const PromotionId = EntityId('The promotion.')

export const PromotionCreate = Model(
  'PromotionCreate',
  'A promotion to make.',
  { promotion_title, promotion_type, ...unsettable(settable) },
  {
    examples: [
      {
        ...{ promotion_title: 'A tenth off all cups', promotion_type: 'SITEWIDE', template_values: [{ percent: 10 }] },
        ...{ start_time: 1773480413, end_time: 1776158813 },
      },
    ],
  },
)

export const PromotionUpdate = Model(
  'PromotionUpdate',
  'A change of a promotion. What is not named stays as it is.',
  { id: PromotionId, ...unsettable({ promotion_title, promotion_type, status: Status, ...settable }) },
  { examples: [{ id: '1142048512397315', promotion_code: 'CUPS10', status: 'PAUSED' }] },
)

const example = {
  ...{ id: '1142048512397315', ad_account_id: '1142048512397313', platform_type: 'DEFAULT' },
  ...{ promotion_title: 'A tenth off all cups', promotion_type: 'SITEWIDE', template_values: [{ percent: 10 }] },
  ...{ status: 'ACTIVE', discount_status: 'ACTIVE', promotion_custom_id: '1142048512397315' },
  ...{ start_time: 1773480413, end_time: 1776158813 },
}

export const Promotion = Model(
  'Promotion',
  'A discount or another offer that ads can show.',
  shown({
    id: PromotionId,
    ad_account_id: EntityId('The ad account that it is in.'),
    ...{ promotion_title, promotion_type, status: Status },
    ...settable,
  }),
  {
    examples: [example],
  },
)

export const PromotionBatch = Model(
  'PromotionBatchAnswer',
  'What became of each promotion, in the order in which they were sent.',
  {
    promotions: Type.Optional(
      Type.Array(
        Model('PromotionBatchItem', 'What became of one promotion.', {
          data: Type.Optional(Promotion),
          exception: Type.Optional(BatchException),
        }),
      ),
    ),
  },
  { examples: [{ promotions: [{ data: example }] }] },
)
