import { Suspense } from 'react'
import { lazily } from '../shell/lazy-page.tsx'
import { useIsSelecting } from './selection.ts'

const BulkBar = lazily(async () => (await import('./bulk-bar.tsx')).BulkBar)

/** The place of what can be done with the Pins that are selected. */
export function Selected() {
  if (!useIsSelecting()) return null
  return (
    <Suspense fallback={null}>
      <BulkBar />
    </Suspense>
  )
}
