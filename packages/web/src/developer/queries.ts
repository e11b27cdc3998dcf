import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import * as calls from './calls.ts'

const first = null as string | null
const pageSize = 250
const after = (bookmark: string | null) => ({ page_size: pageSize, ...(bookmark !== null && { bookmark }) })
/** What others may change meanwhile is read anew each time it is shown. */
const fresh = { staleTime: 0, retry: false } as const

/** So often is read again what changes by itself. */
const againMs = 2000

/** What the developer pages read, by name. */
export const developerQueries = {
  apps: () =>
    infiniteQueryOptions({
      queryKey: ['developer', 'apps'],
      queryFn: ({ pageParam, signal }) => calls.listApps({ query: after(pageParam) }, { signal }),
      initialPageParam: first,
      getNextPageParam: ({ bookmark }) => bookmark,
      ...fresh,
    }),
  tokens: () =>
    infiniteQueryOptions({
      queryKey: ['developer', 'tokens'],
      queryFn: ({ pageParam, signal }) => calls.listTokens({ query: after(pageParam) }, { signal }),
      initialPageParam: first,
      getNextPageParam: ({ bookmark }) => bookmark,
      ...fresh,
    }),
  review: (appId: string) =>
    queryOptions({
      queryKey: ['developer', 'review', appId],
      queryFn: ({ signal }) => calls.reviewApp({ params: { app_id: appId } }, { signal }),
      ...fresh,
    }),
  webhooks: () =>
    queryOptions({
      queryKey: ['developer', 'webhooks'],
      // An account has far fewer than fit into one page.
      queryFn: ({ signal }) => calls.listWebhooks({ query: after(first) }, { signal }),
      ...fresh,
      refetchInterval: againMs,
    }),
  /** Its deliveries, with this status if one is given. Everything of it changes while it is looked at. */
  deliveries: (webhookId: string, status: calls.Delivery['status'] | undefined) =>
    infiniteQueryOptions({
      queryKey: ['developer', 'deliveries', webhookId, 'list', status ?? 'all'],
      queryFn: ({ pageParam, signal }) =>
        calls.listDeliveries(
          {
            params: { webhook_id: webhookId },
            query: {
              page_size: 50,
              ...(status && { status }),
              ...(pageParam !== null && { bookmark: pageParam }),
            },
          },
          { signal },
        ),
      initialPageParam: first,
      getNextPageParam: ({ bookmark }) => bookmark,
      ...fresh,
      // Each page is read again.
      refetchInterval: ({ state }) => againMs * (state.data?.pages.length ?? 1),
    }),
  delivery: (webhookId: string, id: string) =>
    queryOptions({
      queryKey: ['developer', 'deliveries', webhookId, 'one', id],
      queryFn: ({ signal }) => calls.getDelivery({ params: { webhook_id: webhookId, delivery_id: id } }, { signal }),
      ...fresh,
      refetchInterval: ({ state }) => state.status !== 'error' && againMs,
    }),
  request: (id: string) =>
    queryOptions({
      queryKey: ['control', 'request', id],
      queryFn: ({ signal }) => calls.getRequest({ params: { request_id: id } }, { signal }),
      ...fresh,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  clock: () =>
    queryOptions({ queryKey: ['control', 'clock'], queryFn: ({ signal }) => calls.getClock({}, { signal }), ...fresh }),
  faults: () =>
    queryOptions({
      queryKey: ['control', 'faults'],
      queryFn: ({ signal }) => calls.listFaults({}, { signal }),
      ...fresh,
    }),
  snapshots: () =>
    queryOptions({
      queryKey: ['control', 'snapshots'],
      queryFn: ({ signal }) => calls.listSnapshots({}, { signal }),
      ...fresh,
    }),
}
