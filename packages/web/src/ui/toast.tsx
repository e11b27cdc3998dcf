import { useEffect, useState, useSyncExternalStore } from 'react'
import { words } from '../words/index.ts'
import { Icon } from './icon.tsx'

/** A short message at the foot of the page, for a moment. */
interface Toast {
  id: number
  text: string
  /** Undoes what the message tells. */
  undo?: () => void
}

let current: Toast | undefined
let lastId = 0
const listeners = new Set<() => void>()
const set = (toast: Toast | undefined) => {
  current = toast
  for (const listener of listeners) listener()
}

/** Shows a message, in place of the one that is shown. */
export function showToast(text: string, undo?: () => void): void {
  set({ id: ++lastId, text, ...(undo && { undo }) })
}

/** Takes back what the message tells that is shown. Returns whether there was something to take back. */
export function undoLast(): boolean {
  const undo = current?.undo
  if (!undo) return false
  set(undefined)
  undo()
  return true
}

/** How long a message stays: longer where there is something to click. */
const [shownMs, shownWithUndoMs] = [4000, 6000]

/** The place of messages. */
export function Toasts() {
  const toast = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (!toast || isHeld) return
    const timer = setTimeout(() => set(undefined), toast.undo ? shownWithUndoMs : shownMs)
    return () => clearTimeout(timer)
  }, [toast, isHeld])
  return (
    <div className="toasts" role="status">
      {toast && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it waits while somebody is at its buttons
        <div
          className="toast"
          key={toast.id}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span>{toast.text}</span>
          {toast.undo && (
            <button type="button" onClick={undoLast}>
              {words.undo}
            </button>
          )}
          <button type="button" aria-label={words.close} onClick={() => set(undefined)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      )}
    </div>
  )
}
