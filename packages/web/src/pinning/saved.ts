import { useSyncExternalStore } from 'react'

/** The boards that Pins were saved to since the page was opened, by the Pins' ids. */
let boards: ReadonlyMap<string, string> = new Map()
const listeners = new Set<() => void>()

/** Notes where Pins were saved to; undefined: nowhere any more. */
export function noteSaved(ids: readonly string[], board: string | undefined): void {
  const next = new Map(boards)
  for (const id of ids) {
    if (board === undefined) next.delete(id)
    else next.set(id, board)
  }
  boards = next
  for (const listener of listeners) listener()
}

/** Returns the name of the board that a Pin was saved to a moment ago; undefined if it was not. */
export const useSavedTo = (id: string): string | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => boards.get(id),
  )
