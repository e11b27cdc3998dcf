import { useEffect, useRef } from 'react'
import { readAgain } from '../api/cache.ts'
import { tryNow, useIsConnected } from '../api/connection.ts'
import { takeUp, useWaitingCount } from '../api/outbox.ts'
import { Icon } from '../ui/icon.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { useSession } from './session.ts'

/** Says that there is no connection, and how many changes wait for one. */
export function ConnectionBanner() {
  const isConnected = useIsConnected()
  const count = useWaitingCount()
  const username = useSession()?.person?.username
  const isCurrent = isConnected && count === 0
  const wasCurrent = useRef(isCurrent)
  useEffect(() => {
    if (username !== undefined) takeUp(username, () => showToast(words.changeRefused))
  }, [username])
  useEffect(() => {
    // What others did meanwhile is not known.
    if (isCurrent && !wasCurrent.current) void readAgain()
    wasCurrent.current = isCurrent
  }, [isCurrent])
  if (isCurrent) return null
  return (
    <div className="banner warn connection" role="status">
      <Icon name="offline" />
      <p>{isConnected ? words.sending(count) : count > 0 ? words.offlineWith(count) : words.offline}</p>
      {!isConnected && (
        <button type="button" className="btn small" onClick={tryNow}>
          {words.tryNow}
        </button>
      )}
    </div>
  )
}
