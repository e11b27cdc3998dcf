import type { Board, BoardView, Pin, SectionView } from '../api/calls.ts'
import type { Place } from '../arranging/place.ts'

/** What a dialog is asked to do. */
export type Ask =
  | { to: 'save' | 'move' | 'edit many'; pins: readonly Pin[] }
  | { to: 'edit'; pin: Pin }
  | { to: 'restore' | 'discard' | 'remove'; pin: Pin }
  | { to: 'make board' | 'empty trash' }
  | { to: 'edit board' | 'delete board'; board: Board }
  | { to: 'merge'; board: Board }
  | { to: 'choose cover'; view: BoardView }
  | { to: 'arrange'; pins: readonly Pin[]; place: Place }
  | { to: 'make section' | 'arrange sections'; boardId: string }
  | { to: 'rename section' | 'delete section'; boardId: string; section: SectionView }

interface Asked {
  ask: Ask
  isOpen: boolean
  /** Counts the dialogs, so that each begins anew. */
  number: number
}

let current: Asked | undefined
const listeners = new Set<() => void>()

function set(next: Asked | undefined): void {
  current = next
  for (const listener of listeners) listener()
}

/** Opens the dialog for something. */
export function ask(request: Ask): void {
  set({ ask: request, isOpen: true, number: (current?.number ?? 0) + 1 })
}

/** Closes it. It stays in the page, so that the browser gives the focus back. */
export function closeAsked(): void {
  if (current?.isOpen) set({ ...current, isOpen: false })
}

export const asked = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  get: (): Asked | undefined => current,
}
