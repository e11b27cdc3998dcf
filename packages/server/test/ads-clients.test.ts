import { asyncColumns, syncColumns } from '@pinfold/contract'
import { databases } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

// The calls that Pinterest's own SDK for Python makes in its tests of ads, and those with which Airbyte reads an ad account: as these
// programs send them, with null for whatever was not said.

const nothing = (...names: string[]) => Object.fromEntries(names.map((name) => [name, null]))

describe.each(databases)('programs of others and ads on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let pin: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = (await server.get('/ad_accounts')).body.items[0].id
    const board = (await server.post('/boards', { name: 'Shop' })).body.id
    const body = { board_id: board, media_source: await base64Source(1), link: 'https://shop.example/cup' }
    pin = (await server.post('/pins', body)).body.id
    return async () => {
      await server.close()
      await discard()
    }
  })

  const path = (what: string) => `/ad_accounts/${account}/${what}`
  const ok = (answer: { status: number; body: { message?: string } }) =>
    expect([answer.status, answer.body?.message]).toEqual([200, undefined])
  async function post(what: string, body: object) {
    const answer = await server.post(path(what), body)
    ok(answer)
    return answer.body
  }
  async function patch(what: string, body: object) {
    const answer = await server.request('PATCH', path(what), { json: body })
    ok(answer)
    return answer.body
  }

  describe('the SDK for Python', () => {
    const campaign = (more: object = {}) => ({
      ad_account_id: account,
      name: 'SDK campaign',
      objective_type: 'AWARENESS',
      status: 'ACTIVE',
      ...nothing('lifetime_spend_cap', 'daily_spend_cap', 'order_line_id', 'tracking_urls', 'start_time', 'end_time'),
      ...nothing('default_ad_group_budget_in_micro_currency', 'is_automated_campaign'),
      ...{ is_flexible_daily_budgets: false, is_campaign_budget_optimization: false },
      ...more,
    })
    const adGroup = (campaign_id: string, more: object = {}) => ({
      ...{
        name: 'SDK ad group',
        campaign_id,
        status: 'ACTIVE',
        billable_event: 'IMPRESSION',
        auto_targeting_enabled: true,
      },
      ...nothing('budget_in_micro_currency', 'optimization_goal_metadata', 'start_time', 'end_time', 'feed_profile_id'),
      ...nothing(
        'lifetime_frequency_cap',
        'tracking_urls',
        'placement_group',
        'pacing_delivery_type',
        'bid_strategy_type',
      ),
      ...nothing('targeting_template_ids', 'is_creative_optimization', 'budget_type'),
      ...{ bid_in_micro_currency: 5_000_000, targeting_spec: { GENDER: ['male'] } },
      ...more,
    })
    const newCampaign = async (more: object = {}) =>
      (await post('campaigns', [campaign({ daily_spend_cap: 10_000_000, ...more })])).items[0].data
    const newAdGroup = async (more: object = {}) =>
      (await post('ad_groups', [adGroup((await newCampaign()).id, more)])).items[0].data

    test('makes a campaign, and is told why one cannot be', async () => {
      const made = await newCampaign({ tracking_urls: { impression: ['URL1', 'URL2'], click: ['URL1'] } })
      expect(made).toMatchObject({ name: 'SDK campaign', objective_type: 'AWARENESS', daily_spend_cap: 10_000_000 })
      expect(made.tracking_urls?.impression).not.toEqual(['URL1', 'URL2'])
      const [refused] = (await post('campaigns', [campaign()])).items
      expect(refused.data).toBeUndefined()
      expect(refused.exceptions[0]).toMatchObject({ code: 2384, message: expect.stringMatching(/\w/) })
    })

    test('changes a campaign, reads it, and lists those with a status', async () => {
      const { id } = await newCampaign()
      for (const change of [{ name: 'SDK renamed' }, { status: 'PAUSED' }, { lifetime_spend_cap: 7_000_000 }]) {
        const [{ data }] = (await patch('campaigns', [{ id, ad_account_id: account, ...change }])).items
        expect(data).toMatchObject(change)
        expect((await server.get(path(`campaigns/${id}`))).body).toMatchObject(change)
      }
      const listed = await server.get(
        path(`campaigns?campaign_ids=${id}&entity_statuses=PAUSED&page_size=1&order=DESCENDING`),
      )
      expect(listed.body.items.map((each: { id: string }) => each.id)).toEqual([id])
    })

    test('makes an ad group for men alone, and then for women', async () => {
      const made = await newAdGroup()
      expect(made).toMatchObject({
        budget_type: 'CBO_ADGROUP',
        budget_in_micro_currency: null,
        targeting_spec: { GENDER: ['male'] },
      })
      const change = { targeting_spec: { GENDER: ['female'] }, auto_targeting_enabled: false }
      const [{ data }] = (await patch('ad_groups', [{ id: made.id, ...change }])).items
      expect(data).toMatchObject(change)
      const { body } = await server.get(path(`ad_groups?ad_group_ids=${made.id}&translate_interests_to_names=False`))
      expect(body.items[0].targeting_spec).toEqual({ GENDER: ['female'] })
    })

    test('makes an ad of a Pin, changes it, and lists it', async () => {
      const ad_group_id = (await newAdGroup()).id
      const given = {
        ...{ ad_group_id, creative_type: 'REGULAR', pin_id: pin, name: 'SDK ad', status: 'ACTIVE' },
        ...nothing(
          'android_deep_link',
          'carousel_android_deep_links',
          'carousel_destination_urls',
          'carousel_ios_deep_links',
        ),
        ...nothing(
          'click_tracking_url',
          'destination_url',
          'ios_deep_link',
          'is_pin_deleted',
          'is_removable',
          'tracking_urls',
        ),
        ...nothing('view_tracking_url', 'lead_form_id', 'grid_click_type', 'customizable_cta_type', 'quiz_pin_data'),
      }
      const [{ data }] = (await post('ads', [given])).items
      expect(data).toMatchObject({ ad_group_id, pin_id: pin, creative_type: 'REGULAR', name: 'SDK ad' })
      const [changed] = (await patch('ads', [{ id: data.id, ad_group_id, pin_id: pin, name: 'SDK ad, renamed' }])).items
      expect(changed.data.name).toBe('SDK ad, renamed')
      const { body } = await server.get(path(`ads?ad_ids=${data.id}`))
      expect(body.items.map((each: { name: string }) => each.name)).toEqual(['SDK ad, renamed'])
      const [refused] = (await post('ads', [{ ...given, pin_id: '1' }])).items
      expect(refused).toEqual({ exceptions: { code: expect.any(Number), message: expect.stringMatching(/\w/) } })
    })

    test('makes keywords, and is told of the one without a match type', async () => {
      const parent_id = (await newAdGroup()).id
      const body = {
        parent_id,
        keywords: [
          { match_type: 'EXACT', value: 'cups', bid: 200_000 },
          { match_type: null, value: 'jugs' },
        ],
      }
      const made = await post('keywords', body)
      expect(made.keywords).toMatchObject([
        { match_type: 'EXACT', value: 'cups', bid: null, archived: false, parent_id },
      ])
      expect(made.errors).toMatchObject([{ data: { value: 'jugs' }, error_messages: [expect.stringMatching(/\w/)] }])
      const { body: listed } = await server.get(path(`keywords?ad_group_id=${parent_id}`))
      expect(listed.items).toHaveLength(1)
    })
  })

  test('Airbyte reads each stream to its end, and the analytics of what it has found', async () => {
    /** All items of a list, page by page, as Airbyte goes on until there is no bookmark. */
    async function stream(what: string): Promise<{ id: string; status?: string }[]> {
      const found: { id: string }[] = []
      for (let bookmark: string | null = null; ; ) {
        const separator = what.includes('?') ? '&' : '?'
        const answer = await server.get(`${what}${separator}page_size=2${bookmark ? `&bookmark=${bookmark}` : ''}`)
        ok(answer)
        found.push(...answer.body.items)
        bookmark = answer.body.bookmark
        if (bookmark === null) return found
      }
    }
    const accounts = await stream('/ad_accounts')
    expect(accounts.map(({ id }) => id)).toContain(account)
    const statuses = 'entity_statuses=ACTIVE,PAUSED,ARCHIVED'
    const streams = {
      campaigns: await stream(path(`campaigns?${statuses}`)),
      ad_groups: await stream(path(`ad_groups?${statuses}`)),
      ads: await stream(path(`ads?${statuses}`)),
    }
    const ids = { campaigns: 'campaign_ids', ad_groups: 'ad_group_ids', ads: 'ad_ids' } as const
    const end = new Date(server.clock.now()).toISOString().slice(0, 10)
    const start = new Date(server.clock.now() - 30 * 86_400_000).toISOString().slice(0, 10)
    const columns = syncColumns.slice(0, 112).join()
    const window = `start_date=${start}&end_date=${end}&granularity=DAY&columns=${columns}`
    const ofAccount = await server.get(path(`analytics?${window}`))
    ok(ofAccount)
    for (const [name, found] of Object.entries(streams)) {
      expect(found.length, name).toBeGreaterThan(0)
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
      const chosen = found.map(({ id }) => id).join()
      const answer = await server.get(path(`${name}/analytics?${window}&${ids[name as keyof typeof ids]}=${chosen}`))
      ok(answer)
      for (const row of answer.body) expect(row.DATE).toMatch(/^\d{4}-\d\d-\d\d$/)
    }
    // What is too much for an answer it has made as files: by the token until they are done, read without a header.
    const reported = { start_date: start, end_date: end, granularity: 'DAY', columns: asyncColumns().slice(0, 112) }
    const more = { click_window_days: 30, engagement_window_days: 30, view_window_days: 30, report_format: 'JSON' }
    for (const level of ['ADVERTISER', 'CAMPAIGN', 'CAMPAIGN_TARGETING', 'AD_GROUP', 'PIN_PROMOTION', 'KEYWORD']) {
      const attribution = { conversion_report_time: 'TIME_OF_AD_ACTION', attribution_types: ['INDIVIDUAL'] }
      const asked = await server.post(path('reports'), { ...reported, level, ...more, ...attribution })
      expect(asked.status, asked.text).toBe(200)
      const { token } = asked.body
      const { url } = await until(async () => {
        const { body } = await server.get(path(`reports?${new URLSearchParams({ token })}`))
        expect(['IN_PROGRESS', 'FINISHED']).toContain(body.report_status)
        return body.report_status === 'FINISHED' && body
      })
      const file = await fetch(url)
      expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
      for (const rows of Object.values((await file.json()) as Record<string, object[]>))
        for (const row of rows) expect(row).toMatchObject({ DATE: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    }
  })
})
