import type { BoardPrivacy, CreativeType } from '@pinfold/contract'

/** How a list of an account's Pins is narrowed: a Pin is listed if each of its properties is among these. */
export interface PinFilter {
  privacies: readonly BoardPrivacy[]
  repins: readonly boolean[]
  /** Undefined: all of them. */
  creativeTypes: readonly CreativeType[] | undefined
}

/** What a query may say about it, by Pinterest's names. */
export interface PinFilterQuery {
  pin_filter?: 'exclude_native' | 'exclude_repins' | 'has_been_promoted'
  pin_type?: 'PRIVATE'
  include_protected_pins?: boolean
  creative_types?: readonly CreativeType[]
}

/** Which Pins a filter leaves: made ones (false), saved ones (true). No Pin was ever promoted here. */
const repinFilters = {
  none: [false, true],
  exclude_repins: [false],
  exclude_native: [true],
  has_been_promoted: [],
} as const

/** Reads the filter of a query. Queries that leave the same Pins give the same filter. */
export function readPinFilter(query: PinFilterQuery): PinFilter {
  const { pin_filter: filter, pin_type: type, include_protected_pins: includesProtected } = query
  const listed = includesProtected ? (['PUBLIC', 'PROTECTED', 'SECRET'] as const) : (['PUBLIC', 'SECRET'] as const)
  return {
    privacies: type === 'PRIVATE' ? ['SECRET'] : listed,
    repins: repinFilters[filter ?? 'none'],
    creativeTypes: query.creative_types?.toSorted(),
  }
}

/** The types of Pins that there can be: a list of some of them is put together from the index range of each. */
const existingTypes = ['REGULAR', 'VIDEO', 'CAROUSEL'] as const satisfies readonly CreativeType[]

/** Returns those of the types that there can be Pins of. */
export const existingAmong = (types: readonly CreativeType[]): CreativeType[] =>
  existingTypes.filter((type) => types.includes(type))
