import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { queries } from '../api/queries.ts'
import { type Place, placeOf } from '../arranging/place.ts'
import { usePagePath } from '../shell/over.ts'
import { isShortcut } from '../shell/shortcuts.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { ask } from './ask.ts'
import { deletePins } from './delete.ts'
import { clearSelection, useSelection } from './selection.ts'

const text = words.pinning

/** What can be done with the Pins that are selected. What changes Pins is there when all of them are one's own. */
export function BulkBar() {
  const pins = [...useSelection().values()]
  const place = useOwnBoard()
  useEnd()
  const areOwn = pins.every((pin) => pin.is_owner)
  const actions: { name: string; icon: IconName; run: () => void }[] = [
    { name: text.save, icon: 'plus', run: () => ask({ to: 'save', pins }) },
    ...(place
      ? [{ name: words.arranging.arrange, icon: 'arrange' as const, run: () => ask({ to: 'arrange', pins, place }) }]
      : []),
    ...(areOwn
      ? ([
          { name: text.move, icon: 'move', run: () => ask({ to: 'move', pins }) },
          { name: text.edit, icon: 'pencil', run: () => ask({ to: 'edit many', pins }) },
          { name: text.delete, icon: 'trash', run: () => void deletePins(pins) },
        ] as const)
      : []),
  ]
  return (
    <section className="bulk" aria-label={text.selectedPins}>
      <p role="status">{text.selected(pins.length)}</p>
      {actions.map(({ name, icon, run }) => (
        <button key={name} type="button" onClick={run}>
          <Icon name={icon} />
          {name}
        </button>
      ))}
      <button type="button" aria-label={text.selectNone} onClick={clearSelection}>
        <Icon name="close" />
      </button>
    </section>
  )
}

/** Returns the board of one's own that the page shows, or the section of it. */
function useOwnBoard(): Place | undefined {
  const place = placeOf(usePagePath())
  const { data: view } = useQuery({ ...queries.board(place?.boardId ?? ''), enabled: place !== undefined })
  return view?.is_yours ? place : undefined
}

/** Selects nothing any more on Escape, and on another page. */
function useEnd(): void {
  const [location] = useLocation()
  const begunAt = useRef(location)
  useEffect(() => {
    if (location !== begunAt.current) clearSelection()
  }, [location])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !isShortcut(event)) return
      // The page behind would go back.
      event.stopImmediatePropagation()
      clearSelection()
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [])
}
