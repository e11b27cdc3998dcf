import { type RefObject, useLayoutEffect, useState } from 'react'
import { between, type Layout } from './layout.ts'

/** Returns the widths of a wall and of the window; 0 until they are known. */
export function useWidths(element: RefObject<HTMLElement | null>): { wall: number; window: number } {
  const [widths, setWidths] = useState({ wall: 0, window: 0 })
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return
    const measure = () => {
      const next = { wall: current.clientWidth, window: innerWidth }
      setWidths((known) => (known.wall === next.wall && known.window === next.window ? known : next))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return widths
}

/** What of a wall is in the page. */
interface Seen {
  first: number
  end: number
  /** Whether the end of the wall is close enough to load what follows. */
  isNearEnd: boolean
}

/** What is this many windows away is in the page already, and so far from its end more is loaded. */
const [aheadWindows, loadAheadWindows] = [1, 3]
/** The page changes after this many pixels, not with every one. */
const stepPx = 240

/** Returns what of a wall is near the window, which the page scrolls. */
export function useSeen(element: RefObject<HTMLElement | null>, layout: Layout): Seen {
  const [seen, setSeen] = useState<Seen>({ first: 0, end: 0, isNearEnd: false })
  useLayoutEffect(() => {
    let asked = 0
    const look = () => {
      asked = 0
      const top = -(element.current?.getBoundingClientRect().top ?? 0)
      const from = Math.floor((top - aheadWindows * innerHeight) / stepPx) * stepPx
      const to = Math.ceil((top + (1 + aheadWindows) * innerHeight) / stepPx) * stepPx
      const isNearEnd = layout.height - top < (1 + loadAheadWindows) * innerHeight
      const next = { ...between(layout, from, to), isNearEnd }
      setSeen((known) =>
        known.first === next.first && known.end === next.end && known.isNearEnd === next.isNearEnd ? known : next,
      )
    }
    const onScroll = () => {
      asked ||= requestAnimationFrame(look)
    }
    look()
    // Also of a dialog that the wall is in: its scrolling does not come up to the window.
    addEventListener('scroll', onScroll, { passive: true, capture: true })
    addEventListener('resize', onScroll)
    return () => {
      cancelAnimationFrame(asked)
      removeEventListener('scroll', onScroll, { capture: true })
      removeEventListener('resize', onScroll)
    }
  }, [element, layout])
  return seen
}
