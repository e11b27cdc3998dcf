import { adAccountParam, adAccountParams, EntityIds } from '../../models/ads/common.ts'
import {
  LabelEntities,
  LabelEntitiesAnswer,
  LabelsAnswer,
  LabelsCreate,
  LabelsUpdate,
  labelStatuses,
  labelTypes,
  mostLabels,
} from '../../models/ads/label.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeingForAccounts } from './access.ts'

const tag = 'labels'
const path = '/ad_accounts/{ad_account_id}/labels'
const ofLabel = Type.Object({
  ...adAccountParam,
  label_id: Type.String({ maxLength: 30, description: 'The label.', examples: ['1142048512397317'] }),
})

export const labels = {
  /** The labels of an ad account. */
  list: operation({
    id: 'labels/list',
    method: 'GET',
    path,
    tag,
    summary: 'List labels',
    description:
      'The labels of an ad account, oldest first: those in use, unless others are asked for. Each item of the page has ' +
      'one label.',
    ...seeingForAccounts,
    params: adAccountParams,
    query: Type.Object({
      campaign_ids: EntityIds('Only those on these campaigns.', { maxLength: 18 }),
      label_ids: EntityIds('Only these labels.', { maxLength: 18 }),
      entity_statuses: Type.Optional(
        Type.Array(StringEnum(labelStatuses), {
          default: ['ACTIVE'],
          description: 'Only those with one of these statuses.',
        }),
      ),
      label_types: Type.Optional(
        Type.Array(StringEnum(labelTypes), {
          default: ['BRAND', 'CUSTOM'],
          description: 'Only those of these types.',
        }),
      ),
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of labels.', schema: PageOf(LabelsAnswer, 'One label each.') },
    errors: { invalidRequest: { code: 400, message: 'Invalid ad account ads parameters.' } },
  }),
  /** Makes labels, each for itself. */
  create: operation({
    id: 'labels/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create labels',
    description: `Makes up to ${mostLabels} labels, which are on no campaign yet. One that is refused stands in \`errors\`.`,
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: LabelsCreate },
    success: { status: 200, description: 'What became of each.', schema: LabelsAnswer },
    errors: {},
  }),
  /** Changes labels, each for itself. */
  update: operation({
    id: 'labels/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change labels',
    description: `Changes what up to ${mostLabels} labels say, or whether they are in use. They stay on their campaigns.`,
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: LabelsUpdate },
    success: { status: 200, description: 'What became of each.', schema: LabelsAnswer },
    errors: {},
  }),
  /** Puts a label on campaigns. */
  apply: operation({
    id: 'labels/apply',
    method: 'POST',
    path: `${path}/{label_id}/apply`,
    tag,
    summary: 'Put a label on campaigns',
    description:
      'Puts a label that is in use on campaigns, each for itself. Where it is already nothing changes. A campaign has one ' +
      'BRAND and 30 CUSTOM labels at most, with those that are archived.',
    ...managing,
    params: ofLabel,
    body: { type: 'json', schema: LabelEntities },
    success: { status: 200, description: 'What became of each campaign.', schema: LabelEntitiesAnswer },
    errors: { adEntityNotFound: {} },
  }),
  /** Takes a label off campaigns. */
  remove: operation({
    id: 'labels/remove',
    method: 'POST',
    path: `${path}/{label_id}/remove`,
    tag,
    summary: 'Take a label off campaigns',
    description: 'Takes a label off campaigns, each for itself. Where it is not, nothing changes.',
    ...managing,
    params: ofLabel,
    body: { type: 'json', schema: LabelEntities },
    success: { status: 200, description: 'What became of each campaign.', schema: LabelEntitiesAnswer },
    errors: { adEntityNotFound: {} },
  }),
} as const
