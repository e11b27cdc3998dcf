import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleRequest, type Operation, type OperationId, type OperationInput, resources } from '@pinfold/contract'
import { type AdBelongings, makeAdBelongings } from '@pinfold/test-support/ads'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import { clip } from '@pinfold/test-support/uploads'
import { beforeAll, expect, test, vi } from 'vitest'
import { PinterestClient } from '../src/index.ts'

// Every operation is called by the client while something goes wrong, each of the effects that faults have. The call must
// succeed all the same, and leave the data as a call without a fault does: with as many rows, and the same counts.

type Body = Record<string, unknown>

type Effect = OperationInput<typeof resources.control.addFault>['body']['effect']
const faultEffects = Object.keys({
  error: true,
  latency: true,
  reset: true,
  timeout: true,
  truncate: true,
  lost_response: true,
} satisfies Record<Effect, true>) as Effect[]

/** What an operation's call is made with, beside its example. */
interface Things {
  board: string
  section: string
  pin: string
  media: string
}

/** What some operations need beside the ids of existing things. */
const given: Partial<
  Record<OperationId, (things: Things) => { params?: Record<string, string>; query?: Body; body?: unknown }>
> = {
  'pins/create': ({ board, section }) => ({
    body: { board_id: board, board_section_id: section, title: 'New', media_source: picture },
  }),
  'pins/save': ({ board }) => ({ body: { board_id: board } }),
  'product_tags/bulk_add': () => ({ body: { product_tags: [{ pin_id: common.pin }] } }),
  'web/arrange_pins': ({ board, pin }) => ({ params: { board_id: board }, body: { ids: [pin], to: 'first' } }),
  'web/arrange_sections': ({ board, section }) => ({
    params: { board_id: board },
    body: { ids: [section], to: 'last' },
  }),
  'web/update_board': ({ board, pin }) => ({ params: { board_id: board }, body: { cover_pin_id: pin } }),
  'web/merge_board': ({ board }) => ({ params: { board_id: board }, body: { into_board_id: common.board } }),
  'verify_website/update': () => ({ body: { website: 'alice.example' } }),
  'unverify_website/delete': () => ({ query: { website: 'alice.example' } }),
  'trash/restore': ({ pin, board }) => ({ params: { pin_id: pin }, body: { board_id: board } }),
  'boards/create': () => ({ body: { name: 'Survives' } }),
  'ad_previews/create': () => ({ body: { pin_id: ads.advertised_pin_id } }),
  'promotions/delete': () => ({ params: { ad_account_id: ads.ad_account_id, promotion_id: ads.unwantedPromotion } }),
  'labels/remove': () => ({ params: { ad_account_id: ads.ad_account_id, label_id: ads.unwantedLabel } }),
  'targeting_template/update': () => ({
    body: { id: ads.targeting_template_id, operation_type: 'UPDATE', targeting_attributes: { LOCATION: ['CA'] } },
  }),
  // Of another one: here the others are made meanwhile.
  'sandbox/delete': () => ({ params: { ad_account_id: ads.otherAccount } }),
}

/** These are called with a Pin in the trash. */
const ofTrash = new Set<string>(['trash/restore', 'trash/discard'])

/** Why operations are not called here: they are for browsers, need what is far away, or answer when something changes. */
const notCalled = (op: Operation): boolean =>
  op.auth.by === 'control' ||
  op.id.startsWith('oauth/') ||
  op.auth.by === 'app' ||
  op.sessionOnly === true ||
  outOfReach.has(op.id as OperationId)
const outOfReach = new Set<OperationId>([
  'live/watch',
  'verify_website/update',
  'unverify_website/delete',
  'web/look_at_page',
])

const timeoutMs = onThisMachine(700)
const picture = await base64Source(9)

let server: TestServer
let dataDir: string
let common: Things
const things = new Map<string, Things>()
let ids: Record<string, unknown>
/** What is in an ad account, and what is to go. */
let ads: AdBelongings & { unwantedPromotion: string; unwantedLabel: string; otherAccount: string }
const called = Object.entries(resources).flatMap(([resource, operations]) =>
  Object.entries(operations as Record<string, Operation>).flatMap(([method, op]) =>
    notCalled(op) ? [] : [{ resource, method, op }],
  ),
)
const writing = called.filter(({ op }) => op.method !== 'GET')

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pinfold-survival-'))
  server = await startTestServer({ ephemeral: false, dataDir, ffmpeg: false })
  common = await makeThings('Common')
  for (const { op } of writing) {
    const own = await makeThings(op.id)
    things.set(op.id, own)
    if (ofTrash.has(op.id)) await server.request('POST', `/_pinfold/trash/${own.pin}`)
  }
  const webhook = await server.post('/_pinfold/webhooks', { url: 'http://127.0.0.1:9/', events: ['token.revoked'] })
  const delivery = await server.post(`/_pinfold/webhooks/${webhook.body.id}/test`)
  ads = await makeAds()
  ids = {
    ...ads,
    username: people.bob.username,
    webhook_id: webhook.body.id,
    delivery_id: delivery.body.id,
  }
  expect((await server.post('/_pinfold/snapshots', { name: 'before' })).status).toBe(201)
  return async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})

async function makeThings(name: string): Promise<Things> {
  const board = (await server.post('/boards', { name: name.replace('/', ' of ') })).body.id
  const section = (await server.post(`/boards/${board}/sections`, { name: 'Part' })).body.id
  const body = { board_id: board, board_section_id: section, media_source: picture, title: name }
  const pin = (await server.post('/pins', body)).body.id
  const media = (await server.post('/media', { media_type: 'video' })).body.media_id
  return { board, section, pin, media }
}

async function makeAds(): Promise<typeof ads> {
  const made = await makeAdBelongings(server)
  const account = `/ad_accounts/${made.ad_account_id}`
  const promotion = { promotion_title: 'Another', promotion_type: 'SITEWIDE' }
  const label = { labels: [{ label_type: 'CUSTOM', value: 'Unwanted' }] }
  return {
    ...made,
    unwantedPromotion: (await server.post(`${account}/promotions`, [promotion])).body.promotions[0].data.id,
    unwantedLabel: (await server.post(`${account}/labels`, label)).body.labels[0].id,
    otherAccount: (await server.post('/ad_accounts', { name: 'Other' })).body.id,
  }
}

type Methods = Record<string, Record<string, (...args: unknown[]) => PromiseLike<unknown>>>

/** Calls an operation by the client, and returns what is answered. */
async function call(client: PinterestClient, { resource, method, op }: (typeof called)[number]): Promise<unknown> {
  const own = things.get(op.id) ?? common
  const values = {
    ...ids,
    board_id: own.board,
    section_id: own.section,
    board_section_id: own.section,
    pin_id: own.pin,
    pin_ids: [own.pin],
    media_id: own.media,
  }
  const more = given[op.id as OperationId]?.(own)
  const { params, query, body } = { ...exampleRequest(op, values), ...more }
  const methods = client as unknown as Methods
  const path = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => params?.[name])
  return methods[resource]?.[method]?.(...path, ...(op.body ? [body] : []), query)
}

const clientOf = () =>
  new PinterestClient({ baseUrl: server.url, accessToken: people.alice.token, timeoutMs, maxRetries: 5 })

/** Has a fault happen once to each of these operations. */
async function faultFor(ops: readonly { op: Operation }[], effect: Effect): Promise<void> {
  const items = ops.map(({ op }) => ({
    ...{ operation: op.id, effect, times: 1 },
    // Longer than the client waits: it tries again, and the first try is carried out too.
    ...(effect === 'latency' && { latency_ms: timeoutMs * 2 }),
    ...(effect === 'error' && { error: 'unavailable', retry_after: 0 }),
  }))
  expect((await server.request('PUT', '/_pinfold/faults', { json: { items } })).status).toBe(200)
}

/** Throws unless each of the faults has happened. */
async function expectHappened(): Promise<void> {
  const { items } = (await server.get('/_pinfold/faults')).body as { items: { operation: string; happened: number }[] }
  expect(items.filter(({ happened }) => happened !== 1).map(({ operation }) => operation)).toEqual([])
}

/** Calls operations, all of which leave to each other what they need. Returns what failed, by the operation. */
async function callAll(ops: typeof called): Promise<Record<string, string>> {
  const [first, then] = [false, true].map((isLast) => ops.filter(({ op }) => takesOthers.has(op.id) === isLast))
  return { ...(await callAtOnce(first ?? [])), ...(await callAtOnce(then ?? [])) }
}

/** These take away what others are called with. */
const takesOthers = new Set<string>(['trash/empty', 'webhooks/delete', 'web/unfollow', 'campaign_ad_preview/delete'])

async function callAtOnce(ops: typeof called): Promise<Record<string, string>> {
  const client = clientOf()
  const failed = await Promise.all(
    ops.map(async (each) => {
      const error = await call(client, each).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      return error === undefined ? [] : [[each.op.id, String(error)]]
    }),
  )
  return Object.fromEntries(failed.flat())
}

/** Returns how many rows each table has, and the sums of what counts. */
function counts(): Record<string, unknown> {
  const { folder }: { folder?: string } = JSON.parse(readFileSync(join(dataDir, 'current'), 'utf8'))
  const state = serverState(join(dataDir, folder ?? ''))
  try {
    const { rows } = state.snapshot()
    return Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, countsOf(all as Body[])]))
  } finally {
    state.close()
  }
}

const serverCounts = (table: string) => (counts()[table] as { rows: number }).rows

function countsOf(rows: readonly Body[]): Record<string, number> {
  const sums: Record<string, number> = { rows: rows.length }
  for (const row of rows)
    for (const [column, value] of Object.entries(row))
      if (/count$|^uses$|^impressions$|^saves$|clicks$|visits$|follows$/.test(column))
        sums[column] = (sums[column] ?? 0) + Number(value)
  return sums
}

/** Tables whose rows depend on when something was done, not on how often; deliveries are at least once by what they are. */
const passing = /^(webhook_deliveries|job_parts|picture_sweeps|pin_search_.*|search_.*|sqlite_.*)$/

const compared = (all: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(all).filter(([table]) => !passing.test(table)))

/** Returns what differs, by the table: as it should be, and as it is. */
const differences = (right: Record<string, unknown>, now: Record<string, unknown>) =>
  Object.fromEntries(
    Object.keys(right)
      .filter((table) => JSON.stringify(right[table]) !== JSON.stringify(now[table]))
      .map((table) => [table, [right[table], now[table]]]),
  )

test.each(faultEffects)('every read survives the effect %s', async (effect) => {
  const reading = called.filter(({ op }) => op.method === 'GET')
  await faultFor(reading, effect)
  expect(await callAll(reading)).toEqual({})
  await expectHappened()
})

test(
  'every write survives each effect, and nothing is done twice',
  async () => {
    const restore = async () => expect((await server.post('/_pinfold/snapshots/before/restore', {})).status).toBe(204)
    await restore()
    await server.request('DELETE', '/_pinfold/faults')
    expect(await callAll(writing), 'without a fault').toEqual({})
    await until(() => !JSON.stringify(counts().removals).includes('"rows":1'))
    const once = compared(counts())
    const wrong: Record<string, unknown> = {}
    for (const effect of faultEffects) {
      await restore()
      await faultFor(writing, effect)
      const failed = await callAll(writing)
      await expectHappened()
      // What waits is carried out now.
      await server.request('DELETE', '/_pinfold/faults')
      let different: Record<string, unknown> = {}
      const isSame = () => {
        different = differences(once, compared(counts()))
        return Object.keys(different).length === 0
      }
      await vi.waitUntil(isSame, { timeout: onThisMachine(3000) }).catch(() => {})
      if (Object.keys({ ...failed, ...different }).length > 0) wrong[effect] = { failed, different }
    }
    expect(wrong).toEqual({})
  },
  onThisMachine(120_000),
)

test.each(faultEffects)('a refresh of tokens survives the effect %s', async (effect) => {
  const item = {
    operation: 'oauth/token',
    effect,
    times: 1,
    ...(effect === 'latency' && { latency_ms: timeoutMs * 2 }),
  }
  await server.request('PUT', '/_pinfold/faults', { json: { items: [item] } })
  const client = new PinterestClient({
    ...{ baseUrl: server.url, refreshToken: people.alice.refresh, clientId: testApp.id, clientSecret: testApp.secret },
    timeoutMs,
  })
  expect((await client.userAccount.get()).username).toBe('alice')
  await expectHappened()
  await client.oauth.revoke('pina_of_nobody_0000000000000')
})

test('making many Pins and uploading a video survive, too, with nothing made twice', async () => {
  const client = clientOf()
  const title = 'One of many'
  const { board } = common
  const pins = Array.from({ length: 6 }, () => ({
    board_id: board,
    title,
    picture: Buffer.from(picture.data, 'base64'),
  }))
  const effects = ['lost_response', 'truncate', 'reset', 'error'] as const
  const items = effects.flatMap((effect) => [
    { operation: 'pins/create', effect, times: 2 },
    { operation: 'media/create', effect, times: 1 },
    { operation: 'media/get', effect, times: 1 },
  ])
  await server.request('PUT', '/_pinfold/faults', { json: { items } })
  const before = serverCounts('media')
  const made = await client.pins.createMany(pins)
  expect(made.filter((each) => 'error' in each)).toEqual([])
  const listed = await client.boards.listPins(board).toArray()
  expect(listed.filter((pin) => pin.title === title)).toHaveLength(pins.length)
  expect((await client.media.upload(clip)).status).toBe('succeeded')
  expect(serverCounts('media')).toBe(before + 1)
})
