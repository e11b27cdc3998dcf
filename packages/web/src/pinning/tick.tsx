import type { Pin } from '../api/calls.ts'
import { useSession } from '../shell/session.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { toggle, useIsSelected } from './selection.ts'

/** Selects a Pin of a wall. */
export function Tick({ pin }: { pin: Pin }) {
  const isSelected = useIsSelected(pin.id)
  if (!useSession()?.person) return null
  return (
    <button
      type="button"
      className="tick"
      aria-pressed={isSelected}
      aria-label={words.pinning.select(pin.title || words.untitled)}
      onClick={() => toggle(pin)}
    >
      {isSelected && <Icon name="check" size={16} />}
    </button>
  )
}
