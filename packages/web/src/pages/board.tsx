import { useInfiniteQuery, usePrefetchInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'wouter'
import type { BoardView, SectionView } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { useDragging } from '../arranging/use-dragging.ts'
import { ask } from '../pinning/ask.ts'
import { BoardActions } from '../pinning/board-actions.tsx'
import { useTitle } from '../shell/title.ts'
import { DensityChoice } from '../ui/density-choice.tsx'
import { Icon } from '../ui/icon.tsx'
import { Failure, Missing, State } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { PinList, useItems } from './list.tsx'

export interface BoardProps {
  boardId: string
  /** The section that is shown; undefined: the whole board. */
  sectionId?: string
}

/** A board with its sections, or one section of it. */
export function Board({ boardId, sectionId }: BoardProps) {
  const { data: view, error, refetch } = useQuery(queries.board(boardId))
  const { sections, areThere } = useSections(boardId)
  // At the same time as the board itself, so that they are there with it.
  usePrefetchInfiniteQuery(queries.boardPins(boardId, sectionId))
  const page = useDragging(view?.is_yours === true, { boardId, sectionId })
  const section = sections.find(({ id }) => id === sectionId)
  const isMissing = sectionId !== undefined && areThere && section === undefined
  useTitle(error ? words.missingBoard.title : isMissing ? words.missingSection.title : view && titleOf(view, section))
  if (error && !view) return <Failure error={error} retry={() => void refetch()} missing={words.missingBoard} />
  if (!view || !areThere) return null
  if (isMissing) return <Missing said={words.missingSection} />
  return (
    <div ref={page}>
      <Head view={view} section={section} isSection={sectionId !== undefined} sectionCount={sections.length} />
      {sectionId === undefined && sections.length > 0 && <Sections view={view} sections={sections} />}
      <div className="strip">
        <h2 className="text-18 flex-1">{section?.name ?? words.allPins}</h2>
        <DensityChoice isInStrip />
      </div>
      <PinList
        key={sectionId}
        label={section?.name ?? view.board.name}
        query={queries.boardPins(boardId, sectionId)}
        watched={{ board_id: boardId }}
        empty={<State said={sectionId === undefined ? words.emptyBoard : words.emptySection} />}
        missing={words.missingBoard}
      />
    </div>
  )
}

/** Returns every section of a board, and whether they were read. */
function useSections(boardId: string): { sections: readonly SectionView[]; areThere: boolean } {
  const listed = useInfiniteQuery(queries.sections(boardId))
  const { hasNextPage, isFetching, fetchNextPage } = listed
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  return { sections: useItems(listed), areThere: !listed.isPending && (!hasNextPage || listed.isError) }
}

const titleOf = ({ board }: BoardView, section: SectionView | undefined): string =>
  section ? `${section.name} · ${board.name}` : board.name

interface HeadProps {
  view: BoardView
  section: SectionView | undefined
  isSection: boolean
  /** How many sections the board has. */
  sectionCount: number
}

function Head({ view, section, isSection, sectionCount }: HeadProps) {
  const { board, owner } = view
  const isPublic = board.privacy === 'PUBLIC'
  return (
    <header className="board-head">
      <nav className="crumbs" aria-label={words.boards}>
        <Link className="link" href={`/u/${owner.username}`}>
          {owner.name}
        </Link>
        <Icon name="next" size={16} flips />
        {isSection ? (
          <>
            <Link className="link truncate" href={`/board/${board.id}`} data-drop-out="">
              {board.name}
            </Link>
            <Icon name="next" size={16} flips />
            <span className="truncate">{section?.name}</span>
          </>
        ) : (
          <span className="truncate">{board.name}</span>
        )}
      </nav>
      <h1 dir="auto">{isSection ? section?.name : board.name}</h1>
      {!isSection && board.description && (
        <p className="text-16 text-soft max-w-[60ch]" dir="auto">
          {board.description}
        </p>
      )}
      <div className="facts-line">
        <span className="badge">
          <Icon name={isPublic ? 'globe' : 'lock'} size={16} />
          {words.privacy[board.privacy ?? 'PUBLIC']}
        </span>
        {view.is_archived && (
          <span className="badge">
            <Icon name="archive" size={16} />
            {words.arranging.archived}
          </span>
        )}
        {isSection
          ? section && <span className="text-soft">{words.pinCount(section.pin_count)}</span>
          : board.pin_count !== undefined && <span className="text-soft">{words.pinCount(board.pin_count)}</span>}
        {isPublic && (
          <a className="link inline-flex items-center gap-1" href={`/board/${board.id}/feed.xml`}>
            <Icon name="feed" size={16} />
            <span className="sr-only">{words.feedOf(board.name)}</span>
            <span aria-hidden="true">RSS</span>
          </a>
        )}
        {view.is_yours && <BoardActions view={view} section={section} sectionCount={sectionCount} />}
      </div>
    </header>
  )
}

function Sections({ view, sections }: { view: BoardView; sections: readonly SectionView[] }) {
  const boardId = view.board.id
  return (
    <nav aria-label={words.sections}>
      <ul className="sections">
        {sections.map(({ id, name, cover_url: cover, pin_count: count }) => (
          <li key={id}>
            <Link href={`/board/${boardId}/section/${id}`} className="section" data-section={id}>
              {cover === null ? <span className="cover" /> : <img className="cover" src={cover} alt="" />}
              <span className="said">
                <span className="truncate" dir="auto">
                  {name}
                </span>
                <span className="count">{words.pinCount(count)}</span>
              </span>
            </Link>
          </li>
        ))}
        {view.is_yours && (
          <li>
            <button type="button" className="section new" onClick={() => ask({ to: 'make section', boardId })}>
              {words.pinning.newSection}
            </button>
          </li>
        )}
      </ul>
    </nav>
  )
}
