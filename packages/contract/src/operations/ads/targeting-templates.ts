import { adAccountParams } from '../../models/ads/common.ts'
import {
  TargetingTemplate,
  TargetingTemplateCreate,
  TargetingTemplateUpdate,
} from '../../models/ads/targeting-template.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeing } from './access.ts'

const tag = 'targeting_template'
const path = '/ad_accounts/{ad_account_id}/targeting_templates'

export const targetingTemplates = {
  /** The targeting templates of an ad account. */
  list: operation({
    id: 'targeting_template/list',
    method: 'GET',
    path,
    tag,
    summary: 'List targeting templates',
    description: 'The targeting templates of an ad account, without those that were deleted.',
    ...seeing,
    params: adAccountParams,
    query: Type.Object({
      order: Type.Optional(
        StringEnum(['ASCENDING', 'DESCENDING'], {
          description: 'Oldest first, or newest first. Without it: oldest first.',
        }),
      ),
      include_sizing: Type.Optional(
        Type.Boolean({ default: false, description: 'Whether to tell how many people each could reach.' }),
      ),
      search_query: Type.Optional(
        Type.String({
          maxLength: 255,
          description: 'Only those whose names have this somewhere, in capitals or not.',
          examples: ['cup'],
        }),
      ),
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of templates.', schema: PageOf(TargetingTemplate, 'The templates.') },
    errors: {},
  }),
  /** Makes a targeting template. */
  create: operation({
    id: 'targeting_template/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create a targeting template',
    description:
      'Keeps whom ads are for under a name. An ad group names it in `targeting_template_ids`, and says nothing of its own ' +
      'then. The answer tells how many people it could reach.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: TargetingTemplateCreate },
    success: { status: 200, description: 'The template.', schema: TargetingTemplate },
    errors: {},
  }),
  /** Changes or deletes a targeting template. */
  update: operation({
    id: 'targeting_template/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change or delete a targeting template',
    description:
      'With the operation UPDATE, `targeting_attributes` takes the place of what was there. With REMOVE the template is ' +
      'deleted: it is in no list, and no ad group can take it from then on.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: TargetingTemplateUpdate },
    success: {
      status: 200,
      description: 'It is done: the body is null.',
      schema: Type.Unsafe<null>({ type: 'null', examples: [null] }),
    },
    errors: { adEntityNotFound: {} },
  }),
} as const
