import { until } from './pace.ts'
import { base64Source } from './pictures.ts'
import type { RequestOptions, TestServer } from './server.ts'

/** Ids of things in an ad account, under the names that paths and bodies have for them. */
export interface AdBelongings extends Record<string, unknown> {
  ad_account_id: string
  campaign_id: string
  promotion_id: string
  promotion_ids: string[]
  /** What keywords are for. */
  parent_id: string
  order_line_id: string
  ad_group_id: string
  label_id: string
  targeting_template_id: string
  /** What labels are on, and what schedules change. */
  entity_ids: string[]
  ad_id: string
  /** The Pin of that ad. */
  advertised_pin_id: string
  /** A list of ad groups, as queries have it. */
  ad_group_ids: string[]
  /** A file of titles that was sent for that ad group. */
  request_id: string
  /** A report that was asked for. */
  token: string
}

/** Makes one of each thing that an ad account has, in somebody's first one. */
export async function makeAdBelongings(
  server: Pick<TestServer, 'get' | 'post'>,
  options: RequestOptions = {},
): Promise<AdBelongings> {
  const ad_account_id = (await server.get('/ad_accounts', options)).body.items[0].id
  const made = async (what: string, one: object): Promise<string> => {
    const { body, text } = await server.post(`/ad_accounts/${ad_account_id}/${what}`, [one], options)
    const id = (body.items ?? body[what])?.[0]?.data?.id
    if (id === undefined) throw new Error(`${what}: ${text}`)
    return id
  }
  const campaign_id = await made('campaigns', {
    ...{ name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000 },
  })
  const promotion_id = await made('promotions', { promotion_title: 'A tenth off', promotion_type: 'SITEWIDE' })
  const order_line_id = (await server.get(`/ad_accounts/${ad_account_id}/order_lines`, options)).body.items[0].id
  const ad_group_id = await made('ad_groups', {
    ...{ name: 'Cups', campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_500_000 },
    ...{ targeting_spec: { LOCATION: ['US'] } },
  })
  const labels = { labels: [{ label_type: 'CUSTOM', value: 'Summer sale' }] }
  const label_id = (await server.post(`/ad_accounts/${ad_account_id}/labels`, labels, options)).body.labels[0].id
  const template = { name: 'Cup lovers', targeting_attributes: { LOCATION: ['US'] } }
  const templates = `/ad_accounts/${ad_account_id}/targeting_templates`
  const targeting_template_id = (await server.post(templates, template, options)).body.id
  const board_id = (await server.post('/boards', { name: `Advertised ${campaign_id}` }, options)).body.id
  const words = { title: 'Cup', description: 'Salt-glazed', link: 'https://alice.example/advertised' }
  const pin = { board_id, ...words, media_source: await base64Source() }
  const pin_id = (await server.post('/pins', pin, options)).body.id
  const ad_id = await made('ads', { ad_group_id, pin_id, creative_type: 'REGULAR' })
  const titles = `/ad_accounts/${ad_account_id}/ad_groups/${ad_group_id}/dynamic_titles`
  const { request_id, upload_url } = (await server.get(`${titles}/uploads`, options)).body
  await fetch(upload_url, { method: 'PUT', body: 'item_id,title\r\n1,Blue cup\r\n' })
  const token = await finishedReport(server, `/ad_accounts/${ad_account_id}/reports`, options)
  const ids = { ad_account_id, campaign_id, ad_group_id, order_line_id, promotion_id, label_id, ad_id }
  return {
    ...ids,
    targeting_template_id,
    promotion_ids: [promotion_id],
    parent_id: campaign_id,
    entity_ids: [campaign_id],
    ad_group_ids: [ad_group_id],
    advertised_pin_id: pin_id,
    request_id,
    token,
  }
}

/** Asks for a report, and returns its token when it is done: later, a server would write that while others look at its data. */
async function finishedReport(
  server: Pick<TestServer, 'get' | 'post'>,
  path: string,
  options: RequestOptions,
): Promise<string> {
  const range = { start_date: '2026-03-01', end_date: '2026-03-01', granularity: 'TOTAL' }
  const { token } = (await server.post(path, range, options)).body
  await until(async () => {
    const { body } = await server.get(`${path}?token=${encodeURIComponent(token)}`, options)
    return body.report_status !== 'IN_PROGRESS'
  })
  return token
}
