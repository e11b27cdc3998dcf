import { createHash } from 'node:crypto'
import { databases } from '@pinfold/test-support/databases'
import { banded, drawing, jpegSource } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const alice = {}
const bob = { token: people.bob.token }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A landscape of shapes; other colours or shapes make another picture. */
const landscape = ({ sky = '#93c5fd', hill = '#166534', sun = 220 } = {}) =>
  drawing(
    `<rect width="300" height="400" fill="${sky}"/><circle cx="${sun}" cy="90" r="40" fill="#fde047"/>
     <path d="M0 260 L110 180 L180 250 L300 150 V400 H0Z" fill="${hill}"/><rect x="40" y="300" width="60" height="70" fill="#7c2d12"/>`,
  )

describe.each(databases)('what one has already, on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}
  const large = landscape().jpeg({ quality: 95 }).toBuffer()

  const makePin = async (on: string, title: string, bytes: Buffer, who: object = alice): Promise<string> => {
    const made = await server.post('/pins', { board_id: boards[on], title, media_source: jpegSource(bytes) }, who)
    expect(made.status, made.text).toBe(201)
    return made.body.id
  }
  type Found = { pin: { title: string }; board: { name: string } | null }
  const named = (items: Found[]) => items.map(({ pin, board }) => `${pin.title}, on ${board?.name}`)
  const having = async (bytes: Buffer[], who: object = alice) => {
    const { status, body } = await server.get(`/_pinfold/web/duplicates?sha256=${bytes.map(sha256).join()}`, who)
    expect(status, JSON.stringify(body)).toBe(200)
    return named(body.items)
  }
  const like = async (id: string, who: object = alice) => {
    const { status, body } = await server.get(`/_pinfold/web/pins/${id}/duplicates`, who)
    expect(status, JSON.stringify(body)).toBe(200)
    return { same: named(body.same), similar: named(body.similar) }
  }

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const scopes = allScopesBut('boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret')
    server = await startTestServer({ ...database, tokens: [{ text: withoutSecrets.token, scopes }] })
    for (const [name, privacy] of Object.entries({ Views: 'PUBLIC', Plans: 'SECRET' }))
      boards[name] = (await server.post('/boards', { name, privacy })).body.id
    boards.bob = (await server.post('/boards', { name: "Bob's views" }, bob)).body.id
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('is known by the bytes before they are sent, of one’s own Pins alone', async () => {
    const [bytes, other] = [await large, await banded({ '#334155': 50, '#f1f5f9': 50 })]
    expect(await having([bytes])).toEqual([])
    const first = await makePin('Views', 'A valley', bytes)
    await makePin('Plans', 'The same valley', bytes)
    expect(await having([other, bytes])).toEqual(['The same valley, on Plans', 'A valley, on Views'])
    expect(await having([bytes], withoutSecrets)).toEqual(['A valley, on Views'])
    expect(await having([bytes], bob)).toEqual([])
    const saved = await server.post(`/pins/${first}/save`, { board_id: boards.bob }, bob)
    expect(await having([bytes], bob), 'what was saved counts too').toEqual(["A valley, on Bob's views"])
    expect(await like(first, bob)).toEqual({ same: ["A valley, on Bob's views"], similar: [] })
    await server.delete(`/pins/${saved.body.id}`, bob)
    expect(await having([bytes], bob)).toEqual([])
    expect(await like(first)).toEqual({ same: ['The same valley, on Plans'], similar: [] })
    expect(await like(first, withoutSecrets)).toEqual({ same: [], similar: [] })
    await server.post(`/_pinfold/trash/${first}`)
    expect(await having([bytes])).toEqual(['The same valley, on Plans'])
  })

  test('is guessed by the look in another size or quality, apart from what is certain', async () => {
    const small = await landscape().resize(120).jpeg({ quality: 60 }).toBuffer()
    const bobs = await makePin('bob', 'Mine', await large, bob)
    const copy = await makePin('Views', 'A small valley', small)
    expect(await like(copy)).toEqual({ same: [], similar: ['The same valley, on Plans'] })
    expect(await like(copy, withoutSecrets)).toEqual({ same: [], similar: [] })
    expect(await like(copy, bob)).toEqual({ same: [], similar: ["Mine, on Bob's views"] })
    expect(await like(bobs)).toEqual({ same: ['The same valley, on Plans'], similar: ['A small valley, on Views'] })
    const unlike = [landscape({ hill: '#7e22ce' }), landscape({ sun: 60 }), drawing('<circle cx="90" cy="90" r="70"/>')]
    for (const [i, each] of unlike.entries())
      expect(await like(await makePin('Views', `Other ${i}`, await each.jpeg().toBuffer()))).toEqual({
        same: [],
        similar: [],
      })
    const flat = await Promise.all([
      makePin('Views', 'Flat', await banded({ '#aaaaaa': 100 })),
      makePin('Views', 'Flat too', await banded({ '#bbbbbb': 100 })),
    ])
    expect(await like(flat[0])).toEqual({ same: [], similar: [] })
  })

  test('is told to whoever may see the Pin that is asked about, and to nobody else', async () => {
    const secret = await makePin('Plans', 'Blueprint', await landscape({ sky: '#0f172a' }).jpeg().toBuffer())
    const absent = await server.get('/_pinfold/web/pins/999999999999999/duplicates', bob)
    for (const who of [bob, withoutSecrets]) {
      const answer = await server.get(`/_pinfold/web/pins/${secret}/duplicates`, who)
      expect([answer.status, answer.body]).toEqual([absent.status, absent.body])
    }
    expect(absent.status).toBe(404)
    for (const path of [`duplicates?sha256=${'0'.repeat(64)}`, `pins/${secret}/duplicates`])
      expect((await server.get(`/_pinfold/web/${path}`, { token: null })).status).toBe(401)
    for (const given of ['', 'abc', Array(26).fill('0'.repeat(64)).join()])
      expect((await server.get(`/_pinfold/web/duplicates?sha256=${given}`)).status).toBe(400)
  })
})
