import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { declared } from '@pinfold/test-support/declared'
import { checkResponses } from '@pinfold/test-support/response-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOf } from '../src/control/faults.ts'
import { systemClock } from '../src/core/clock.ts'
import { ApiError } from '../src/core/errors.ts'
import { makeLog } from '../src/core/log.ts'
import { toOrderedPage } from '../src/core/page.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openSqlite } from '../src/db/sqlite.ts'
import { idempotencyOf } from '../src/domains/idempotency/idempotency.ts'
import { Answer } from '../src/http/answer.ts'
import { Bookmarks } from '../src/http/bookmarks.ts'
import { makeFront } from '../src/http/front.ts'
import type { ApiOf } from '../src/http/handlers.ts'
import { serveResources } from '../src/http/operations.ts'
import { createHttpServer } from '../src/http/server.ts'
import { errorPage } from '../src/pages/problem-page.ts'

// Operations with everything that the contract supports and few of the real ones use: see declared.ts.

interface Item {
  id: number
  name: string
}

const names = ['Bowl', 'Cup', 'Cup', 'Cup', 'Dish', 'Jug', 'Über "all"', '急須']
const items: Item[] = names.map((name, index) => ({ id: index + 1, name }))
const compare = (a: Item, b: Item) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id)

/** The query of the last request to the list. */
let seen: unknown
const violations: string[] = []
let app: FastifyInstance
let url: string
let undo: () => Promise<void>

const bookmarks = new Bookmarks(Buffer.alloc(32, 7))

const api: ApiOf<typeof declared> = {
  shelves: {
    list: ({ params, query }) => {
      seen = query
      const list = `shelves ${params.shelf_id} ${query.order ?? ''} ${query.filter?.name ?? ''}`
      const { after, order, size } = bookmarks.readOrdered(list, query, ['string', 'number'])
      const direction = order === 'ASCENDING' ? 1 : -1
      const rows = items
        .filter((item) => !after || compare(item, { name: after[0], id: after[1] }) * direction > 0)
        .sort((a, b) => compare(a, b) * direction)
      const page = toOrderedPage(rows.slice(0, size + 1), size, JSON.stringify, ({ name, id }) => [name, id])
      return bookmarks.render(list, page)
    },
    putAll: ({ body }) => {
      const stored = body.filter(({ name }) => name !== 'Broken').map(({ id }) => id)
      if (stored.length === body.length) return { stored }
      return new Answer(206, { stored, refused: body.map(({ id }) => id).filter((id) => !stored.includes(id)) })
    },
    open: ({ body }) => {
      if (body.name === 'Foreign') throw new ApiError('pinNotFound')
      if (body.name === 'Unwanted') return new Answer(204, undefined)
      return items.some(({ name }) => name === body.name) ? new Answer(200, body) : body
    },
  },
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-operations-'))
  const db = await openSqlite(join(folder, 'pinfold.db'), 'relaxed')
  await migrateToLatest(db)
  const { log, noteRequest } = await makeLog(undefined)
  const front = makeFront({ errorCodes: 'pinterest', countsConnections: true })
  app = await createHttpServer({
    front,
    clock: systemClock,
    log,
    noteRequest,
    errorCodes: 'pinterest',
    checkHost: () => {},
    errorPage,
  })
  checkResponses(app, violations)
  serveResources(app, declared, api, {
    authenticateToken: () => Promise.reject(new Error('no tokens here')),
    authenticateApp: () => Promise.reject(new Error('no apps here')),
    viewerFor: async ({ viewer }) => viewer,
    adAccountFor: () => Promise.reject(new Error('no ad accounts here')),
    idempotency: idempotencyOf({ db, clock: systemClock }),
    rateLimiter: undefined,
    guardControl() {},
    isControlOpenTo: () => false,
    faults: faultsOf(),
  })
  await app.ready()
  front.serve(app)
  await front.app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(front.app.server.address() as AddressInfo).port}/v5`
  undo = async () => {
    await front.app.close()
    await app.close()
    await db.close()
    await rm(folder, { recursive: true })
  }
})
afterAll(async () => {
  await undo()
  expect(violations).toEqual([])
})

async function send(method: string, path: string, json?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(json !== undefined && { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
const list = (query: string) => send('GET', `/shelves/1/items?${query}`)
const refused = (message: string | RegExp) => ({
  status: 400,
  body: { code: 1, message: expect.stringMatching(message) },
})

describe('a query', () => {
  test.each([
    ['ids=3,1', { ids: [3, 1] }],
    ['ids=3&ids=1,2', { ids: [3, 1, 2] }],
    ['filter[name]=Cup', { filter: { name: 'Cup' } }],
    ['filter%5Bname%5D=1&filter[least]=2&filter[open]=true', { filter: { name: '1', least: 2, open: true } }],
    ['filter[colours]=red,blue', { filter: { colours: ['red', 'blue'] } }],
    ['filter[colours]=red&filter[colours]=blue', { filter: { colours: ['red', 'blue'] } }],
  ])('%s is read as its schema means it', async (query, read) => {
    expect((await list(query)).status).toBe(200)
    expect(seen).toEqual({ ...read, page_size: 25 })
  })

  test.each([
    ['ids=1,x', "query parameter 'ids.1' must be integer"],
    ['ids=1.5', "query parameter 'ids.0' must be integer"],
    ['ids=0', 'too small'],
    ['ids=1,2,3,4', 'constraint: maxItems=3'],
    ['filter=Cup', "query parameter 'filter' must be object"],
    ['filter=Cup&filter[name]=Cup', "query parameter 'filter' must be object"],
    ['filter[least]=many', "query parameter 'filter.least' must be integer"],
    ['filter[name]=a&filter[name]=b', "query parameter 'filter.name' must be string"],
    ['filter[shape]=round', "'filter' has 'shape', which is not known here"],
    ['filter[__proto__]=x', "'filter' has '__proto__', which is not known here"],
    ['filter[name][x]=1', 'not known here'],
    ['colour=red', "The query has 'colour', which is not known here"],
  ])('%s is refused', async (query, message) => {
    expect(await list(query)).toEqual(refused(message.replaceAll(/[.()]/g, '\\$&')))
  })
})

describe('a body', () => {
  const put = (body: unknown) => send('PUT', '/shelves/1/items', body)

  test('can be a list', async () => {
    const size = { kind: 'box', width: 3 }
    expect(
      await put([
        { id: 1, name: 'Cup' },
        { id: 2, name: 'Jug', size },
        { id: 3, name: 'Dish', size: null },
      ]),
    ).toEqual({
      status: 200,
      body: { stored: [1, 2, 3] },
    })
  })

  test.each([
    [undefined, 'The body must be a JSON array'],
    [{}, 'The body must be a JSON array'],
    ['x', 'The body must be a JSON array'],
    [[], 'constraint: minItems=1'],
    [[{ id: 1, name: 'a' }, { id: 2 }], "'1' lacks 'name'"],
    [[{ id: 1, name: 'a', colour: 'red' }], "'0' has 'colour', which is not known here"],
    [[{ id: 1, name: 'a', size: { kind: 'box', width: 0 } }], "'0.size.width' is too small"],
    [[{ id: 1, name: 'a', size: { kind: 'vast' } }], "'0.size.kind' must be one of text, box"],
    [[{ id: 1, name: 'a', size: 'vast' }], "'0.size' must be object"],
  ])('%j is refused', async (body, message) => {
    expect(await put(body)).toEqual(refused(message))
  })
})

test('a handler chooses among the successes that are declared', async () => {
  const some = [
    { id: 1, name: 'Cup' },
    { id: 2, name: 'Broken' },
  ]
  expect(await send('PUT', '/shelves/1/items', some)).toEqual({ status: 206, body: { stored: [1], refused: [2] } })
  const open = (name: string) => send('POST', '/shelves', { id: 9, name })
  expect(await open('New')).toEqual({ status: 201, body: { id: 9, name: 'New' } })
  expect(await open('Cup')).toEqual({ status: 200, body: { id: 9, name: 'Cup' } })
  expect(await open('Unwanted')).toEqual({ status: 204, body: undefined })
})

test('an error that the operation does not declare is found by the tests', async () => {
  expect((await send('POST', '/shelves', { id: 1, name: 'Foreign' })).status).toBe(404)
  expect(violations.splice(0)).toEqual([
    'POST /v5/shelves → 404: shelves/create declares no such error: code 50, Pin not found.',
  ])
})

describe('a list by name', () => {
  async function all(order: string, size: number): Promise<number[]> {
    const found: number[] = []
    let bookmark = ''
    do {
      const { status, body } = await list(`order=${order}&page_size=${size}&bookmark=${bookmark}`)
      expect(status).toBe(200)
      found.push(...body.items.map(({ id }: Item) => id))
      bookmark = body.bookmark
      // Unescaped, as clients append it.
      if (bookmark !== null) expect(bookmark).toMatch(/^[A-Za-z0-9_-]+$/)
    } while (bookmark !== null)
    return found
  }

  test.each(['ASCENDING', 'DESCENDING'])('comes whole in pages of any size, %s', async (order) => {
    const ids = items.toSorted(compare).map(({ id }) => id)
    for (const size of [1, 2, 3, 7, 8, 9])
      expect(await all(order, size)).toEqual(order === 'ASCENDING' ? ids : ids.toReversed())
  })

  test('takes a bookmark with the same query only', async () => {
    const { bookmark } = (await list('page_size=2')).body
    const swapped = `${bookmark.slice(0, 4)}${bookmark[4] === 'A' ? 'B' : 'A'}${bookmark.slice(5)}`
    const longer = `${bookmark}AAAA`
    const byId = bookmarks.write('shelves 1  ', 5)
    const wrong = [
      swapped,
      longer,
      bookmark.slice(0, -2),
      byId,
      'x',
      'AAAAAAAAAAAA',
      bookmarks.write('shelves 1  ', [5]),
    ]
    for (const text of wrong) expect(await list(`bookmark=${text}`)).toEqual(refused('Invalid bookmark'))
    expect(await list(`order=DESCENDING&bookmark=${bookmark}`)).toEqual(refused('Invalid bookmark'))
    expect(await list(`filter[name]=C&bookmark=${bookmark}`)).toEqual(refused('Invalid bookmark'))
    expect((await list(`bookmark=${bookmark}`)).body.items).toHaveLength(names.length - 2)
  })
})
