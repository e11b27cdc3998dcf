import { Suspense, useEffect, useLayoutEffect, useRef } from 'react'
import { Router } from 'wouter'
import { useBrowserLocation } from 'wouter/use-browser-location'
import { Floating } from '../shell/floating.tsx'
import { backToWall, goOver, usePinOver } from '../shell/over.ts'
import { Dialog } from '../ui/dialog.tsx'
import { usePainted } from '../ui/use-painted.ts'
import { words } from '../words/index.ts'
import { PinPage } from './pin.tsx'

/** The Pin that is open over a wall. Closing it gives the focus to its tile. */
export function PinDialog() {
  const wanted = usePinOver()
  const isPainted = usePainted(wanted !== undefined)
  const over = isPainted ? wanted : undefined
  const last = useRef<string>(undefined)
  useEffect(() => {
    if (over) last.current = over.pinId
    else if (last.current !== undefined) focusTile(last.current)
    if (!over) last.current = undefined
  })
  return (
    <Router hook={useBrowserLocation} aroundNav={goOver}>
      <Dialog isOpen={over !== undefined} onClose={backToWall} label={words.pin} className="over-wall">
        {over && (
          <div className="over-wall-content">
            <Places pinId={over.pinId} />
            <Suspense fallback={<div className="min-h-96" aria-busy="true" />}>
              <PinPage pinId={over.pinId} />
            </Suspense>
            <Floating />
          </div>
        )}
      </Dialog>
    </Router>
  )
}

/** How far each Pin was scrolled, by the key of its entry in the history. */
const scrolled = new Map<string, number>()

/** Keeps the place on each Pin: a new one begins at its top, going back leads to where one was. */
function Places({ pinId }: { pinId: string }) {
  const here = useRef<HTMLSpanElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the Pin changes
  useLayoutEffect(() => {
    const dialog = here.current?.closest('dialog')
    if (!dialog) return
    const key: string = history.state?.key ?? ''
    const y = scrolled.get(key) ?? 0
    dialog.scrollTop = y
    // What is like it is laid out in the next frame.
    const asked = requestAnimationFrame(() => {
      if (y > 0) dialog.scrollTop = y
    })
    const onScroll = () => scrolled.set(key, dialog.scrollTop)
    dialog.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      cancelAnimationFrame(asked)
      dialog.removeEventListener('scroll', onScroll)
    }
  }, [pinId])
  return <span ref={here} hidden />
}

/** Gives the focus to the Pin that was looked at last, if it is seen; or else to the wall, unless something has it. */
function focusTile(pinId: string): void {
  const tile = document.querySelector<HTMLElement>(`main [data-pin="${CSS.escape(pinId)}"]`)
  const box = tile?.getBoundingClientRect()
  const isSeen = box !== undefined && box.bottom > 0 && box.top < innerHeight
  if (isSeen) tile?.focus({ preventScroll: true })
  else if (document.activeElement === document.body)
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
}
