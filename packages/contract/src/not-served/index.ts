import type { Operation } from '../operation.ts'
import { notServedAddresses } from './addresses.ts'
import { type DeprecatedPart, deprecatedInBodies } from './deprecated.ts'

export type { DeprecatedPart } from './deprecated.ts'

/** An operation of Pinterest's that Pinfold does not serve. */
export interface NotServedOperation extends Pick<Operation, 'id' | 'method' | 'path' | 'deprecated'> {
  /** What is deprecated in its body. */
  deprecatedInBody?: DeprecatedPart | undefined
}

/** Every operation of Pinterest's that Pinfold does not serve. Pinterest marks none of them as deprecated as a whole. */
export const notServed: readonly NotServedOperation[] = Object.entries(notServedAddresses).map(([id, address]) => {
  const [method, path = ''] = address.split(' ')
  const deprecatedInBody = deprecatedInBodies[id as keyof typeof notServedAddresses]
  return { id, method: method as Operation['method'], path, deprecatedInBody }
})
