/** What an entry of the history tells of a Pin that is open over a wall. */
export interface Over {
  /** The document that the wall is in. After a reload there is no wall any more, and the Pin is a page. */
  visit: number
  /** The address of the wall. */
  path: string
  search: string
  /** The key of the wall's entry. */
  key: string
  /** How many entries the Pin is above the wall. */
  depth: number
}

let lastKey = Date.now()
/** Returns a key for an entry of the history. */
export const newKey = (): string => String(++lastKey)

/** Returns what an entry tells of a Pin that is open over a wall of this document; undefined if it is none. */
export function overOf(state: { over?: Over } | null): Over | undefined {
  return state?.over?.visit === performance.timeOrigin ? state.over : undefined
}

/** Returns the key of the entry that is shown, or of the wall beneath it, and gives it one if it has none. */
export function keyOfEntry(): string {
  const over = overOf(history.state)
  if (over) return over.key
  const known: unknown = history.state?.key
  if (typeof known === 'string') return known
  const key = newKey()
  history.replaceState({ ...history.state, key }, '')
  return key
}
