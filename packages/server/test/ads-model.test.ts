import { databases } from '@pinfold/test-support/databases'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

const statuses = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DRAFT', 'DELETED_DRAFT'] as const
type Status = (typeof statuses)[number]

const kinds = ['campaigns', 'ad_groups', 'ads'] as const
type Kind = (typeof kinds)[number]

/** A thing in the ad account, as far as its statuses and the lists depend on it. Times: Unix seconds. */
interface Thing {
  id: string
  kind: Kind
  parent: string | undefined
  name: string
  status: Status
  start: number | null
  end: number | null
}

const status = fc.constantFrom(...statuses)
const at = fc.nat(30)
/** Seconds from now on; null: none. */
const times = fc.record({
  start: fc.option(fc.integer({ min: -3, max: 3 })),
  end: fc.option(fc.integer({ min: 4, max: 8 })),
})
const kind = fc.constantFrom(...kinds)

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      kind,
      // One of the items may be wrong: it has no name, or is in nothing.
      items: fc.array(fc.record({ status, at, times, isWrong: fc.boolean() }), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      kind,
      items: fc.array(fc.record({ at, status, isWrong: fc.boolean() }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      kind,
      only: fc.option(fc.uniqueArray(status, { minLength: 1, maxLength: 3 })),
      among: fc.option(fc.record({ level: fc.nat(2), which: fc.uniqueArray(at, { minLength: 1, maxLength: 3 }) })),
      order: fc.constantFrom(undefined, 'ASCENDING' as const, 'DESCENDING' as const),
      size: fc.integer({ min: 1, max: 6 }),
    }),
  },
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 2, 3) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const idsOf: Record<Kind, string> = { campaigns: 'campaign_ids', ad_groups: 'ad_group_ids', ads: 'ad_ids' }
const mayBecome: Record<Status, readonly Status[]> = {
  ACTIVE: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
  PAUSED: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
  ARCHIVED: ['ARCHIVED'],
  DRAFT: statuses,
  DELETED_DRAFT: ['DELETED_DRAFT'],
}

describe.each(databases)('whatever is done to campaigns, ad groups and ads, on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let pin: string
  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    const board = (await server.post('/boards', { name: 'Shop' })).body.id
    const body = { board_id: board, media_source: await base64Source(1), link: 'https://shop.example/cup' }
    pin = (await server.post('/pins', body)).body.id
    return async () => {
      await server.close()
      await discard()
    }
  })

  const now = () => Math.floor(server.clock.now() / 1000)
  const path = (of: Kind) => `/ad_accounts/${account}/${of}`

  /** What is in the ad account, oldest first. */
  let things: Thing[] = []
  let names = 0
  const ofKind = (of: Kind) => things.filter((thing) => thing.kind === of)
  const pick = (of: Kind, index: number): Thing | undefined => {
    const some = ofKind(of)
    return some[index % Math.max(1, some.length)]
  }
  const byId = (id: string | undefined) => things.find((thing) => thing.id === id)
  const lineOf = (thing: Thing): Thing[] => {
    const parent = byId(thing.parent)
    return parent ? [thing, ...lineOf(parent)] : [thing]
  }

  /** What a campaign or an ad group has come to by itself. */
  function alone({ status: own, start, end }: Thing): string {
    if (own !== 'ACTIVE' && own !== 'PAUSED') return own
    if (end !== null && end <= now()) return 'COMPLETED'
    if (own === 'PAUSED') return 'ADVERTISER_DISABLED'
    return start !== null && start > now() ? 'NOT_STARTED' : 'RUNNING'
  }
  function summary(thing: Thing): string {
    const own = alone(thing)
    const [, parent] = lineOf(thing)
    if (!parent || (own !== 'RUNNING' && own !== 'NOT_STARTED')) return own
    return alone(parent) === 'RUNNING' ? own : alone(parent)
  }

  function draft(of: Kind, item: { status: Status; at: number; times: { start: number | null; end: number | null } }) {
    const name = `${of} ${names++}`
    const start = item.times.start === null ? null : now() + item.times.start
    const end = item.times.end === null ? null : now() + item.times.end
    if (of === 'campaigns') {
      const body = { name, objective_type: 'AWARENESS', daily_spend_cap: 1_000_000, status: item.status }
      const times = { ...(start !== null && { start_time: start }), ...(end !== null && { end_time: end }) }
      return { body: { ...body, ...times }, thing: { name, start: start ?? now(), end, parent: undefined } }
    }
    const parent = pick(of === 'ads' ? 'ad_groups' : 'campaigns', item.at)
    if (of === 'ad_groups')
      return {
        body: {
          ...{ name, status: item.status, campaign_id: parent?.id ?? '1', billable_event: 'IMPRESSION' },
          bid_in_micro_currency: 1_000_000,
        },
        thing: { name, start: null, end: null, parent: parent?.id },
      }
    return {
      body: { name, status: item.status, ad_group_id: parent?.id ?? '1', pin_id: pin, creative_type: 'REGULAR' },
      thing: { name, start: null, end: null, parent: parent?.id },
    }
  }

  async function create(of: Kind, items: Extract<Step, { do: 'create' }>['items']): Promise<void> {
    const drafts = items.map((item) => {
      const { body, thing } = draft(of, item)
      const parent = byId(thing.parent)
      const isOpen = of === 'campaigns' || (parent && parent.status !== 'ARCHIVED' && parent.status !== 'DELETED_DRAFT')
      const isWhole = !item.isWrong && item.status !== 'DELETED_DRAFT' && isOpen === true
      return { body: item.isWrong ? { ...body, name: ' ' } : body, thing: { ...thing, status: item.status }, isWhole }
    })
    const { status: answered, body } = await server.post(
      path(of),
      drafts.map((each) => each.body),
    )
    expect([answered, body.message]).toEqual([200, undefined])
    for (const [i, { thing, isWhole }] of drafts.entries()) {
      const { data, exceptions } = body.items[i]
      const about = JSON.stringify([drafts[i], body.items[i]])
      expect(data !== undefined, about).toBe(isWhole)
      if (data) things.push({ ...thing, id: data.id, kind: of })
      else expect([exceptions].flat()[0], about).toMatchObject({ code: expect.any(Number), message: /\w/ })
    }
  }

  async function change(of: Kind, items: Extract<Step, { do: 'change' }>['items']): Promise<void> {
    const changes = items.flatMap((item) => {
      const thing = pick(of, item.at)
      return thing ? [{ thing, ...item, name: `${of} ${names++}` }] : []
    })
    if (changes.length === 0) return
    const { status: answered, body } = await server.request('PATCH', path(of), {
      json: changes.map(({ thing, isWrong, name, ...item }) => ({
        ...{ id: isWrong ? '1' : thing.id, name, status: item.status },
      })),
    })
    expect([answered, body.message]).toEqual([200, undefined])
    for (const [i, { thing, isWrong, name, ...item }] of changes.entries()) {
      const isWhole = !isWrong && mayBecome[thing.status].includes(item.status)
      expect(body.items[i].data !== undefined, JSON.stringify([thing, item, body.items[i]])).toBe(isWhole)
      if (isWhole) Object.assign(thing, { name, status: item.status })
    }
  }

  async function list({ kind: of, only, among, order, size }: Extract<Step, { do: 'list' }>): Promise<void> {
    const level = kinds[Math.min(among?.level ?? 0, kinds.indexOf(of))] as Kind
    const chosen = among?.which.flatMap((index) => pick(level, index)?.id ?? []) ?? []
    const query = new URLSearchParams({
      page_size: String(size),
      ...(order && { order }),
      ...(only && { entity_statuses: only.join() }),
      ...(chosen.length > 0 && { [idsOf[level]]: chosen.join() }),
    })
    const shown: { id: string; name: string; status: string; summary_status: string }[] = []
    for (let bookmark: string | null = ''; bookmark !== null; ) {
      const answer = await server.get(`${path(of)}?${query}${bookmark && `&bookmark=${bookmark}`}`)
      expect([answer.status, answer.body.message]).toEqual([200, undefined])
      expect(answer.body.items.length).toBeLessThanOrEqual(size)
      shown.push(...answer.body.items)
      bookmark = answer.body.bookmark
    }
    const wanted = ofKind(of)
      .filter((thing) => (only ?? ['ACTIVE', 'PAUSED']).includes(thing.status))
      .filter((thing) => chosen.length === 0 || lineOf(thing).some(({ id }) => chosen.includes(id)))
    // By their ids: of several servers one may have made the smaller one a moment later.
    wanted.sort((a, b) => Number(a.id) - Number(b.id))
    if (order === 'DESCENDING') wanted.reverse()
    const parts = (each: { id: string; name: string; status: string }) => [each.id, each.name, each.status]
    expect(shown.map(parts)).toEqual(wanted.map(parts))
    if (of !== 'ads') expect(shown.map((each) => each.summary_status)).toEqual(wanted.map(summary))
  }

  test(
    'lists, filters and statuses are those of a model',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          account = (await server.get('/ad_accounts')).body.items[0].id
          await server.request('DELETE', `/ad_accounts/${account}/sandbox`)
          things = []
          for (const each of steps) {
            if (each.do === 'create') await create(each.kind, each.items)
            else if (each.do === 'change') await change(each.kind, each.items)
            else if (each.do === 'list') await list(each)
            else server.clock.advance(each.seconds * 1000)
          }
          for (const of of kinds)
            await list({ do: 'list', kind: of, only: [...statuses], among: null, order: undefined, size: 6 })
        }),
        { numRuns: runs },
      )
    },
    onThisMachine(60_000 + runs * 2000),
  )
})

/** More with `PINFOLD_FUZZ_RUNS=300 npx vitest run ads-model`. */
const runs = Number(process.env.PINFOLD_FUZZ_RUNS ?? 20)
