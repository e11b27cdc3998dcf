// The walls that somebody came from to a Pin: its page leads on to the ones beside it.

/** The ids of each wall's Pins, by the wall's number. From a Pin one may go on to others that are like it, and come back. */
const walls = new Map<number, readonly string[]>()
/** At most this many are remembered. */
const most = 20
let last = 0

/** Remembers the Pins of a wall, in their order, when one of them is opened. */
export function rememberWall(shown: readonly string[]): void {
  walls.set(++last, shown)
  walls.delete(last - most)
}

/** Returns the number of the wall that was opened last; undefined if the Pin is not of it. */
export const wallOf = (id: string): number | undefined => (walls.get(last)?.includes(id) ? last : undefined)

/** Returns the Pin that is `step` places from another in a wall; undefined if there is none. */
export function besideInWall(wall: number, id: string, step: 1 | -1): string | undefined {
  const ids = walls.get(wall) ?? []
  const at = ids.indexOf(id)
  return at === -1 ? undefined : ids[at + step]
}
