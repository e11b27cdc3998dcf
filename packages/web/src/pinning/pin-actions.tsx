import { useEffect } from 'react'
import type { Pin } from '../api/calls.ts'
import { useLeave } from '../pages/pin-keys.ts'
import { useSession } from '../shell/session.ts'
import { isShortcut } from '../shell/shortcuts.tsx'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { ask } from './ask.ts'
import { deletePins } from './delete.ts'
import { onPinKey } from './pin-keys.ts'
import { SaveButtons } from './tray.tsx'

const text = words.pinning

/** What can be done with a Pin on its page. */
export function PinActions({ pin }: { pin: Pin }) {
  const person = useSession()?.person
  const leave = useLeave()
  const remove = () => {
    leave(pin)
    return deletePins([pin])
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isOnAnother = event.target instanceof Element && event.target.closest('.tile')
      if (isOnAnother) return
      if (event.key === 'Delete' && isShortcut(event) && pin.is_owner) void remove()
      else onPinKey(event, pin)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  if (!person) return null
  return (
    <>
      {pin.is_owner && (
        <>
          <button type="button" className="btn quiet" onClick={() => ask({ to: 'edit', pin })}>
            <Icon name="pencil" />
            <span className="max-md:sr-only">{text.edit}</span>
          </button>
          <button type="button" className="btn quiet" onClick={() => ask({ to: 'move', pins: [pin] })}>
            <Icon name="move" />
            <span className="max-md:sr-only">{text.move}</span>
          </button>
          <button type="button" className="btn quiet icon" aria-label={text.deletePin} onClick={() => void remove()}>
            <Icon name="trash" />
          </button>
        </>
      )}
      {!pin.is_owner && pin.is_removable && (
        <button type="button" className="btn quiet" onClick={() => ask({ to: 'remove', pin })}>
          <Icon name="trash" />
          {text.delete}
        </button>
      )}
      <SaveButtons pin={pin} className="save-buttons" />
    </>
  )
}
