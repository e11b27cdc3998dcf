import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { estimateDelivery } from '../src/domains/ads/delivery-estimates.ts'

let server: TestServer
let path: string
beforeAll(async () => {
  server = await startTestServer()
  path = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}/campaigns/delivery_estimates`
  return () => server.close()
})

const campaign = {
  ...{ objective_type: 'CONSIDERATION', budget_duration_type: 'FIXED_DAILY', start_date: '2026-03-15' },
  ad_groups: [{ targeting_spec: { LOCATION: ['US'], GENDER: ['female'] } }],
}
const send = (more: object = {}) => server.post(path, [{ ...campaign, ...more }])

test('a campaign that could be is told what ten budgets would do, and its own', async () => {
  const { status, body } = await send({ daily_spend_cap: 50_000_000, end_date: '2026-04-13' })
  expect(status).toBe(200)
  const types = body.curves.map((curve: { estimation_type: string }) => curve.estimation_type)
  expect(types).toEqual([
    ...[
      'IMPRESSION',
      'CLICK',
      'WEEKLY_REACH',
      'WEEKLY_FREQUENCY',
      'CPM',
      'CPC',
      'LIFETIME_REACH',
      'LIFETIME_FREQUENCY',
    ],
  ])
  for (const { points } of body.curves) expect(points).toHaveLength(10)
  expect(body.curves[0].points.at(-1).budget).toBe(body.max_potential_spend)
  const { cpm, weekly_impression: impressions, weekly_impression_lower: least } = body.derived_metrics
  expect((cpm * impressions) / 1000).toBeCloseTo(7 * 50, 0)
  expect(least).toBeLessThan(impressions)
  // Nothing of it depends on when it is asked.
  server.clock.advance(86_400_000)
  expect((await send({ daily_spend_cap: 50_000_000, end_date: '2026-04-13' })).body).toEqual(body)
})

test('without an end there is no lifetime, and without a cap nothing of one', async () => {
  const { body } = await send()
  expect(JSON.stringify(body)).not.toContain('LIFETIME')
  expect(body.derived_metrics).toBeUndefined()
  const shop = await send({ objective_type: 'CATALOG_SALES' })
  expect(JSON.stringify(shop.body)).toContain('"CPA"')
})

test.each<[string, object]>([
  [`'end_date' is needed`, { budget_duration_type: 'LIFETIME', lifetime_spend_cap: 1 }],
  [`'end_date' must not be before`, { end_date: '2026-03-14' }],
  [`'start_date' must be a day`, { start_date: '2026-02-30' }],
  [`'start_date' must be a day`, { start_date: '2026-13-01' }],
  ['not both', { daily_spend_cap: 1, lifetime_spend_cap: 1 }],
  [`it is 'daily_spend_cap'`, { lifetime_spend_cap: 1 }],
  [`it is 'lifetime_spend_cap'`, { budget_duration_type: 'LIFETIME', end_date: '2026-04-01', daily_spend_cap: 1 }],
  ['not be negative', { daily_spend_cap: -1 }],
  ['AGE_BUCKET', { ad_groups: [{ targeting_spec: { AGE_BUCKET: ['never'] } }] }],
])('what cannot be is refused in words: %s', async (message, wrong) => {
  const { status, body } = await send(wrong)
  expect([status, body.code]).toEqual([400, 1])
  expect(body.message).toContain(message)
})

test('more money never does less, and more people can take more of it', () => {
  const places = ['US', 'GB', 'DE', 'FR', 'BR'] as const
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...places), { minLength: 1 }), fc.nat(12), (countries, frequencyCap) => {
      const estimate = (LOCATION: string[]) =>
        estimateDelivery({
          adGroups: [{ audience: { targeting: { LOCATION } }, frequencyCap }],
          ...{ duration: 'FIXED_DAILY', objective: 'AWARENESS', currency: 'EUR', startDate: '2026-03-15' },
          ...{ dailyCap: 1_000_000, lifetimeCap: undefined, endDate: '2026-05-01' },
        })
      const { curves, max_potential_spend: most } = estimate(countries)
      const rising = curves.filter(({ estimation_type: type }) => !/^CP/.test(type))
      for (const { points } of rising) {
        const values = points.map(({ y, double_y }) => y ?? double_y ?? Number.NaN)
        expect(values).toEqual(values.toSorted((a, b) => a - b))
      }
      expect(estimate([...places]).max_potential_spend).toBeGreaterThanOrEqual(most)
    }),
  )
})
