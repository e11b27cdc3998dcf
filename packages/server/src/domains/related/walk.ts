import { createRandom } from '@pinfold/demo-pictures/random'
import { Neighbourhood } from './neighbourhood.ts'
import type { PinGraph, PlacedPin } from './pin-graph.ts'

const walkersAtOnce = 256
const maxPasses = 4
const stepsPerPass = 3
/** How likely a walker goes on from a Pin; else it begins again. */
const goesOn = 0.5
/** It is enough when this many Pins were visited this often. */
const enoughPins = 100
const enoughVisits = 4

export interface WalkOptions {
  graph: PinGraph
  /** Pins that a walker rather goes to. */
  preferred: ReadonlySet<number>
}

/** How often a Pin was visited, by each of the boards on which the first one is: walks start at one of them. */
export type Visits = readonly number[]

/** Returns how much visits count: those from several boards for more (the paper's multi-hit booster). */
export const boosted = (visits: Visits): number => visits.reduce((sum, count) => sum + Math.sqrt(count), 0) ** 2

interface Walker {
  start: number
  board: number
  pin: number
}

/**
 * Returns how often random walks from a Pin come to others (Eksombatchai and others, "Pixie", 2018). A walker goes from a
 * board to one of its Pins and on to one of the boards with that Pin; it prefers some Pins, begins again now and then,
 * and all end early when enough Pins were visited often. The first Pin's id is the seed: the same graph gives the same
 * walks.
 */
export async function walkFrom(pin: PlacedPin, { graph, preferred }: WalkOptions): Promise<Map<number, Visits>> {
  const around = new Neighbourhood(graph)
  await around.addPins([pin])
  const starts = around.boardsWith(pin.id)
  const { next } = createRandom(pin.id % 2 ** 32)
  const pick = (from: readonly number[]): number | undefined => from[Math.floor(next() * from.length)]
  const visits = new Map<number, number[]>()

  /** Goes to a Pin on the walker's board: the preferred one of two. False if there is none but the first Pin. */
  function toPin(walker: Walker): boolean {
    const pins = around.pinsOn(walker.board)
    const [one, other] = [pick(pins), pick(pins)]
    const to = one !== undefined && !preferred.has(one) && other !== undefined && preferred.has(other) ? other : one
    if (to === undefined || to === pin.id) return false
    walker.pin = to
    const counts = visits.get(to) ?? starts.map(() => 0)
    counts[walker.start] = (counts[walker.start] ?? 0) + 1
    visits.set(to, counts)
    return true
  }

  const toBoard = (walker: Walker): void => {
    const boards = next() < goesOn ? around.boardsWith(walker.pin) : []
    walker.board = pick(boards) ?? starts[walker.start] ?? 0
  }

  for (let pass = 0; pass < maxPasses && !isEnough(visits); pass++) {
    const walkers = Array.from({ length: walkersAtOnce }, (_, i): Walker => {
      const start = i % starts.length
      return { start, board: starts[start] ?? 0, pin: pin.id }
    })
    for (let step = 0; step < stepsPerPass; step++) {
      await around.readBoards(mostFirst(walkers.map(({ board }) => board)))
      const moved = walkers.filter(toPin)
      await around.readPins(mostFirst(moved.map((walker) => walker.pin)))
      walkers.forEach(toBoard)
    }
  }
  return visits
}

function isEnough(visits: ReadonlyMap<number, Visits>): boolean {
  const often = [...visits.values()].filter((counts) => Math.max(...counts) >= enoughVisits)
  return often.length >= enoughPins
}

/** The different ones, the most frequent first. */
function mostFirst(ids: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]).map(([id]) => id)
}
