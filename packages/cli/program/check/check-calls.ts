import type { RecordedCall } from '../calls/read-calls.ts'
import { toldPath } from '../calls/told.ts'
import { checkDeprecated } from './deprecated.ts'
import { checkFields } from './fields.ts'
import type { Finding, Found } from './finding.ts'
import { retryCheck } from './retries.ts'
import { scopeCheck } from './scopes.ts'

/** Returns what calls do against the contract. `scopes`: those of the program's tokens, if they are known. */
export function checkCalls(calls: readonly RecordedCall[], scopes?: readonly string[]): Finding[] {
  const [retries, missingScopes] = [retryCheck(), scopeCheck(scopes)]
  return calls.flatMap((call) => {
    const { number } = call
    const operation = (call.operation ?? call.notServed)?.id ?? null
    const found = [
      ...checkAddress(call),
      ...checkDeprecated(call),
      ...checkFields(call),
      ...missingScopes.of(call),
      ...retries.of(call),
    ]
    return found.map((each): Finding => ({ number, call: toldPath(call), operation, ...each }))
  })
}

function checkAddress({ operation, notServed, url }: RecordedCall): Found[] {
  if (operation || notServed) return []
  const [, version] = /^(?:\/sandbox)?\/(v\d+)\//.exec(url.pathname) ?? []
  if (version !== undefined && version !== 'v5')
    return [{ problem: 'deprecated', about: version, text: `${version} of the API is no more: use v5.` }]
  return [
    {
      problem: 'unknown operation',
      about: 'address',
      text: 'Pinterest has no such operation: the address or the method is wrong.',
    },
  ]
}
