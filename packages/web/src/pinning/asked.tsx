import { lazy, Suspense, useSyncExternalStore } from 'react'
import { asked, closeAsked } from './ask.ts'

const Dialogs = lazy(() => import('./dialogs.tsx'))

/** The place of the dialogs about Pins and boards, which are loaded with the first of them. */
export function Asked() {
  const current = useSyncExternalStore(asked.subscribe, asked.get)
  if (!current) return null
  return (
    <Suspense fallback={null}>
      <Dialogs key={current.number} ask={current.ask} isOpen={current.isOpen} close={closeAsked} />
    </Suspense>
  )
}
