import { reportColumns, type Tally } from '@pinfold/contract'
import { describe, expect, test } from 'vitest'
import { type ColumnValue, columnValue } from '../src/domains/ads/metrics/column-value.ts'

/** A row of a campaign whose ads were seen a thousand times, saved from there and seen 250 times more. */
const counts: Record<string, number> = {
  'impressions paid': 1000,
  'impressions earned': 250,
  'clickthroughs paid': 30,
  'clickthroughs earned': 7,
  spend: 12_340_000,
  people: 500,
  'conversions CHECKOUT': 4,
  'conversion_value CHECKOUT': 98_760_000,
}

function total(tally: Tally): number {
  if ('of' in tally) return counts[`${tally.count} ${tally.of.action}`] ?? 0
  if (`${tally.count} paid` in counts && !('side' in tally))
    return (counts[`${tally.count} paid`] ?? 0) + (counts[`${tally.count} earned`] ?? 0)
  return counts['side' in tally ? `${tally.count} ${tally.side}` : tally.count] ?? 0
}

const fields: Record<string, ColumnValue | null> = {
  'campaign name': 'Spring',
  'campaign lifetime_spend_cap': null,
  'ad_group budget_in_micro_currency': 2_500_000,
}

function value(name: string): ColumnValue | undefined {
  const column = reportColumns().get(name)
  if (!column) throw new Error(`There is no column ${name}.`)
  return columnValue(column, { total, field: (entity, field) => fields[`${entity} ${field}`] })
}

describe('the value of a column', () => {
  test('is a field of what the row is about, if that has one', () => {
    expect(value('CAMPAIGN_NAME')).toBe('Spring')
    expect(value('AD_GROUP_BUDGET_IN_LOCAL_CURRENCY')).toBe(2.5)
    expect(value('CAMPAIGN_LIFETIME_SPEND_CAP')).toBeUndefined()
    expect(value('AD_NAME')).toBeUndefined()
  })

  test('is a sum: paid, earned or both, and money in millionths or in units', () => {
    expect([value('IMPRESSION_1'), value('IMPRESSION_2'), value('TOTAL_IMPRESSION')]).toEqual([1000, 250, 1250])
    expect([value('SPEND_IN_MICRO_DOLLAR'), value('SPEND_IN_DOLLAR')]).toEqual([12_340_000, 12.34])
    expect([value('TOTAL_CHECKOUT'), value('TOTAL_SIGNUP')]).toEqual([4, 0])
  })

  test('is a share of sums', () => {
    expect([value('CTR'), value('CTR_2'), value('ECTR')]).toEqual([0.03, 0.028, 0.0296])
    expect([value('CPM_IN_DOLLAR'), value('CPM_IN_MICRO_DOLLAR')]).toEqual([12.34, 12_340_000])
    expect(value('TOTAL_IMPRESSION_FREQUENCY')).toBe(2.5)
    expect(value('TOTAL_CHECKOUT_CONVERSION_RATE')).toBeCloseTo(4 / 37)
    expect(value('CHECKOUT_ROAS')).toBeCloseTo(98.76 / 12.34)
  })

  test('is nothing where it would be divided by nothing', () => {
    expect(value('PAGE_VISIT_COST_PER_ACTION')).toBeUndefined()
    expect(value('COST_PER_LEAD')).toBeUndefined()
  })
})
