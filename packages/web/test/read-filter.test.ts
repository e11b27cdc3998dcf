import { expect, test } from 'vitest'
import { readFilter } from '../src/developer/read-filter.ts'

test.each([
  ['', {}],
  ['op:pins/create status:429', { operation: 'pins/create', status: '429' }],
  ['status:4xx  account:demo app:1234567 since:17', { status: '4xx', account: 'demo', app: '1234567', since: '17' }],
  ['operation:boards/list lamps and cups', { operation: 'boards/list', text: 'lamps and cups' }],
  ['https://example.com/a', { text: 'https://example.com/a' }],
  ['"status: odd" op:', { text: 'status: odd' }],
  ['x', {}],
  ['app:scheduler', { app: '0' }],
])('%s', (typed, filters) => {
  expect(readFilter(typed)).toEqual({ filters })
})

test('what is no filter is told', () => {
  expect(readFilter('method:GET')).toEqual({ unknown: 'method' })
  expect(readFilter('status:40')).toEqual({ badStatus: '40' })
})
