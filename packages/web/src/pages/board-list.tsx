import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import type { BoardView } from '../api/calls.ts'
import type { queries } from '../api/queries.ts'
import { Failure } from '../ui/state.tsx'
import { BoardCard } from './board-card.tsx'
import { useItems } from './list.tsx'

export interface BoardListProps {
  query: ReturnType<typeof queries.profileBoards>
  /** What is shown when there are no boards. */
  empty: ReactNode
  /** What stands above the boards, if there are any. */
  heading?: ReactNode
  /** Which of them are shown. Default: all. */
  isShown?: (view: BoardView) => boolean
}

/** The boards of a list; more are loaded where it ends. */
export function BoardList({ query, empty, heading, isShown = () => true }: BoardListProps) {
  const result = useInfiniteQuery(query)
  const boards = useItems(result).filter(isShown)
  const { error, isFetching, hasNextPage, fetchNextPage, refetch } = result
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!end.current || !hasNextPage || isFetching) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void fetchNextPage(), {
      rootMargin: '800px',
    })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [hasNextPage, isFetching, fetchNextPage])
  if (error && boards.length === 0) return <Failure error={error} retry={() => void refetch()} />
  if (boards.length === 0 && isFetching)
    return (
      <ul className="boards" aria-busy="true">
        {[1, 2, 3, 4].map((n) => (
          <li key={n} className="skeleton aspect-[3/2]" />
        ))}
      </ul>
    )
  if (boards.length === 0 && !hasNextPage) return empty
  return (
    <>
      {heading}
      <ul className="boards">
        {boards.map((view) => (
          <li key={view.board.id}>
            <BoardCard view={view} />
          </li>
        ))}
      </ul>
      <div ref={end} />
    </>
  )
}
