import { useEffect, useState } from 'react'

/**
 * Returns whether something is wanted, and the browser has painted since: what takes long to show is shown so that a tap
 * is answered first.
 */
export function usePainted(isWanted: boolean): boolean {
  const [isPainted, setPainted] = useState(false)
  useEffect(() => {
    if (!isWanted) return
    let timer: ReturnType<typeof setTimeout> | undefined
    // A page in the background has no frames.
    const frame = document.hidden ? 0 : requestAnimationFrame(() => (timer = setTimeout(() => setPainted(true))))
    if (document.hidden) setPainted(true)
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
      setPainted(false)
    }
  }, [isWanted])
  return isWanted && isPainted
}
