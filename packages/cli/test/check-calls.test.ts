import { expect, test } from 'vitest'
import { callsOf } from '../program/calls/read-calls.ts'
import { checkCalls } from '../program/check/check-calls.ts'

interface Sent {
  method?: string
  path: string
  json?: unknown
  status?: number
  answer?: unknown
  retryAfter?: string
  /** When it began, in milliseconds from the first. */
  at?: number
}

/** Returns what is found in calls that each took 10 ms. */
function found(sent: Sent[], scopes?: string[]) {
  const entries = sent.map(({ method = 'GET', path, json, status = 200, answer, retryAfter, at = 0 }) => ({
    startedDateTime: new Date(Date.UTC(2026, 2, 14) + at).toISOString(),
    time: 10,
    request: {
      method,
      url: `https://api.pinterest.com${path}`,
      ...(json !== undefined && { postData: { mimeType: 'application/json', text: JSON.stringify(json) } }),
    },
    response: {
      status,
      headers: retryAfter === undefined ? [] : [{ name: 'Retry-After', value: retryAfter }],
      content: { mimeType: 'application/json', text: JSON.stringify(answer ?? {}) },
    },
  }))
  return checkCalls(callsOf({ log: { entries } }), scopes).map(({ problem, about }) => `${problem}: ${about}`)
}

const pin = { board_id: '1', media_source: { source_type: 'image_url', url: 'https://example.com/a.jpg' } }

test.each<[string, Sent, string[]]>([
  ['a right call', { path: '/v5/boards?page_size=5&privacy=PUBLIC' }, []],
  ['a right body', { method: 'POST', path: '/v5/boards', json: { name: 'Cups', privacy: 'SECRET' } }, []],
  ['a right Pin', { method: 'POST', path: '/v5/pins', json: pin }, []],
  ['the sandbox', { path: '/sandbox/v5/boards' }, []],
  ['an unknown parameter', { path: '/v5/boards?pageSize=5' }, ['unknown field: query pageSize']],
  ['a wrong word in the query', { path: '/v5/boards?privacy=public' }, ['wrong value: query privacy']],
  [
    'unknown and missing fields',
    { method: 'POST', path: '/v5/boards', json: { title: 'Cups' } },
    ['unknown field: title', 'missing field: name'],
  ],
  ['no body', { method: 'POST', path: '/v5/boards' }, ['missing field: name']],
  ['a wrong type', { method: 'POST', path: '/v5/boards', json: { name: 7 } }, ['wrong value: name']],
  [
    'a wrong word',
    { method: 'POST', path: '/v5/boards', json: { name: 'Cups', privacy: 'secret' } },
    ['wrong value: privacy'],
  ],
  [
    'a field of another variant',
    {
      method: 'POST',
      path: '/v5/pins',
      json: { ...pin, media_source: { source_type: 'image_url', url: 'https://example.com', cover: 'x' } },
    },
    ['unknown field: media_source.cover'],
  ],
  ['a wrong address', { path: '/v5/board' }, ['unknown operation: address']],
  ['a wrong method', { method: 'PUT', path: '/v5/boards' }, ['unknown operation: address']],
  ['an earlier version', { path: '/v3/pins/1' }, ['deprecated: v3']],
  [
    'a deprecated value in the query',
    { path: '/v5/pins?creative_types=VIDEO,SHOP_THE_PIN' },
    ['deprecated: query creative_types SHOP_THE_PIN'],
  ],
  ['an operation that Pinfold does not serve', { path: '/v5/ad_accounts/1/audiences?order=ASCENDING' }, []],
  [
    'deprecated fields of one, each once',
    {
      method: 'PATCH',
      path: '/v5/ad_accounts/1/keywords',
      json: {
        keywords: [
          { id: '1', bid: 5 },
          { id: '2', bid: 6 },
          { id: '3', archived: true },
        ],
      },
    },
    ['deprecated: keywords[].bid'],
  ],
  [
    'a deprecated value of one',
    {
      method: 'POST',
      path: '/v5/ad_accounts/1/ads',
      json: ['REGULAR', 'SHOP_THE_PIN'].map((creative_type) => ({ ad_group_id: '1', pin_id: '1', creative_type })),
    },
    ['deprecated: [].creative_type SHOP_THE_PIN'],
  ],
  [
    'a deprecated form of a field',
    {
      method: 'POST',
      path: '/v5/catalogs/items/batch',
      json: { items: [{ item_id: 'A', attributes: { gtin: 5901234123457 } }] },
    },
    ['deprecated: items[].attributes.gtin'],
  ],
  [
    'the form that stays',
    {
      method: 'POST',
      path: '/v5/catalogs/items/batch',
      json: { items: [{ item_id: 'A', attributes: { gtin: '5901234123457' } }] },
    },
    [],
  ],
  ['a locale in the list', { method: 'POST', path: '/v5/catalogs/feeds', json: { default_locale: 'de' } }, []],
  [
    'a locale in words of its own',
    { method: 'POST', path: '/v5/catalogs/feeds', json: { default_locale: 'Swiss' } },
    ['deprecated: default_locale'],
  ],
  [
    'scopes that the answer misses',
    { path: '/v5/boards', status: 403, answer: { code: 3, message: "Missing: ['boards:read']" } },
    ['missing scope: boards:read'],
  ],
  [
    'scopes that the answer does not name',
    { path: '/v5/boards', status: 401, answer: { code: 3, message: 'Your scopes do not suffice.' } },
    ['missing scope: boards:read'],
  ],
  ['another refusal', { path: '/v5/boards', status: 401, answer: { code: 2, message: 'Authentication failed.' } }, []],
])('%s', (_, call, problems) => {
  expect(found([call])).toEqual(problems)
})

test('the scopes of the token are those given, or those that it was issued with', () => {
  const boards = { path: '/v5/boards' }
  const make = { method: 'POST', path: '/v5/boards', json: { name: 'Cups' } }
  expect(found([boards, make], ['boards:read'])).toEqual(['missing scope: boards:write'])
  const token = { access_token: '…', scope: 'boards:read pins:read' }
  expect(found([{ method: 'POST', path: '/v5/oauth/token', answer: token }, boards, make])).toContain(
    'missing scope: boards:write',
  )
})

test.each<[string, number, Partial<Sent>, boolean]>([
  ['at once after a 429', 20, { status: 429 }, true],
  ['a second after a 429', 1010, { status: 429 }, false],
  ['sooner than the answer says', 1500, { status: 429, retryAfter: '2' }, true],
  ['as the answer says', 2010, { status: 429, retryAfter: '2' }, false],
  ['sooner than the date', 500, { status: 503, retryAfter: 'Sat, 14 Mar 2026 00:00:02 GMT' }, true],
  ['at once after a 503', 15, { status: 503 }, true],
  ['a little after a 503', 300, { status: 503 }, false],
  ['at once after no answer', 15, { status: 0 }, true],
  ['at once after a success', 15, { status: 200 }, false],
  ['at once after a refusal', 15, { status: 404 }, false],
])('the same call %s', (_, at, first, isWrong) => {
  const call = { path: '/v5/boards' }
  expect(
    found([
      { ...call, ...first },
      { ...call, at },
    ]).length,
  ).toBe(isWrong ? 1 : 0)
  // Another call may be sent.
  expect(
    found([
      { ...call, ...first },
      { path: '/v5/user_account', at },
    ]),
  ).toEqual([])
})
