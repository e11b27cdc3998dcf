import { useEffect, useLayoutEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { keyOfEntry } from './entry.ts'

/** Where somebody was on a page of the history. */
interface Spot {
  y: number
  /** The Pin whose link had the focus. */
  pin?: string
}

const storageKey = 'pinfold-spots'
const spots = new Map<string, Spot>(readSpots())
/** At most this many pages are remembered. */
const mostSpots = 100
let current = keyOfEntry()

function readSpots(): [string, Spot][] {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? '[]')
  } catch {
    return [] // Storage may be forbidden.
  }
}

function remember(spot: Partial<Spot>): void {
  spots.set(current, { ...(spots.get(current) ?? { y: 0 }), ...spot })
  if (spots.size > mostSpots) for (const [key] of spots) return void spots.delete(key)
}

/** How long a page may take until it is as long as it was. */
const patienceMs = 2000

/**
 * Keeps the place on each page of the history: going back shows it again, with the focus where it was; a new page begins
 * at its top, with the focus on its content.
 */
export function useHistoryPlaces(): void {
  const [location] = useLocation()
  const isFirst = useRef(true)

  useEffect(() => {
    history.scrollRestoration = 'manual'
    const onScroll = () => remember({ y: scrollY })
    const onFocus = ({ target }: FocusEvent) => {
      const isOnPage = target instanceof HTMLElement && target.closest('dialog') === null
      const pin = isOnPage ? target.dataset.pin : undefined
      // The place too: the event of a scroll comes a frame later, when another page may be there.
      if (pin !== undefined) remember({ pin, y: scrollY })
    }
    const onHide = () => {
      try {
        sessionStorage.setItem(storageKey, JSON.stringify([...spots]))
      } catch {
        // Without storage a reload begins at the top.
      }
    }
    addEventListener('scroll', onScroll, { passive: true })
    addEventListener('focusin', onFocus)
    addEventListener('pagehide', onHide)
    return () => {
      removeEventListener('scroll', onScroll)
      removeEventListener('focusin', onFocus)
      removeEventListener('pagehide', onHide)
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the page changes
  useLayoutEffect(() => {
    current = keyOfEntry()
    const spot = spots.get(current)
    if (spot) return restore(spot)
    scrollTo(0, 0)
    if (!isFirst.current) document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
    isFirst.current = false
  }, [location])
}

/**
 * Scrolls to a spot as soon as the page is long enough, and gives the focus to the Pin as soon as it is in the page. Returns
 * the function that gives up.
 */
function restore({ y, pin }: Spot): () => void {
  const until = performance.now() + patienceMs
  const steps = [() => scrollDownTo(y), () => pin === undefined || focusPin(pin)]
  let asked = 0
  const attempt = () => {
    while (steps[0]?.()) steps.shift()
    if (steps.length > 0 && performance.now() < until) asked = requestAnimationFrame(attempt)
  }
  attempt()
  return () => cancelAnimationFrame(asked)
}

/** Returns whether the page was long enough to be scrolled to `y`. */
function scrollDownTo(y: number): boolean {
  const isLongEnough = document.documentElement.scrollHeight >= y + innerHeight - 1
  if (isLongEnough) scrollTo(0, y)
  return isLongEnough
}

/** Returns whether the Pin was there to get the focus. */
function focusPin(pin: string): boolean {
  const link = document.querySelector<HTMLElement>(`[data-pin="${CSS.escape(pin)}"]`)
  link?.focus({ preventScroll: true })
  return link !== null
}
