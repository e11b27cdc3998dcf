import type { MatchType, PlacementGroup, SizedCreativeType, TargetingCountry } from '@pinfold/contract'
import { metros, regions } from './targeting/regions.ts'
import type { TargetingSpec } from './targeting/spec.ts'

/** What narrows whom an ad group reaches. */
export interface Audience {
  /** Whom it is for. */
  targeting: TargetingSpec
  /** Whether others may see it who are like those it is for. Default: true. */
  hasLookalikes?: boolean
  /** Where it is shown. Default: everywhere. */
  placement?: PlacementGroup
  /** The searches that it is for. Default: any. */
  keywords?: readonly { match_type: MatchType; value: string }[]
  /** The kinds of its ads. Default: any. */
  creativeTypes?: readonly SizedCreativeType[]
}

/** How many people of each country see ads in a month, in thousands. The numbers are Pinfold's own. */
const thousands: Record<TargetingCountry, number> = {
  ...{ US: 90_000, GB: 16_000, CA: 12_000, IE: 1_500, AU: 6_500, NZ: 1_300, FR: 17_000, SE: 2_600, IL: 1_300 },
  ...{ DE: 18_000, AT: 2_400, IT: 12_000, ES: 11_000, NL: 6_000, BE: 2_700, PT: 2_600, CH: 2_300, HK: 1_200 },
  ...{ JP: 10_000, KR: 6_000, SG: 900, NO: 1_400, DK: 1_500, FI: 1_300, CY: 200, LU: 160, MT: 110, PL: 7_500 },
  ...{ RO: 3_000, HU: 2_000, CZ: 2_100, GR: 1_900, SK: 1_000, BR: 36_000, MX: 24_000, AR: 9_500, CL: 5_000, CO: 8_500 },
}

/** What part of people each value of a field has. Those that are not named have `other`. */
interface Shares {
  named: Readonly<Record<string, number>>
  other: number
}

const shares: Record<'APPTYPE' | 'GENDER' | 'LOCALE' | 'AGE_BUCKET', Shares> = {
  APPTYPE: {
    named: { iphone: 0.36, android_mobile: 0.38, ipad: 0.06, android_tablet: 0.04, web: 0.1, web_mobile: 0.06 },
    other: 0,
  },
  GENDER: { named: { female: 0.62, male: 0.24, unknown: 0.14 }, other: 0 },
  LOCALE: { named: { en: 0.45, es: 0.13, pt: 0.1, de: 0.07, fr: 0.07, it: 0.04, ja: 0.03 }, other: 0.01 },
  AGE_BUCKET: {
    named: {
      ...{ '18-24': 0.25, '25-34': 0.26, '35-44': 0.19, '45-49': 0.08, '50-54': 0.07, '55-64': 0.09, '65+': 0.06 },
      ...{ '19+': 0.965, '20+': 0.93, '21+': 0.895 },
    },
    other: 0,
  },
}

const placementShares: Record<PlacementGroup, number> = { ALL: 1, SEARCH: 0.45, BROWSE: 0.85, OTHER: 0.1 }
const keywordShares: Record<MatchType, number> = {
  ...{ BROAD: 0.012, PHRASE: 0.006, EXACT: 0.003, EXACT_NEGATIVE: 0, PHRASE_NEGATIVE: 0 },
}
const creativeShares: Record<SizedCreativeType, number> = {
  ...{ REGULAR: 1, SHOPPING: 0.9, CAROUSEL: 0.85, COLLECTION: 0.8, SHOP_THE_PIN: 0.8, VIDEO: 0.75, IDEA: 0.7 },
  MAX_VIDEO: 0.5,
}
/** A topic, such as home decor, and a part of one, such as lighting. */
const topicShare = 0.12
const partShare = 0.03
/** The most people of one audience that is named by its id. */
const perAudience = 100_000

/**
 * Returns how many people an ad group could reach in a month. It is a function of its arguments alone: the same audience
 * has always the same size, and one that is narrowed further is never larger.
 */
export function reachOf({
  targeting,
  hasLookalikes = true,
  placement = 'ALL',
  keywords = [],
  creativeTypes = [],
}: Audience): number {
  const people = peopleIn(targeting)
  const wanted = keywords.filter(({ match_type }) => keywordShares[match_type] > 0)
  const narrowed = [
    shareOf('APPTYPE', targeting),
    shareOf('GENDER', targeting),
    shareOf('LOCALE', targeting),
    shareOf('AGE_BUCKET', targeting) * shareBetween(targeting),
    anyOf(textsOf(targeting, 'INTEREST').map((id) => (/0{7}$/.test(id) ? topicShare : partShare))),
    anyOf(wanted.map(({ match_type }) => keywordShares[match_type])),
    targeting.SHOPPING_RETARGETING ? 0.02 : 1,
  ].reduce((product, share) => product * share, 1)
  // Those who are alike are at most all others.
  const alike = hasLookalikes ? Math.min(1, narrowed * 1.25) : narrowed
  const kinds = creativeTypes.length > 0 ? Math.max(...creativeTypes.map((type) => creativeShares[type])) : 1
  const audiences = textsOf(targeting, 'AUDIENCE_INCLUDE').length * perAudience
  const reached = people * alike * placementShares[placement] * kinds
  const included = audiences > 0 ? Math.min(audiences, reached) : reached
  // They are among the others everywhere alike, so that an audience that is narrowed has less of them too.
  const excluded = (textsOf(targeting, 'AUDIENCE_EXCLUDE').length * perAudience) / Math.max(1, people)
  return Math.round(included * (1 - Math.min(excluded, 1 / 2)))
}

/** Returns the distinct texts of a field. */
function textsOf(targeting: TargetingSpec, field: string): string[] {
  const values = targeting[field]
  return Array.isArray(values) ? [...new Set(values.filter((value): value is string => typeof value === 'string'))] : []
}

/** Returns the part of people who have one of the values of a field: all of them if it has none. */
function shareOf(field: keyof typeof shares, targeting: TargetingSpec): number {
  const values = textsOf(targeting, field)
  const { named, other } = shares[field]
  const each = values.map((value) => named[value] ?? other)
  // Ages without an end have those of the others in them.
  if (values.some((value) => /^(?:19|2[01])\+$/.test(value))) return Math.max(...each)
  return values.length === 0 ? 1 : Math.min(1, sum(each))
}

/** Returns the part of people between the two ages, of which `65+` is the last. */
function shareBetween({ MINIMUM_AGE: from, MAXIMUM_AGE: to }: TargetingSpec): number {
  if (typeof from !== 'string' || typeof to !== 'string') return 1
  const last = to === '65+' ? 66 : Number(to)
  const years = Array.from({ length: Math.max(0, last - Number(from) + 1) }, (_, i) => Number(from) + i)
  return Math.min(1, sum(years.map(shareOfAge)))
}

const { named: bucketShares } = shares.AGE_BUCKET
const shareOfAge = (age: number): number => {
  // 66 stands for everybody above 65.
  if (age >= 65) return (bucketShares['65+'] ?? 0) / 2
  const [bucket = '', share = 0] =
    Object.entries(bucketShares).find(([name]) => {
      const [first, last] = name.split('-').map(Number)
      return last !== undefined && age >= Number(first) && age <= last
    }) ?? []
  const [first, last] = bucket.split('-').map(Number)
  return share / (Number(last) - Number(first) + 1)
}

/** Returns the part of people who have one of several things that do not depend on each other; all if there is none. */
const anyOf = (parts: readonly number[]): number =>
  parts.length === 0 ? 1 : 1 - parts.reduce((product, share) => product * (1 - share), 1)

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const isCountry = (code: string): code is TargetingCountry => Object.hasOwn(thousands, code)
const metroCount = metros.split(', ').length

/** Returns how many people are in one place; 0 if it is not known. */
function peopleAt(place: string): number {
  if (isCountry(place)) return thousands[place] * 1000
  if (/^\d{3}$/.test(place)) return (thousands.US * 1000) / (metroCount * 1.5)
  const [country = '', part = ''] = place.split('-')
  if (!isCountry(country)) return 0
  // What is none of its parts is a postal code.
  const parts = regions[country]?.split(', ').map((each) => each.split(' ')[0]) ?? []
  return parts.includes(part) ? (thousands[country] * 1000) / parts.length : (thousands[country] * 1000) / 10_000
}

const countryOf = (place: string): string => (/^\d{3}$/.test(place) ? 'US' : (place.split('-')[0] ?? ''))

/** Returns how many people are in the places of a targeting spec: everywhere if it names none. */
function peopleIn(targeting: TargetingSpec): number {
  const named = [...textsOf(targeting, 'LOCATION'), ...textsOf(targeting, 'GEO')]
  const places = named.length > 0 ? named : Object.keys(thousands)
  const left = [...textsOf(targeting, 'LOCATION_EXCLUDE'), ...textsOf(targeting, 'GEO_EXCLUDE')]
  const whole = new Set(places.filter(isCountry))
  // A part of a country that is there as a whole adds nobody.
  const counted = places.filter((place) => isCountry(place) || !whole.has(countryOf(place) as TargetingCountry))
  return sum([...new Set(counted)].map((place) => Math.max(0, peopleAt(place) - peopleLeft(place, left))))
}

function peopleLeft(place: string, left: readonly string[]): number {
  const inside = left.filter((each) => each === place || each === countryOf(place) || countryOf(each) === place)
  return inside.some((each) => each === place || each === countryOf(place))
    ? Number.POSITIVE_INFINITY
    : sum(inside.map(peopleAt))
}

/** Returns a number with its two first digits alone, as estimates are told. */
export function roundly(number: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1)
  return Math.round(number / unit) * unit
}
