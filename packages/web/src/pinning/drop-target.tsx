import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { isCovered } from '../shell/layers.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { addressesIn, type Dropped, take } from './dropped.ts'

/** Returns whether something comes from outside, and a Pin can be made of it. */
const isWelcome = ({ dataTransfer: data }: DragEvent): boolean =>
  data !== null && ['Files', 'text/uri-list'].some((type) => data.types.includes(type))

/** Takes pictures and links that are dropped or pasted anywhere, to the page that makes Pins of them. */
export function DropTarget() {
  const [isOver, setOver] = useState(false)
  const [, navigate] = useLocation()

  useEffect(() => {
    /** Whether what is dragged comes from this page: a picture or a link of it. */
    let isOwn = false
    let leaving = 0
    async function bring(dropped: Dropped): Promise<void> {
      const [{ sourcesOf }, { add }] = await Promise.all([import('./dropped.ts'), import('./queue.ts')])
      const sources = await sourcesOf(dropped)
      if (sources.length === 0) return
      add(sources)
      navigate('/create')
    }
    const handlers = {
      dragstart: () => {
        isOwn = true
      },
      dragend: () => {
        isOwn = false
      },
      dragover: (event: DragEvent) => {
        if (isOwn || !isWelcome(event)) return
        event.preventDefault()
        clearTimeout(leaving)
        setOver(true)
        // The browser tells of a drag several times a second, and not surely of its end.
        leaving = setTimeout(() => setOver(false), 400)
      },
      drop: (event: DragEvent) => {
        setOver(false)
        if (isOwn || !isWelcome(event) || !event.dataTransfer) return
        event.preventDefault()
        void bring(take(event.dataTransfer))
      },
      paste: (event: ClipboardEvent) => {
        const isInField = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]')
        if (!event.clipboardData || isCovered()) return
        const pasted = take(event.clipboardData)
        // Words that are pasted into a field belong there.
        if (pasted.files.length === 0 && (isInField || addressesIn(pasted.addresses).length === 0)) return
        event.preventDefault()
        void bring(pasted)
      },
    }
    const { dragstart, dragend, dragover, drop, paste } = handlers
    addEventListener('dragstart', dragstart)
    addEventListener('dragend', dragend)
    addEventListener('dragover', dragover)
    addEventListener('drop', drop)
    addEventListener('paste', paste)
    return () => {
      clearTimeout(leaving)
      removeEventListener('dragstart', dragstart)
      removeEventListener('dragend', dragend)
      removeEventListener('dragover', dragover)
      removeEventListener('drop', drop)
      removeEventListener('paste', paste)
    }
  }, [navigate])

  if (!isOver) return null
  return (
    <div className="drop-over" aria-hidden="true">
      <Icon name="upload" />
      {words.pinning.dropHere}
    </div>
  )
}
