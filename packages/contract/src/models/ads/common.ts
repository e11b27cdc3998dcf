import type { Static, TOptional, TProperties, TSchema, TUnsafe } from 'typebox'
import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'

/** The most items that one request makes or changes. */
export const mostBatchItems = 30
/** The most ids that a list is narrowed to. */
export const mostFilterIds = 250

export const entityStatuses = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DRAFT', 'DELETED_DRAFT'] as const
/** What somebody has made of a campaign, an ad group or an ad. */
export type EntityStatus = (typeof entityStatuses)[number]

export const summaryStatuses = [
  'RUNNING',
  'PAUSED',
  'NOT_STARTED',
  'COMPLETED',
  'ADVERTISER_DISABLED',
  'ARCHIVED',
  'DRAFT',
  'DELETED_DRAFT',
] as const
/** What has become of a campaign or an ad group by now. */
export type SummaryStatus = (typeof summaryStatuses)[number]

const exampleId = '1142048512397315'

/** The ad account in a path. */
export const adAccountParam = {
  ad_account_id: Type.String({
    pattern: '^\\d+$',
    maxLength: 18,
    description: 'The ad account.',
    examples: ['1142048512397313'],
  }),
}
export const adAccountParams = Type.Object(adAccountParam)

/** An id of something in an ad account. */
export const EntityId = (description: string, options: Record<string, unknown> = {}) =>
  Type.String({ pattern: '^\\d+$', description, examples: [exampleId], ...options })

/** The id of a campaign. */
export const CampaignId = (description: string) => EntityId(description, { maxLength: 18 })

/** A list of ids that narrows a list. */
export const EntityIds = (description: string, options: Record<string, unknown> = {}) =>
  Type.Optional(
    Type.Array(Type.String({ pattern: '^\\d+$', ...options }), { minItems: 1, maxItems: mostFilterIds, description }),
  )

/** The query of lists of campaigns, ad groups and ads, beside that of pages. */
export const entityListQuery = {
  entity_statuses: Type.Optional(
    Type.Array(StringEnum(entityStatuses), {
      default: ['ACTIVE', 'PAUSED'],
      description: 'Only what has one of these statuses.',
    }),
  ),
  order: Type.Optional(
    StringEnum(['ASCENDING', 'DESCENDING'], {
      description: 'Oldest first, or newest first. Without it: oldest first.',
    }),
  ),
}

export const Status = StringEnum(entityStatuses, { description: 'What is to become of it.', examples: ['ACTIVE'] })

/** Money, in millionths of the ad account's currency. */
export const Micros = (description: string, example = 50_000_000) =>
  Type.Integer({ description: `${description}, in millionths of the ad account's currency.`, examples: [example] })

/** A moment, as ads have it. */
export const Seconds = (description: string) =>
  Type.Integer({ description: `${description}, in Unix seconds.`, examples: [1773480413] })

const urls = (what: string) =>
  Type.Optional(
    Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 3, description: `Addresses to tell of ${what}.` }),
  )

/** Addresses of other companies that count with. */
export const TrackingUrls = Model('TrackingUrls', 'Addresses of others who count what happens to an ad.', {
  audience_verification: urls('who saw it'),
  buyable_button: urls('a tap on its button to buy'),
  click: urls('a click'),
  engagement: urls('an engagement'),
  impression: urls('an impression'),
})

/** What kept one item of a batch from being carried out. */
export const BatchException = Model('BatchException', 'Why an item of a batch was refused.', {
  code: Type.Optional(Type.Integer({ description: 'A number for the reason.', examples: [2384] })),
  message: Type.Optional(Type.String({ description: 'The reason, in words.' })),
})

/** A body with several items, each made or changed for itself. */
export const BatchBody = <T extends TSchema>(item: T, description: string) =>
  Type.Array(item, {
    minItems: 1,
    maxItems: mostBatchItems,
    description,
    examples: [(item as { examples?: unknown[] }).examples ?? []],
  })

/** What became of each item: `data`, or the reasons in `exceptions`. */
export const BatchOf = <T extends TSchema & { examples?: unknown[] }>(name: string, data: T) =>
  Model(`${name}BatchAnswer`, 'What became of each item, in the order in which they were sent.', {
    items: Type.Array(
      Model(
        `${name}BatchItem`,
        'What became of one item.',
        {
          data: Type.Optional(data),
          exceptions: Type.Optional(
            Type.Array(BatchException, { description: 'Why it was refused; nothing of it was carried out then.' }),
          ),
        },
        { examples: [{ data: data.examples?.[0], exceptions: [] }] },
      ),
    ),
  })

/** Items of a batch that were refused, in answers that list them apart: each as it was sent. */
export const ItemErrors = <T extends TSchema>(name: string, data: T) =>
  Type.Array(
    Model(name, 'What was refused, and why.', {
      data: Type.Optional(data),
      error_messages: Type.Optional(
        Type.Array(Type.String(), { description: 'The reasons; nothing of it was carried out.' }),
      ),
    }),
    { description: 'What was refused, with the reasons.' },
  )

/** The schemas of `T`, each of which may be left out or be null. */
type Unsettable<T extends TProperties> = { [Name in keyof T]: TOptional<TUnsafe<Static<T[Name]> | null>> }

/**
 * Returns properties of a body that may all be left out, or be null: some clients send null for whatever was not said. To
 * create, both mean the same; in a change null takes back what may be unset, and leaves everything else as it is.
 */
export function unsettable<T extends TProperties>(properties: T): Unsettable<T> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, Type.Optional(Nullable(schema))]),
  ) as unknown as Unsettable<T>
}

/** Returns properties of an answer, of which each may be missing, and those that are named may be null. */
export function shown<T extends TProperties, Names extends keyof T = never>(
  properties: T,
  nullable: readonly Names[] = [],
): { [Name in keyof T]: TOptional<TUnsafe<Static<T[Name]> | (Name extends Names ? null : never)>> } {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      Type.Optional((nullable as readonly string[]).includes(name) ? Nullable(schema) : schema),
    ]),
  ) as never
}
