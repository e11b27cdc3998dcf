import { type MouseEvent, type PointerEvent, useRef } from 'react'
import type { Pin } from '../api/calls.ts'
import { queries, queryClient } from '../api/queries.ts'
import { isShortcut } from '../shell/shortcuts.tsx'
import { isSelecting, selectTo, toggle } from './selection.ts'

/** A finger that rests on a Pin for so long selects it. */
const longPressMs = 500

const isSignedIn = (): boolean => Boolean(queryClient.getQueryData(queries.session().queryKey)?.person)

/**
 * Makes Pins of a wall selectable: a long press begins; then a click selects, with Shift everything up to there. Returns
 * the handlers of the wall, and one for keys.
 */
export function useSelecting(shown: readonly { pin: Pin }[]) {
  const press = useRef({ timer: 0, wasLong: false })
  const pinAt = (target: EventTarget): Pin | undefined => {
    const link = target instanceof Element ? target.closest<HTMLElement>('a[data-pin]') : null
    return link ? shown[Number(link.dataset.index)]?.pin : undefined
  }
  const choose = (pin: Pin, isRange: boolean) => {
    if (isRange)
      selectTo(
        pin,
        shown.map((tile) => tile.pin),
      )
    else toggle(pin)
  }
  const endPress = () => clearTimeout(press.current.timer)
  return {
    /** Selects the Pin that has the focus, if the key says so. Returns whether it did. */
    onKey(event: KeyboardEvent, pin: Pin): boolean {
      if (event.key.toLowerCase() !== 'x' || !isShortcut(event) || !isSignedIn()) return false
      choose(pin, event.shiftKey)
      return true
    },
    handlers: {
      onClickCapture(event: MouseEvent) {
        const pin = pinAt(event.target)
        const { wasLong } = press.current
        press.current.wasLong = false
        if (!pin || !isSignedIn() || !(wasLong || event.shiftKey || isSelecting())) return
        event.preventDefault()
        event.stopPropagation()
        if (!wasLong) choose(pin, event.shiftKey)
      },
      onPointerDown(event: PointerEvent) {
        endPress()
        press.current.wasLong = false
        const pin = pinAt(event.target)
        if (event.pointerType === 'mouse' || !pin || !isSignedIn()) return
        press.current.timer = window.setTimeout(() => {
          press.current.wasLong = true
          toggle(pin)
        }, longPressMs)
      },
      onPointerUp: endPress,
      onPointerCancel: endPress,
      onContextMenu(event: MouseEvent) {
        // A phone shows its menu of a link after the same time.
        if (press.current.wasLong) event.preventDefault()
      },
    },
  }
}
