import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clock } from '../src/core/clock.ts'
import { IdMaker, parseId } from '../src/core/ids.ts'

/** A clock that can be set, also back. */
class WildClock implements Clock {
  ms = Date.UTC(2026, 10, 23)
  now = () => this.ms
}

test('ids grow, are unique and fit into 53 bits, whatever the clock does', () => {
  const steps = fc.array(fc.integer({ min: -5000, max: 5000 }), { maxLength: 400 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 0, max: 31 }), (moves, node) => {
      const clock = new WildClock()
      const ids = new IdMaker(clock, { node })
      let last = 0
      for (const move of moves) {
        clock.ms += move
        const id = ids.next()
        expect(id).toBeGreaterThan(last)
        expect(Number.isSafeInteger(id)).toBe(true)
        last = id
      }
    }),
  )
})

test('a millisecond that is used up borrows from the next', () => {
  const ids = new IdMaker(new WildClock())
  const made = Array.from({ length: 1000 }, () => ids.next())
  expect(new Set(made).size).toBe(1000)
  expect(made).toEqual(made.toSorted((a, b) => a - b))
})

test('two nodes never make the same id', () => {
  const clock = new WildClock()
  const [one, two] = [new IdMaker(clock, { node: 1 }), new IdMaker(clock, { node: 2 })]
  const made = Array.from({ length: 300 }, () => [one.next(), two.next()]).flat()
  expect(new Set(made).size).toBe(600)
})

test('ids hold until 2095', () => {
  const clock = new WildClock()
  clock.ms = Date.UTC(2095, 0, 1)
  expect(new IdMaker(clock, { node: 31 }).next()).toBeLessThan(2 ** 53)
})

test('only digits that can be an id are read as one', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => parseId(String(id)) === id))
  expect(['0', '9007199254740992', '9'.repeat(200)].map(parseId)).toEqual([undefined, undefined, undefined])
})

test.each(['0x7d1', '2001.0', ' 2001', '2001 ', '+2001', '2e3', '02001', '', '0', '-1', '9007199254740992', '٢'])(
  '%j is no id (12.14)',
  (text) => {
    expect(parseId(text)).toBe(undefined)
  },
)

test('an id is larger than the newest that another process made, whatever their nodes and clocks', () => {
  const nodes = fc.integer({ min: 0, max: 31 })
  const [back, count] = [fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 300 })]
  fc.assert(
    fc.property(nodes, nodes, back, count, (one, two, wentBack, made) => {
      const clock = new WildClock()
      const before = new IdMaker(clock, { node: one })
      const after = Math.max(...Array.from({ length: made }, () => before.next()))
      clock.ms -= wentBack
      expect(new IdMaker(clock, { node: two, after }).next()).toBeGreaterThan(after)
    }),
  )
})
