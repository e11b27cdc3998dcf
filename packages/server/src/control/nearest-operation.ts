import { type Operation, operations } from '@pinfold/contract'

/** Returns the operation that is most like a request that no route takes; undefined if none is like it. */
export function nearestOperation(method: string, url: string): Operation | undefined {
  const path = url.replace(/[?#].*$/s, '').replace(/^\/sandbox(?=\/)/, '')
  const asked = partsOf(path.slice(0, 300)).slice(0, longest)
  let best: Operation | undefined
  let least = Number.POSITIVE_INFINITY
  for (const op of operations as readonly Operation[]) {
    const cost = distance(asked, partsOf((op.root ?? '/v5') + op.path), partCost) + (op.method === method ? 0 : 0.4)
    if (cost < least) {
      least = cost
      best = op
    }
  }
  // Half of it must be right.
  return least <= Math.max(1, asked.length / 2) ? best : undefined
}

/** No path of the API has more parts. */
const longest = 10

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '')

/** How unlike two parts of a path are, from 0 to 1. */
function partCost(asked: string, wanted: string): number {
  if (asked === wanted) return 0
  if (wanted.startsWith('{')) return /^\d+$/.test(asked) ? 0.05 : 0.3
  const [a, b] = [asked.slice(0, 40).toLowerCase(), wanted]
  return Math.min(1, distance([...a], [...b], (x, y) => (x === y ? 0 : 1)) / Math.max(a.length, b.length))
}

/** The least cost of turning one list into another; to add or to leave out an item costs 1. */
function distance<Item>(from: readonly Item[], to: readonly Item[], cost: (a: Item, b: Item) => number): number {
  let row = to.map((_, j) => j + 1)
  row.unshift(0)
  for (const [i, a] of from.entries()) {
    const below = [i + 1]
    for (const [j, b] of to.entries())
      below.push(Math.min((row[j] as number) + cost(a, b), (row[j + 1] as number) + 1, (below[j] as number) + 1))
    row = below
  }
  return row[to.length] as number
}
