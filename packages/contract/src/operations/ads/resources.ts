import {
  DeliveryMetrics,
  deliveryMetricsQuery,
  interestParams,
  LeadFormQuestions,
  MetricsReadyState,
  readyStateQuery,
  TargetedInterest,
  TargetingOptions,
  targetingParams,
  targetingQuery,
} from '../../models/ads/resources.ts'
import { operation } from '../../operation.ts'
import { Type } from '../../type.ts'

const reading = { by: 'token', scopes: ['ads:read'] } as const

export const adResources = {
  /** The metrics that analytics and reports can be asked for. */
  deliveryMetrics: operation({
    id: 'delivery_metrics/get',
    method: 'GET',
    path: '/resources/delivery_metrics',
    tag: 'resources',
    summary: 'List metrics',
    description:
      'The metrics that the analytics of ads, Pins and accounts and the reports of ads can be asked for, each with what it ' +
      'means.',
    auth: { by: 'token', scopes: ['ads:read', 'pins:read', 'user_accounts:read'], clientCredentials: true },
    category: 'ads_read',
    query: Type.Object(deliveryMetricsQuery),
    success: { status: 200, description: 'The metrics, by name.', schema: DeliveryMetrics },
    errors: {},
  }),
  /** What the forms of lead ads can ask. */
  leadFormQuestions: operation({
    id: 'lead_form_questions/get',
    method: 'GET',
    path: '/resources/lead_form_questions',
    tag: 'resources',
    summary: 'List questions of lead forms',
    description: 'The kinds of questions that the form of a lead ad can have.',
    auth: { ...reading, clientCredentials: false },
    category: 'ads_read',
    success: { status: 200, description: 'The kinds.', schema: LeadFormQuestions },
    errors: {},
  }),
  /** Whether the numbers of a day stand. */
  metricsReadyState: operation({
    id: 'metrics_ready_state/get',
    method: 'GET',
    path: '/resources/metrics_ready_state',
    tag: 'resources',
    summary: 'Find out whether metrics are final',
    description:
      'Whether the numbers of a day stand, by the clock of the server: six hours after the end of the day in UTC, those of ' +
      'conversions twelve.',
    auth: { ...reading, clientCredentials: false },
    category: 'ads_analytics',
    query: Type.Object(readyStateQuery),
    success: { status: 200, description: 'Which numbers stand.', schema: MetricsReadyState },
    errors: {},
  }),
  /** An interest that ads can be for, with its parts. */
  interest: operation({
    id: 'interest_targeting_options/get',
    method: 'GET',
    path: '/resources/targeting/interests/{interest_id}',
    tag: 'resources',
    summary: 'Get an interest',
    description: 'An interest that ads can be for. `targeting_options/get` lists all with `INTEREST`.',
    auth: { ...reading, clientCredentials: true },
    category: 'ads_read',
    params: interestParams,
    success: { status: 200, description: 'The interest.', schema: TargetedInterest },
    errors: { interestNotFound: {} },
  }),
  /** What an audience can be chosen by. */
  targetingOptions: operation({
    id: 'targeting_options/get',
    method: 'GET',
    path: '/resources/targeting/{targeting_type}',
    tag: 'resources',
    summary: 'List targeting options',
    description:
      'The values that an audience can be chosen by. Keywords are any words, so `KEYWORD` lists none; nor are there ' +
      'audiences to list yet.',
    auth: { ...reading, clientCredentials: true },
    category: 'ads_read',
    params: targetingParams,
    query: Type.Object(targetingQuery),
    success: { status: 200, description: 'The values.', schema: TargetingOptions },
    errors: {},
  }),
} as const
