import { adAccountParams, mostFilterIds } from '../../models/ads/common.ts'
import {
  Schedule,
  ScheduleStatus,
  SchedulesAnswer,
  SchedulesCreate,
  SchedulesUpdate,
  ScheduleType,
} from '../../models/ads/schedule.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeingForAccounts } from './access.ts'

const tag = 'schedules'
const path = '/ad_accounts/{ad_account_id}/schedules'

export const schedules = {
  /** The schedules of campaigns. */
  list: operation({
    id: 'schedules/list',
    method: 'GET',
    path,
    tag,
    summary: 'List schedules',
    description: 'The schedules of campaigns, with what has become of each by now.',
    ...seeingForAccounts,
    params: adAccountParams,
    query: Type.Object({
      schedule_statuses: Type.Optional(
        Type.Array(ScheduleStatus, { description: 'Only those with one of these statuses by now.' }),
      ),
      schedule_type: Type.Optional(ScheduleType),
      entity_ids: Type.Array(Type.String({ pattern: '^\\d+$' }), {
        minItems: 1,
        maxItems: mostFilterIds,
        description: 'The campaigns.',
        examples: [['1142048512397315']],
      }),
      order: Type.Optional(
        StringEnum(['ASCENDING', 'DESCENDING'], {
          default: 'ASCENDING',
          description: 'Oldest first, or newest first.',
        }),
      ),
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of schedules.', schema: PageOf(Schedule, 'The schedules.') },
    errors: {},
  }),
  /** Makes up to 30 schedules, each for itself. */
  create: operation({
    id: 'schedules/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create schedules',
    description:
      'Makes up to 30 schedules. From its start until its end, or for good if it has none, a schedule makes the cap of a ' +
      'campaign higher, or multiplies its bids: whoever reads the campaign meanwhile sees that.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: SchedulesCreate },
    success: { status: 200, description: 'What became of each.', schema: SchedulesAnswer },
    errors: {},
  }),
  /** Changes up to 30 schedules, each for itself. */
  update: operation({
    id: 'schedules/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change schedules',
    description: 'Changes up to 30 schedules, or cancels them. What is not named stays as it is.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: SchedulesUpdate },
    success: { status: 200, description: 'What became of each.', schema: SchedulesAnswer },
    errors: {},
  }),
} as const
