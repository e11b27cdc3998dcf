import { useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { ApiFailure } from '../api/call.ts'
import { Icon } from '../ui/icon.tsx'
import { Segment } from '../ui/segment.tsx'
import { Failure, State } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { clearRequests, type LogFilters } from './calls.ts'
import { Closed, isClosed } from './closed.tsx'
import { PageHead } from './page-head.tsx'
import { type ReadFilter, readFilter } from './read-filter.ts'
import { RequestDetailPane } from './request-detail.tsx'
import { RequestList } from './request-list.tsx'
import { useAction } from './use-action.ts'
import { useRequests } from './use-requests.ts'

const path = '/developer/requests'
const suggested = ['status:4xx', 'status:429', 'status:5xx']

/** What programs sent, as it comes, and one of these requests with everything. */
export function InspectorPage() {
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const typed = search.get('filter') ?? ''
  const isOfAll = search.get('by') === 'all'
  const chosen = search.get('id') ?? undefined
  const [isPaused, setPaused] = useState(false)
  const [isBusy, run] = useAction()
  const read = readFilter(typed)
  const filters: LogFilters = { ...('filters' in read && read.filters), ...(!isOfAll && { by: 'program' }) }
  const requests = useRequests(filters, isPaused)
  const { error, items, readAgain } = requests

  /** Returns the address of this page with some of what it says changed. */
  const hrefWith = (change: { filter?: string; by?: string; id?: string }): string => {
    const next = new URLSearchParams(search)
    for (const [name, value] of Object.entries(change))
      if (value === undefined || value === '') next.delete(name)
      else next.set(name, value)
    return next.size > 0 ? `${path}?${next}` : path
  }
  const setFilter = (filter: string) => navigate(hrefWith({ filter }), { replace: true })
  const toggle = (part: string) => {
    const others = typed.split(/\s+/).filter((each) => each !== '' && !each.startsWith('status:'))
    setFilter((typed.includes(part) ? others : [...others, part]).join(' '))
  }

  if (isClosed(error ?? null)) return <Closed retry={readAgain} />
  return (
    <div className={chosen === undefined ? 'inspector' : 'inspector has-chosen'}>
      <PageHead title={text.inspector} said={text.inspectorSaid}>
        <div className="head-actions">
          <span className={isPaused ? 'live off' : 'live'} role="status">
            {isPaused ? text.paused : text.live}
          </span>
          <button type="button" className="btn quiet" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            <Icon name={isPaused ? 'play' : 'pause'} />
            {isPaused ? text.goOn : text.pause}
          </button>
          <button
            type="button"
            className="btn quiet"
            disabled={isBusy}
            onClick={() =>
              run(async () => {
                await clearRequests({})
                showToast(text.logCleared)
                readAgain()
              })
            }
          >
            <Icon name="trash" />
            {text.clearLog}
          </button>
        </div>
      </PageHead>
      <div className="filter-row">
        <label className="field">
          <span className="sr-only">{text.filter}</span>
          <input
            type="search"
            className="in"
            value={typed}
            placeholder={text.filterHint}
            spellCheck={false}
            autoCapitalize="none"
            aria-describedby="filter-problem"
            aria-invalid={!('filters' in read)}
            onChange={({ target }) => setFilter(target.value)}
          />
        </label>
        {suggested.map((part) => (
          <button
            key={part}
            type="button"
            className={typed.includes(part) ? 'btn small on' : 'btn small'}
            aria-pressed={typed.includes(part)}
            onClick={() => toggle(part)}
          >
            {part}
          </button>
        ))}
        <Segment
          label={text.sendersLabel}
          value={isOfAll ? 'all' : 'program'}
          onChange={(by) => navigate(hrefWith({ by: by === 'all' ? by : '' }), { replace: true })}
          options={[
            { value: 'program', name: text.senders.program },
            { value: 'all', name: text.senders.any },
          ]}
        />
      </div>
      <p className="problem mb-3" id="filter-problem" role="status" hidden={'filters' in read}>
        {problemOf(read)}
      </p>
      {error && !items ? (
        error instanceof ApiFailure && error.status === 400 ? (
          <State said={{ title: text.noLog, text: error.message }} mood="missing" />
        ) : (
          <Failure error={error} retry={readAgain} />
        )
      ) : (
        <div className="panel inspector-panes">
          <RequestList
            requests={requests}
            chosen={chosen}
            hrefOf={(id) => hrefWith({ id })}
            isNarrowed={typed !== ''}
          />
          <div className="request-pane">
            {chosen === undefined ? (
              <p className="text-soft p-8 text-center">{text.pickRequest}</p>
            ) : (
              <>
                <Link href={hrefWith({ id: '' })} className="btn small quiet back-to-list">
                  <Icon name="back" size={16} flips />
                  {text.backToList}
                </Link>
                <RequestDetailPane key={chosen} id={chosen} show={(id) => navigate(hrefWith({ id }))} />
              </>
            )}
          </div>
        </div>
      )}
    </div>
  )
}

function problemOf(read: ReadFilter): string {
  if ('unknown' in read) return text.unknownFilter(read.unknown)
  return 'badStatus' in read ? text.badStatus : ''
}
