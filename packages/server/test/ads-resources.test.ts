import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncColumns, businessAccessRoles, interests, syncColumns } from '@pinfold/contract'
import { people, seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const hourMs = 3_600_000
const bob = { token: people.bob.token }
const helpers = businessAccessRoles.filter((role) => role !== 'OWNER').map((role) => role.toLowerCase().slice(0, 30))
const tokenOf = (username: string) => `pina_${username.padEnd(24, '0')}`

interface Metric {
  name: string
  category: 'ADS' | 'ORGANIC'
  definition: string
  display_name: string
}

/** Alice's business, with somebody in each role. */
function seed() {
  const { accounts, apps, tokens } = seedFile([])
  const [alice, ...others] = accounts
  const roles = businessAccessRoles.filter((role) => role !== 'OWNER')
  return {
    accounts: [
      { ...alice, ad_account_roles: roles.map((role, i) => ({ account: helpers[i], role })) },
      ...others,
      ...helpers.map((username) => ({ username })),
    ],
    apps,
    tokens: [...tokens, ...helpers.map((account) => ({ app: '1001', account, access_token: tokenOf(account) }))],
  }
}

describe('what there is to choose from for ads', () => {
  let server: TestServer
  let adAccount: string

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-ads-resources-'))
    const path = join(folder, 'seed.json')
    await writeFile(path, JSON.stringify(seed()))
    server = await startTestServer({ seed: path })
    adAccount = (await server.get('/ad_accounts')).body.items[0].id
    return async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  async function read(path: string) {
    const { status, body } = await server.get(path)
    expect([path, status]).toEqual([path, 200])
    return body
  }

  describe('metrics', () => {
    const metrics = async (query = ''): Promise<Metric[]> => (await read(`/resources/delivery_metrics${query}`)).items
    const names = (found: Metric[], category: string) =>
      found.filter((metric) => metric.category === category).map(({ name }) => name)

    test('are those of ads and of Pins, by name, each with what it means', async () => {
      const all = await metrics()
      expect(names(all, 'ADS')).toHaveLength(614)
      expect(names(all, 'ORGANIC')).toHaveLength(19)
      expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).toSorted())
      expect(all).toContainEqual({
        name: 'TOTAL_WEB_CLICK_CHECKOUT',
        category: 'ADS',
        display_name: 'Checkouts on the website after a click on the ad',
        definition: 'The number of checkouts on the website after a click on the ad.',
      })
      expect(all.find(({ name }) => name === 'SAVE')).toMatchObject({ category: 'ORGANIC', display_name: 'Saves' })
    })

    test('are those of analytics, or those of reports', async () => {
      const sync = await metrics('?report_type=SYNC')
      expect(new Set(names(sync, 'ADS'))).toEqual(new Set(syncColumns))
      expect(names(sync, 'ORGANIC')).toHaveLength(19)
      const reports = await metrics('?report_type=ASYNC')
      expect(new Set(names(reports, 'ADS'))).toEqual(new Set(asyncColumns()))
      expect(names(reports, 'ORGANIC')).toEqual([])
      const { status, body } = await server.get('/resources/delivery_metrics?report_type=HOURLY')
      expect([status, body.code]).toEqual([400, 1])
      expect(body.message).toContain('report_type')
    })

    test('stand some hours after the day, by the clock of the server', async () => {
      const state = (date: string) => read(`/resources/metrics_ready_state?date=${date}`)
      const ready = (conversions: boolean, others: boolean) => ({
        conversion_metrics_ready: conversions,
        non_conversion_metrics_ready: others,
      })
      // It is half past nine on the 14th.
      expect(await state('2026-03-12')).toEqual(ready(true, true))
      expect(await state('2026-03-13')).toEqual(ready(false, true))
      expect(await state('2026-03-14')).toEqual(ready(false, false))
      expect(await state('2027-01-01')).toEqual(ready(false, false))
      server.clock.advance(3 * hourMs)
      expect(await state('2026-03-13')).toEqual(ready(true, true))
    })

    test.each(['2026-02-30', '2026-13-01', '0000-00-00', '20260313', 'yesterday', '2026-03-13T00:00:00'])(
      'of %s are of no day',
      async (date) => {
        const { status, body } = await server.get(`/resources/metrics_ready_state?date=${date}`)
        expect([status, body.code]).toEqual([400, 1])
        expect(body.message).toContain('date')
      },
    )

    test('of no day are not asked for', async () => {
      expect((await server.get('/resources/metrics_ready_state')).status).toBe(400)
    })
  })

  describe('targeting', () => {
    const options = async (type: string, query = ''): Promise<Record<string, string>> => {
      const [found, ...others] = await read(`/resources/targeting/${type}${query}`)
      expect(others).toEqual([])
      return found
    }

    test('by gender, age, device and language', async () => {
      expect(await options('GENDER')).toEqual({ unknown: 'Not said', male: 'Male', female: 'Female' })
      expect(Object.keys(await options('AGE_BUCKET'))).toContain('25-34')
      expect(await options('APPTYPE')).toMatchObject({ iphone: 'iPhone', web: expect.any(String) })
      const languages = await options('LOCALE')
      expect(Object.keys(languages)).toHaveLength(24)
      expect(languages).toMatchObject({ de: 'German', pt: 'Portuguese' })
    })

    test('by place: countries and metropolitan areas, and the parts of countries', async () => {
      const locations = await options('LOCATION')
      expect(locations).toMatchObject({ GR: 'Greece', US: 'United States', 807: 'United States: San Francisco' })
      const parts = await options('GEO')
      expect(parts).toMatchObject({ 'BE-VOV': 'Belgium: East Flanders', 'US-CA': 'United States: California' })
      expect(Object.keys(parts).length).toBeGreaterThan(350)
      for (const [code, name] of Object.entries(parts)) {
        expect(code).toMatch(/^[A-Z]{2}-[A-Z0-9]{1,3}$/)
        expect(name).toMatch(/^[A-Z][\w ]+: \S/)
        expect(locations).toHaveProperty(code.slice(0, 2))
      }
    })

    test('by interest: each can be looked up, with its parts', async () => {
      const all = await options('INTEREST')
      expect(new Set(Object.values(all)).size).toBe(Object.keys(all).length)
      const tops = Object.entries(all).filter(([id]) => id.endsWith('0000000'))
      expect(tops.map(([, name]) => name).toSorted()).toEqual(Object.values(interests).toSorted())
      for (const [id, name] of tops) {
        const interest = await read(`/resources/targeting/interests/${id}`)
        expect(interest).toEqual({ id, name, level: 1, child_interests: expect.any(Array) })
        expect(interest.child_interests).toHaveLength(12)
        for (const child of interest.child_interests) expect(all).toHaveProperty(child)
      }
      const lighting = Object.entries(all).find(([, name]) => name === 'Lighting')?.[0] ?? ''
      expect(await read(`/resources/targeting/interests/${lighting}`)).toEqual({
        ...{ id: lighting, name: 'Lighting', level: 2, child_interests: [] },
      })
    })

    test('by what cannot be listed', async () => {
      for (const type of ['KEYWORD', 'AUDIENCE_INCLUDE', 'AUDIENCE_EXCLUDE']) expect(await options(type)).toEqual({})
    })

    test('takes what older clients send', async () => {
      const query = `?client_id=1094834&oauth_signature=8209f&timestamp=1618338184277&ad_account_id=${adAccount}`
      expect(await options('GENDER', query)).toHaveProperty('female')
    })

    test('by anything else is refused', async () => {
      for (const type of ['WEATHER', 'gender', '']) {
        const { status } = await server.get(`/resources/targeting/${type}`)
        expect([type, [400, 404].includes(status)]).toEqual([type, true])
      }
      const { status, body } = await server.get('/resources/targeting/interests/99999')
      expect([status, body]).toEqual([404, { code: 404, message: 'There is no such interest.' }])
      expect((await server.get('/resources/targeting/interests/lighting')).status).toBe(400)
    })
  })

  test('the questions of lead forms', async () => {
    const questions = await read('/resources/lead_form_questions')
    expect(questions).toHaveLength(14)
    expect(questions).toEqual(expect.arrayContaining(['CUSTOM', 'EMAIL', 'DATE_OF_BIRTH']))
  })

  test('the terms of service, for whoever has a role in the ad account', async () => {
    const path = `/ad_accounts/${adAccount}/terms_of_service`
    const terms = { id: '1', ad_account_id: adAccount, has_accepted: true }
    expect(await read(path)).toEqual({ ...terms, html: null })
    expect(await read(`${path}?include_html=false&tos_type=ANY`)).toEqual({ ...terms, html: null })
    expect(await read(`${path}?include_html=true`)).toEqual({ ...terms, html: expect.stringMatching(/^<h1>.*<\/p>$/) })
    for (const helper of helpers)
      expect([helper, (await server.get(path, { token: tokenOf(helper) })).status]).toEqual([helper, 200])
    const others: [id: string, token: string][] = [
      [adAccount, bob.token],
      ['99999', people.alice.token],
    ]
    for (const [id, token] of others) {
      const { status, body } = await server.get(`/ad_accounts/${id}/terms_of_service`, { token })
      expect([status, body.code]).toEqual([403, 29])
      expect(body.message).toContain(`no access to ad account ${id}`)
    }
  })
})
