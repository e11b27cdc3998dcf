import { Link } from 'wouter'
import { Icon } from '../ui/icon.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import type { RequestDetail } from './calls.ts'

/** Says why a request was answered as it was, unless it was simply carried out. */
export function WhyBanner({ why }: { why: RequestDetail['why'] }) {
  if (!why) return null
  const isSoft = why.kind === 'fault' || why.kind === 'limit'
  return (
    <div className={isSoft ? 'banner warn why' : 'banner bad why'}>
      <Icon name="alert" />
      <div className="min-w-0 flex-1">
        <p>
          <b>{text.why[why.kind]}</b> <span lang="en">{why.text}</span>
        </p>
        <Facts why={why} />
      </div>
    </div>
  )
}

function Facts({
  why: { error, fault, limit, missing_scopes: scopes, schema, nearest },
}: {
  why: NonNullable<RequestDetail['why']>
}) {
  return (
    <ul>
      {error && (
        <li>
          <code>{error}</code>
        </li>
      )}
      {fault && (
        <li>
          <Link className="link" href="/developer/control">
            {text.theFault(fault.id)}
          </Link>{' '}
          · {text.effects[fault.effect]}
        </li>
      )}
      {limit && (
        <li>
          <code>{limit.name}</code> · {text.limitWas(limit.requests, limit.window_seconds)}
        </li>
      )}
      {scopes && scopes.length > 0 && (
        <li>
          {text.missingScopes} <code>{scopes.join(' ')}</code>
        </li>
      )}
      {schema && (
        <li>
          {text.wrongAt}{' '}
          <code>
            {schema.part} {schema.path}
          </code>{' '}
          · <code>{schema.rule}</code>
        </li>
      )}
      {nearest && (
        <li>
          {text.nearest}{' '}
          <code>
            {nearest.method} {nearest.path}
          </code>
        </li>
      )}
    </ul>
  )
}
