import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
const dayMs = 86_400_000

describe.each(databases)('previews of ads on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let board: string
  let pin: string
  let adGroup: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    board = (await server.post('/boards', { name: 'Cups' })).body.id
    pin = await newPin({ title: '<b>Cup</b>', link: 'https://alice.example/cup?a=1&b="2"' })
    const campaign = { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 5_000_000 }
    const campaign_id = await made('campaigns', campaign)
    adGroup = await made('ad_groups', {
      ...{ name: 'Cups', campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000 },
    })
    return async () => {
      await server.close()
      await discard()
    }
  })

  const newPin = async (pinned: object): Promise<string> =>
    (await server.post('/pins', { board_id: board, media_source: await base64Source(), ...pinned })).body.id
  async function made(what: string, one: object): Promise<string> {
    const { body, text } = await server.post(`${account}/${what}`, [one])
    const [item] = body.items ?? body[what] ?? []
    expect(item?.data, text).toBeDefined()
    return item.data.id
  }
  const preview = (json: object) => server.post(`${account}/ad_previews`, json)
  /** Loads a page as a browser that is not signed in. */
  async function look(url: string) {
    const answer = await fetch(url)
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }

  test('show a Pin as an ad, to whoever has the address, for 7 days', async () => {
    const { status, body } = await preview({ pin_id: pin })
    expect([status, Object.keys(body)]).toEqual([200, ['url']])
    const page = await look(body.url)
    expect(page.status).toBe(200)
    expect(page.text).toContain('<h1>&lt;b&gt;Cup&lt;/b&gt;</h1>')
    expect(page.text).toContain('href="https://alice.example/cup?a=1&amp;b=&quot;2&quot;"')
    expect(page.text).not.toContain('<b>Cup')
    const [, picture = ''] = /<img src="([^"]+)"/.exec(page.text) ?? []
    expect((await fetch(picture)).headers.get('content-type')).toBe('image/jpeg')
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain('frame-ancestors *')
    expect(policy).toContain("default-src 'none'")
    // One letter of the address changed is another address.
    expect((await look(body.url.replace(/.$/, (last: string) => (last === 'A' ? 'Q' : 'A')))).status).toBe(404)
    expect((await look(body.url.split('?')[0])).status).toBe(404)
    server.clock.advance(7 * dayMs - 1000)
    expect((await look(body.url)).status).toBe(200)
    server.clock.advance(1000)
    expect((await look(body.url)).status).toBe(404)
  })

  test('show a picture of the web, which the server does not fetch', async () => {
    const offer = { promotion_title: 'A tenth <off>', promotion_type: 'SITEWIDE' }
    const promotion_id = await made('promotions', offer)
    const { body } = await preview({ image_url: 'https://cdn.example/a.jpg?"x', title: 'A & B', promotion_id })
    const { text, headers } = await look(body.url)
    expect(text).toContain('<img src="https://cdn.example/a.jpg?%22x" alt="">')
    expect(text).toContain('<h1>A &amp; B</h1>')
    expect(text).toContain('A tenth &lt;off&gt;')
    expect(headers.get('content-security-policy')).toContain("img-src 'self' https://cdn.example;")
  })

  test('are refused of what cannot be an ad', async () => {
    const bare = await newPin({})
    const secret = (await server.post('/boards', { name: 'Secret', privacy: 'SECRET' })).body.id
    const hidden = await newPin({ board_id: secret, link: 'https://alice.example' })
    const wrong: object[] = [
      {},
      { pin_id: '123' },
      { pin_id: bare },
      { pin_id: hidden },
      { image_url: 'file:///etc/passwd', title: 'A' },
      { image_url: `https://cdn.example/${'x'.repeat(2000)}`, title: 'A' },
      { image_url: 'https://cdn.example/a.jpg', title: 'x'.repeat(256) },
      { pin_id: pin, creative_type: 'OTHER' },
    ]
    for (const json of wrong) {
      const { status, body } = await preview(json)
      expect([json, status, body.code]).toEqual([json, 400, 1])
    }
    const products = { catalog_product_group_id: '123', creative_type: 'SHOPPING' }
    expect((await preview(products)).status).toBe(404)
    expect((await preview({ image_url: 'https://a.example/a', title: 'A', promotion_id: '123' })).status).toBe(404)
    expect((await server.post(`${account}/ad_previews`, { pin_id: pin }, bob)).status).toBe(403)
  })

  test('end when the Pin is made secret, or deleted', async () => {
    const other = await newPin({ link: 'https://alice.example' })
    const { url } = (await preview({ pin_id: other })).body
    expect((await look(url)).status).toBe(200)
    expect((await server.request('DELETE', `/pins/${other}`)).status).toBe(204)
    expect((await look(url)).status).toBe(404)
  })

  test('show the first ad of an ad group, until they are deleted or are over', async () => {
    const path = `${account}/campaign_ad_preview`
    const create = async (...groups: string[]) =>
      (
        await server.post(
          path,
          groups.map((ad_group_id) => ({ ad_group_id })),
        )
      ).body
    const none = await create(adGroup, '123')
    expect(none).toEqual([
      { data: { exceptions: { code: 1, message: expect.stringContaining('has no ads') } } },
      { data: { exceptions: { code: 1, message: 'There is no ad group 123 in this ad account.' } } },
    ])
    const own = { destination_url: 'https://alice.example/sale', customizable_cta_type: 'SHOP_NOW' }
    const ad = await made('ads', { ad_group_id: adGroup, pin_id: pin, creative_type: 'REGULAR', ...own })
    const [{ data: first }] = await create(adGroup)
    expect(first).toEqual({
      ...{
        ad_account_id: account.split('/')[2],
        ad_group_id: adGroup,
        pin_id: Number(pin),
        pin_promotion_id: Number(ad),
      },
      ...{ uuid: expect.stringMatching(/^[0-9a-f]{32}$/), url: expect.stringContaining(server.url), is_active: true },
      ...{ user_id: expect.any(Number), expires_at: Math.floor((server.clock.now() + 7 * dayMs) / 1000) },
    })
    const page = await look(first.url)
    expect(page.text).toContain(
      '<a href="https://alice.example/sale" rel="noopener nofollow" target="_blank">Shop now</a>',
    )
    const [{ data: second }] = await create(adGroup)
    expect([(await look(first.url)).status, (await look(second.url)).status]).toEqual([404, 200])
    const get = async () => (await server.get(`${path}?ad_group_ids=${adGroup},123`)).body
    expect(await get()).toEqual([second])
    expect((await server.request('GET', `${path}?ad_group_ids=${adGroup}`, bob)).status).toBe(403)
    const gone = await server.request('DELETE', `${path}?ad_group_ids=${adGroup},123`)
    expect([gone.status, gone.body]).toEqual([
      200,
      [{ status: { statusCode: 204 } }, { status: { code: 1, message: expect.stringContaining('no preview') } }],
    ])
    expect([await get(), (await look(second.url)).status]).toEqual([[], 404])
    const [{ data: third }] = await create(adGroup)
    server.clock.advance(7 * dayMs)
    expect((await look(third.url)).status).toBe(404)
    expect((await get())[0]).toMatchObject({ uuid: third.uuid, is_active: false })
  })
})
