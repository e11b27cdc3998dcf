// The wall that somebody came from to a Pin: its page leads on to the ones beside it.

let ids: readonly string[] = []

/** Remembers the Pins of a wall, in their order, when one of them is opened. */
export function rememberWall(shown: readonly string[]): void {
  ids = shown
}

/** Returns the Pin that is `step` places from another in the wall that was opened last; undefined if there is none. */
export function besideInWall(id: string, step: 1 | -1): string | undefined {
  const at = ids.indexOf(id)
  return at === -1 ? undefined : ids[at + step]
}
