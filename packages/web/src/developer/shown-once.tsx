import { useEffect, useRef } from 'react'
import { Icon } from '../ui/icon.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { CopyButton } from './copy-button.tsx'

export interface ShownOnceProps {
  /** What it is, in words that end in a colon. */
  label: string
  secret: string
  /** Takes it away. */
  done: () => void
}

/** A secret that is told this once. It has the focus, so that nobody passes over it. */
export function ShownOnce({ label, secret, done }: ShownOnceProps) {
  const place = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another secret is told like the first
  useEffect(() => place.current?.focus(), [secret])
  return (
    <div className="banner ok shown-once" role="status" tabIndex={-1} ref={place}>
      <Icon name="key" />
      <p>
        {label} <code>{secret}</code>
      </p>
      <CopyButton text={secret} />
      <button type="button" className="btn small" onClick={done}>
        {text.haveIt}
      </button>
    </div>
  )
}
