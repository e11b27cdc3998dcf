import { appTypesQuery, datesQuery, ManyPinAnalytics, metricsOf, pinMetrics } from '../models/analytics.ts'
import { operation } from '../operation.ts'
import { adAccountQuery } from '../schema.ts'
import { Type } from '../type.ts'

export const multiPins = {
  /** How often each of several Pins, of yours or on group boards that you are on, was seen and used, day by day. */
  analytics: operation({
    id: 'multi_pins/analytics',
    method: 'GET',
    path: '/pins/analytics',
    tag: 'pins',
    summary: 'Get analytics of several Pins',
    description:
      'How often each of up to 100 Pins, of yours or on group boards that you are on, was seen and used, day by day and ' +
      'in all.',
    auth: { by: 'token', scopes: ['boards:read', 'pins:read'], clientCredentials: true },
    category: 'org_analytics',
    feature: 'multi_pin_analytics',
    query: Type.Object({
      pin_ids: Type.Array(Type.String({ pattern: '^\\d+$', examples: ['1142048512397440'] }), {
        minItems: 1,
        maxItems: 100,
        description: 'The Pins, by their ids.',
      }),
      ...datesQuery,
      ...appTypesQuery,
      metric_types: metricsOf(pinMetrics, 'The metrics to give.'),
      ...adAccountQuery,
    }),
    hasEtag: true,
    success: { status: 200, description: 'The numbers of each Pin.', schema: ManyPinAnalytics },
    errors: {
      restrictedFeature: {},
      invalidRequest: { message: 'Invalid multi_pins analytics parameters.' },
      daysNotKept: {},
      pinsNotYours: {},
      pinNotFound: {},
    },
  }),
} as const
