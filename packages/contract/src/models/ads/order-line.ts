import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { EntityId } from './common.ts'

export const orderLineStatuses = ['ACTIVE', 'PAUSED', 'DELETED'] as const
/** What somebody has made of an order line. */
export type OrderLineStatus = (typeof orderLineStatuses)[number]

export const orderLinePaidTypes = ['PAID', 'BONUS', 'MAKE_GOOD', 'TEST'] as const
/** How an order line is paid. */
export type OrderLinePaidType = (typeof orderLinePaidTypes)[number]

const money = (description: string) =>
  Type.Optional(
    Nullable(
      Type.Number({
        description: `${description}, in millionths of the ad account's currency.`,
        examples: [50_000_000],
      }),
    ),
  )

export const OrderLine = Model(
  'OrderLine',
  'A part of an order: an amount of money that campaigns may spend.',
  {
    id: Type.Optional(EntityId('The order line.')),
    ad_account_id: Type.Optional(EntityId('The ad account that it is in.', { pattern: undefined })),
    name: Type.Optional(Nullable(Type.String({ description: 'What people call it.', examples: ['Spring order'] }))),
    status: Type.Optional(StringEnum(orderLineStatuses, { description: 'What was made of it.' })),
    type: Type.Optional(Type.String({ description: 'Always `orderline`.', examples: ['orderline'] })),
    budget: money('What may be spent'),
    paid_budget: money('What is paid of that'),
    paid_type: Type.Optional(Nullable(StringEnum(orderLinePaidTypes, { description: 'How it is paid.' }))),
    purchase_order_id: Type.Optional(
      Nullable(Type.String({ description: 'The order that it is of.', examples: ['PO-2026-7'] })),
    ),
    start_time: Type.Optional(Type.Number({ description: 'When it begins, in Unix seconds.', examples: [1773480413] })),
    end_time: Type.Optional(
      Nullable(Type.Number({ description: 'When it ends, in Unix seconds.', examples: [1776158813] })),
    ),
    campaign_ids: Type.Array(Type.String(), {
      description: 'The campaigns that it pays for.',
      examples: [['1142048512397315']],
    }),
  },
  {
    examples: [
      {
        ...{ id: '1142048512397316', ad_account_id: '1142048512397313', name: 'Spring order', status: 'ACTIVE' },
        ...{ type: 'orderline', budget: 50_000_000, paid_budget: 50_000_000, paid_type: 'PAID' },
        ...{ purchase_order_id: 'PO-2026-7', start_time: 1773480413, end_time: null },
        campaign_ids: ['1142048512397315'],
      },
    ],
  },
)
