import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bidFloorOf } from '../src/domains/ads/bid-floor.ts'
import { type Audience, reachOf, roundly } from '../src/domains/ads/reach.ts'
import { targetingOptions } from '../src/domains/ads/targeting/options.ts'
import type { TargetingSpec } from '../src/domains/ads/targeting/spec.ts'

const reach = (targeting: TargetingSpec, more: Partial<Audience> = {}) => reachOf({ targeting, ...more })

describe('the reach of an audience', () => {
  const fields = ['APPTYPE', 'GENDER', 'LOCALE', 'AGE_BUCKET', 'LOCATION', 'GEO', 'INTEREST'] as const
  const anyOf = (values: readonly string[]) =>
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 5 })
  const options: Record<string, fc.Arbitrary<string[]>> = Object.fromEntries(
    fields.map((field) => [field, anyOf(Object.keys(targetingOptions(field)))]),
  )
  const specs = fc.record(
    {
      ...options,
      AUDIENCE_INCLUDE: anyOf(['3', '4']),
      AUDIENCE_EXCLUDE: anyOf(['1', '2']),
      LOCATION_EXCLUDE: anyOf(['US', '501', 'DE']),
    },
    { requiredKeys: [] },
  )

  test('is the same for the same, and never larger with one field or more values less to choose from', () => {
    fc.assert(
      fc.property(specs as fc.Arbitrary<Record<string, string[]>>, fc.boolean(), (spec, hasLookalikes) => {
        const people = reach(spec, { hasLookalikes })
        expect(Number.isSafeInteger(people) && people >= 0).toBe(true)
        expect(reach(structuredClone(spec), { hasLookalikes })).toBe(people)
        for (const [field, values] of Object.entries(spec)) {
          const { [field]: _, ...others } = spec as Record<string, string[]>
          // Places beside others are more of them.
          if (field !== 'LOCATION' && field !== 'GEO')
            expect(reach(others, { hasLookalikes })).toBeGreaterThanOrEqual(people)
          const fewer = { ...spec, [field]: (values as string[]).slice(0, 1) }
          if (field.endsWith('EXCLUDE')) expect(reach(fewer, { hasLookalikes })).toBeGreaterThanOrEqual(people)
          else expect(reach(fewer, { hasLookalikes })).toBeLessThanOrEqual(people)
        }
      }),
      {
        // The excluded were once fewer among fewer, so that an age less made an audience larger.
        examples: [[{ AGE_BUCKET: ['21+', '18-24'], AUDIENCE_EXCLUDE: ['1'] }, true]],
      },
    )
  })

  test('is of the places that are named, each once', () => {
    expect(reach({ LOCATION: ['US', '501', 'US'], GEO: ['US-CA'] })).toBe(reach({ LOCATION: ['US'] }))
    expect(reach({ LOCATION: ['501'] })).toBeLessThan(reach({ LOCATION: ['US'] }) / 10)
    expect(reach({ GEO: ['US-94107'] })).toBeLessThan(reach({ GEO: ['US-CA'] }) / 10)
    expect(reach({ LOCATION: ['US', 'DE'], LOCATION_EXCLUDE: ['US'] })).toBe(reach({ LOCATION: ['DE'] }))
    expect(reach({ LOCATION: ['XX'] })).toBe(0)
  })

  test('goes by ages from one to another as by their ranges', () => {
    const between = (from: string, to: string) =>
      reach({ MINIMUM_AGE: from, MAXIMUM_AGE: to }, { hasLookalikes: false })
    const inRanges = (...AGE_BUCKET: string[]) => reach({ AGE_BUCKET }, { hasLookalikes: false })
    expect(between('18', '65+')).toBeCloseTo(reach({}, { hasLookalikes: false }), -2)
    expect(between('25', '34')).toBe(inRanges('25-34'))
    expect(between('25', '44')).toBeCloseTo(inRanges('25-34', '35-44'), -1)
    expect(between('18', '30')).toBeGreaterThan(between('18', '29'))
  })

  test('is smaller in some places, for some searches, and for those of an audience', () => {
    expect(reach({}, { placement: 'SEARCH' })).toBeLessThan(reach({}))
    expect(reach({}, { keywords: [{ match_type: 'EXACT', value: 'cup' }] })).toBeLessThan(reach({}) / 10)
    expect(reach({}, { keywords: [{ match_type: 'EXACT_NEGATIVE', value: 'cup' }] })).toBe(reach({}))
    expect(reach({}, { creativeTypes: ['MAX_VIDEO'] })).toBeLessThan(reach({}))
    expect(reach({ AUDIENCE_INCLUDE: ['1'] })).toBe(100_000)
    expect(reach({ GENDER: ['male'] }, { hasLookalikes: false })).toBeLessThan(reach({ GENDER: ['male'] }))
  })
})

test.each([
  [0, 0],
  [7, 7],
  [123, 120],
  [98_765, 99_000],
  [99_600, 100_000],
])('%i is told as %i', (number, told) => {
  expect(roundly(number)).toBe(told)
})

test('bid floors go by what is paid for, where, and in which currency', () => {
  const floor = (more: object, targeting: TargetingSpec = {}) =>
    bidFloorOf({ billable_event: 'CLICKTHROUGH', currency: 'USD', ...more }, targeting)
  expect(floor({})).toBe(100_000)
  expect(floor({ billable_event: 'IMPRESSION' })).toBe(2_000_000)
  expect(floor({ currency: 'JPY' })).toBe(15_000_000)
  expect(floor({ countries: ['BR'] })).toBe(50_000)
  expect(floor({ countries: ['BR', 'US'] })).toBe(100_000)
  expect(floor({}, { LOCATION: ['BR'] })).toBe(50_000)
  expect(floor({}, { LOCATION: ['501'] })).toBe(100_000)
  expect(floor({ objective_type: 'WEB_CONVERSION' })).toBe(150_000)
})
