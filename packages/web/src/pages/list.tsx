import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import type { Pin, WatchedList } from '../api/calls.ts'
import type { queries } from '../api/queries.ts'
import { useLive } from '../live/use-live.ts'
import { Failure, type StateProps } from '../ui/state.tsx'
import { Wall } from '../wall/wall.tsx'
import { words } from '../words/index.ts'

/** The answer to a list that is read page by page. */
type Result<Item> = UseInfiniteQueryResult<InfiniteData<{ items: Item[] }>>

/** Returns the items of every page that was read. */
export function useItems<Item>({ data }: Pick<Result<Item>, 'data'>): Item[] {
  return useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
}

export interface PinListProps {
  label: string
  query: ReturnType<typeof queries.feed>
  /** What is shown when there are no Pins. */
  empty: ReactNode
  missing?: StateProps['said']
  /** What tells that the list has changed; undefined: it stays as it was read. */
  watched?: WatchedList
}

/** A wall of the Pins of a list, with what there is to say when there are none, or they do not come. */
export function PinList({ label, query, empty, missing, watched }: PinListProps) {
  const result = useInfiniteQuery(query)
  const { waiting, show, gone, come } = useLive(query, watched)
  const pins: Pin[] = useItems(result)
  const { error, isFetching, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = result
  if (error && pins.length === 0)
    return <Failure error={error} retry={() => void refetch()} {...(missing && { missing })} />
  if (pins.length === 0 && !isFetching && !hasNextPage) return empty
  return (
    <>
      <div className="new-pins" role="status">
        {waiting > 0 && (
          <button type="button" className="btn primary" onClick={show}>
            {words.newPins(waiting)}
          </button>
        )}
      </div>
      <Wall
        label={label}
        pins={pins}
        hasMore={hasNextPage && !error}
        isLoading={isFetchingNextPage || (isFetching && pins.length === 0)}
        loadMore={() => void fetchNextPage()}
        gone={gone}
        come={come}
      />
    </>
  )
}
