import { useSyncExternalStore } from 'react'
import type { Pin } from '../api/calls.ts'

/** The Pins that are selected, in the order in which that was done. */
export type Selection = ReadonlyMap<string, Pin>

let selection: Selection = new Map()
/** The Pin that was selected last: a range begins there. */
let anchor: string | undefined
const listeners = new Set<() => void>()

function set(next: Selection): void {
  selection = next
  if (next.size === 0) anchor = undefined
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSelection = (): Selection => useSyncExternalStore(subscribe, () => selection)
/** Returns whether a Pin is selected. */
export const useIsSelected = (id: string): boolean => useSyncExternalStore(subscribe, () => selection.has(id))
/** Returns whether any Pin is. */
export const useIsSelecting = (): boolean => useSyncExternalStore(subscribe, () => selection.size > 0)
export const selectionNow = (): Selection => selection
export const isSelecting = (): boolean => selection.size > 0

/** Selects a Pin, or no longer. */
export function toggle(pin: Pin): void {
  const next = new Map(selection)
  if (!next.delete(pin.id)) next.set(pin.id, pin)
  anchor = pin.id
  set(next)
}

/** Selects the Pins of a list from the one that was selected last to another. */
export function selectTo(pin: Pin, list: readonly Pin[]): void {
  const [from, to] = [list.findIndex(({ id }) => id === anchor), list.findIndex(({ id }) => id === pin.id)]
  if (from === -1 || to === -1) {
    toggle(pin)
    return
  }
  const range = list.slice(Math.min(from, to), Math.max(from, to) + 1)
  set(new Map([...selection, ...range.map((each) => [each.id, each] as const)]))
}

/** Selects nothing any more. */
export const clearSelection = (): void => set(new Map())
