import { type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'

export interface DialogProps {
  isOpen: boolean
  onClose: () => void
  label: string
  className?: string
  children: ReactNode
}

/** A modal dialog: the browser keeps the focus in it, closes it on Escape, and gives the focus back. */
export function Dialog({ isOpen, onClose, label, className = 'dialog', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const closed = useEffectEvent(onClose)
  // Before the browser paints, so that what is typed next goes into the dialog.
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal()
  }, [isOpen])
  useEffect(() => {
    const element = dialog.current
    if (!element || !isOpen) return
    const onClosed = () => closed()
    element.addEventListener('close', onClosed)
    return () => {
      // The event comes late, and must not close what was opened meanwhile.
      element.removeEventListener('close', onClosed)
      element.close()
    }
  }, [isOpen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes it on Escape
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {isOpen && children}
    </dialog>
  )
}
