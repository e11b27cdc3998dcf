import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { adsWithNumbers } from '@pinfold/test-support/ads-with-numbers'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, seedFile } from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { expect, onTestFinished, test } from 'vitest'

/** How often the server is killed; more with `PINFOLD_CRASH_KILLS=50 npx vitest run ads-crash`. */
const kills = Number(process.env.PINFOLD_CRASH_KILLS ?? 2)
const clients = 4

/** A request with several items, which had no answer when the server was killed: all good ones were carried out, or none. */
interface Unanswered {
  /** What the items were to be called, and the ids of those that were there already. */
  names: string[]
  ids: string[]
}

/** The server was killed before it answered. */
class ServerGone extends Error {}
const gone = (): never => {
  throw new ServerGone()
}

test(
  `after each of ${kills} kills, batches were carried out whole or not at all, and counts are those of the rows`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-ads-crash-'))
    let server: Command | undefined
    onTestFinished(async () => {
      await server?.kill()
      await rm(folder, { recursive: true, force: true })
    })
    /** The names of campaigns that were acknowledged, by id. */
    const known = new Map<string, string>()
    let unanswered: Unanswered[] = []
    let sent = 0

    async function send(url: string, method: string, path: string, body?: object) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const answer = await fetch(`${url}/v5${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      }).catch(gone)
      const text = await answer.text().catch(gone)
      expect(answer.status, text).toBe(200)
      return JSON.parse(text)
    }

    /** Makes some campaigns and renames others, until the server is gone. */
    async function work(url: string, path: string, client: number, answered: () => void): Promise<void> {
      try {
        for (;;) {
          const batch = `${client}-${sent++}`
          const names = Array.from({ length: 1 + (sent % 6) }, (_, i) => `${batch} ${i}`)
          const mine = [...known.keys()].filter((id) => Number(id) % clients === client).slice(-3)
          const isChange = sent % 3 === 0 && mine.length > 0
          const ids = isChange ? mine : []
          const items = isChange
            ? ids.map((id, i) => ({ id, name: `${batch} ${i}` }))
            : names.map((name) => ({ name, objective_type: 'AWARENESS', daily_spend_cap: 1 }))
          const told: Unanswered = { names: isChange ? ids.map((_, i) => `${batch} ${i}`) : names, ids }
          unanswered.push(told)
          const bad = isChange ? { id: '1', name: 'Nothing' } : { name: 'No cap', objective_type: 'AWARENESS' }
          const answer = await send(url, isChange ? 'PATCH' : 'POST', path, [
            ...items.slice(0, 1),
            bad,
            ...items.slice(1),
          ])
          unanswered = unanswered.filter((each) => each !== told)
          const made = answer.items.filter((item: { data?: object }) => item.data)
          expect(made).toHaveLength(items.length)
          for (const { data } of made) known.set(data.id, data.name)
          answered()
        }
      } catch (error) {
        if (!(error instanceof ServerGone)) throw error
      }
    }

    function expectKept(): void {
      const state = serverState(join(folder, 'data'))
      const rows = new Map(state.all('SELECT id, data FROM campaigns').map((row) => [String(row.id), nameIn(row.data)]))
      const [counted] = state.all(`SELECT count FROM ad_counts WHERE kind = 'campaigns'`)
      state.close()
      for (const { names, ids } of unanswered) {
        const there = [...rows].filter(([, name]) => names.includes(name))
        expect([0, names.length]).toContain(there.length)
        for (const [id, name] of there) known.set(id, name)
        if (there.length > 0) expect(ids.every((id) => names.includes(rows.get(id) ?? ''))).toBe(true)
      }
      expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(known))
      expect(counted?.count ?? 0).toBe(known.size)
      unanswered = []
    }

    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    const options = ['serve', '--port', '0', '--data', join(folder, 'data'), '--seed', seed, '--rate-limits', 'off']
    for (let kill = 0; kill <= kills; kill++) {
      server = pinfold([...options, '--durability', 'full'])
      const url = await server.ready()
      if (kill > 0) expectKept()
      await expectSound(join(folder, 'data'))
      const path = `/ad_accounts/${(await send(url, 'GET', '/ad_accounts')).items[0].id}/campaigns`
      if (kill === kills) break
      const killed = server
      let left = 20 + 15 * kill
      const answered = () => {
        if (--left === 0) void killed.kill()
      }
      await Promise.all(Array.from({ length: clients }, (_, client) => work(url, path, client, answered)))
      await killed.ended
    }
    await server?.kill('SIGTERM')
    expect(known.size).toBeGreaterThan(20 * kills)
  },
  onThisMachine(60_000 + kills * 10_000),
)

test(
  'ads that waited for their review when the server was killed are reviewed once it is back',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-review-crash-'))
    let server: Command | undefined
    onTestFinished(async () => {
      await server?.kill()
      await rm(folder, { recursive: true, force: true })
    })
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    const start = async () => {
      server = pinfold(['serve', '--port', '0', '--data', join(folder, 'data'), '--seed', seed, '--durability', 'full'])
      return sender(await server.ready())
    }
    let send = await start()
    const account = `/v5/ad_accounts/${(await send('GET', '/v5/ad_accounts')).items[0].id}`
    const board_id = (await send('POST', '/v5/boards', { name: 'Shop' })).id
    const pinOf = async (link?: string) =>
      (await send('POST', '/v5/pins', { board_id, media_source: await base64Source(), ...(link && { link }) })).id
    const pins = [await pinOf('https://shop.example/cup'), await pinOf()]
    const campaign = { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000 }
    const campaign_id = (await send('POST', `${account}/campaigns`, [campaign])).items[0].data.id
    const adGroup = { name: 'All', campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000 }
    const ad_group_id = (await send('POST', `${account}/ad_groups`, [adGroup])).items[0].data.id
    const ads = pins.map((pin_id) => ({ ad_group_id, pin_id, creative_type: 'REGULAR' }))
    const made = await send('POST', `${account}/ads`, ads)
    expect(made.items.map((item: { data: { review_status: string } }) => item.data.review_status)).toEqual([
      ...['PENDING', 'PENDING'],
    ])
    await server?.kill()

    send = await start()
    await expectSound(join(folder, 'data'))
    await send('POST', '/_pinfold/clock/advance', { by: '60s' })
    const reviewed = async () =>
      (await send('GET', `${account}/ads`)).items.map((ad: { review_status: string }) => ad.review_status)
    await until(async () => !(await reviewed()).includes('PENDING'))
    // The second leads nowhere.
    expect(await reviewed()).toEqual(['APPROVED', 'REJECTED'])
    await expectSound(join(folder, 'data'))
  },
  onThisMachine(60_000),
)

test(
  'a report that was being made when the server was killed is made once it is back',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-report-crash-'))
    const data = join(folder, 'data')
    let server: Command | undefined
    onTestFinished(async () => {
      await server?.kill()
      await rm(folder, { recursive: true, force: true })
    })
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    const start = async () => {
      server = pinfold(['serve', '--port', '0', '--data', data, '--seed', seed, '--durability', 'full'])
      return sender(await server.ready())
    }
    let send = await start()
    const account = (await send('GET', '/v5/ad_accounts')).items[0].id
    const reports = `/v5/ad_accounts/${account}/reports`
    await server?.kill('SIGTERM')
    // Through the public door this would take longer than all the rest.
    const [ads, days] = [1000, 180]
    const db = new DatabaseSync(join(data, 'pinfold.db'))
    db.exec(adsWithNumbers({ account, ads, days }))
    db.close()

    send = await start()
    const date = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
    const range = { start_date: date(days), end_date: date(0), granularity: 'DAY', level: 'PIN_PROMOTION' }
    const body = { ...range, columns: ['CAMPAIGN_NAME', 'IMPRESSION_1'] }
    const { token: report } = await send('POST', reports, body)
    const state = serverState(data)
    const parts = () => state.all('SELECT file_key FROM job_parts').length
    await until(() => parts() > 5)
    await server?.kill()
    expect(state.all('SELECT status FROM jobs')).toEqual([{ status: 'IN_PROGRESS' }])
    await expectSound(data)

    send = await start()
    const found = () => send('GET', `${reports}?token=${encodeURIComponent(report)}`)
    await until(async () => (await found()).report_status === 'FINISHED')
    const { url, size } = await found()
    const text = await (await fetch(url)).text()
    expect(Buffer.byteLength(text)).toBe(size)
    const rows: { IMPRESSION_1: number }[] = Object.values(JSON.parse(text)).flat() as never
    expect(rows.length).toBe(ads * days)
    expect(rows.reduce((sum, row) => sum + row.IMPRESSION_1, 0)).toBe(ads * days * 3)
    expect((await send('POST', reports, body)).token).toBe(report)
    await expectSound(data)
    state.close()
  },
  onThisMachine(90_000),
)

const nameIn = (data: unknown): string => JSON.parse(String(data)).name
const { token } = people.alice

/** Returns what sends Alice's requests to a server, which must succeed. */
function sender(url: string) {
  return async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    expect(answer.status, `${method} ${path}`).toBeLessThan(300)
    return answer.status === 204 ? undefined : JSON.parse(await answer.text())
  }
}
