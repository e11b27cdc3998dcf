import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { EntityId, ItemErrors } from './common.ts'

/** The most labels, or campaigns of a label, in one request. */
export const mostLabels = 100
/** The most of each type on a campaign. */
export const mostLabelsOnCampaign = { BRAND: 1, CUSTOM: 30 } as const

export const labelTypes = ['BRAND', 'CUSTOM'] as const
/** What a label says. */
export type LabelType = (typeof labelTypes)[number]

export const labelStatuses = ['ACTIVE', 'ARCHIVED'] as const
/** Whether a label is in use. */
export type LabelStatus = (typeof labelStatuses)[number]

const label_type = Nullable(
  StringEnum(labelTypes, {
    description: 'A brand, or anything else: a campaign has one BRAND and 30 CUSTOM at most.',
    examples: ['CUSTOM'],
  }),
)
const value = Type.String({ maxLength: 100, description: 'What it says.', examples: ['Summer sale'] })
const status = StringEnum(labelStatuses, { description: 'Whether it is in use.', examples: ['ACTIVE'] })

export const LabelsCreate = Model(
  'LabelsCreate',
  'Labels to make.',
  {
    labels: Type.Array(Model('NewLabel', 'A label to make.', { label_type, value }), {
      minItems: 1,
      maxItems: mostLabels,
      description: 'The labels.',
    }),
  },
  { examples: [{ labels: [{ label_type: 'CUSTOM', value: 'Summer sale' }] }] },
)

export const LabelsUpdate = Model(
  'LabelsUpdate',
  'Changes of labels.',
  {
    labels: Type.Array(
      Model('LabelUpdate', 'A change of a label.', {
        id: EntityId('The label.'),
        status: Type.Optional(status),
        value: Type.Optional(value),
      }),
      { minItems: 1, maxItems: mostLabels, description: 'The changes.' },
    ),
  },
  { examples: [{ labels: [{ id: '1142048512397317', value: 'Late summer sale' }] }] },
)

const example = { id: '1142048512397317', label_type: 'CUSTOM', value: 'Summer sale', status: 'ACTIVE' }

const Label = Model('Label', 'Words by which campaigns are told apart.', {
  id: EntityId('The label.'),
  label_type,
  value,
  status: Type.Optional(Nullable(status)),
})

const RefusedLabel = Model('RefusedLabel', 'A label as it was sent.', {
  id: Type.Optional(EntityId('The label, if it was to be changed.')),
  label_type: Type.Optional(label_type),
  value: Type.Optional(value),
  status: Type.Optional(Nullable(status)),
})

export const LabelsAnswer = Model(
  'LabelsAnswer',
  'What became of labels: those that were made or changed, and those that were refused.',
  {
    labels: Type.Optional(Type.Array(Label, { description: 'Those that were made, changed or found.' })),
    errors: Type.Optional(ItemErrors('RefusedLabelError', RefusedLabel)),
  },
  { examples: [{ labels: [example], errors: [] }] },
)

export const LabelEntities = Model(
  'LabelEntities',
  'What a label is put on, or taken off.',
  {
    entity_ids: Type.Array(Type.String({ maxLength: 30 }), {
      minItems: 1,
      maxItems: mostLabels,
      description: 'Campaigns, by their ids; `C` may stand before each.',
    }),
  },
  { examples: [{ entity_ids: ['1142048512397315'] }] },
)

const EntityLabel = Model('EntityLabel', 'A label on a campaign.', {
  entity_id: Type.String({ description: 'The campaign.', examples: ['1142048512397315'] }),
  entity_type: Type.Optional(Nullable(StringEnum(['CAMPAIGN'], { description: 'Always a campaign.' }))),
  label_id: Type.String({ description: 'The label.', examples: ['1142048512397317'] }),
  status: Type.Optional(
    Nullable(
      StringEnum(['ACTIVE', 'ARCHIVED', 'NULL'], {
        description: 'ACTIVE when it is on the campaign, ARCHIVED when it was taken off, NULL when that was refused.',
      }),
    ),
  ),
})

const onCampaign = {
  ...{ entity_id: '1142048512397315', entity_type: 'CAMPAIGN', label_id: '1142048512397317', status: 'ACTIVE' },
}

export const LabelEntitiesAnswer = Model(
  'LabelEntitiesAnswer',
  'What became of a label on campaigns.',
  {
    entities_labels: Type.Optional(
      Type.Array(EntityLabel, { readOnly: true, description: 'The campaigns that it was put on, or taken off.' }),
    ),
    errors: Type.Optional(ItemErrors('EntityLabelError', EntityLabel)),
  },
  { examples: [{ entities_labels: [onCampaign], errors: [] }] },
)
