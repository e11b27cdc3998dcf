import { useSyncExternalStore } from 'react'

/** A board that was pinned to. */
export interface LastBoard {
  id: string
  name: string
}

const storageKey = 'pinfold-last-boards'
/** At most this many are remembered. */
const most = 5
const listeners = new Set<() => void>()
let boards: readonly LastBoard[] = read()

function read(): readonly LastBoard[] {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '[]')
  } catch {
    return [] // Storage may be forbidden.
  }
}

function set(next: readonly LastBoard[]): void {
  boards = next
  for (const listener of listeners) listener()
  try {
    localStorage.setItem(storageKey, JSON.stringify(boards))
  } catch {
    // They are remembered for this page then.
  }
}

/** Remembers that a board was pinned to. */
export const rememberBoard = ({ id, name }: LastBoard): void =>
  set([{ id, name }, ...boards.filter((each) => each.id !== id)].slice(0, most))

/** Forgets a board that is gone, or another account's. */
export const forgetBoard = (id: string): void => set(boards.filter((each) => each.id !== id))

export const lastBoardsNow = (): readonly LastBoard[] => boards

/** Returns the boards that were pinned to in this browser, the last first. */
export const useLastBoards = (): readonly LastBoard[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => boards,
  )
