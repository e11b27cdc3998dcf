import { type ReactNode, useId, useRef } from 'react'

export interface MenuProps {
  /** What the button that opens it shows. */
  button: ReactNode
  /** The name of the button and of the menu. */
  label: string
  buttonClass: string
  /** Its width in pixels, if it begins where the button does, within the window. Default: it ends where the button does. */
  width?: number
  children: ReactNode
}

/** A button with a popover below it, which Escape and a click elsewhere close. */
export function Menu({ button, label, buttonClass, width, children }: MenuProps) {
  const id = useId()
  const opener = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  /** Puts the menu below its button, within the window. */
  function place(): void {
    if (!opener.current || !menu.current) return
    const { bottom, right, left } = opener.current.getBoundingClientRect()
    const isRightToLeft = getComputedStyle(opener.current).direction === 'rtl'
    menu.current.style.top = `${bottom + 8}px`
    const { clientWidth } = document.documentElement
    const toRight = clientWidth - right
    const begins = isRightToLeft ? toRight : left
    const kept = width === undefined ? undefined : `${Math.max(12, Math.min(begins, clientWidth - width - 12))}px`
    if (isRightToLeft === (kept === undefined)) menu.current.style.left = kept ?? `${left}px`
    else menu.current.style.right = kept ?? `${toRight}px`
  }

  return (
    <>
      <button
        ref={opener}
        type="button"
        className={buttonClass}
        aria-label={label}
        popoverTarget={id}
        aria-haspopup="dialog"
      >
        {button}
      </button>
      <div
        ref={menu}
        id={id}
        className="menu"
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={(event) =>
          event.newState === 'open' && menu.current?.querySelector<HTMLElement>('a, button')?.focus()
        }
        onBeforeToggle={place}
      >
        {children}
      </div>
    </>
  )
}
