import type { notServedAddresses } from './addresses.ts'

/** A JSON schema that has only what is deprecated, and what leads to it. */
export interface DeprecatedPart {
  deprecated?: true
  /** What to do instead, or what it does now. */
  description?: string
  /** The deprecated ones of its values, each with what to do instead. */
  'x-deprecated-values'?: Readonly<Record<string, string>>
  type?: 'string' | 'integer' | 'array' | 'object'
  enum?: readonly string[]
  anyOf?: readonly DeprecatedPart[]
  items?: DeprecatedPart
  properties?: Readonly<Record<string, DeprecatedPart>>
}

const fields = (properties: Record<string, DeprecatedPart>): DeprecatedPart => ({ type: 'object', properties })
const listOf = (items: DeprecatedPart): DeprecatedPart => ({ type: 'array', items })
const gone = (description: string): DeprecatedPart => ({ deprecated: true, description })

const creativeType = { 'x-deprecated-values': { SHOP_THE_PIN: 'Use COLLECTION.' } }
const withCreativeType = fields({ creative_type: creativeType })
const campaign = fields({
  ad_account_id: gone('The one in the path counts.'),
  default_ad_group_budget_in_micro_currency: gone('Set the budget of each ad group.'),
})
const keyword = fields({ bid: gone('It is not set any more, and read as null.') })
const promotions = fields({ product_group_promotion: listOf(withCreativeType) })
const productGroup = fields({ is_featured: gone('Leave it out.') })

const locales = [
  ...['af-ZA', 'ar-SA', 'bg-BG', 'bn-IN', 'cs-CZ', 'da-DK', 'de', 'el-GR', 'en-AU', 'en-CA', 'en-GB', 'en-IN'],
  ...['en-US', 'es-419', 'es-AR', 'es-ES', 'es-MX', 'fi-FI', 'fr', 'fr-CA', 'he-IL', 'hi-IN', 'hr-HR', 'hu-HU'],
  ...['id-ID', 'it', 'ja', 'ko-KR', 'ms-MY', 'nb-NO', 'nl', 'pl-PL', 'pt-BR', 'pt-PT', 'ro-RO', 'ru-RU', 'sk-SK'],
  ...['sv-SE', 'te-IN', 'th-TH', 'tl-PH', 'tr', 'uk-UA', 'vi-VN', 'zh-CN', 'zh-TW'],
]

/** What is deprecated in the bodies of operations that Pinfold does not serve. In their queries nothing is. */
export const deprecatedInBodies: Partial<Record<keyof typeof notServedAddresses, DeprecatedPart>> = {
  'bulk_upsert/create': fields({
    create: fields({
      ads: listOf(withCreativeType),
      campaigns: listOf(campaign),
      catalog_product_groups: listOf(productGroup),
      keywords: listOf(fields({ keywords: listOf(keyword) })),
      product_groups: listOf(promotions),
    }),
    update: fields({
      ads: listOf(withCreativeType),
      campaigns: listOf(campaign),
      catalog_product_groups: listOf(productGroup),
      keywords: listOf(keyword),
      product_groups: listOf(promotions),
    }),
  }),
  'catalogs_product_groups/create': productGroup,
  'catalogs_product_groups/create_many': listOf(productGroup),
  'catalogs_product_groups/update': productGroup,
  'feeds/create': fields({
    default_locale: {
      anyOf: [
        { type: 'string', enum: locales },
        { type: 'string', ...gone('Use one of the locales that catalogs know, such as en-US.') },
      ],
    },
  }),
  'items_batch/post': fields({
    items: listOf(
      fields({
        attributes: fields({
          checkout_enabled: gone('It makes no difference any more.'),
          gtin: {
            anyOf: [{ type: 'string' }, { type: 'integer', ...gone('Send it as a string: a number loses zeros.') }],
          },
          id: gone('Leave it out: the item’s item_id says which it is.'),
        }),
      }),
    ),
  }),
  'msot_events/create': fields({ total_events: gone('Use total_events_fractional.') }),
  'product_group_promotions/create': promotions,
  'product_group_promotions/update': promotions,
}
