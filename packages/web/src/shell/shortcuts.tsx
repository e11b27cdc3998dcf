import { Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { switchTheme } from '../preferences.ts'
import { Dialog } from '../ui/dialog.tsx'
import { undoLast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { isCovered } from './layers.ts'
import { lazily } from './lazy-page.tsx'
import { backToWall, usePinOver } from './over.ts'
import { focusSearch } from './search-field.tsx'
import { useSession } from './session.ts'

const text = words.shortcuts
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

const Palette = lazily(async () => (await import('../find/palette.tsx')).Palette)

/** The keys, and what each does. */
const list: readonly { keys: readonly string[]; does: string }[] = [
  { keys: [text.arrows], does: text.wall },
  { keys: [text.enter], does: text.open },
  { keys: ['J', 'K'], does: text.beside },
  { keys: ['F'], does: text.fullSize },
  { keys: [text.escape], does: text.back },
  { keys: ['C'], does: words.pinning.newPins },
  { keys: ['S'], does: words.pinning.saveToBoard },
  { keys: ['E'], does: words.pinning.editPin },
  { keys: ['X'], does: words.pinning.selectPin },
  { keys: ['Shift', 'X'], does: words.pinning.selectRange },
  { keys: [text.deleteKey], does: words.pinning.deletePin },
  { keys: [isApple ? '⌘' : text.control, 'Z'], does: words.undo },
  { keys: ['G', 'H'], does: text.home },
  { keys: ['G', 'B'], does: text.boards },
  { keys: ['/'], does: text.search },
  { keys: [isApple ? '⌘' : text.control, 'K'], does: text.palette },
  { keys: ['T'], does: text.theme },
  { keys: ['?'], does: text.list },
]

/** The event that opens the list of keys. */
const openEvent = 'pinfold:shortcuts'
/** Opens the list of keys. */
export const showShortcuts = (): boolean => dispatchEvent(new Event(openEvent))

/** Two keys that go together must follow within this. */
const chordMs = 1500

/** Listens to the keys that work on every page, and shows their list. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false)
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const [, navigate] = useLocation()
  const username = useSession()?.person?.username
  const hasPinOver = usePinOver() !== undefined
  /** Whether the field for searching gets the focus when the Pin over it is closed. */
  const wantsSearch = useRef(false)
  const pressed = useRef({ key: '', at: 0 })

  // Before anything is painted: whoever sees the page can use its keys.
  useLayoutEffect(() => {
    const open = () => setOpen(true)
    const onKey = (event: KeyboardEvent) => {
      if (isPaletteKey(event)) {
        event.preventDefault()
        return setPaletteOpen(true)
      }
      if (isUndoKey(event) && undoLast()) return event.preventDefault()
      if (!isShortcut(event)) return
      const isAfterG = pressed.current.key === 'g' && event.timeStamp - pressed.current.at < chordMs
      pressed.current = { key: event.key, at: event.timeStamp }
      if (isAfterG && event.key === 'h') navigate('/')
      else if (isAfterG && event.key === 'b' && username) navigate(`/u/${username}`)
      else if (event.key === 'c' && username) navigate('/create')
      else if (event.key === '/') {
        event.preventDefault()
        wantsSearch.current = backToWall()
        if (!wantsSearch.current) focusSearch()
      } else if (event.key === '?') setOpen(true)
      else if (event.key === 't') switchTheme()
    }
    addEventListener(openEvent, open)
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener(openEvent, open)
      removeEventListener('keydown', onKey)
    }
  }, [navigate, username])

  useEffect(() => {
    if (!hasPinOver && wantsSearch.current) focusSearch()
    wantsSearch.current = false
  }, [hasPinOver])

  return (
    <>
      {isPaletteOpen && (
        <Suspense>
          <Palette close={() => setPaletteOpen(false)} />
        </Suspense>
      )}
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} label={text.title}>
        <h2 className="text-18 mb-4">{text.title}</h2>
        <dl className="keys">
          {list.map(({ keys, does }) => (
            <div key={does}>
              <dt>{does}</dt>
              <dd>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <button type="button" className="btn mt-6 w-full" onClick={() => setOpen(false)}>
          {words.close}
        </button>
      </Dialog>
    </>
  )
}

/** Returns whether a key opens the palette: from anywhere but another dialog. */
const isPaletteKey = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  key === 'k' && ctrlKey !== metaKey && !altKey && !shiftKey && !isCovered()

/** Returns whether a key is meant for the app: not for a field, and not for what is open above the page. */
export function isShortcut({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return false
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]')) return false
  return !isCovered()
}

/** Returns whether a key takes back what was done last. A field has its own way back. */
function isUndoKey({ key, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): boolean {
  const isInField = target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]')
  return key === 'z' && (ctrlKey || metaKey) && !shiftKey && !isInField
}
