import { placementGroups } from '../../data/targeting.ts'
import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { EntityId, Seconds, shown, TrackingUrls, unsettable } from './common.ts'
import { MatchType } from './keyword.ts'
import { TargetingSpec } from './targeting.ts'

export const templateOperations = ['REMOVE', 'UPDATE'] as const

const name = Type.String({ description: 'What people call it, at most 255 characters.', examples: ['Cup lovers'] })

const settings = (options: { flag?: object; placement?: object } = {}) => ({
  auto_targeting_enabled: Type.Boolean({
    description: 'Whether others may see the ads who are like those they are for.',
    ...options.flag,
  }),
  keywords: Type.Array(
    Model('TargetingTemplateKeyword', 'A keyword of a targeting template.', {
      match_type: Type.Optional(MatchType),
      value: Type.Optional(Type.String({ description: 'The words, at most 120 characters.', examples: ['cups'] })),
    }),
    { maxItems: 500, description: 'The searches that the ads are for, or not for.' },
  ),
  placement_group: StringEnum(placementGroups, { description: 'Where the ads are shown.', ...options.placement }),
  tracking_urls: TrackingUrls,
})

export const TargetingTemplateCreate = Model(
  'TargetingTemplateCreate',
  'A targeting template to make.',
  {
    name,
    targeting_attributes: TargetingSpec,
    ...unsettable(settings({ flag: { default: true }, placement: { default: 'ALL' } })),
  },
  { examples: [{ name: 'Cup lovers', targeting_attributes: { LOCATION: ['US'], GENDER: ['female'] } }] },
)

export const TargetingTemplateUpdate = Model(
  'TargetingTemplateUpdate',
  'A change of a targeting template.',
  {
    id: EntityId('The template.'),
    operation_type: StringEnum(templateOperations, { description: 'Whether it is deleted, or changed.' }),
    targeting_attributes: Type.Optional(TargetingSpec),
  },
  {
    examples: [{ id: '1142048512397318', operation_type: 'UPDATE', targeting_attributes: { LOCATION: ['US', 'CA'] } }],
  },
)

const people = (description: string, example: number) =>
  Type.Optional(Type.Integer({ description, examples: [example] }))

export const TargetingTemplate = Model(
  'TargetingTemplate',
  'Whom ads are for, kept under a name for several ad groups.',
  {
    id: Type.Optional(EntityId('The template.')),
    ad_account_id: Type.Optional(EntityId('The ad account that it is in.')),
    name: Type.Optional(name),
    targeting_attributes: Type.Optional(TargetingSpec),
    ...shown(settings(), ['tracking_urls']),
    placement_traffic_type: Type.Optional(Type.Unsafe<null>({ type: 'null', description: 'Always null.' })),
    status: Type.Optional(StringEnum(['ACTIVE', 'DELETED'], { description: 'Whether it is there still.' })),
    created_time: Type.Optional(Seconds('When it was made')),
    updated_time: Type.Optional(Seconds('When it was changed last')),
    sizing: Type.Optional(
      Nullable(
        Model('TargetingTemplateSizing', 'How many people it could reach in a month.', {
          reach_estimate: Type.Optional(
            Model('TargetingTemplateReach', 'How many people that is.', {
              estimate: people('About this many.', 31_000_000),
              lower_bound: people('At least this many.', 23_000_000),
              upper_bound: people('At most this many.', 39_000_000),
            }),
          ),
        }),
      ),
    ),
    valid: Type.Optional(Nullable(Type.Boolean({ description: 'Whether it can be used: always true.' }))),
  },
  {
    examples: [
      {
        ...{ id: '1142048512397318', ad_account_id: '1142048512397313', name: 'Cup lovers', status: 'ACTIVE' },
        ...{ targeting_attributes: { LOCATION: ['US'], GENDER: ['female'] }, auto_targeting_enabled: true },
        ...{ keywords: [], placement_group: 'ALL', tracking_urls: null, sizing: null, valid: true },
        ...{ created_time: 1773480413, updated_time: 1773480413 },
      },
    ],
  },
)
