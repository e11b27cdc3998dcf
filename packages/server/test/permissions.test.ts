import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  adRights,
  allScopes,
  businessAccessRoles,
  errorsOf,
  exampleRequest,
  type Operation,
  operations,
  organicRights,
  type Scope,
} from '@pinfold/contract'
import { makeAdBelongings } from '@pinfold/test-support/ads'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { sendTo } from '@pinfold/test-support/send-example'
import { allScopesBut, people, seedFile, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { type ServerState, serverState } from '@pinfold/test-support/server-state'
import { beforeAll, describe, expect, test } from 'vitest'

/** The operations that tokens of apps can call. */
const all = (operations as readonly Operation[]).filter(
  ({ auth, sessionOnly }) => !sessionOnly && auth.by !== 'control',
)
const byToken = all.filter((op) => op.auth.by === 'token')
const scopesOf = ({ auth }: Operation): readonly Scope[] => (auth.by === 'token' ? auth.scopes : [])
const has = (part: Operation['params'], name: string) => Object.hasOwn(part?.properties ?? {}, name)

const tokenOf = (name: string) => `pina_${name.padEnd(24, '0')}`
const without = (scope: Scope) => tokenOf(`without_${scope.replace(':', '_')}`)
const helperOf = (role: string) => role.toLowerCase().slice(0, 30)
const shared = businessAccessRoles.filter((role) => role !== 'OWNER')

/** Alice with a token without each scope, a helper with each role in her ad account, and another business. */
function seed() {
  const { accounts, apps, tokens } = seedFile(
    allScopes.map((scope) => ({ text: without(scope), scopes: allScopesBut(scope) })),
  )
  const [alice, ...others] = accounts
  const helpers = shared.map(helperOf)
  return {
    accounts: [
      { ...alice, ad_account_roles: shared.map((role) => ({ account: helperOf(role), role })) },
      ...others,
      ...helpers.map((username) => ({ username })),
      { username: 'rival', account_type: 'BUSINESS' },
    ],
    apps,
    tokens: [
      ...tokens,
      ...[...helpers, 'rival'].map((account) => ({
        ...{ app: testApp.id, account, access_token: tokenOf(account) },
      })),
    ],
  }
}

/** What a request names: things of Alice's, or things that nobody has. */
interface Named extends Record<string, unknown> {
  board_id: string
  section_id: string
  pin_id: string
  media_id: string
  ad_account_id: string | undefined
}

describe('every operation of the contract', () => {
  let server: TestServer
  let state: ServerState
  let alices: Named
  let nobodys: Named
  let adAccount: string
  let appToken: string

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-permissions-'))
    const path = join(folder, 'seed.json')
    await writeFile(path, JSON.stringify(seed()))
    server = await startTestServer({ seed: path, ephemeral: false, dataDir: join(folder, 'data') })
    state = serverState(join(folder, 'data'))
    const ads = await makeAdBelongings(server)
    adAccount = ads.ad_account_id
    const board_id = (await server.post('/boards', { name: 'Hers' })).body.id
    const section_id = (await server.post(`/boards/${board_id}/sections`, { name: 'Part' })).body.id
    const pin = { board_id, board_section_id: section_id, title: 'Cup', media_source: await base64Source() }
    const pin_id = (await server.post('/pins', pin)).body.id
    const { media_id } = (await server.post('/media', { media_type: 'video' })).body
    const more = { username: people.bob.username, ad_account_id: undefined }
    alices = { ...ads, ...more, board_id, section_id, pin_id, media_id, pin_ids: [pin_id], website: 'alice.example' }
    const none = (last: number) => `99999999999999${last}`
    nobodys = {
      ...more,
      ...Object.fromEntries(Object.entries(ads).map(([name, ids]) => [name, Array.isArray(ids) ? [none(9)] : none(9)])),
      ad_account_id: undefined,
      ...{ board_id: none(1), section_id: none(2), pin_id: none(3), media_id: none(4), pin_ids: [none(3)] },
      ...{ username: 'nobody_at_all', website: '127.0.0.1:9/nothing' },
    }
    const form = { grant_type: 'client_credentials', scope: allScopes.join(',') }
    const basic = Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')
    const options = { token: null, form, headers: { authorization: `Basic ${basic}` } }
    appToken = (await server.request('POST', '/oauth/token', options)).body.access_token
    return async () => {
      state.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  /** Sends the example of an operation, which says whom to act for where there is no example of that. */
  function send(op: Operation, values: Named, token: string | null) {
    const request = exampleRequest(op, values)
    const { ad_account_id } = values
    if (ad_account_id !== undefined && has(op.query, 'ad_account_id')) Object.assign(request.query, { ad_account_id })
    return sendTo(server, op, request, { token })
  }

  /** Returns what an operation answers, and expects that it writes nothing. */
  async function refusal(op: Operation, values: Named, token: string | null) {
    // Reports that were asked for before are made meanwhile.
    await until(() => state.all(`SELECT token FROM jobs WHERE status = 'IN_PROGRESS'`).length === 0)
    const before = state.snapshot()
    const { status, body, headers } = await send(op, values, token)
    expect(state.snapshot()).toEqual(before)
    return { status, code: body?.code, message: String(body?.message), names: [...headers.keys()].sort() }
  }

  /** As `refusal`, and expects that it is the same for things that there are and for things that there are not. */
  async function blindRefusal(op: Operation, token: string | null, adAccountId: string) {
    const answer = await refusal(op, { ...alices, ad_account_id: adAccountId }, token)
    expect(await refusal(op, { ...nobodys, ad_account_id: adAccountId }, token)).toEqual(answer)
    return answer
  }

  test.each(byToken)('$id needs a token, and each of its scopes', async (op) => {
    expect(await blindRefusal(op, null, adAccount)).toMatchObject({ status: 401, code: 2 })
    const { status, code } = errorsOf(op).get('insufficientScope') ?? {}
    for (const scope of scopesOf(op)) {
      const answer = await blindRefusal(op, without(scope), adAccount)
      expect(answer).toMatchObject({ status, code })
      expect(answer.message).toContain(`Missing: ${scope}.`)
    }
  })

  test.each(byToken.filter((op) => op.auth.by === 'token' && !op.auth.clientCredentials))(
    '$id is not for the app’s own token',
    async (op) => {
      const answer = await blindRefusal(op, appToken, adAccount)
      expect(answer.status).toBe(401)
      expect(answer.message).toContain('not open to client credentials')
    },
  )

  test('takes no token for conversions', async () => {
    const { access_token: token } = (await server.post('/oauth/conversion_token')).body
    for (const op of byToken) expect([op.id, (await refusal(op, alices, token)).status]).toEqual([op.id, 401])
  })

  /** Returns all rows of an account's, but for what others may do: follow it, and use its Pins, which is counted. */
  const rowsOf = (accountId: number) =>
    Object.entries(state.snapshot().rows)
      .filter(([table]) => !/analytics|days|saves|follows/.test(table))
      .flatMap(([, rows]) =>
        rows.filter((row) => [fieldOf(row, 'owner_id'), fieldOf(row, 'account_id')].includes(accountId)),
      )
  /** Returns all rows of what is in an ad account. */
  const rowsIn = (adAccountId: string) =>
    Object.values(state.snapshot().rows)
      .flat()
      .filter((row) => fieldOf(row, 'ad_account_id') === Number(adAccountId) && fieldOf(row, 'data') !== undefined)
  const fieldOf = (row: unknown, name: string): unknown => new Map(Object.entries(row ?? {})).get(name)

  test.each(byToken)('$id changes nothing of another account', async (op) => {
    const id = Number((await server.get('/user_account')).body.id)
    const before = rowsOf(id)
    expect(before.length).toBeGreaterThan(10)
    const { status } = await send(op, { ...alices, username: people.alice.username }, people.bob.token)
    expect(status).toBeLessThan(500)
    expect(rowsOf(id)).toEqual(before)
  })

  describe('that acts for the owner of an ad account', () => {
    const acting = all.filter((op) => has(op.query, 'ad_account_id'))
    const rightFor = ({ category }: Operation) => (category === 'org_analytics' ? 'analytics' : 'pins')
    const may = (op: Operation, role: (typeof businessAccessRoles)[number]) =>
      organicRights[role]?.includes(rightFor(op)) ?? false

    test.each(acting)('$id needs a role that allows it', async (op) => {
      for (const role of shared.filter((each) => !may(op, each))) {
        const answer = await blindRefusal(op, tokenOf(helperOf(role)), adAccount)
        expect([role, answer.status, answer.code]).toEqual([role, 403, errorsOf(op).get('forbidden')?.code])
        expect(answer.message).toContain('OWNER, ADMIN')
      }
      // It would take from the others what they look for: emptying.test.ts carries it out.
      if (op.id === 'sandbox/delete') return
      for (const role of shared.filter((each) => may(op, each))) {
        const values = { ...nobodys, ad_account_id: adAccount }
        const answer = await send(op, values, tokenOf(helperOf(role)))
        expect([role, answer.text.includes('ad account')]).toEqual([role, false])
      }
    })

    test.each(acting)('$id does not tell others which ad accounts there are', async (op) => {
      const unknown = '999999999999999'
      for (const token of [people.bob.token, tokenOf('rival')]) {
        const [one, other] = [await blindRefusal(op, token, adAccount), await blindRefusal(op, token, unknown)]
        expect(one).toEqual({ ...other, message: other.message.replaceAll(unknown, adAccount) })
        expect(one.status).toBe(403)
      }
    })
  })

  test.each(byToken.filter((op) => !has(op.query, 'ad_account_id')))(
    '$id acts for nobody else, whatever is asked',
    async (op) => {
      const request = exampleRequest(op, { ...nobodys, ad_account_id: adAccount })
      const query = { ...request.query, ad_account_id: '999999999999999' }
      const { text } = await sendTo(server, op, { ...request, query }, { token: people.bob.token })
      expect(text).not.toContain(query.ad_account_id)
    },
  )

  describe('that is about an ad account', () => {
    const inAdAccount = all.filter((op) => op.adRight)
    const may = (op: Operation, role: (typeof businessAccessRoles)[number]) =>
      op.adRight !== undefined && (adRights[role]?.includes(op.adRight) ?? false)

    test.each(inAdAccount)('$id needs a role that allows it', async (op) => {
      for (const role of shared.filter((each) => !may(op, each))) {
        const answer = await blindRefusal(op, tokenOf(helperOf(role)), adAccount)
        expect([role, answer.status, answer.code]).toEqual([role, 403, errorsOf(op).get('forbidden')?.code])
        expect(answer.message).toContain('OWNER, ADMIN')
      }
      for (const role of shared.filter((each) => may(op, each))) {
        const answer = await send(op, { ...nobodys, ad_account_id: adAccount }, tokenOf(helperOf(role)))
        expect([role, answer.status]).not.toEqual([role, 403])
      }
    })

    test.each(inAdAccount)('$id finds nothing of another ad account in one’s own', async (op) => {
      const mine = (await server.get('/ad_accounts', { token: tokenOf('rival') })).body.items[0].id
      const before = rowsIn(adAccount)
      expect(before.length).toBeGreaterThan(0)
      const { text, status } = await send(op, { ...alices, ad_account_id: mine }, tokenOf('rival'))
      expect(status).toBeLessThan(500)
      expect(text).not.toContain(`"ad_account_id":"${adAccount}"`)
      expect(rowsIn(adAccount)).toEqual(before)
    })
  })

  test.each(all.filter((op) => has(op.params, 'ad_account_id')))(
    '$id does not tell others of an ad account',
    async (op) => {
      const unknown = '999999999999999'
      for (const token of [people.bob.token, tokenOf('rival')]) {
        const [one, other] = [await blindRefusal(op, token, adAccount), await blindRefusal(op, token, unknown)]
        expect(one).toEqual({ ...other, message: other.message.replaceAll(unknown, adAccount) })
        expect(one.status).toBe(403)
      }
    },
  )
})
