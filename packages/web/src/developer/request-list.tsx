import { memo, useState } from 'react'
import { Link } from 'wouter'
import { State } from '../ui/state.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { language } from '../words/index.ts'
import type { LoggedRequest } from './calls.ts'
import type { Requests } from './use-requests.ts'

export interface RequestListProps {
  requests: Requests
  /** The number of the one that is shown beside. */
  chosen: string | undefined
  hrefOf: (id: string) => string
  /** Whether a filter is set. */
  isNarrowed: boolean
}

/** The requests, newest first. While somebody points at them, they stay where they are. */
export function RequestList({ requests, chosen, hrefOf, isNarrowed }: RequestListProps) {
  const { items, come, hasOlder, readOlder } = requests
  const [heldAt, setHeldAt] = useState<string>()
  const from = heldAt === undefined ? 0 : (items?.findIndex(({ id }) => id === heldAt) ?? 0)
  const shown = items?.slice(Math.max(0, from)) ?? []
  const waiting = Math.max(0, from)
  return (
    <div
      className="requests"
      aria-busy={items === undefined}
      onPointerEnter={() => setHeldAt(items?.[0]?.id)}
      onPointerLeave={() => setHeldAt(undefined)}
    >
      {waiting > 0 && (
        <div className="waiting">
          <button type="button" className="btn small on" onClick={() => setHeldAt(items?.[0]?.id)}>
            {text.newRequests(waiting)}
          </button>
        </div>
      )}
      {items?.length === 0 && <State said={isNarrowed ? text.noMatch : text.noRequests} />}
      {shown.length > 0 && (
        <ul aria-label={text.requestList}>
          {shown.map((request) => (
            <li key={request.id}>
              <Row
                request={request}
                href={hrefOf(request.id)}
                isChosen={request.id === chosen}
                isNew={come.has(request.id)}
              />
            </li>
          ))}
        </ul>
      )}
      {hasOlder && (
        <button type="button" className="btn small m-4" onClick={readOlder}>
          {text.olderRequests}
        </button>
      )}
    </div>
  )
}

interface RowProps {
  request: LoggedRequest
  href: string
  isChosen: boolean
  isNew: boolean
}

const Row = memo(function Row({ request, href, isChosen, isNew }: RowProps) {
  const { method, path, status, duration_ms: duration, time } = request
  return (
    <Link
      href={href}
      className={isNew ? 'request-row new' : 'request-row'}
      aria-current={isChosen ? 'true' : undefined}
    >
      <span className={`method ${method}`}>{method}</span>
      <span className="path" title={path}>
        {path}
      </span>
      <StatusBadge status={status} />
      <span className="took">{writeDuration(duration)}</span>
      <time dateTime={time}>{writeTime(time)}</time>
    </Link>
  )
})

/** The status of an answer, in the colour of what it says. */
export function StatusBadge({ status, name }: { status: number | null; name?: string | undefined }) {
  const kind = status === null || status >= 500 ? 'bad' : status === 429 ? 'warn' : status >= 400 ? 'bad' : 'ok'
  return (
    <span className={`badge ${kind}`}>
      {status ?? text.noAnswer}
      {name && ` ${name}`}
    </span>
  )
}

/** Writes how long something took. */
export const writeDuration = (ms: number): string =>
  `${new Intl.NumberFormat(language, { maximumFractionDigits: ms < 10 ? 1 : 0 }).format(ms)} ms`

const clock = new Intl.DateTimeFormat(language, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})

/** Writes the time of day. */
export const writeTime = (time: string): string => clock.format(new Date(time))
