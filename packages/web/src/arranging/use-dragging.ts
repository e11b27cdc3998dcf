import { useEffect, useState } from 'react'
import type { Place } from './place.ts'

/** Lets Pins and sections of a board be dragged on its page. Returns the reference of that page. */
export function useDragging(isOn: boolean, { boardId, sectionId }: Place): (page: HTMLElement | null) => void {
  const [page, setPage] = useState<HTMLElement | null>(null)
  useEffect(() => {
    if (!isOn || !page) return
    const over = new AbortController()
    void import('./drag.ts').then(
      ({ listenToDrags }) => over.signal.aborted || listenToDrags(page, { boardId, sectionId }, over.signal),
      () => undefined, // Menus do the same.
    )
    return () => over.abort()
  }, [isOn, page, boardId, sectionId])
  return setPage
}
