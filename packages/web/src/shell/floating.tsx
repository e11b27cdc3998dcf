import { DropTarget } from '../pinning/drop-target.tsx'
import { Selected } from '../pinning/selected.tsx'
import { Toasts } from '../ui/toast.tsx'
import { useSession } from './session.ts'

/** What floats above the page, or above the Pin over it: nothing outside an open dialog can be reached. */
export function Floating() {
  const isSignedIn = Boolean(useSession()?.person)
  return (
    <>
      <Toasts />
      <Selected />
      {isSignedIn && <DropTarget />}
    </>
  )
}
