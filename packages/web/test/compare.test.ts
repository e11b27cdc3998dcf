import { describe, expect, test } from 'vitest'
import type { Pin } from '../src/api/calls.ts'
import { compare, type Shown } from '../src/live/compare.ts'

const pins = (ids: string): Pin[] => [...ids].map((id) => ({ id }) as Pin)
/** A list of which pages are shown, each with its Pins. */
const shown = (...pages: string[]): Shown => ({
  pages: pages.map((ids) => ({ items: pins(ids), bookmark: 'more' })),
  pageParams: pages.map((_, page) => (page === 0 ? null : String(page))),
})
/** What has changed, with a letter a Pin. */
function changed(list: Shown, start: string, { isWhole = false, later = {} as Record<number, string> } = {}) {
  const pages = new Map(Object.entries(later).map(([page, ids]) => [Number(page), pins(ids)]))
  const { come, gone, isOther, isRearranged } = compare(list, { start: pins(start), isWhole }, pages)
  return [come.map(({ id }) => id).join(''), [...gone].join(''), isOther, isRearranged]
}

describe('of a list that is shown, and as it is now', () => {
  test.each([
    ['nothing has changed', shown('abc'), 'abc', ['', '', false, false]],
    ['one came', shown('abc', 'def'), 'zabcde', ['z', '', false, false]],
    ['one came, and what follows was never read', shown('abc'), 'zabcdef', ['z', '', false, false]],
    ['one came between others', shown('abc'), 'azbcde', ['z', '', false, false]],
    ['one went', shown('abc', 'def'), 'acdef', ['', 'b', false, false]],
    ['others stand at its beginning', shown('abc'), 'vwxyz', ['vwxyz', '', true, false]],
    ['two changed places', shown('abc', 'def'), 'bacdef', ['', '', false, true]],
  ])('%s', (_, list, start, expected) => {
    expect(changed(list, start)).toEqual(expected)
  })

  test('where all of it was read, what stands last has come too', () => {
    expect(changed(shown('abc'), 'abz', { isWhole: true })).toEqual(['z', 'c', false, false])
  })

  test('what is missing from a later page that was read again is gone', () => {
    expect(changed(shown('abc', 'def'), 'abc', { later: { 1: 'df' } })).toEqual(['', 'e', false, false])
  })
})
