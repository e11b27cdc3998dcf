import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useLocation, useSearch } from 'wouter'
import { Icon } from '../ui/icon.tsx'
import { Segment } from '../ui/segment.tsx'
import { Failure, State } from '../ui/state.tsx'
import { developerWords } from '../words/developer/index.ts'
import type { Delivery, Webhook } from './calls.ts'
import { DeliveryBadge } from './delivery-badge.tsx'
import { DeliveryPane } from './delivery-pane.tsx'
import { nameOfWebhook } from './name-of-webhook.ts'
import { PageHead } from './page-head.tsx'
import { developerQueries } from './queries.ts'
import { writeTime } from './request-list.tsx'
import { WebhookProblem } from './webhook-problem.tsx'

const text = developerWords.webhooks

type Status = Delivery['status']
const statuses = Object.keys(text.deliveryStatuses) as Status[]

/** What was sent to a webhook and what waits, as it goes, and one of these deliveries with everything. */
export function DeliveriesView({ webhook }: { webhook: Webhook }) {
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const status = statuses.find((one) => one === search.get('status'))
  const chosen = search.get('id') ?? undefined
  const hrefTo = (change: { status?: Status | undefined; id?: string | undefined }): string => {
    const given = Object.entries({ webhook: webhook.id, status, ...change })
    return `/developer/webhooks?${new URLSearchParams(given.filter((pair): pair is [string, string] => !!pair[1]))}`
  }
  return (
    <div className={chosen === undefined ? 'inspector' : 'inspector has-chosen'}>
      <p className="mb-2">
        <Link href="/developer/webhooks" className="btn small quiet -ms-3">
          <Icon name="back" size={16} flips />
          {text.back}
        </Link>
      </p>
      <PageHead title={text.deliveries} said={nameOfWebhook(webhook)} />
      <WebhookProblem webhook={webhook} />
      <div className="filter-row">
        <Segment
          label={text.statusLabel}
          value={status ?? 'all'}
          onChange={(value) => navigate(hrefTo({ status: value === 'all' ? undefined : value }), { replace: true })}
          options={[
            { value: 'all', name: text.any },
            ...statuses.map((value) => ({ value, name: text.deliveryStatuses[value] })),
          ]}
        />
      </div>
      <div className="panel inspector-panes">
        <DeliveryList webhookId={webhook.id} status={status} chosen={chosen} hrefOf={(id) => hrefTo({ id })} />
        <div className="request-pane">
          {chosen === undefined ? (
            <p className="text-soft p-8 text-center">{text.pick}</p>
          ) : (
            <>
              <Link href={hrefTo({})} className="btn small quiet back-to-list">
                <Icon name="back" size={16} flips />
                {text.backToDeliveries}
              </Link>
              <DeliveryPane key={chosen} webhookId={webhook.id} id={chosen} />
            </>
          )}
        </div>
      </div>
    </div>
  )
}

interface DeliveryListProps {
  webhookId: string
  /** Undefined: of any. */
  status: Status | undefined
  chosen: string | undefined
  hrefOf: (id: string) => string
}

function DeliveryList({ webhookId, status, chosen, hrefOf }: DeliveryListProps) {
  const query = useInfiniteQuery(developerQueries.deliveries(webhookId, status))
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query
  if (error && !data)
    return (
      <div className="requests">
        <Failure error={error} retry={() => void refetch()} missing={text.missing} />
      </div>
    )
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <div className="requests" aria-busy={items === undefined}>
      {items?.length === 0 && <State said={status ? text.noneSuch : text.noDeliveries} />}
      {items && items.length > 0 && (
        <ul aria-label={text.deliveries}>
          {items.map((delivery) => (
            <li key={delivery.id}>
              <Link
                href={hrefOf(delivery.id)}
                className="request-row delivery-row"
                aria-current={delivery.id === chosen ? 'true' : undefined}
              >
                <span className="path">{delivery.type}</span>
                <DeliveryBadge delivery={delivery} />
                <time dateTime={delivery.created_at}>{writeTime(delivery.created_at)}</time>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <button
          type="button"
          className="btn small m-4"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {text.older}
        </button>
      )}
    </div>
  )
}
