import { leadFormQuestions, type resources } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import { deliveryMetrics } from '../../domains/ads/metrics/delivery-metrics.ts'
import { metricsReadyState } from '../../domains/ads/metrics/ready-state.ts'
import { targetedInterests } from '../../domains/ads/targeting/interests.ts'
import { targetingOptions } from '../../domains/ads/targeting/options.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'

/** The operations on what there is to choose from for ads. */
export function adResourcesApi({ clock }: Pick<Services, 'clock'>): Handlers<typeof resources.adResources> {
  return {
    deliveryMetrics: ({ query }) => ({
      items: deliveryMetrics(query.report_type).map(({ displayName, ...metric }) => ({
        ...metric,
        display_name: displayName,
      })),
    }),

    leadFormQuestions: () => [...leadFormQuestions],

    metricsReadyState: ({ query }) => {
      const { conversions, others } = metricsReadyState(query.date, clock)
      return { conversion_metrics_ready: conversions, non_conversion_metrics_ready: others }
    },

    interest: ({ params }) => {
      const interest = targetedInterests.get(params.interest_id)
      if (!interest) throw new ApiError('interestNotFound')
      const { id, name, level, childIds } = interest
      return { id, name, child_interests: [...childIds], level }
    },

    targetingOptions: ({ params }) => [targetingOptions(params.targeting_type)],
  }
}
