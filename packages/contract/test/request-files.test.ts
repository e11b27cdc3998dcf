import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { httpFile, type Operation, operations, postmanCollection } from '../src/index.ts'

const all: readonly Operation[] = operations
const address = 'http://127.0.0.1:4000'

/** The package has the format's published schema. It is CommonJS, without named exports. */
const { PostmanValidator }: { PostmanValidator: new () => { verify(document: object): Promise<object[]> } } =
  createRequire(import.meta.url)('@har-sdk/validator')

interface Field {
  key: string
  value: string
  disabled?: boolean
}
interface Item {
  id: string
  name: string
  request: {
    method: string
    auth?: { type: string }
    header: Field[]
    url: { raw: string; host: string[]; path: string[]; query: Field[]; variable: Field[] }
    body?: { mode: string; raw?: string; urlencoded?: Field[] }
  }
}
interface Collection {
  info: { name: string; schema: string }
  auth: { type: string }
  variable: Field[]
  item: { name: string; description: string; item: Item[] }[]
}

describe('the Postman collection', () => {
  const collection = postmanCollection(address) as unknown as Collection
  const items = collection.item.flatMap(({ item }) => item)
  const item = (id: string) => items.find((one) => one.id === id)?.request

  test('says what it is, and has a request of each operation in the folder of its tag', () => {
    expect(collection.info).toMatchObject({ name: 'Pinfold', schema: expect.stringContaining('/v2.1.0/') })
    expect(items.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted())
    for (const { name, description, item: inside } of collection.item) {
      expect([name, description]).toEqual([name, expect.stringMatching(/\w{3}/)])
      expect(inside.map(({ id }) => id)).toEqual(all.filter(({ tag }) => tag === name).map(({ id }) => id))
    }
  })

  test('is as the schema of the format says', async () => {
    const validator = new PostmanValidator()
    expect(await validator.verify(collection)).toEqual([])
    expect(await validator.verify({ ...collection, auth: { type: 'a password' } })).not.toEqual([])
  })

  test('names no variable that it does not have', () => {
    const variables = collection.variable.map(({ key }) => key)
    expect(new Set(variables).size).toBe(variables.length)
    const named = [...JSON.stringify(collection).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name)
    expect(variables).toEqual(expect.arrayContaining([...new Set(named)]))
    expect(collection.variable).toContainEqual(expect.objectContaining({ key: 'baseUrl', value: address }))
  })

  test.each(items)('has whole requests: $id', ({ id, name, request: { method, url, body, header } }) => {
    const op = all.find((one) => one.id === id) as Operation
    expect([name, method]).toEqual([op.summary, op.method])
    const [path = '', search] = url.raw.replace('{{baseUrl}}', '').split('?')
    expect(path).toBe((op.root ?? '/v5') + op.path.replaceAll(/\{(\w+)\}/g, ':$1'))
    expect(`/${url.path.join('/')}`).toBe(path)
    expect(url.variable.map(({ key }) => key)).toEqual(Object.keys(op.params?.properties ?? {}))
    const sent = url.query.filter(({ disabled }) => !disabled)
    expect(sent.map(({ key, value }) => `${key}=${value}`).join('&')).toBe(search ?? '')
    expect(sent.map(({ key }) => key)).toEqual(op.query?.required ?? [])
    for (const { value } of sent) expect(value).not.toBe('')
    expect(header.map(({ key }) => key)).toEqual(op.body ? ['Content-Type'] : [])
    expect(body?.mode).toBe(op.body && (op.body.type === 'json' ? 'raw' : 'urlencoded'))
    if (body?.raw) expect(JSON.parse(body.raw)).toBeTypeOf('object')
    if (body?.urlencoded) expect(body.urlencoded.length).toBeGreaterThan(0)
  })

  test('authenticates as each operation asks for', () => {
    expect(collection.auth.type).toBe('bearer')
    expect(item('boards/list')?.auth).toBeUndefined()
    expect(item('oauth/token')?.auth?.type).toBe('basic')
    expect(item('control/get_clock')?.auth).toEqual({
      type: 'bearer',
      bearer: [{ key: 'token', value: '{{controlToken}}', type: 'string' }],
    })
  })

  test('takes ids from variables, in addresses and in bodies', () => {
    expect(item('boards/get')?.url.variable).toMatchObject([{ key: 'board_id', value: '{{board_id}}' }])
    expect(JSON.parse(item('pins/create')?.body?.raw ?? '')).toMatchObject({ board_id: '{{board_id}}' })
    expect(JSON.parse(item('boards/create')?.body?.raw ?? '').name).not.toContain('{{')
  })
})

test('the files are the same each time, and hold the credentials that are given', () => {
  const credentials = { accessToken: 'pina_x', appId: '7', appSecret: 'shh' }
  for (const make of [postmanCollection, httpFile]) {
    const [once, again] = [make(address), make(address)].map((made) => JSON.stringify(made))
    expect(once === again).toBe(true)
    expect(once?.includes('YOUR_ACCESS_TOKEN')).toBe(true)
    const own = JSON.stringify(make('https://pins.example.com', credentials))
    for (const text of ['YOUR_ACCESS_TOKEN', 'YOUR_APP_', address])
      expect([text, own.includes(text)]).toEqual([text, false])
    for (const text of Object.values(credentials)) expect([text, own.includes(text)]).toEqual([text, true])
  }
})
