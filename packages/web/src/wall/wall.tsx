import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Pin } from '../api/calls.ts'
import { onPinKey } from '../pinning/pin-keys.ts'
import { useSelecting } from '../pinning/use-selecting.ts'
import { useDensity } from '../preferences.ts'
import { words } from '../words/index.ts'
import { type Direction, frameOf, layOut, neighbour } from './layout.ts'
import { PinTile } from './pin-tile.tsx'
import { rememberWall } from './shown-list.ts'
import { type Tile, tileOf } from './tile.ts'
import { useSeen, useWidths } from './window.ts'

export interface WallProps {
  label: string
  pins: readonly Pin[]
  /** Whether more may follow. */
  hasMore: boolean
  isLoading: boolean
  loadMore: () => void
  /** The ids of Pins that are there no more: their places are kept, and empty. */
  gone?: ReadonlySet<string>
  /** The ids of Pins that came just now. */
  come?: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** The ratios of the places that are shown while Pins are loaded. */
const waitingRatios = [1.25, 1.5, 1, 1.3, 1.5, 0.75, 1.2, 1.4, 1, 1.5, 1.25, 1.1]

const tiles = new WeakMap<Pin, Tile>()
function tileFor(pin: Pin): Tile {
  const tile = tiles.get(pin) ?? tileOf(pin)
  tiles.set(pin, tile)
  return tile
}

const directions: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

/**
 * A wall of Pins. Of a long one only what is near the window is in the page; everything has its place before its picture
 * comes. Arrows move by place.
 */
export function Wall({ label, pins, hasMore, isLoading, loadMore, gone = none, come = none }: WallProps) {
  const list = useRef<HTMLUListElement>(null)
  const density = useDensity()
  const { wall: wallWidth, window: windowWidth } = useWidths(list)
  const frame = useMemo(() => frameOf(wallWidth, windowWidth, density), [wallWidth, windowWidth, density])
  const shown = useMemo(() => [...new Map(pins.map((pin) => [pin.id, tileFor(pin)])).values()], [pins])
  const layout = useMemo(() => {
    const waiting = isLoading ? waitingRatios : []
    return layOut([...shown.map(({ ratio }) => ratio), ...waiting], frame)
  }, [shown, isLoading, frame])
  const { first, end, isNearEnd } = useSeen(list, layout)
  // By its id: Pins that come at the top move the others on.
  const [focusedId, setFocusedId] = useState<string>()
  const focused = useMemo(() => {
    const at = shown.findIndex(({ id }) => id === focusedId)
    return at === -1 ? undefined : at
  }, [shown, focusedId])
  useFadeIn(list, come)

  useEffect(() => {
    if (isNearEnd && hasMore && !isLoading) loadMore()
  }, [isNearEnd, hasMore, isLoading, loadMore])

  const selecting = useSelecting(shown)
  const wanted = useRef<number>(undefined)
  useLayoutEffect(() => {
    if (wanted.current === undefined) return
    list.current?.querySelector<HTMLElement>(`a[data-index="${wanted.current}"]`)?.focus()
    wanted.current = undefined
  })

  function onKeyDown(event: KeyboardEvent): void {
    const pin = focused === undefined ? undefined : shown[focused]?.pin
    if (pin && (selecting.onKey(event.nativeEvent, pin) || onPinKey(event.nativeEvent, pin))) return
    const direction = directions[event.key]
    if (direction === undefined || focused === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl'
    const to = neighbour(layout, focused, isMirrored ? mirrored(direction) : direction)
    event.preventDefault()
    if (to === undefined || to >= shown.length) return
    bringIntoView(list.current, layout.places[to]?.y ?? 0, layout.places[to]?.height ?? 0)
    wanted.current = to
    setFocusedId(shown[to]?.id)
  }

  if (wallWidth === 0) return <ul ref={list} className="wall" aria-label={label} />
  const inPage = new Set(Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i))
  if (focused !== undefined) inPage.add(focused)
  return (
    <ul
      ref={list}
      className="wall"
      aria-label={label}
      aria-busy={isLoading}
      style={{ height: layout.height }}
      onKeyDown={onKeyDown}
      {...selecting.handlers}
      onClickCapture={(event) => {
        rememberWall(shown.map(({ id }) => id))
        selecting.handlers.onClickCapture(event)
      }}
      onFocus={({ target }) =>
        setFocusedId(shown[Number(target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1)]?.id)
      }
      onBlur={() => wanted.current === undefined && setFocusedId(undefined)}
    >
      {[...inPage]
        .sort((a, b) => a - b)
        .map((index) => {
          const [tile, place] = [shown[index], layout.places[index]]
          if (!place) return null
          if (tile && !gone.has(tile.id)) {
            const hasCaption = frame.caption > 0
            return <PinTile key={tile.id} tile={tile} index={index} place={place} hasCaption={hasCaption} />
          }
          return (
            <li
              key={tile ? `gone ${tile.id}` : `waiting ${index}`}
              className={tile ? 'tile' : 'tile skeleton'}
              aria-hidden="true"
              style={{ top: place.y, insetInlineStart: place.x, width: place.width, height: place.height }}
            />
          )
        })}
      {isLoading && <li className="sr-only">{words.loading}</li>}
    </ul>
  )
}

const fadeMs = 300

/** Fades Pins in that come while the wall is looked at. */
function useFadeIn(list: RefObject<HTMLElement | null>, come: ReadonlySet<string>): void {
  useLayoutEffect(() => {
    if (come.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    for (const link of list.current?.querySelectorAll<HTMLElement>('[data-pin]') ?? [])
      if (come.has(link.dataset.pin ?? '')) link.animate([{ opacity: 0 }, { opacity: 1 }], fadeMs)
  }, [list, come])
}

const mirrored = (direction: Direction): Direction =>
  direction === 'left' ? 'right' : direction === 'right' ? 'left' : direction

/** Scrolls so that a part of the wall is seen whole, below the bar. */
function bringIntoView(wall: HTMLElement | null, y: number, height: number): void {
  if (!wall) return
  const top = wall.getBoundingClientRect().top + y
  const margin = 88
  const scroller = wall.closest('dialog') ?? window
  if (top < margin) scroller.scrollBy({ top: top - margin })
  else if (top + height > innerHeight - margin)
    scroller.scrollBy({ top: Math.min(top - margin, top + height - innerHeight + margin) })
}
