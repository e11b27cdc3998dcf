import { Id, Model } from '../schema.ts'
import { Type } from '../type.ts'

/** At most this many Pins are tagged in one, and in one request. */
export const maxProductTags = 24

/** Why a Pin cannot be tagged in another, by Pinterest's names. */
export const productTagProblems = [
  'PIN_MISSING',
  'PIN_IS_PRIVATE',
  'PRODUCT_METADATA_MISSING',
  'PIN_NOT_FROM_VERIFIED_DOMAIN',
  'PIN_NOT_FROM_SAME_USER_AS_HERO_PIN',
] as const
export type ProductTagProblem = (typeof productTagProblems)[number]

export const ProductTag = Model('ProductTag', 'A Pin that is tagged as a product in another.', {
  pin_id: Id('The tagged Pin.'),
})

export const ProductTags = Model(
  'ProductTags',
  'The Pins that are tagged in a Pin.',
  { product_tags: Type.Array(ProductTag, { description: 'In the order in which they were tagged.' }) },
  { examples: [{ product_tags: [{ pin_id: '1142048512397568' }] }] },
)

export const ProductTagsGiven = Model(
  'ProductTagsGiven',
  'Pins to tag in a Pin, or to untag.',
  { product_tags: Type.Array(ProductTag, { minItems: 1, maxItems: maxProductTags, description: 'The Pins.' }) },
  { examples: [{ product_tags: [{ pin_id: '1142048512397568' }] }] },
)
