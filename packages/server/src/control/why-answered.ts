import type { ErrorName, OperationOutput, resources } from '@pinfold/contract'
import { errorCatalogue } from '@pinfold/contract'
import type { Fault } from './faults.ts'
import { nearestOperation } from './nearest-operation.ts'
import type { KeptCall } from './request-log.ts'

/** Why a call was answered so, as the contract has it. */
export type WhyAnswered = NonNullable<OperationOutput<typeof resources.control.getRequest>['why']>

/** Returns why a call was answered as it was; null if it was simply carried out. */
export function whyAnswered({ fault, refusal, method, url }: KeptCall): WhyAnswered | null {
  if (fault)
    return { kind: 'fault', error: refusal?.entry ?? null, text: refusal?.text ?? effects[fault.effect], fault }
  if (!refusal) return null
  const { entry, text, reason } = refusal
  const { limit, missingScopes, schema } = reason ?? {}
  const nearest = entry === 'routeNotFound' ? nearestOperation(method, url) : undefined
  return {
    kind: schema ? 'schema' : kindOf(entry),
    error: entry,
    text,
    ...(limit && {
      limit: {
        name: limit.name,
        requests: limit.requests,
        window_seconds: limit.windowSeconds,
        reset_seconds: limit.resetSeconds,
      },
    }),
    ...(missingScopes && { missing_scopes: [...missingScopes] }),
    ...(schema && { schema }),
    ...(nearest && {
      nearest: { operation: nearest.id, method: nearest.method, path: (nearest.root ?? '/v5') + nearest.path },
    }),
  }
}

function kindOf(entry: ErrorName): WhyAnswered['kind'] {
  if (entry === 'rateLimited') return 'limit'
  if (entry === 'insufficientScope') return 'scope'
  if (entry === 'routeNotFound') return 'route'
  const { kind } = errorCatalogue[entry]
  if (kind === 'authentication') return 'token'
  return kind === 'server' ? 'server' : 'rule'
}

const effects: Record<Fault['effect'], string> = {
  error: 'The request was refused on purpose.',
  latency: 'It waited on purpose.',
  reset: 'The connection was reset on purpose, and nothing was done.',
  timeout: 'No answer came on purpose, and nothing was done.',
  truncate: 'The work was done, and the answer was cut on purpose.',
  lost_response: 'The work was done, and the answer was lost on purpose.',
}
