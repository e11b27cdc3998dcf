import { expect, test } from 'vitest'
import {
  type ComparedAnswer,
  compareAnswers,
  type Difference,
  type Known,
  toldMessage,
} from '../program/diff/compare-answers.ts'
import { kindOf } from '../program/diff/kind-of.ts'

const json = (body: unknown, status = 200): ComparedAnswer => ({ status, contentType: 'application/json', body })
const nothingKnown = (sent: string[] = []): Known => ({ ids: new Map(), made: new Set(), sent: new Set(sent) })

function differences(theirs: unknown, ours: unknown, { makes = false, known = nothingKnown() } = {}): Difference[] {
  return compareAnswers(json(theirs), json(ours), known, { makes })
}

test.each([
  [undefined, '', 'nothing'],
  [null, '', 'null'],
  [true, '', 'boolean'],
  [3, '', 'integer'],
  [3.5, '', 'number'],
  ['12345678', 'id', 'id'],
  ['12345678', 'board_id', 'id'],
  ['12345678', 'title', 'text'],
  ['eyJhIjo', 'bookmark', 'bookmark'],
  ['2026-03-14', 'date', 'date'],
  ['2026-03-14T09:26:53', 'created_at', 'time'],
  ['2026-03-14T09:26:53.123456', 'created_at', 'time'],
  ['2026-03-14T09:26:53Z', 'created_at', 'time with a zone'],
  ['https://i.pinimg.com/600x/a.jpg', 'url', 'address'],
  ['Cups', 'name', 'text'],
  [[], 'items', 'list'],
  [{}, 'owner', 'object'],
])('%j in the field %s is %s', (value, name, kind) => {
  expect(kindOf(value, name)).toBe(kind)
})

test.each([
  ['ids', { id: '1234567' }, { id: '7654321' }],
  ['times', { created_at: '2026-03-14T09:26:53' }, { created_at: '2025-01-01T00:00:00' }],
  ['addresses', { url: 'https://i.pinimg.com/a.jpg' }, { url: 'http://127.0.0.1:4000/media/b' }],
  ['bookmarks', { bookmark: 'abc' }, { bookmark: 'def' }],
  ['texts and numbers of an account', { username: 'somebody', pin_count: 17 }, { username: 'demo', pin_count: 5 }],
  ['what may be empty', { description: null }, { description: 'Cups' }],
  ['whole numbers and others', { rate: 1 }, { rate: 0.5 }],
  ['lists of other lengths', { items: [{ name: 'a' }, { name: 'b' }] }, { items: [{ name: 'c' }] }],
  ['days of a map', { daily: { '2026-03-14': 3 } }, { daily: { '2026-03-15': 4 } }],
])('%s do not differ by their values', (_, theirs, ours) => {
  expect(differences(theirs, ours)).toEqual([])
})

test.each<[string, unknown, unknown, Difference]>([
  ['a field that Pinfold lacks', { a: 1 }, {}, { field: 'a', is: 'missing', pinterest: 'integer', pinfold: 'nothing' }],
  ['a field more', {}, { a: null }, { field: 'a', is: 'extra', pinterest: 'nothing', pinfold: 'null' }],
  [
    'a time with a zone',
    { created_at: '2026-03-14T09:26:53' },
    { created_at: '2026-03-14T09:26:53Z' },
    { field: 'created_at', is: 'kind', pinterest: 'time', pinfold: 'time with a zone' },
  ],
  ['a number for a text', { n: '3' }, { n: 3 }, { field: 'n', is: 'kind', pinterest: 'text', pinfold: 'integer' }],
  [
    'a field in a list, told once',
    { items: [{ a: { b: 1 } }, { a: { b: 1 } }] },
    { items: [{ a: {} }, { a: {} }] },
    { field: 'items[].a.b', is: 'missing', pinterest: 'integer', pinfold: 'nothing' },
  ],
  ['another body', [], {}, { field: 'body', is: 'kind', pinterest: 'list', pinfold: 'object' }],
])('%s is a difference', (_, theirs, ours, difference) => {
  expect(differences(theirs, ours)).toEqual([difference])
})

test('of what a call made, everything that it decides must agree', () => {
  const known = nothingKnown(['My private cups'])
  const theirs = { id: '7000001', name: 'My private cups', privacy: 'PUBLIC', pin_count: 0, owner: { username: 'me' } }
  const ours = { id: '8000001', name: 'Other', privacy: 'SECRET', pin_count: 1, owner: { username: 'demo' } }
  const found = differences(theirs, ours, { makes: true, known })
  expect(found).toEqual([
    { field: 'name', is: 'value', pinterest: 'a text of 15 characters', pinfold: 'a text of 5 characters' },
    { field: 'privacy', is: 'value', pinterest: 'PUBLIC', pinfold: 'SECRET' },
    { field: 'pin_count', is: 'value', pinterest: '0', pinfold: '1' },
  ])
  expect(known.ids.get('7000001')).toBe('8000001')
  // It stays so where it is read later, in another place of a list.
  const list = { items: [{ id: '1000000', pin_count: 3 }, theirs] }
  const others = { items: [ours, { id: '2000000', pin_count: 9 }] }
  expect(differences(list, others, { known }).map(({ field }) => field)).toEqual([
    'items[].name',
    'items[].privacy',
    'items[].pin_count',
  ])
})

test('status, type and errors are compared; what errors quote is not told', () => {
  const known = nothingKnown(['secret board of mine'])
  const theirs = { ...json({ code: 58, message: 'You have "secret board of mine" already.' }, 400) }
  const ours = { ...json({ code: 59, message: "No: 'secret board of mine'" }, 409), contentType: 'text/plain; q=1' }
  const found = compareAnswers(theirs, ours, known, { makes: true })
  expect(found).toEqual([
    { field: 'status', is: 'value', pinterest: '400', pinfold: '409' },
    { field: 'header content-type', is: 'value', pinterest: 'application/json', pinfold: 'text/plain' },
    { field: 'code', is: 'value', pinterest: '58', pinfold: '59' },
    { field: 'message', is: 'value', pinterest: 'You have "…" already.', pinfold: "No: '…'" },
  ])
  expect(compareAnswers(json({ id: '1' }, 201), json({ code: 3, message: 'x' }, 403), known, { makes: true })).toEqual([
    { field: 'status', is: 'value', pinterest: '201', pinfold: '403' },
  ])
})

test.each([
  ['Board 1142048512397312 not found', 'Board … not found'],
  ['See https://example.com/x?token=1.', 'See …'],
  ['ann@example.com is not known', '… is not known'],
  ["'abc' does not match '^\\d+$'", "'…' does not match '…'"],
  [undefined, 'nothing'],
])('of the message %s, %s is told', (message, told) => {
  expect(toldMessage(message, { sent: new Set() })).toBe(told)
})
