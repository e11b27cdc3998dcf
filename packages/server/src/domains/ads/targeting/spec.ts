import { targetingAges, targetingApps, targetingGenders, targetingStrategies } from '@pinfold/contract'
import { refused } from '../batch.ts'

/** Whom ads are shown to, as it is kept: what each field narrows to. */
export type TargetingSpec = Readonly<Record<string, TargetingValue>>
type TargetingValue = string | readonly unknown[]

/** A change of one field of a targeting spec. */
export interface TargetingOperation {
  field: string
  operation: 'SET' | 'ADD' | 'REMOVE'
  values?: readonly unknown[] | null
  value?: string | null
}

/** The most values of a field. */
const mostValues = 1000
/** The most characters of a value. */
const mostCharacters = 64

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= mostCharacters
const isId = (value: unknown) => isText(value) && /^\d+$/.test(value)
const oneOf = (values: readonly string[]) => (value: unknown) => isText(value) && values.includes(value)
const isRetargeting = (value: unknown) =>
  typeof value === 'object' && value !== null && JSON.stringify(value).length <= 1000

/** What a value of each field may be. */
const fields: Record<string, (value: unknown) => boolean> = {
  AGE_BUCKET: oneOf(targetingAges),
  APPTYPE: oneOf(Object.keys(targetingApps)),
  AUDIENCE_EXCLUDE: isId,
  AUDIENCE_INCLUDE: isId,
  GENDER: oneOf(Object.keys(targetingGenders)),
  GEO: isText,
  GEO_EXCLUDE: isText,
  INTEREST: isText,
  LOCALE: isText,
  LOCATION: isText,
  LOCATION_EXCLUDE: isText,
  SHOPPING_RETARGETING: isRetargeting,
  TARGETING_STRATEGY: oneOf(targetingStrategies),
}
/** The fields with one text, by what it may be. */
const ages: Record<string, RegExp> = { MINIMUM_AGE: /^\d{1,3}$/, MAXIMUM_AGE: /^\d{1,3}\+?$/ }

/**
 * Returns a targeting spec as it is kept: with its fields in capitals, as clients in Python do not write them, and without
 * those that narrow nothing. Fields that are not known are passed over. Throws `Refused`.
 */
export function keptTargeting(given: object): TargetingSpec {
  const kept: Record<string, TargetingValue> = {}
  for (const [name, value] of Object.entries(given)) {
    const field = name.toUpperCase()
    if (Object.hasOwn(ages, field) || Object.hasOwn(fields, field)) setField(kept, field, value)
  }
  return kept
}

/** Returns a targeting spec after some changes, one after the other. Throws `Refused`. */
export function changedTargeting(before: TargetingSpec, operations: readonly TargetingOperation[]): TargetingSpec {
  const changed: Record<string, TargetingValue> = { ...before }
  for (const { field, operation, value, values } of operations)
    setField(changed, field, value ?? valuesAfter(operation, changed[field], values ?? []))
  return changed
}

function valuesAfter(
  operation: TargetingOperation['operation'],
  before: TargetingValue = [],
  values: readonly unknown[],
): readonly unknown[] {
  if (operation === 'ADD') return [...new Set([...before, ...values])]
  if (operation === 'REMOVE') return [...before].filter((value) => !values.includes(value))
  return values
}

function setField(spec: Record<string, TargetingValue>, field: string, value: unknown): void {
  delete spec[field]
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return
  const shape = ages[field]
  if (shape) {
    if (typeof value !== 'string' || !shape.test(value)) throw refused(`'${field}' of targeting_spec must be an age.`)
    spec[field] = value
    return
  }
  if (!Array.isArray(value) || value.length > mostValues)
    throw refused(`'${field}' of targeting_spec must be a list of at most ${mostValues} values.`)
  const wrong = value.find((each) => !fields[field]?.(each))
  if (wrong !== undefined)
    throw refused(`'${field}' of targeting_spec cannot have the value ${JSON.stringify(wrong).slice(0, 80)}.`)
  spec[field] = value
}

/** Returns the number of an age; 66 for `65+`. */
const yearsOf = (age: TargetingValue | undefined): number => (age === '65+' ? 66 : Number(age))

/** What is wrong with the ages of a targeting spec. */
export const ageFaults = {
  /** Whether one of the two ages is there without the other. */
  unpaired: (spec: TargetingSpec): boolean => (spec.MINIMUM_AGE === undefined) !== (spec.MAXIMUM_AGE === undefined),
  /** Whether there are both ages and ranges of them. */
  mixed: (spec: TargetingSpec): boolean =>
    spec.AGE_BUCKET !== undefined && (spec.MINIMUM_AGE !== undefined || spec.MAXIMUM_AGE !== undefined),
  /** Whether they are none that can be chosen, or the wrong way round. */
  outOfRange: ({ MINIMUM_AGE: from, MAXIMUM_AGE: to }: TargetingSpec): boolean =>
    (from !== undefined && !(yearsOf(from) >= 18 && yearsOf(from) <= 65)) ||
    (to !== undefined && !(yearsOf(to) >= 18 && yearsOf(to) <= 66)) ||
    yearsOf(from) > yearsOf(to),
}
