import { describe, expect, test } from 'vitest'
import { asyncColumns, columnsOf, reportColumns, syncColumns } from '../src/index.ts'

const columns = [...reportColumns().values()]

describe('the columns of the analytics and reports of ads', () => {
  test('are all of Pinterest’s: 175 of analytics, 613 of reports, 614 together', () => {
    expect(reportColumns().size).toBe(614)
    expect(new Set(syncColumns).size).toBe(175)
    expect(asyncColumns()).toHaveLength(613)
    expect(columnsOf('SYNC').map(({ name }) => name)).toEqual(expect.arrayContaining([...syncColumns]))
    expect(columnsOf('ASYNC')).toHaveLength(613)
    expect(columnsOf()).toHaveLength(614)
  })

  test('have names that people can tell apart, and say what they mean', () => {
    expect(new Set(columns.map(({ displayName }) => displayName)).size).toBe(columns.length)
    for (const { displayName, definition } of columns) {
      expect(displayName).toMatch(/^[A-Z0-9e]/)
      expect(definition).toMatch(/^[A-Z].{5,}\.$/)
    }
  })

  test('say what they are made of, however their names are put together', () => {
    expect(reportColumns().get('TOTAL_WEB_CLICK_CHECKOUT_VALUE_IN_MICRO_DOLLAR')?.source).toEqual({
      tally: { count: 'conversion_value', of: { source: 'WEB', action: 'CHECKOUT', touch: 'CLICK' } },
      times: 1,
    })
    expect(reportColumns().get('TOTAL_VIEW_CATEGORY')?.source).toEqual({
      tally: { count: 'conversions', of: { action: 'VIEW_CATEGORY' } },
      times: 1,
    })
    expect(reportColumns().get('TOTAL_VIEW_VIEW_CATEGORY')?.source).toEqual({
      tally: { count: 'conversions', of: { action: 'VIEW_CATEGORY', touch: 'VIEW' } },
      times: 1,
    })
    expect(reportColumns().get('CTR_2')?.source).toEqual({
      tally: { count: 'clickthroughs', side: 'earned' },
      per: { count: 'impressions', side: 'earned' },
      times: 1,
    })
    expect(reportColumns().get('CAMPAIGN_NAME')?.source).toEqual({ entity: 'campaign', field: 'name' })
  })
})
