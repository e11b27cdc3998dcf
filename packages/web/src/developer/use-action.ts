import { useState } from 'react'
import { showToast } from '../ui/toast.tsx'
import { sayFailure } from '../words/say-failure.ts'

/** Returns whether something is being done, and a function that does it, and says so if it fails. */
export function useAction(): [boolean, (work: () => Promise<unknown>) => void] {
  const [isBusy, setBusy] = useState(false)
  const run = (work: () => Promise<unknown>) => {
    if (isBusy) return
    setBusy(true)
    work()
      .catch((error: unknown) => showToast(sayFailure(error)))
      .finally(() => setBusy(false))
  }
  return [isBusy, run]
}
