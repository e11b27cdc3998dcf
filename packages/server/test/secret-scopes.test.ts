import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  allScopes,
  type ExampleRequest,
  exampleRequest,
  type Operation,
  operations,
  type Scope,
  secretScopes,
} from '@pinfold/contract'
import { base64Source } from '@pinfold/test-support/pictures'
import { sendTo } from '@pinfold/test-support/send-example'
import {
  type Answer,
  allScopesBut,
  people,
  seedFile,
  startTestServer,
  type TestServer,
  testApp,
  trialApp,
} from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

/** Somebody who asks, and may not see or not change something secret of Alice's. */
interface Asker {
  name: string
  token: string
  scopes: readonly Scope[]
  /** Alice's token: the others are of people to whom it makes no difference which scopes they have. */
  isAlices: boolean
}

const secret: readonly Scope[] = ['boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret']
const token = (name: string) => `pina_${name.padEnd(24, '0')}`
const alices = (name: string, ...without: readonly Scope[]): Asker => ({
  ...{ name, token: token(name.replaceAll(/\W/g, '_')), scopes: allScopesBut(...without), isAlices: true },
})
const ofTrialApp = { ...alices('a trial app without any secret scope', ...secret), token: token('trial_lesser') }
const blind: readonly Asker[] = [
  alices('without boards:read_secret', 'boards:read_secret', 'boards:write_secret'),
  alices('without pins:read_secret', 'pins:read_secret', 'pins:write_secret'),
  alices('without any secret scope', ...secret),
  ofTrialApp,
  { name: 'an ANALYST who acts for her', token: token('analyst'), scopes: allScopes, isAlices: false },
  { name: 'another account', token: people.bob.token, scopes: allScopes, isAlices: false },
]
/** These see what is secret, and may not change it. */
const readers: readonly Asker[] = [
  alices('without boards:write_secret', 'boards:write_secret'),
  alices('without pins:write_secret', 'pins:write_secret'),
]

/** The operations that tokens of apps can call. */
const all = (operations as readonly Operation[]).filter(
  ({ auth, sessionOnly }) => !sessionOnly && auth.by !== 'control',
)
const reads = all.filter(({ method, auth }) => method === 'GET' && 'scopes' in auth)
/** Those that take things away come last. */
const writes = all
  .filter(({ method, auth }) => method !== 'GET' && auth.by !== 'app')
  .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'))

/** Whether somebody has less than an operation needs for what is secret. */
function hasLess({ auth }: Operation, { scopes, isAlices }: Asker): boolean {
  if (!isAlices || !('scopes' in auth)) return true
  return ((auth.by === 'token' ? auth.secretScopes : undefined) ?? secretScopes(auth.scopes ?? [])).some(
    (scope) => !scopes.includes(scope),
  )
}

/** The answers that name or count boards, to the token that may see secret ones. */
const seesBoards = /^(boards\/list|search_user_boards\/get|user_account\/get) without pins:read_secret$/

async function seededServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-secret-scopes-'))
  const { accounts, apps, tokens } = seedFile(
    [...blind, ...readers].flatMap(({ isAlices, token: text, scopes }) =>
      isAlices && text !== ofTrialApp.token ? [{ text, scopes }] : [],
    ),
  )
  const [alice, ...others] = accounts
  const seed = {
    accounts: [
      { ...alice, ad_account_roles: [{ account: 'analyst', role: 'ANALYST' }] },
      ...others,
      { username: 'analyst' },
    ],
    apps,
    tokens: [
      ...tokens,
      { app: trialApp.id, account: 'alice', access_token: ofTrialApp.token, scopes: ofTrialApp.scopes },
      { app: testApp.id, account: 'analyst', access_token: token('analyst') },
    ],
  }
  await writeFile(join(folder, 'seed.json'), JSON.stringify(seed))
  const server = await startTestServer({ seed: join(folder, 'seed.json') })
  await rm(folder, { recursive: true, force: true })
  return server
}

interface Things {
  board_id: string
  section_id: string
  pin_id: string
}

async function make(server: TestServer, privacy: string, name = `A ${privacy} board`): Promise<Things> {
  const { body: board } = await server.post('/boards', { name, privacy })
  const { body: section } = await server.post(`/boards/${board.id}/sections`, { name: 'Part' })
  const media_source = await base64Source(privacy.length)
  const pin = { board_id: board.id, board_section_id: section.id, title: 'Cup', link: 'https://alice.example/cup' }
  const { body, status } = await server.post('/pins', { ...pin, media_source })
  expect(status).toBe(201)
  const at = new Date(server.clock.now()).toISOString()
  const events = ['impression', 'pin_click', 'outbound_click'].map((type) => ({
    ...{ id: `${body.id} ${type}`, type, pin_id: body.id, at, viewer: 'somebody' },
  }))
  expect((await server.post('/_pinfold/events', { events }, { token: null })).status).toBe(200)
  return { board_id: board.id, section_id: section.id, pin_id: body.id }
}

/** The fields of requests by which things are named. */
const named = ({ board_id, section_id, pin_id }: Things): Record<string, unknown> => ({
  ...{ board_id, section_id, board_section_id: section_id, pin_id, parent_pin_id: pin_id, pin_ids: [pin_id] },
})
const nothing: Things = { board_id: '999999999999999', section_id: '999999999999998', pin_id: '999999999999997' }

/** Sends a request as somebody: those who act for Alice say so, where that can be said. */
function ask(server: TestServer, op: Operation, request: ExampleRequest, asker: Asker, adAccountId: string) {
  const acts = !asker.isAlices && Object.hasOwn(op.query?.properties ?? {}, 'ad_account_id')
  const query = { ...request.query, ...(acts && { ad_account_id: adAccountId }) }
  return sendTo(server, op, { ...request, query }, { token: asker.token })
}

const adAccountOf = async (server: TestServer): Promise<string> => (await server.get('/ad_accounts')).body.items[0].id

/** Every read by everybody who sees less, before there is anything secret and after (12.7). */
describe('what is secret', () => {
  let server: TestServer
  let hidden: Things
  let answersBefore: Map<string, string>
  let open: Things & Record<string, unknown>

  async function read(op: Operation, asker: Asker, values: Record<string, unknown>): Promise<string> {
    const { status, text } = await ask(server, op, exampleRequest(op, values), asker, String(open.ad_account_id))
    return `${status} ${text}`
  }

  async function askAll(): Promise<Map<string, string>> {
    const answers = new Map<string, string>()
    for (const op of reads)
      for (const asker of blind) answers.set(`${op.id} ${asker.name}`, await read(op, asker, open))
    return answers
  }

  beforeAll(async () => {
    server = await seededServer()
    const { board_id, section_id, pin_id } = await make(server, 'PUBLIC')
    open = {
      ...{ board_id, section_id, pin_id, pin_ids: [pin_id] },
      media_id: (await server.post('/media', { media_type: 'video' })).body.media_id,
      username: people.bob.username,
      ad_account_id: await adAccountOf(server),
    }
    answersBefore = await askAll()
    hidden = await make(server, 'SECRET')
    return () => server.close()
  })

  test('changes no answer to a token that may not see it: no list, no count and no sum', async () => {
    expect(answersBefore.size).toBeGreaterThan(160)
    expect([...answersBefore.values()].filter((answer) => answer.startsWith('200')).length).toBeGreaterThan(100)
    const answers = [...(await askAll())]
    for (const [, answer] of answers) expect(answer).not.toContain(hidden.pin_id)
    // A token that sees secret boards, and not the Pins on them, sees that there is one more board.
    const without = (entries: [string, string][]) => entries.filter(([name]) => !seesBoards.test(name))
    expect(Object.fromEntries(without(answers))).toEqual(Object.fromEntries(without([...answersBefore])))
  })

  test('changes what its owner sees, so that the comparison can fail', async () => {
    const { text } = await server.get('/boards')
    expect(text).toContain(hidden.board_id)
  })

  test.each(reads.filter(({ params, query }) => /"(board_id|pin_id|pin_ids)"/.test(JSON.stringify([params, query]))))(
    'is to $id as if it were not there',
    async (op) => {
      for (const asker of blind.filter((each) => hasLess(op, each))) {
        const [one, other] = await Promise.all(
          [hidden, nothing].map(async (things) => {
            const answer = await read(op, asker, { ...open, ...things, pin_ids: [things.pin_id] })
            return Object.values(things).reduce((text, id) => text.replaceAll(id, 'ID'), answer)
          }),
        )
        expect(one, asker.name).toBe(other)
        // What ads show has no rows where it is not there.
        expect(one, asker.name).toMatch(/^ad(s|_pins)\/analytics$/.test(op.id) ? /^200 \[\]$|^4/ : /^4/)
      }
    },
  )
})

/** Every write by everybody who sees or may do less (12.7). */
describe('what is secret, to those who write', () => {
  /** Two servers on which the same happens; on one there are secret things too. */
  let plain: TestServer
  let server: TestServer
  let hidden: Things
  let source: unknown

  /** The names of boards by which writes could meet a secret one: each has one for itself. */
  const nameFor = (op: Operation, asker: Asker) => `Hidden from ${op.id} ${asker.name}`

  const valuesFor = (things: Things, op: Operation, asker: Asker) => ({
    ...named(things),
    ...{ name: nameFor(op, asker), media_source: source, website: '127.0.0.1:9/shop', username: people.bob.username },
  })

  /** The example of a write, and the same with each field of its body left out. */
  function requestsFor(op: Operation, values: Record<string, unknown>): ExampleRequest[] {
    const right = exampleRequest(op, values)
    const fields = Object.entries(right.body ?? {})
    const lacking = fields.map(([name]) => Object.fromEntries(fields.filter(([other]) => other !== name)))
    return [right, ...lacking.map((body) => ({ ...right, body }))]
  }

  /** The example of a write with these ids in one place that has ids, for each such place; and in all of them. */
  function requestsNaming(op: Operation, values: Record<string, unknown>, things: Things): ExampleRequest[] {
    const right = exampleRequest(op, values)
    const ids = named(things)
    const { params, body, ...rest } = exampleRequest(op, { ...values, ...ids })
    const inParams = Object.keys(params).filter((name) => name in ids)
    const { properties = {} }: { properties?: object } = op.body?.schema ?? {}
    const fields = Object.keys(properties).filter((name) => name in ids)
    const requests = [
      { ...rest, params, body },
      { ...right, body },
      ...inParams.map((name) => ({ ...right, params: { ...right.params, [name]: String(ids[name]) } })),
      ...fields.map((name) => ({ ...right, body: { ...Object(right.body), [name]: ids[name] } })),
    ]
    return requests.filter((request) => Object.values(things).some((id) => JSON.stringify(request).includes(id)))
  }

  /** What an answer tells, without what differs from one request or server to the next. */
  function told({ status, text, headers }: Answer): unknown {
    const differing = ['date', 'x-pinterest-rid', 'content-length', 'etag']
    const same = text
      .replaceAll(/"upload_parameters":\{[^}]+\}/g, '"upload_parameters":{}')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+\/(media|uploads)[^"]+/g, 'ADDRESS')
      .replaceAll(/\b[\da-f]{32,}\b/g, 'HEX')
      .replaceAll(/"pina_[^"]+"/g, '"TOKEN"')
      .replaceAll(/"whsec_[^"]+"/g, '"SECRET"')
      .replaceAll(/\d{12,}/g, 'ID')
    return [status, same, [...headers].filter(([name]) => !differing.includes(name))]
  }

  async function whatAliceSees(): Promise<string[]> {
    const { board_id, section_id, pin_id } = hidden
    const board = `/boards/${board_id}`
    const paths = [board, `${board}/sections`, `${board}/pins`, `${board}/sections/${section_id}/pins`]
      .concat(`/pins/${pin_id}`, `/pins/${pin_id}/product_tags`, '/boards?privacy=SECRET&page_size=250')
      .concat('/pins?pin_type=PRIVATE&pin_metrics=true')
    const answers = await Promise.all(paths.map((path) => server.get(path)))
    for (const { status, text } of answers) expect(status, text).toBe(200)
    return answers.map(({ text }) => text)
  }

  beforeAll(async () => {
    ;[plain, server] = [await seededServer(), await seededServer()]
    source = await base64Source(9)
    hidden = await make(server, 'SECRET', 'Quick Saves')
    for (const op of writes.filter(({ id }) => id.startsWith('boards/')))
      for (const asker of blind)
        expect((await server.post('/boards', { name: nameFor(op, asker), privacy: 'SECRET' })).status).toBe(201)
    return async () => {
      await plain.close()
      await server.close()
    }
  })

  test.each(blind)('changes no answer to $name', async (asker) => {
    const [one, other] = [await make(plain, 'PUBLIC', asker.name), await make(server, 'PUBLIC', asker.name)]
    const before = await whatAliceSees()
    const [adAccount, otherAdAccount] = [await adAccountOf(plain), await adAccountOf(server)]
    let succeeded = 0
    for (const op of writes.filter((each) => hasLess(each, asker))) {
      const others = requestsFor(op, valuesFor(other, op, asker))
      for (const [i, request] of requestsFor(op, valuesFor(one, op, asker)).entries()) {
        const expected = await ask(plain, op, request, asker, adAccount)
        const answer = await ask(server, op, others[i] ?? request, asker, otherAdAccount)
        expect(told(answer), `${op.id} ${JSON.stringify(request.body)}`).toEqual(told(expected))
        if (answer.status < 300) succeeded++
      }
    }
    expect(succeeded).toBeGreaterThan(asker.name.includes('pins:read') ? 5 : 1)
    expect(await whatAliceSees()).toEqual(before)
  })

  test.each(blind)('is as if it were not there to $name', async (asker) => {
    const before = await whatAliceSees()
    const adAccount = await adAccountOf(server)
    for (const op of writes.filter((each) => hasLess(each, asker))) {
      const values = valuesFor(await make(server, 'PUBLIC', `${op.id} ${asker.name}`), op, asker)
      const unknown = requestsNaming(op, values, nothing)
      for (const [i, request] of requestsNaming(op, values, hidden).entries()) {
        const answer = await ask(server, op, request, asker, adAccount)
        const expected = await ask(server, op, unknown[i] ?? request, asker, adAccount)
        expect(told(answer), `${op.id} ${JSON.stringify(request)}`).toEqual(told(expected))
      }
    }
    expect(await whatAliceSees()).toEqual(before)
  })

  test.each(readers)('is not changed $name', async (asker) => {
    const before = await whatAliceSees()
    const adAccount = await adAccountOf(server)
    for (const op of writes.filter(({ auth }) => auth.by === 'token').filter((each) => hasLess(each, asker))) {
      const values = valuesFor(await make(server, 'PUBLIC', `${op.id} ${asker.name}`), op, asker)
      for (const request of requestsNaming(op, values, hidden)) await ask(server, op, request, asker, adAccount)
    }
    expect(await whatAliceSees()).toEqual(before)
  })
})
