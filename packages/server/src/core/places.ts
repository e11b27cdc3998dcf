/**
 * The order that people give to Pins on a board and to sections. Each thing has a place, a whole number, and what has the
 * largest comes first. What was never moved has its id as its place, so that new things come first. What is moved gets a
 * number between those of its neighbours; where none is left, its neighbourhood is spread out anew.
 */

/** A thing in an order. Of two with the same place, the one with the larger id comes first. */
export interface Placed {
  id: number
  place: number
}

/** An order, as the transaction sees that holds it against other writers. */
export interface PlacedList {
  /** Returns the nearest that come before a thing, or those at the end: at most `count`, the nearest first. */
  before(at: Placed | undefined, count: number): Promise<Placed[]>
  /** Returns the nearest that come after a thing, or those at the beginning: at most `count`, the nearest first. */
  after(at: Placed | undefined, count: number): Promise<Placed[]>
  /** Writes places. */
  set(places: readonly Placed[]): Promise<void>
}

/** Where to put things: directly before or after another, first, or last. */
export type Spot = 'first' | 'last' | { before: Placed } | { after: Placed }

export interface Move {
  /** What is moved, in the order that it gets. */
  ids: readonly number[]
  to: Spot
  /** A new id: every place stays below it, so that whatever is made later comes first. */
  newest: number
}

/** How far apart things are put where there is nothing behind them. */
const roomy = 4096
/** A neighbourhood is spread out so far at least: then a few more moves to the same spot find room. */
const leastRoom = 16
/** How many things on each side are a neighbourhood at first, and how much larger the next one is. */
const [firstWidth, growth] = [16, 4]

/**
 * Moves things within an order. What is not moved keeps its order. A move rewrites what it moves, and now and then some
 * dozens of their neighbours: of more only as many as it takes to find room.
 */
export async function moveWithin(list: PlacedList, { ids, to, newest }: Move): Promise<void> {
  const moved = new Set(ids)
  const stays = ({ id }: Placed) => !moved.has(id)
  const next = async (side: 'before' | 'after', at: Placed | undefined, count: number) =>
    (await list[side](at, count + moved.size)).filter(stays).slice(0, count)
  const [above, below] = await neighbours(to, next)
  const places = spread(ids, above?.place ?? newest, below?.place, 1)
  if (places) return list.set(places)
  for (let width = firstWidth; ; width *= growth) {
    const around = async (side: 'before' | 'after', at: Placed | undefined) => {
      const near = at ? [at, ...(await next(side, at, width))] : []
      return { inside: near.slice(0, width).map(({ id }) => id), end: near[width] }
    }
    const [before, after] = [await around('before', above), await around('after', below)]
    const inOrder = [...before.inside.toReversed(), ...ids, ...after.inside]
    const wide = spread(inOrder, before.end?.place ?? newest, after.end?.place, leastRoom)
    if (wide) return list.set(wide)
  }
}

/** Returns what stands directly before and after a spot, and is not moved itself. */
async function neighbours(
  to: Spot,
  next: (side: 'before' | 'after', at: Placed | undefined, count: number) => Promise<Placed[]>,
): Promise<[above: Placed | undefined, below: Placed | undefined]> {
  if (to === 'first') return [undefined, (await next('after', undefined, 1))[0]]
  if (to === 'last') return [(await next('before', undefined, 1))[0], undefined]
  return 'before' in to
    ? [(await next('before', to.before, 1))[0], to.before]
    : [to.after, (await next('after', to.after, 1))[0]]
}

/**
 * Returns places between `above` and `below`, which are not among them, evenly spread; undefined if there is not so much
 * room. Without `below` there is always room.
 */
function spread(ids: readonly number[], above: number, below: number | undefined, room: number): Placed[] | undefined {
  const step = below === undefined ? roomy : Math.floor((above - below) / (ids.length + 1))
  return step < room ? undefined : ids.map((id, i) => ({ id, place: above - step * (i + 1) }))
}
