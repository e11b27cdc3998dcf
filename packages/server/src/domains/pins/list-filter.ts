import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import { hostOf } from '../../core/host-of.ts'

/** A filter of an account's Pins: a Pin is listed if each of its properties is among these. */
export interface PinFilter {
  /** Who may see them. */
  privacies: readonly BoardPrivacy[]
  /** Whether they were saved from others. */
  repins: readonly boolean[]
  /** Undefined: all types. */
  creativeTypes: readonly CreativeType[] | undefined
  /** The hosts that they link to; undefined: wherever, if anywhere. */
  hosts: readonly string[] | undefined
}

/** The parameters of the filter, under Pinterest's names. */
export interface PinFilterQuery {
  pin_filter?: 'exclude_native' | 'exclude_repins' | 'has_been_promoted'
  pin_type?: 'PRIVATE'
  include_protected_pins?: boolean
  creative_types?: readonly CreativeType[]
  domain?: string
  domains?: readonly string[]
}

/** The Pins that a filter selects: made ones (false), saved ones (true). No Pin here was ever promoted. */
const repinFilters = {
  none: [false, true],
  exclude_repins: [false],
  exclude_native: [true],
  has_been_promoted: [],
} as const

/** Reads the filter of a query. Queries that leave the same Pins give the same filter. Throws a 400. */
export function readPinFilter(query: PinFilterQuery): PinFilter {
  const { pin_filter: filter, pin_type: type, include_protected_pins: includesProtected } = query
  const listed = includesProtected ? (['PUBLIC', 'PROTECTED', 'SECRET'] as const) : (['PUBLIC', 'SECRET'] as const)
  return {
    privacies: type === 'PRIVATE' ? ['SECRET'] : listed,
    repins: repinFilters[filter ?? 'none'],
    creativeTypes: query.creative_types?.toSorted(),
    hosts: readHosts(query),
  }
}

/** The hosts that `domain` and `domains` name; without either undefined. */
function readHosts({ domain, domains }: Pick<PinFilterQuery, 'domain' | 'domains'>): string[] | undefined {
  const hosts = [
    ...(domain === undefined ? [] : [readHost('domain', domain)]),
    ...(domains ?? []).map((each) => readHost('domains', each)),
  ]
  return hosts.length === 0 ? undefined : [...new Set(hosts)].sort()
}

/** Returns the host that a parameter names, as `hostOf` writes it. Throws a 400. */
export function readHost(name: string, given: string): string {
  const address = `http://${given}`
  const host = hostOf(address)
  if (host === undefined || URL.parse(address)?.href !== `http://${URL.parse(address)?.hostname}/`)
    throw invalid(`'${name}': '${given.slice(0, 50)}' must be the name of a host, such as example.com.`)
  return host
}

/** The types of Pins that there can be: a list of some of them is put together from the index range of each. */
const existingTypes = ['REGULAR', 'VIDEO', 'CAROUSEL'] as const satisfies readonly CreativeType[]

/** Returns those of the types that Pins can have. */
export const existingAmong = (types: readonly CreativeType[]): CreativeType[] =>
  existingTypes.filter((type) => types.includes(type))
