import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useHistoryState } from 'wouter/use-browser-location'
import type { Pin } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { backToWall } from '../shell/over.ts'
import { isShortcut } from '../shell/shortcuts.tsx'
import { besideInWall } from '../wall/shown-list.ts'

/** The Pins beside the one of a page in the wall that it was opened from. */
export interface Beside {
  previous: string | undefined
  next: string | undefined
}

/** Returns what is beside a Pin, and reads it already. */
export function useBeside(pinId: string): Beside {
  const client = useQueryClient()
  const wall: number = useHistoryState()?.wall ?? 0
  const [previous, next] = [besideInWall(wall, pinId, -1), besideInWall(wall, pinId, 1)]
  useEffect(() => {
    for (const id of [next, previous]) if (id !== undefined) void client.prefetchQuery(queries.pin(id))
  }, [client, next, previous])
  return { previous, next }
}

/** Returns the function that goes back to where one came from, or else to the first page. */
export function useBack(): () => void {
  const [, navigate] = useLocation()
  return () => (history.length > 1 ? history.back() : navigate('/'))
}

/** Returns the function that leaves a Pin that is gone: for the wall that it was opened from, or else for its board. */
export function useLeave(): (pin: Pin) => void {
  const [, navigate] = useLocation()
  return ({ board_id: board }) => {
    if (!backToWall()) navigate(board === undefined ? '/' : `/board/${board}`, { replace: true })
  }
}

/** Listens to the keys of a Pin's page: J and K go on in the wall, Escape goes back. */
export function usePinPageKeys({ previous, next }: Beside): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isShortcut(event)) return
      if (event.key === 'Escape') {
        // The browser would close the dialog, and leave its address.
        event.preventDefault()
        history.length > 1 ? history.back() : navigate('/')
      }
      const beside = event.key === 'j' ? next : event.key === 'k' ? previous : undefined
      if (beside !== undefined) navigate(`/pin/${beside}`, { replace: true })
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate, previous, next])
}
