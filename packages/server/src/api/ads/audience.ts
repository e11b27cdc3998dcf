import type { OperationInput, resources } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import { Refused } from '../../domains/ads/batch.ts'
import type { Audience } from '../../domains/ads/reach.ts'
import { keptTargeting, type TargetingSpec } from '../../domains/ads/targeting/spec.ts'

type Sized = OperationInput<typeof resources.adGroups.audienceSizing>['body']

/** Returns whom a body would be for. Throws a 400 for a targeting spec that cannot be. */
export function audienceIn(body: Sized): Audience {
  return {
    targeting: targetingIn(body),
    hasLookalikes: body.auto_targeting_enabled ?? true,
    placement: body.placement_group ?? 'ALL',
    keywords: body.keywords ?? [],
    creativeTypes: body.creative_types ?? [],
  }
}

/** Returns the targeting spec of a body that makes nothing: what is wrong with it is a 400. */
export function targetingIn({ targeting_spec: spec = {} }: { targeting_spec?: object }): TargetingSpec {
  try {
    return keptTargeting(spec)
  } catch (error) {
    if (error instanceof Refused) throw invalid(error.message)
    throw error
  }
}
