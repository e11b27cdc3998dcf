import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { beforeAll, describe, expect, test } from 'vitest'

const withoutSecrets = { token: 'pina_without_secrets_0000000' }
const readsOnly = { token: 'pina_reads_only_000000000000' }
const bob = { token: people.bob.token }

describe.each(databases)('product tags on $name', ({ name, open }) => {
  let server: TestServer
  let dataDir: string
  let shop: string
  let plans: string
  let scene: string
  beforeAll(async () => {
    const { discard, ...database } = await open()
    dataDir = await mkdtemp(join(tmpdir(), 'pinfold-tags-'))
    server = await startTestServer({
      ...database,
      ...{ ephemeral: false, dataDir },
      tokens: [
        { text: withoutSecrets.token, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') },
        { text: readsOnly.token, scopes: allScopesBut('pins:write') },
      ],
    })
    shop = (await server.post('/boards', { name: 'Shop' })).body.id
    plans = (await server.post('/boards', { name: 'Plans', privacy: 'SECRET' })).body.id
    scene = await pin()
    return async () => {
      await server.close()
      await discard()
      await rm(dataDir, { recursive: true, force: true })
    }
  })

  const pin = async (board_id = shop, options = {}): Promise<string> => {
    const { status, body } = await server.post('/pins', { board_id, media_source: await base64Source() }, options)
    expect(status).toBe(201)
    return body.id
  }
  const given = (ids: readonly string[]) => ({ product_tags: ids.map((pin_id) => ({ pin_id })) })
  const tag = (id: string, ids: readonly string[], options = {}) =>
    server.post(`/pins/${id}/product_tags`, given(ids), options)
  const untag = (id: string, ids: readonly string[], options = {}) =>
    server.post(`/pins/${id}/product_tags/bulk-delete`, given(ids), options)
  const tagsOf = async (id: string) => {
    const { status, body } = await server.get(`/pins/${id}/product_tags`)
    expect(status).toBe(200)
    return body.product_tags.map(({ pin_id }: { pin_id: string }) => pin_id)
  }

  test('show which products a Pin shows, wherever the Pin is seen', async () => {
    const [cup, jug] = [await pin(), await pin()]
    expect(await tagsOf(scene)).toEqual([])
    expect(await tag(scene, [jug, cup, jug])).toMatchObject({ status: 200, body: given([jug, cup]) })
    expect((await server.get(`/pins/${scene}`)).body.product_tags).toEqual([jug, cup])
    expect((await server.patch(`/pins/${scene}`, { title: 'Kitchen' })).body.product_tags).toEqual([jug, cup])
    const listed = async (query: string) =>
      (await server.get(`/pins?page_size=250&${query}`)).body.items.filter(({ id }: { id: string }) => id === scene)
    expect(await listed('')).toMatchObject([{ product_tags: [jug, cup] }])
    expect(await listed('include_product_tag_obj=true')).toMatchObject([given([jug, cup])])
    const { items } = (await server.get(`/boards/${shop}/pins?page_size=250`)).body
    expect(items.find(({ id }: { id: string }) => id === scene).product_tags).toEqual([jug, cup])
    expect(items.find(({ id }: { id: string }) => id === cup).product_tags).toEqual([])
    expect(await untag(scene, [jug])).toMatchObject({ status: 204, text: '' })
    expect(await tagsOf(scene)).toEqual([cup])
    expect((await untag(scene, [cup])).status).toBe(204)
    expect((await server.get(`/pins/${scene}`)).body.product_tags).toEqual([])
  })

  test('may be given and taken again: what is so already is a success', async () => {
    const cup = await pin()
    for (const _ of [1, 2]) expect(await tag(scene, [cup])).toMatchObject({ status: 200, body: given([cup]) })
    for (const _ of [1, 2]) expect((await untag(scene, [cup, '999999999999', '0'])).status).toBe(204)
    expect(await tagsOf(scene)).toEqual([])
  })

  test('are made all or not at all, and the error says what is wrong with which', async () => {
    const cup = await pin()
    const secret = await pin(plans)
    const { id } = (await server.post('/boards', { name: 'Bob’s' }, bob)).body
    const bobs = await pin(id, bob)
    const { id: hidden } = (await server.post('/boards', { name: 'Bob’s plans', privacy: 'SECRET' }, bob)).body
    const bobsSecret = await pin(hidden, bob)
    const wrong = (pin_id: string, error_message: string) => ({ pin_id, error_message })
    const answer = await tag(scene, [cup, secret, bobs, bobsSecret, '12345', '0'])
    expect(answer).toMatchObject({ status: 400, body: { code: 1 } })
    expect(answer.body.details).toEqual({
      product_tags: [
        wrong(secret, 'PIN_IS_PRIVATE'),
        wrong(bobs, 'PIN_NOT_FROM_SAME_USER_AS_HERO_PIN'),
        wrong(bobsSecret, 'PIN_MISSING'),
        wrong('12345', 'PIN_MISSING'),
        wrong('0', 'PIN_MISSING'),
      ],
    })
    expect(answer.body.message).toContain(`${secret}: PIN_IS_PRIVATE`)
    const blind = await tag(scene, [secret], withoutSecrets)
    expect(blind.body.details).toEqual({ product_tags: [wrong(secret, 'PIN_MISSING')] })
    expect(await tagsOf(scene)).toEqual([])
  })

  test('are up to 24 in a Pin, and none is the Pin itself', async () => {
    const many: string[] = []
    for (let i = 0; i < 25; i++) many.push(await pin())
    const itself = await tag(scene, [scene])
    expect([itself.status, itself.body.message]).toEqual([400, expect.stringContaining('in itself')])
    for (const ids of [[], many]) expect((await tag(scene, ids)).status).toBe(400)
    expect((await untag(scene, [])).status).toBe(400)
    expect((await tag(scene, many.slice(1))).body.product_tags).toHaveLength(24)
    const full = await tag(scene, many.slice(0, 2))
    expect([full.status, full.body.message]).toEqual([400, expect.stringContaining('up to 24')])
    expect((await tag(scene, many.slice(1, 3))).status).toBe(200)
    expect((await untag(scene, many.slice(1))).status).toBe(204)
  })

  test('go with the Pins: with one that is deleted, with its board, and when it becomes secret', async () => {
    const { id: shelf } = (await server.post('/boards', { name: 'Shelf' })).body
    const { id: drawer } = (await server.post('/boards', { name: 'Drawer' })).body
    const [deleted, moved, shelved, hidden, stays] = [
      await pin(),
      await pin(),
      await pin(shelf),
      await pin(drawer),
      await pin(),
    ]
    const tagged = [deleted, moved, shelved, hidden, stays]
    expect((await tag(scene, tagged)).status).toBe(200)
    expect((await server.delete(`/pins/${deleted}`)).status).toBe(204)
    expect(await tagsOf(scene)).toEqual([moved, shelved, hidden, stays])
    await server.patch(`/pins/${moved}`, { board_id: plans })
    expect(await tagsOf(scene)).toEqual([shelved, hidden, stays])
    await server.delete(`/boards/${shelf}`)
    expect(await tagsOf(scene)).toEqual([hidden, stays])
    await server.patch(`/boards/${drawer}`, { privacy: 'SECRET' })
    expect(await tagsOf(scene)).toEqual([stays])
    // It is not tagged any more: a Pin that shows it again must be tagged again.
    await server.patch(`/boards/${drawer}`, { privacy: 'PUBLIC' })
    expect((await server.get(`/pins/${scene}`)).body.product_tags).toEqual([stays])
    await server.patch(`/pins/${scene}`, { board_id: plans })
    expect(await tagsOf(scene)).toEqual([stays])
    const seen = await server.get(`/pins/${scene}/product_tags`, withoutSecrets)
    expect(seen).toMatchObject({ status: 404, body: { code: 50 } })
    await server.patch(`/pins/${scene}`, { board_id: shop })
  })

  test('are of the Pin’s owner alone, for tokens that may write', async () => {
    const cup = await pin()
    for (const options of [bob, readsOnly]) {
      const status = options === bob ? 403 : 401
      expect((await tag(scene, [cup], options)).status).toBe(status)
      expect((await untag(scene, [cup], options)).status).toBe(status)
    }
    expect((await server.get(`/pins/${scene}/product_tags`, bob)).status).toBe(403)
    expect((await server.get(`/pins/${scene}/product_tags`, readsOnly)).status).toBe(200)
    const secret = await pin(plans)
    for (const options of [bob, withoutSecrets])
      expect(await tag(secret, [cup], options)).toMatchObject({ status: 404, body: { code: 50 } })
  })

  test.runIf(name === 'SQLite')('leave nothing behind', async () => {
    const gone = await pin()
    expect((await tag(scene, [gone, await pin()])).status).toBe(200)
    await server.delete(`/pins/${gone}`)
    await server.close()
    await expectSound(dataDir)
  })
})
