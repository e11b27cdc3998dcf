import fc from 'fast-check'
import { expect } from 'vitest'

/** Statuses of campaigns, ad groups and ads. */
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

/** What somebody does. */
export const step = fc.oneof(
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
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const idsOf: Record<Kind, string> = { campaigns: 'campaign_ids', ad_groups: 'ad_group_ids', ads: 'ad_ids' }
const mayBecome: Record<Status, readonly Status[]> = {
  ACTIVE: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
  PAUSED: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
  ARCHIVED: ['ARCHIVED'],
  DRAFT: statuses,
  DELETED_DRAFT: ['DELETED_DRAFT'],
}

/** What the model asks of a server. */
export interface ModelServer {
  /** The server's time, in milliseconds since 1970. */
  now(): number
  /** Moves its clock forward. */
  wait(ms: number): Promise<void>
  /** Returns the body of an answer, which has the status 200. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of several operations
  get(path: string): Promise<any>
}

/** What became of an item of a request. */
export interface SentItem {
  data?: { id: string }
  exceptions?: unknown
}

/** Sends a request with several items. Returns what became of each; undefined if there was no answer. */
export type Send = (method: 'POST' | 'PATCH', path: string, items: object[]) => Promise<SentItem[] | undefined>

/** A model of an ad account, which compares what a server answers. */
export interface AdModel {
  /** Does something, and expects what the server answers to be right. */
  take(step: Step, send: Send): Promise<void>
  /** Expects all that is there to be right. */
  compareAll(): Promise<void>
}

/** Makes the model of an empty ad account. `pin`: what its ads show. */
export function adModel(server: ModelServer, account: string, pin: string): AdModel {
  const now = () => Math.floor(server.now() / 1000)
  const path = (of: Kind) => `/ad_accounts/${account}/${of}`

  /** What is in the ad account, oldest first. */
  const things: Thing[] = []
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

  async function create({ kind: of, items }: Extract<Step, { do: 'create' }>, send: Send): Promise<void> {
    const drafts = items.map((item) => {
      const { body, thing } = draft(of, item)
      const parent = byId(thing.parent)
      const isOpen = of === 'campaigns' || (parent && parent.status !== 'ARCHIVED' && parent.status !== 'DELETED_DRAFT')
      const isWhole = !item.isWrong && item.status !== 'DELETED_DRAFT' && isOpen === true
      return { body: item.isWrong ? { ...body, name: ' ' } : body, thing: { ...thing, status: item.status }, isWhole }
    })
    const answered = await send(
      'POST',
      path(of),
      drafts.map((each) => each.body),
    )
    const found = answered ? undefined : await idsByName(of)
    for (const [i, { thing, isWhole }] of drafts.entries()) {
      const { data, exceptions } = answered?.[i] ?? {}
      const about = JSON.stringify([drafts[i], answered?.[i]])
      if (answered) expect(data !== undefined, about).toBe(isWhole)
      if (answered && !isWhole)
        expect([exceptions].flat()[0], about).toMatchObject({
          ...{ code: expect.any(Number), message: expect.stringMatching(/\w/) },
        })
      const id = data?.id ?? found?.get(thing.name)
      if (id !== undefined) things.push({ ...thing, id, kind: of })
    }
    // What was not answered was carried out whole, or not at all.
    const there = drafts.map(({ thing }) => found?.has(thing.name))
    if (found) expect([drafts.map(({ isWhole }) => isWhole), drafts.map(() => false)]).toContainEqual(there)
  }

  async function change({ kind: of, items }: Extract<Step, { do: 'change' }>, send: Send): Promise<void> {
    const changes = items.flatMap((item) => {
      const thing = pick(of, item.at)
      return thing ? [{ thing, ...item, name: `${of} ${names++}` }] : []
    })
    if (changes.length === 0) return
    const answered = await send(
      'PATCH',
      path(of),
      changes.map(({ thing, isWrong, name, status }) => ({ id: isWrong ? '1' : thing.id, name, status })),
    )
    const after = new Map<Thing, Pick<Thing, 'name' | 'status'>>()
    for (const [i, { thing, isWrong, name, status }] of changes.entries()) {
      const from = after.get(thing)?.status ?? thing.status
      const isWhole = !isWrong && mayBecome[from].includes(status)
      if (isWhole) after.set(thing, { name, status })
      if (answered) expect(answered[i]?.data !== undefined, JSON.stringify([thing, answered[i]])).toBe(isWhole)
    }
    const found = answered ? undefined : await idsByName(of)
    const there = [...after].map(([thing, { name }]) => !found || found.get(name) === thing.id)
    expect(new Set(there).size, 'all of them, or none').toBeLessThanOrEqual(1)
    if (there[0]) for (const [thing, changed] of after) Object.assign(thing, changed)
  }

  /** Returns the ids of all that is there, by their names. */
  async function idsByName(of: Kind): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (let bookmark: string | null = ''; bookmark !== null; ) {
      const query = `page_size=250&entity_statuses=${statuses.join()}${bookmark && `&bookmark=${bookmark}`}`
      const { items, bookmark: next } = await server.get(`${path(of)}?${query}`)
      for (const { id, name } of items) found.set(name, id)
      bookmark = next
    }
    return found
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
      const page = await server.get(`${path(of)}?${query}${bookmark && `&bookmark=${bookmark}`}`)
      expect(page.items.length).toBeLessThanOrEqual(size)
      shown.push(...page.items)
      bookmark = page.bookmark
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

  return {
    async take(step, send) {
      if (step.do === 'create') await create(step, send)
      else if (step.do === 'change') await change(step, send)
      else if (step.do === 'list') await list(step)
      else await server.wait(step.seconds * 1000)
    },
    async compareAll() {
      for (const of of kinds)
        await list({ do: 'list', kind: of, only: [...statuses], among: null, order: undefined, size: 6 })
    },
  }
}
