import { ApiError, invalid } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Placed, Spot } from '../../core/places.ts'

/** An arrangement as it is requested. */
export interface GivenArrangement {
  /** What is moved, in the order that it gets. */
  ids: readonly string[]
  /** At one end, or directly beside something. */
  to: 'first' | 'last' | 'before' | 'after'
  /** What it is to stand directly before or after. */
  anchor_id?: string | null
}

interface Arranged {
  /** What is moved, in the order that it gets. */
  ids: readonly number[]
}

interface AtEnd extends Arranged {
  to: 'first' | 'last'
}

interface BesideOther extends Arranged {
  to: 'before' | 'after'
  /** What it is to stand directly before or after; not one of `ids`. */
  anchor: number
}

/** What is to stand where in an order. */
export type Arrangement = AtEnd | BesideOther

type NotFound = 'pinNotFound' | 'sectionNotFound'

/**
 * Reads an arrangement. Throws `notFound` for an id that is none, and a 400 when there is something twice, beside itself,
 * or beside nothing.
 */
export function readArrangement({ ids, to, anchor_id }: GivenArrangement, notFound: NotFound): Arrangement {
  const read = (text: string): number => {
    const id = parseId(text)
    if (id === undefined) throw new ApiError(notFound)
    return id
  }
  const numbers = ids.map(read)
  if (new Set(numbers).size < numbers.length) throw invalid(`'ids' must not have an id twice.`)
  if (to === 'first' || to === 'last') {
    if (anchor_id) throw invalid(`'anchor_id' is for 'before' and 'after' only.`)
    return { ids: numbers, to }
  }
  if (!anchor_id) throw invalid(`'${to}' needs 'anchor_id' beside it.`)
  const anchor = read(anchor_id)
  if (numbers.includes(anchor)) throw invalid(`'anchor_id' must not be among 'ids'.`)
  return { ids: numbers, to, anchor }
}

/** Returns where something is to stand. `placed`: what is moved and what is named, as it stands. Throws `notFound`. */
export function spotOf(given: Arrangement, placed: readonly Placed[], notFound: NotFound): Spot {
  const byId = new Map(placed.map((each) => [each.id, each]))
  if (!given.ids.every((id) => byId.has(id))) throw new ApiError(notFound)
  if (!('anchor' in given)) return given.to
  const anchor = byId.get(given.anchor)
  if (!anchor) throw new ApiError(notFound)
  return given.to === 'before' ? { before: anchor } : { after: anchor }
}

/** Returns the ids of what is moved, and of what it is to stand beside. */
export const idsIn = (given: Arrangement): number[] =>
  'anchor' in given ? [...given.ids, given.anchor] : [...given.ids]
