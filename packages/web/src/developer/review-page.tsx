import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { ApiFailure } from '../api/call.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Failure, State } from '../ui/state.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { AppSelect } from './app-select.tsx'
import type { AppReview } from './calls.ts'
import { type FaultBegun, FaultForm } from './fault-form.tsx'
import { PageHead } from './page-head.tsx'
import { developerQueries } from './queries.ts'

type Point = AppReview['points'][number]

/** What an app has shown of what Pinterest's review looks for. */
export function ReviewPage() {
  const [, navigate] = useLocation()
  const named = new URLSearchParams(useSearch()).get('app')
  const { data, error, refetch } = useInfiniteQuery(developerQueries.apps())
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />
  const apps = data?.pages.flatMap(({ items }) => items)
  const chosen = apps?.find((app) => app.id === named) ?? apps?.[0]
  return (
    <>
      <PageHead title={text.review} said={text.reviewSaid}>
        {apps && chosen && (
          <AppSelect
            label={text.ofApp}
            apps={apps}
            value={chosen.id}
            onChange={(id) => navigate(`/developer/review?app=${id}`, { replace: true })}
          />
        )}
      </PageHead>
      {apps?.length === 0 && (
        <State said={text.noApps}>
          <Link href="/developer/apps" className="btn primary">
            {text.apps}
          </Link>
        </State>
      )}
      {chosen && <Review key={chosen.id} appId={chosen.id} />}
    </>
  )
}

function Review({ appId }: { appId: string }) {
  const { data: review, error, isFetching, refetch } = useQuery(developerQueries.review(appId))
  const [fault, setFault] = useState<FaultBegun>()
  if (error instanceof ApiFailure && error.status === 400)
    return <State said={{ title: text.noLog, text: error.message }} mood="missing" />
  if (error && !review) return <Failure error={error} retry={() => void refetch()} />
  if (!review) return <div className="min-h-96" aria-busy="true" />
  const shown = review.points.filter(({ state }) => state === 'shown').length
  return (
    <>
      <div className="review-sum">
        <p role="status">
          <b className="text-18">{text.shownOf(shown, review.points.length)}</b>{' '}
          <span className="text-soft">{text.reviewedRequests(review.requests)}</span>
        </p>
        <button type="button" className="btn small" disabled={isFetching} onClick={() => void refetch()}>
          <Icon name="again" size={16} />
          {text.lookAgain}
        </button>
      </div>
      <ol className="panel rows">
        {review.points.map((point) => (
          <li key={point.point}>
            <PointRow point={point}>
              {point.point === 'scopes' && <Scopes scopes={review.scopes} />}
              <Next point={point} appId={appId} makeFault={setFault} />
            </PointRow>
          </li>
        ))}
      </ol>
      <p className="text-soft text-13 mt-4">{text.reviewNote}</p>
      <Dialog isOpen={fault !== undefined} onClose={() => setFault(undefined)} label={text.newFault}>
        <h2 className="text-18 mb-4">{text.newFault}</h2>
        {fault && <FaultForm begun={fault} close={() => setFault(undefined)} />}
      </Dialog>
    </>
  )
}

const looks: Record<Point['state'], { icon: IconName; badge: string }> = {
  shown: { icon: 'check', badge: 'ok' },
  open: { icon: 'more', badge: '' },
  wrong: { icon: 'alert', badge: 'bad' },
}

function PointRow({ point: { point, state, requests }, children }: { point: Point; children: ReactNode }) {
  const said = text.points[point]
  const { icon, badge } = looks[state]
  return (
    <div className={`point ${state}`}>
      <span className="mark-of-state">
        <Icon name={icon} />
      </span>
      <div className="min-w-0">
        <h2 className="text-16">
          {said.title} <span className={`badge ${badge}`}>{text.states[state]}</span>
        </h2>
        <p>{said[state]}</p>
        {children}
        {requests.length > 0 && (
          <p className="links">
            {requests.map((id) => (
              <Link key={id} className="link" href={`/developer/requests?id=${id}`}>
                {text.seeRequest(id)}
              </Link>
            ))}
          </p>
        )}
      </div>
    </div>
  )
}

function Scopes({ scopes: { used, unused, missing } }: { scopes: AppReview['scopes'] }) {
  const lists = [
    { name: text.usedScopes, scopes: used },
    { name: text.unusedScopes, scopes: unused },
    { name: text.refusedScopes, scopes: missing },
  ]
  return (
    <dl className="app-facts">
      {lists.map(
        ({ name, scopes }) =>
          scopes.length > 0 && (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>
                <code>{scopes.join(' ')}</code>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

interface NextProps {
  point: Point
  appId: string
  makeFault: (fault: FaultBegun) => void
}

/** What leads on to a point that was not seen yet. */
function Next({ point: { point, state }, appId, makeFault }: NextProps) {
  if (state !== 'open') return null
  if (point === 'refresh')
    return (
      <Link href="/developer/control" className="btn small">
        {text.toControl}
      </Link>
    )
  if (point !== 'errors' && point !== 'rate_limits') return null
  const error = point === 'errors' ? 'unavailable' : 'rateLimited'
  return (
    <button
      type="button"
      className="btn small"
      onClick={() =>
        makeFault({ app: appId, effect: 'error', error, ...(point === 'rate_limits' && { retry_after: 5 }) })
      }
    >
      {text.newFault}
    </button>
  )
}
