import { Model, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { BatchException, EntityId, mostBatchItems, Seconds } from './common.ts'

export const scheduleStatuses = [
  ...(['DRAFT', 'CREATED', 'SCHEDULED', 'ACTIVE', 'COMPLETED', 'FAILED', 'CANCELED'] as const),
] as const
/** What has become of a schedule by now. */
export type ScheduleStatus = (typeof scheduleStatuses)[number]

export const scheduleTypes = ['CAMPAIGN_BUDGET_CHANGE', 'CAMPAIGN_BID_MULTIPLIERS'] as const
/** What a schedule changes. */
export type ScheduleType = (typeof scheduleTypes)[number]

export const ScheduleStatus = StringEnum(scheduleStatuses, {
  description: 'What has become of it by now. To set it: DRAFT and CANCELED keep it from working, any other lets it.',
})
export const ScheduleType = StringEnum(scheduleTypes, {
  description: 'What it changes: the cap of a campaign, or the multipliers of its bids.',
  examples: ['CAMPAIGN_BUDGET_CHANGE'],
})

const factors = (names: readonly string[]) =>
  Type.Optional(Type.Object(Object.fromEntries(names.map((name) => [name, Type.Optional(Type.Number())]))))

const ScheduleBidMultipliers = Model('ScheduleBidMultipliers', 'By what bids are multiplied meanwhile.', {
  age_bucket_multipliers: factors(['18-24', '25-34', '35-44', '45-49', '50-54', '55-64', '65+']),
  app_type_multipliers: factors(['android_mobile', 'android_tablet', 'ipad', 'iphone', 'web', 'web_mobile']),
  audience_multipliers: Type.Optional(
    Type.Array(
      Type.Object({
        audience_id: EntityId('The audience.'),
        multiplier: Type.Number({ description: 'By what bids for it are multiplied.' }),
      }),
      { maxItems: 100 },
    ),
  ),
  gender_multipliers: factors(['female', 'male']),
  placement_multipliers: factors(['browse', 'related_pins', 'search']),
})

const settings = {
  delta_value: Type.Optional(
    Type.Union([Type.String({ maxLength: 20 }), ScheduleBidMultipliers], {
      description:
        'By how much the cap is higher meanwhile, in millionths of the currency or in percent, as a text; or the multipliers.',
    }),
  ),
  start_timestamp: Type.Optional(Seconds('When it begins')),
  end_timestamp: Type.Optional(Seconds('When it ends')),
  entity_type: Type.Optional(
    StringEnum(['ADVERTISER', 'CAMPAIGN', 'AD_GROUP', 'AD'], { description: 'What it changes: a CAMPAIGN alone.' }),
  ),
  name: Type.Optional(Type.String({ maxLength: 255, description: 'What people call it.' })),
  schedule_action: Type.Optional(
    StringEnum(['INCREASE_BY_VALUE', 'INCREASE_BY_PERCENT'], { description: 'How `delta_value` changes a cap.' }),
  ),
  schedule_status: Type.Optional(ScheduleStatus),
  schedule_type: Type.Optional(ScheduleType),
}

const example = {
  ...{ entity_id: '1142048512397315', entity_type: 'CAMPAIGN', schedule_type: 'CAMPAIGN_BUDGET_CHANGE' },
  ...{ schedule_action: 'INCREASE_BY_PERCENT', delta_value: '20', name: 'Weekend' },
  ...{ start_timestamp: 1773480413, end_timestamp: 1773653213 },
}

const batchOf = <T extends Parameters<typeof Type.Array>[0]>(item: T, description: string, examples: unknown[]) =>
  Type.Array(item, { minItems: 1, maxItems: mostBatchItems, description, examples: [examples] })

export const SchedulesCreate = batchOf(
  Model(
    'ScheduleCreate',
    'A schedule to make.',
    { entity_id: EntityId('The campaign.'), ...settings },
    {
      examples: [example],
    },
  ),
  'The schedules.',
  [example],
)

const change = { id: '1142048512397313', schedule_id: '1142048512397319', schedule_status: 'CANCELED' }

export const SchedulesUpdate = batchOf(
  Model(
    'ScheduleUpdate',
    'A change of a schedule.',
    {
      id: EntityId('The ad account: the one in the path counts.', { maxLength: 18 }),
      schedule_id: EntityId('The schedule.'),
      entity_id: Type.Optional(EntityId('The campaign: it stays the same.')),
      ...settings,
    },
    { examples: [change] },
  ),
  'The changes.',
  [change],
)

const made = { schedule_id: '1142048512397319', schedule_status: 'SCHEDULED', ...example }

export const Schedule = Model(
  'Schedule',
  'A change of a campaign for some time.',
  { schedule_id: EntityId('The schedule.', { readOnly: true }), entity_id: EntityId('The campaign.'), ...settings },
  { examples: [made] },
)

export const SchedulesAnswer = Type.Array(
  Model(
    'ScheduleItem',
    'What became of one schedule.',
    {
      data: Type.Union([
        Schedule,
        Model('RefusedSchedule', 'Why a schedule was refused.', {
          id: EntityId('The ad account.', { maxLength: 18 }),
          schedule_id: EntityId('The schedule; 0 for one that was to be made.'),
          exceptions: BatchException,
        }),
      ]),
    },
    { examples: [{ data: made }] },
  ),
)
