import { seedFile, type TestServer } from './server.ts'

/** A list that is read page by page: its address, and the ids that are in it, in its order. */
export interface FilledList {
  path: string
  ids: string[]
}

/** Returns a seed file in which the first ad account of Alice has so many order lines, which come from there alone. */
export function seedWithOrderLines(count: number) {
  const { accounts, ...rest } = seedFile([])
  const [alice, ...others] = accounts
  const ad_account_order_lines = Array.from({ length: count }, (_, i) => ({ name: `Order ${i}` }))
  return { ...rest, accounts: [{ ...alice, ad_account_order_lines }, ...others] }
}

/** As many ad accounts as a business can have. */
const mostAdAccounts = 50

/**
 * Makes `count` of each thing that ad accounts have, on a server with that seed, and returns each list of them. `pin_id`: a
 * Pin of Alice's.
 */
export async function fillAdLists(
  server: Pick<TestServer, 'get' | 'post'>,
  count: number,
  pin_id: string,
): Promise<Record<string, FilledList>> {
  const adAccounts: string[] = [(await server.get('/ad_accounts')).body.items[0].id]
  const account = `/ad_accounts/${adAccounts[0]}`
  while (adAccounts.length < mostAdAccounts)
    adAccounts.unshift((await server.post('/ad_accounts', { name: `Shop ${adAccounts.length}` })).body.id)

  /** Makes as many of a kind, in requests that have room for 30, and returns their ids. */
  async function make(what: string, one: (i: number) => object): Promise<string[]> {
    const all = Array.from({ length: count }, (_, i) => one(i))
    const ids: string[] = []
    while (ids.length < count) {
      const { body, text } = await server.post(`${account}/${what}`, all.slice(ids.length, ids.length + 30))
      const made: { data?: { id?: string; schedule_id?: string } }[] = body.items ?? body[what] ?? body
      for (const { data } of made) {
        const id = data?.id ?? data?.schedule_id
        if (id === undefined) throw new Error(`${what}: ${text}`)
        ids.push(id)
      }
    }
    return ids
  }
  const made = async (what: string, body: object): Promise<{ id: string }[]> => {
    const { body: answer } = await server.post(`${account}/${what}`, body)
    return answer[what] ?? [answer]
  }
  const idsOf = (all: readonly { id: string }[]) => all.map(({ id }) => id)

  const campaigns = await make('campaigns', (i) => ({
    ...{ name: `Campaign ${i}`, objective_type: 'CONSIDERATION', daily_spend_cap: 5_000_000 },
  }))
  const promotions = await make('promotions', (i) => ({ promotion_title: `${i} off`, promotion_type: 'SITEWIDE' }))
  const promotion = promotions[0]
  const adGroups = await make('ad_groups', (i) => ({
    ...{ name: `Ad group ${i}`, campaign_id: campaigns[0], billable_event: 'CLICKTHROUGH' },
    ...{ bid_in_micro_currency: 1_000_000, promotion_ids: [promotion] },
  }))
  const ads = await make('ads', () => ({ ad_group_id: adGroups[0], pin_id, creative_type: 'REGULAR' }))
  const schedules = await make('schedules', (i) => ({
    ...{ entity_id: campaigns[i], schedule_type: 'CAMPAIGN_BUDGET_CHANGE', schedule_action: 'INCREASE_BY_PERCENT' },
    ...{ delta_value: '20', start_timestamp: 4_000_000_000 },
  }))
  const words = Array.from({ length: count }, (_, i) => ({ value: `Cup ${i}` }))
  const keywords = await made('keywords', {
    parent_id: adGroups[0],
    keywords: words.map((each) => ({ ...each, match_type: 'EXACT' })),
  })
  const labels = await made('labels', { labels: words.map((each) => ({ ...each, label_type: 'CUSTOM' })) })
  const templates: { id: string }[] = []
  for (const { value: name } of words)
    templates.push(...(await made('targeting_templates', { name, targeting_attributes: { LOCATION: ['US'] } })))
  const orderLines: { id: string }[] = (await server.get(`${account}/order_lines?page_size=250`)).body.items

  return {
    'ad accounts': { path: '/ad_accounts', ids: adAccounts },
    campaigns: { path: `${account}/campaigns`, ids: campaigns },
    'ad groups': { path: `${account}/ad_groups?order=DESCENDING`, ids: adGroups.toReversed() },
    'ad groups with a promotion': {
      path: `${account}/promotion_applied_entities?promotion_ids=${promotion}`,
      ids: adGroups,
    },
    ads: { path: `${account}/ads?ad_group_ids=${adGroups[0]}`, ids: ads },
    schedules: { path: `${account}/schedules?entity_ids=${campaigns.join()}`, ids: schedules },
    keywords: { path: `${account}/keywords?ad_group_id=${adGroups[0]}`, ids: idsOf(keywords) },
    labels: { path: `${account}/labels`, ids: idsOf(labels) },
    'targeting templates': { path: `${account}/targeting_templates?order=DESCENDING`, ids: idsOf(templates).reverse() },
    promotions: { path: `${account}/promotions?order=DESCENDING`, ids: promotions.toReversed() },
    'order lines': { path: `${account}/order_lines`, ids: idsOf(orderLines) },
  }
}
