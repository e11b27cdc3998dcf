import type { OperationOutput, resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Shown = OperationOutput<typeof resources.productTags.list>

/** The operations on the products that are tagged in Pins. */
export function productTagsApi({ pins }: Pick<Services, 'pins'>): Handlers<typeof resources.productTags> {
  const show = (ids: readonly number[]): Shown => ({ product_tags: ids.map((id) => ({ pin_id: String(id) })) })
  const read = ({ product_tags }: Shown): string[] => product_tags.map(({ pin_id }) => pin_id)

  return {
    list: async ({ viewer, params }) => show(await pins.productTags(viewer, params.pin_id)),

    add: async ({ viewer, params, body }) => show(await pins.tagProducts(viewer, params.pin_id, read(body))),

    remove: async ({ viewer, params, body }) => {
      await pins.untagProducts(viewer, params.pin_id, read(body))
      return undefined
    },
  }
}
