import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { between, type Direction, frameOf, layOut, neighbour } from '../src/wall/layout.ts'

const frames = fc.record({
  wall: fc.integer({ min: 280, max: 2400 }),
  window: fc.integer({ min: 320, max: 3840 }),
  density: fc.constantFrom('compact' as const, 'regular' as const, 'large' as const),
})
const walls = fc.record({
  frame: frames.map(({ wall, window, density }) => ({ wall, ...frameOf(wall, window, density) })),
  ratios: fc.array(fc.double({ min: 0.5, max: 2.2, noNaN: true }), { minLength: 1, maxLength: 300 }),
})

/** The whole height of what is placed, with its caption. */
const bottomOf = (place: { y: number; height: number }, caption: number) => place.y + place.height + caption

describe('a wall of Pins', () => {
  test('has at least two columns, but for large Pins on a phone, that fill its width', () => {
    fc.assert(
      fc.property(frames, ({ wall, window, density }) => {
        const { columns, width, gap } = frameOf(wall, window, density)
        expect(columns).toBeGreaterThanOrEqual(density === 'large' && wall < 500 ? 1 : 2)
        expect(columns * width + (columns - 1) * gap).toBeCloseTo(wall)
      }),
    )
  })

  test('places Pins within its bounds, none over another, and none above the one before', () => {
    fc.assert(
      fc.property(walls, ({ frame, ratios }) => {
        const { places, height } = layOut(ratios, frame)
        for (const [i, place] of places.entries()) {
          expect(place.y).toBeGreaterThanOrEqual(places[i - 1]?.y ?? 0)
          expect(place.x + place.width).toBeLessThanOrEqual(frame.wall + 0.01)
          expect(bottomOf(place, frame.caption)).toBeLessThanOrEqual(height + 0.01)
        }
        for (const column of Map.groupBy(places, ({ x }) => x).values())
          for (const [i, place] of column.entries()) {
            const above = column[i - 1]
            if (above) expect(place.y).toBeCloseTo(bottomOf(above, frame.caption) + frame.gap)
          }
      }),
    )
  })

  test('does not move what is there when more follows', () => {
    fc.assert(
      fc.property(walls, fc.integer({ min: 1, max: 300 }), ({ frame, ratios }, count) => {
        const some = layOut(ratios.slice(0, count), frame).places
        expect(layOut(ratios, frame).places.slice(0, count)).toEqual(some)
      }),
    )
  })

  test('has in the page whatever a part of it shows', () => {
    fc.assert(
      fc.property(walls, fc.nat(20_000), fc.nat(3000), ({ frame, ratios }, from, size) => {
        const layout = layOut(ratios, frame)
        const { first, end } = between(layout, from, from + size)
        for (const [i, place] of layout.places.entries()) {
          const isSeen = place.y < from + size && bottomOf(place, frame.caption) > from
          if (isSeen) expect(i >= first && i < end).toBe(true)
        }
      }),
    )
  })

  test('leads by arrows to a Pin on that side, and from the top of a column down all of it', () => {
    const isOnSide: Record<Direction, (dx: number, dy: number) => boolean> = {
      up: (dx, dy) => dx === 0 && dy < 0,
      down: (dx, dy) => dx === 0 && dy > 0,
      left: (dx) => dx < 0,
      right: (dx) => dx > 0,
    }
    fc.assert(
      fc.property(walls, fc.nat(299), ({ frame, ratios }, at) => {
        const layout = layOut(ratios, frame)
        const here = layout.places[at % ratios.length]
        if (!here) return
        for (const direction of ['up', 'down', 'left', 'right'] as const) {
          const to = neighbour(layout, at % ratios.length, direction)
          const there = to === undefined ? undefined : layout.places[to]
          if (there) expect(isOnSide[direction](there.x - here.x, there.y - here.y)).toBe(true)
        }
        const column = layout.places.filter(({ x }) => x === here.x)
        let [steps, place] = [1, layout.places.indexOf(column[0] ?? here)]
        for (let next = neighbour(layout, place, 'down'); next !== undefined; next = neighbour(layout, place, 'down')) {
          place = next
          steps++
        }
        expect(steps).toBe(column.length)
      }),
    )
  })
})
