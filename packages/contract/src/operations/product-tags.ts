import { pinParams } from '../models/pin.ts'
import { ProductTags, ProductTagsGiven } from '../models/product-tag.ts'
import { operation } from '../operation.ts'

const tag = 'product_tags'
const write = {
  by: 'token',
  scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
  clientCredentials: false,
} as const

export const productTags = {
  /** The Pins that are tagged in a Pin of yours, or on a group board that you are on. */
  list: operation({
    id: 'product_tags/list',
    method: 'GET',
    path: '/pins/{pin_id}/product_tags',
    tag,
    summary: 'List the product tags of a Pin',
    description:
      'The Pins that are tagged in a Pin of yours, or on a group board that you are on, as the products that it shows.',
    auth: { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: false },
    category: 'org_read',
    params: pinParams,
    success: { status: 200, description: 'The tags.', schema: ProductTags },
    errors: { pinNotFound: {}, forbidden: {} },
  }),
  /** Tags Pins of yours in another: all of them, or none if something is wrong with one. */
  add: operation({
    id: 'product_tags/bulk_add',
    method: 'POST',
    path: '/pins/{pin_id}/product_tags',
    tag,
    summary: 'Tag products in a Pin',
    description:
      'Tags Pins of yours in another, as the products that it shows: all of them, or none if something is wrong with ' +
      'one; `details.product_tags` of the error then says what, for each. Pins that are tagged already stay so. A Pin ' +
      'holds up to 24 tags; Pins on secret boards cannot be tagged.',
    auth: write,
    category: 'org_write',
    params: pinParams,
    body: { type: 'json', schema: ProductTagsGiven },
    success: { status: 200, description: 'Every tag that the Pin has now.', schema: ProductTags },
    errors: { productTagsInvalid: {}, pinNotFound: {}, forbidden: {} },
  }),
  /** Takes tags from a Pin of yours. */
  remove: operation({
    id: 'product_tags/bulk_delete',
    method: 'POST',
    path: '/pins/{pin_id}/product_tags/bulk-delete',
    tag,
    summary: 'Untag products in a Pin',
    description: 'Takes tags from a Pin of yours. Pins that are not tagged in it are passed over.',
    auth: write,
    category: 'org_write',
    params: pinParams,
    body: { type: 'json', schema: ProductTagsGiven },
    success: { status: 204, description: 'They are gone.' },
    errors: { pinNotFound: {}, forbidden: {} },
  }),
} as const
