import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FilledList, fillAdLists, seedWithOrderLines } from '@pinfold/test-support/ad-lists'
import { ownServer } from '@pinfold/test-support/own-server'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const bob = { token: people.bob.token }

/** An item of a list: schedules call their ids otherwise, and labels come each in an answer of its own. */
interface Item {
  id?: string
  schedule_id?: string
  labels?: { id: string }[]
}
interface Listed {
  items: Item[]
  bookmark: string | null
}
/** As many are in each list, but for the ad accounts of a business. */
const count = 53

let server: TestServer
let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pinfold-pages-'))
  const seed = join(dataDir, 'seed.json')
  await writeFile(seed, JSON.stringify(seedWithOrderLines(count)))
  server = await startTestServer({ ephemeral: false, dataDir, seed })
  return async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})

const addTo = (path: string, parameters: string) => `${path}${path.includes('?') ? '&' : '?'}${parameters}`

async function pageOf(path: string, parameters = ''): Promise<Listed> {
  const { status, body } = await server.get(addTo(path, parameters))
  expect(status).toBe(200)
  return body
}

const idsOf = ({ items }: Listed): string[] =>
  items.map(({ id, schedule_id, labels }) => id ?? schedule_id ?? labels?.[0]?.id ?? 'none')

/** Returns every page of a list, read as clients do: the bookmark goes into the address unchanged. */
async function walk(path: string, pageSize: number): Promise<string[][]> {
  const pages: string[][] = []
  let bookmark: string | null = ''
  while (bookmark !== null) {
    const page: Listed = await pageOf(path, `page_size=${pageSize}${bookmark && `&bookmark=${bookmark}`}`)
    pages.push(idsOf(page))
    bookmark = page.bookmark
  }
  return pages
}

/** Makes things one after another, and returns their ids, newest first. */
async function make(count: number, create: (i: number) => Promise<{ body: { id: string } }>): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) ids.unshift((await create(i)).body.id)
  return ids
}

describe('every list', () => {
  const lists: Record<string, FilledList> = {}
  beforeAll(async () => {
    // Boards are listed by name: these in the order of the others, newest first.
    const boards = await make(count - 1, (i) => server.post('/boards', { name: `Board ${999 - i}` }))
    const board = (await server.post('/boards', { name: 'Board 000' })).body.id
    const sections = await make(count - 1, (i) => server.post(`/boards/${board}/sections`, { name: `Section ${i}` }))
    const section = (await server.post(`/boards/${board}/sections`, { name: 'Full' })).body.id
    const place = { board_id: board, board_section_id: section }
    const first = (await server.post('/pins', { ...place, media_source: await base64Source(1) })).body.id
    const saved = await make(count - 1, () => server.post(`/pins/${first}/save`, place))
    const pins = [...saved, first]
    Object.assign(lists, {
      boards: { path: '/boards', ids: [board, ...boards] },
      sections: { path: `/boards/${board}/sections`, ids: [section, ...sections] },
      'the Pins of a board': { path: `/boards/${board}/pins`, ids: pins },
      'the Pins of a section': { path: `/boards/${board}/sections/${section}/pins`, ids: pins },
      'all Pins': { path: '/pins', ids: pins },
      'Pins of several kinds': { path: '/pins?creative_types=REGULAR,VIDEO&include_protected_pins=true', ids: pins },
      ...(await fillAdLists(server, count, first)),
    })
  })

  const names = [
    'boards',
    'sections',
    'the Pins of a board',
    'the Pins of a section',
    'all Pins',
    'Pins of several kinds',
    'ad accounts',
    'campaigns',
    'ad groups',
    'ad groups with a promotion',
    'ads',
    'schedules',
    'keywords',
    'labels',
    'targeting templates',
    'promotions',
    'order lines',
  ]
  const list = (name: string) => {
    const found = lists[name]
    if (!found) throw new Error(`There is no list of ${name}.`)
    return found
  }

  /** What a list says of a wrong query. */
  const codes = (name: string) => (name === 'labels' ? [1, 400] : [1])

  test.each(names)('gives each item once, in its order, whatever the page size: %s', async (name) => {
    const { path, ids } = list(name)
    const count = ids.length
    for (const size of [1, 7, 26, count - 1, count, count + 1, 250]) {
      const pages = await walk(path, size)
      expect(pages.flat()).toEqual(ids)
      expect(pages.map((page) => page.length)).toEqual(
        Array.from({ length: Math.ceil(count / size) }, (_, i) => Math.min(size, count - i * size)),
      )
    }
  })

  test.each(names)('has pages of 25 unless asked otherwise: %s', async (name) => {
    const { path, ids } = list(name)
    const page = await pageOf(path)
    expect(idsOf(page)).toEqual(ids.slice(0, 25))
    expect(page.bookmark).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(idsOf(await pageOf(path, `bookmark=${page.bookmark}`))).toEqual(ids.slice(25, 50))
    expect(idsOf(await pageOf(path, 'bookmark='))).toEqual(ids.slice(0, 25))
  })

  test.each(names)('refuses page sizes out of bounds: %s', async (name) => {
    for (const size of ['0', '-1', '251', '1000000', '9'.repeat(30), '1.5', '1e2', 'x', '', '1&page_size=2']) {
      const { status, body } = await server.get(addTo(list(name).path, `page_size=${size}`))
      expect([size, status, codes(name).includes(body.code)]).toEqual([size, 400, true])
      expect(body.message).toContain('page_size')
    }
  })

  test.each(names)('takes its own bookmarks only: %s', async (name) => {
    const { path } = list(name)
    const { bookmark } = await pageOf(path, 'page_size=1')
    const own = bookmark ?? ''
    const foreign = await Promise.all(
      names.filter((other) => other !== name).map((other) => pageOf(list(other).path, 'page_size=1')),
    )
    const swapped = `${own[0] === 'A' ? 'B' : 'A'}${own.slice(1)}`
    for (const wrong of [
      ...foreign.map((page) => page.bookmark ?? ''),
      ...[swapped, own.slice(0, -1), own.slice(1), own.slice(0, 8), `${own}AA`, `${own}${own}`],
      ...['x', '0', 'null', encodeURIComponent('é✓'), 'x'.repeat(513), `${own}&bookmark=${own}`],
    ]) {
      const { status, body } = await server.get(addTo(path, `bookmark=${wrong}`))
      expect([wrong, status, codes(name).includes(body.code)]).toEqual([wrong, 400, true])
      expect(body.message).toMatch(/bookmark/)
    }
  })

  test('takes a bookmark with the same query only', async () => {
    const { bookmark } = await pageOf('/boards?privacy=PUBLIC', 'page_size=1')
    const pins = (await pageOf('/pins?pin_filter=exclude_native', 'page_size=1')).bookmark
    const refused = [
      await server.get(`/boards?bookmark=${bookmark}`),
      await server.get(`/boards?privacy=ALL&bookmark=${bookmark}`),
      await server.get(`/boards?privacy=PUBLIC&bookmark=${bookmark}`, bob),
      await server.get(`/pins?bookmark=${pins}`),
      await server.get(`/pins?pin_filter=exclude_repins&bookmark=${pins}`),
      await server.get(`/pins?pin_filter=exclude_native&pin_type=PRIVATE&bookmark=${pins}`),
      await server.get(`/pins?pin_filter=exclude_native&include_protected_pins=true&bookmark=${pins}`),
      await server.get(`/pins?pin_filter=exclude_native&creative_types=REGULAR&bookmark=${pins}`),
    ]
    for (const { status, body } of refused)
      expect([status, body]).toEqual([
        400,
        { code: 1, message: expect.stringMatching(/^Invalid bookmark: it does not belong to this list/) },
      ])
    const reordered = `/pins?page_size=9&bookmark=${pins}&pin_filter=exclude_native&pin_metrics=true`
    expect((await pageOf(reordered)).items).toHaveLength(9)
  })

  test('knows no bookmark of another server, but its own after a restart', async () => {
    const { bookmark } = await pageOf('/boards', 'page_size=1')
    const stranger = await ownServer()
    expect((await stranger.get(`/boards?bookmark=${bookmark}`)).status).toBe(400)

    const folder = await mkdtemp(join(tmpdir(), 'pinfold-restart-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const seed = join(folder, 'seed.json')
    const app = { id: '1', secret: 'secret-of-an-app', name: 'App', owner: 'alice' }
    const token = { app: '1', account: 'alice', access_token: people.alice.token }
    await writeFile(seed, JSON.stringify({ accounts: [{ username: 'alice' }], apps: [app], tokens: [token] }))
    const lasting = { ephemeral: false, dataDir: join(folder, 'data'), seed }
    const before = await ownServer(lasting)
    for (const name of ['One', 'Two']) await before.post('/boards', { name })
    const kept = (await before.get('/boards?page_size=1')).body.bookmark
    await before.close()
    const after = await ownServer(lasting)
    const { body } = await after.get(`/boards?bookmark=${kept}`)
    expect(body).toMatchObject({ items: [{ name: 'Two' }], bookmark: null })
  })
})

test('an empty list has no bookmark', async () => {
  const board = (await server.post('/boards', { name: 'Empty' }, bob)).body.id
  for (const path of [`/boards/${board}/sections`, `/boards/${board}/pins`, '/pins'])
    expect((await server.get(path, bob)).body).toEqual({ items: [], bookmark: null })
})

test('a page of 250 is the largest, and comes whole', async () => {
  const own = await ownServer()
  await Promise.all(Array.from({ length: 251 }, (_, i) => own.post('/boards', { name: `Board ${i}` })))
  const first = (await own.get('/boards?page_size=250')).body
  const rest = (await own.get(`/boards?page_size=250&bookmark=${first.bookmark}`)).body
  expect([first.items.length, rest.items.length, rest.bookmark]).toEqual([250, 1, null])
  expect(new Set(idsOf(first).concat(idsOf(rest))).size).toBe(251)
})

describe('while somebody pages through it', () => {
  type Step = { kind: 'page'; size: number } | { kind: 'insert' } | { kind: 'delete'; at: number }
  const steps = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('page' as const), size: fc.integer({ min: 1, max: 5 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert' as const) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat() }) },
    ),
    { minLength: 5, maxLength: 25 },
  )

  interface Changing {
    path: string
    insert(): Promise<string>
    remove(id: string): Promise<unknown>
  }

  /** Reads all pages of a list, with `steps` in between. */
  async function pageThrough({ path, insert, remove }: Changing, begin: number, steps: Step[]): Promise<void> {
    const alive: string[] = []
    for (let i = 0; i < begin; i++) alive.push(await insert())
    const atFirst = [...alive]
    const seen: string[] = []
    let bookmark: string | null = ''
    const turnPage = async (size: number) => {
      if (bookmark === null) return
      const page = await pageOf(path, `page_size=${size}&bookmark=${bookmark}`)
      for (const id of idsOf(page)) {
        expect(alive).toContain(id)
        seen.push(id)
      }
      bookmark = page.bookmark
    }
    for (const step of steps) {
      if (step.kind === 'page') await turnPage(step.size)
      else if (step.kind === 'insert') alive.push(await insert())
      else if (alive.length > 0) {
        const [id] = alive.splice(step.at % alive.length, 1)
        if (id !== undefined) await remove(id)
      }
    }
    while (bookmark !== null) await turnPage(3)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)))
    for (const id of atFirst) if (alive.includes(id)) expect(seen).toContain(id)
  }

  let names = 0
  const newBoard = async () => (await server.post('/boards', { name: `Changing ${names++}` })).body.id as string

  test('a list of sections neither repeats nor skips what stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), steps, async (begin, list) => {
        const path = `/boards/${await newBoard()}/sections`
        const insert = async () => (await server.post(path, { name: `Section ${names++}` })).body.id
        await pageThrough({ path, insert, remove: (id) => server.delete(`${path}/${id}`) }, begin, list)
      }),
      { numRuns: 40 },
    )
  })

  test('a list of Pins neither repeats nor skips what stays', async () => {
    const source = (await server.post('/pins', { board_id: await newBoard(), media_source: await base64Source(2) }))
      .body.id
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), steps, async (begin, list) => {
        const board_id = await newBoard()
        const insert = async () => (await server.post(`/pins/${source}/save`, { board_id })).body.id
        const remove = (id: string) => server.delete(`/pins/${id}`)
        await pageThrough({ path: `/boards/${board_id}/pins?creative_types=REGULAR`, insert, remove }, begin, list)
      }),
      { numRuns: 25 },
    )
  })

  test('a list of ads neither repeats nor skips what stays', async () => {
    const account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    const made = async (what: string, one: object): Promise<string> =>
      (await server.post(`${account}/${what}`, [one])).body.items[0].data.id
    const campaign = { objective_type: 'AWARENESS', daily_spend_cap: 5_000_000 }
    const pin = { board_id: await newBoard(), media_source: await base64Source(2) }
    const pin_id = (await server.post('/pins', pin)).body.id
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), steps, async (begin, list) => {
        const campaign_id = await made('campaigns', { name: 'Changing', ...campaign })
        const adGroup = {
          name: 'Changing',
          campaign_id,
          billable_event: 'IMPRESSION',
          bid_in_micro_currency: 2_000_000,
        }
        const ad_group_id = await made('ad_groups', adGroup)
        const insert = () => made('ads', { ad_group_id, pin_id, creative_type: 'REGULAR' })
        const remove = (id: string) => server.patch(`${account}/ads`, [{ id, status: 'ARCHIVED' }])
        const path = `${account}/ads?campaign_ids=${campaign_id}&order=DESCENDING`
        await pageThrough({ path, insert, remove }, begin, list)
      }),
      { numRuns: 25 },
    )
  })
})

describe('Pins', () => {
  let own: TestServer
  const pins: Record<string, string> = {}
  beforeAll(async () => {
    own = await startTestServer()
    for (const privacy of ['PUBLIC', 'PROTECTED', 'SECRET']) {
      // Lists are by the millisecond: within one, two nodes have an order of their own.
      own.clock.advance(1)
      const board = { board_id: (await own.post('/boards', { name: privacy, privacy })).body.id }
      const made = await own.post('/pins', { ...board, media_source: await base64Source(3) })
      own.clock.advance(1)
      const saved = await own.post(`/pins/${made.body.id}/save`, board)
      Object.assign(pins, { [`${privacy} made`]: made.body.id, [`${privacy} saved`]: saved.body.id })
    }
  })

  /** Returns which of the six Pins a query lists, newest first. */
  async function listed(query: string): Promise<string[]> {
    const { status, body } = await own.get(`/pins?${query}`)
    expect([query, status]).toEqual([query, 200])
    return idsOf(body).map((id) => Object.keys(pins).find((name) => pins[name] === id) ?? id)
  }

  test('are listed without those on protected boards, unless asked for', async () => {
    const usual = ['SECRET saved', 'SECRET made', 'PUBLIC saved', 'PUBLIC made']
    const all = ['SECRET saved', 'SECRET made', 'PROTECTED saved', 'PROTECTED made', 'PUBLIC saved', 'PUBLIC made']
    expect(await listed('')).toEqual(usual)
    for (const no of ['false', 'False', '0']) expect(await listed(`include_protected_pins=${no}`)).toEqual(usual)
    for (const yes of ['true', 'True', '1']) expect(await listed(`include_protected_pins=${yes}`)).toEqual(all)
    expect((await own.get('/pins?include_protected_pins=perhaps')).status).toBe(400)
  })

  test('are narrowed by where they came from', async () => {
    expect(await listed('pin_filter=exclude_native')).toEqual(['SECRET saved', 'PUBLIC saved'])
    expect(await listed('pin_filter=exclude_repins')).toEqual(['SECRET made', 'PUBLIC made'])
    expect(await listed('pin_filter=exclude_repins&include_protected_pins=true')).toEqual([
      'SECRET made',
      'PROTECTED made',
      'PUBLIC made',
    ])
    expect(await listed('pin_filter=has_been_promoted')).toEqual([])
    expect((await own.get('/pins?pin_filter=exclude_all')).status).toBe(400)
  })

  test('are narrowed to those on secret boards', async () => {
    expect(await listed('pin_type=PRIVATE')).toEqual(['SECRET saved', 'SECRET made'])
    expect(await listed('pin_type=PRIVATE&include_protected_pins=true')).toEqual(['SECRET saved', 'SECRET made'])
    expect(await listed('pin_type=PRIVATE&pin_filter=exclude_native')).toEqual(['SECRET saved'])
    expect((await own.get('/pins?pin_type=PUBLIC')).status).toBe(400)
  })

  test('are narrowed by kind, with kinds separated by commas or repeated', async () => {
    const usual = await listed('')
    for (const query of [
      'creative_types=REGULAR',
      'creative_types=VIDEO,REGULAR',
      'creative_types=VIDEO%2CREGULAR',
      'creative_types=REGULAR&creative_types=VIDEO',
      'creative_types=REGULAR,REGULAR',
      'creative_types=REGULAR&creative_types=REGULAR',
    ])
      expect(await listed(query)).toEqual(usual)
    expect(await listed('creative_types=VIDEO,CAROUSEL')).toEqual([])
    for (const wrong of ['regular', 'REGULAR,PAINTING', 'REGULAR&creative_types=x'])
      expect((await own.get(`/pins?creative_types=${wrong}`)).status).toBe(400)
  })

  test('carry their numbers only when asked, null otherwise (12.16)', async () => {
    const board = (await own.get(`/pins/${pins['PUBLIC made']}`)).body.board_id
    for (const path of ['/pins', `/boards/${board}/pins`]) {
      const plain = (await own.get(path)).body.items
      const counted = (await own.get(`${path}?pin_metrics=true`)).body.items
      for (const pin of plain) expect(pin.pin_metrics).toBeNull()
      for (const pin of counted) expect(pin.pin_metrics).toHaveProperty('lifetime_metrics')
      expect((await own.get(`${path}?pin_metrics=maybe`)).status).toBe(400)
    }
  })
})

test('ad_account_id opens the own account alone', async () => {
  const [account] = (await server.get('/ad_accounts')).body.items
  for (const path of ['/user_account', '/boards', '/pins']) {
    expect((await server.get(`${path}?ad_account_id=${account?.id}`)).body).toEqual((await server.get(path)).body)
    const foreign = await server.get(`${path}?ad_account_id=${account?.id}`, bob)
    const unknown = await server.get(`${path}?ad_account_id=1`)
    for (const { status, body } of [foreign, unknown])
      expect([status, [29, 403].includes(body.code)]).toEqual([403, true])
    for (const wrong of ['x', '', '-1', '1'.repeat(19)])
      expect((await server.get(`${path}?ad_account_id=${wrong}`)).status).toBe(400)
  }
})
