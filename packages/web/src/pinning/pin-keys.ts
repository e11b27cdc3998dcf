import type { Pin } from '../api/calls.ts'
import { queries, queryClient } from '../api/queries.ts'
import { isShortcut } from '../shell/shortcuts.tsx'
import { ask } from './ask.ts'
import { deletePins } from './delete.ts'

/** Does what a key does to a Pin that has the focus. Returns whether it does something. */
export function onPinKey(event: KeyboardEvent, pin: Pin): boolean {
  if (!isShortcut(event) || !queryClient.getQueryData(queries.session().queryKey)?.person) return false
  if (event.key === 's') ask({ to: 'save', pins: [pin] })
  else if (event.key === 'e' && pin.is_owner) ask({ to: 'edit', pin })
  else if (event.key === 'Delete' && pin.is_owner) void deletePins([pin])
  else return false
  event.preventDefault()
  return true
}
