import { leadFormQuestions } from '../../data/lead-form-questions.ts'
import { reportTypes } from '../../data/report-columns/column.ts'
import { targetingTypes } from '../../data/targeting.ts'
import { adAccountQuery, MapOf, Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'

const DeliveryMetric = Model(
  'DeliveryMetric',
  'Something that analytics or reports can be asked for.',
  {
    category: Type.Optional(
      StringEnum(['ADS', 'ORGANIC'], { description: 'ADS: it tells of ads. ORGANIC: of Pins that nobody pays for.' }),
    ),
    definition: Type.Optional(Type.String({ description: 'What it means.' })),
    display_name: Type.Optional(Type.String({ description: 'What people call it.' })),
    name: Type.Optional(Type.String({ description: 'Its name in requests and answers.' })),
  },
  {
    examples: [
      {
        name: 'ECTR',
        category: 'ADS',
        definition: 'Pin clicks per impression, paid and earned.',
        display_name: 'eCTR',
      },
    ],
  },
)

export const DeliveryMetrics = Model('DeliveryMetrics', 'What analytics and reports can be asked for.', {
  items: Type.Optional(Type.Array(DeliveryMetric, { description: 'By name.' })),
})

export const deliveryMetricsQuery = {
  report_type: Type.Optional(
    StringEnum(reportTypes, {
      description: 'SYNC: only what analytics can be asked for. ASYNC: only what reports of ads can be asked for.',
    }),
  ),
}

export const LeadFormQuestions = Type.Array(StringEnum(leadFormQuestions), {
  title: 'LeadFormQuestions',
  description: 'What the form of a lead ad can ask.',
  examples: [['FIRST_NAME', 'EMAIL']],
})

export const MetricsReadyState = Model(
  'MetricsReadyState',
  'Which numbers of a day stand.',
  {
    conversion_metrics_ready: Type.Optional(
      Type.Boolean({ description: 'Whether those of conversions do: from 12 hours after the day on.' }),
    ),
    non_conversion_metrics_ready: Type.Optional(
      Type.Boolean({ description: 'Whether all others do: from 6 hours after the day on.' }),
    ),
  },
  { examples: [{ conversion_metrics_ready: false, non_conversion_metrics_ready: true }] },
)

export const readyStateQuery = {
  date: Type.String({
    pattern: '^(\\d{4})-(\\d{2})-(\\d{2})$',
    description: 'The day, in UTC.',
    examples: ['2026-03-13'],
  }),
}

export const TargetedInterest = Model(
  'TargetedInterest',
  'An interest that ads can be for.',
  {
    child_interests: Type.Optional(
      Type.Array(Type.String(), { description: 'The ids of its parts.', examples: [['9160000001']] }),
    ),
    id: Type.Optional(Type.String({ pattern: '\\d+', description: 'The interest.', examples: ['9160000000'] })),
    level: Type.Optional(
      Type.Integer({ description: '1: an interest such as home decor. 2: a part of one.', examples: [1] }),
    ),
    name: Type.Optional(Type.String({ description: 'What people call it.', examples: ['Home decor'] })),
  },
  { examples: [{ id: '9160000000', name: 'Home decor', child_interests: ['9160000001', '9160000002'], level: 1 }] },
)

export const interestParams = Type.Object({
  interest_id: Type.String({
    pattern: '^\\d+$',
    maxLength: 18,
    description: 'The interest.',
    examples: ['9160000000'],
  }),
})

export const TargetingOptions = Type.Array(MapOf(Type.String()), {
  title: 'TargetingOptions',
  description: 'One object: what people call each value, under the value.',
  examples: [[{ unknown: 'Not said', male: 'Male', female: 'Female' }]],
})

export const targetingParams = Type.Object({
  targeting_type: StringEnum(targetingTypes, { description: 'What is chosen by.', examples: ['GENDER'] }),
})

export const targetingQuery = {
  client_id: Type.Optional(
    Type.String({ pattern: '^\\d+$', maxLength: 18, description: 'Of older clients. Makes no difference.' }),
  ),
  oauth_signature: Type.Optional(Type.String({ description: 'Of older clients. Makes no difference.' })),
  timestamp: Type.Optional(Type.String({ pattern: '\\d+', description: 'Of older clients. Makes no difference.' })),
  ...adAccountQuery,
}

export const TermsOfService = Model(
  'TermsOfService',
  'The terms of advertising, and whether an ad account has accepted them.',
  {
    ad_account_id: Type.Optional(Type.String({ description: 'The ad account.', examples: ['1142048512397313'] })),
    has_accepted: Type.Optional(Type.Boolean({ description: 'Whether it has accepted them. Each has, here.' })),
    html: Type.Optional(Nullable(Type.String({ description: 'The text as HTML. Null unless it is asked for.' }))),
    id: Type.Optional(Type.String({ description: 'Which text it is.', examples: ['1'] })),
  },
  { examples: [{ id: '1', ad_account_id: '1142048512397313', has_accepted: true, html: null }] },
)

export const termsOfServiceQuery = {
  include_html: Type.Optional(Type.Boolean({ default: false, description: 'Whether the text comes along.' })),
  tos_type: Type.Optional(Type.String({ description: 'Which terms. There is one text, so it makes no difference.' })),
}
