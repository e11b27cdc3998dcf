import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BoardView, Pin } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { Bond } from '../pages/board-card.tsx'
import { useItems } from '../pages/list.tsx'
import { Problem } from '../pinning/board-choice.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import { setCover } from './board-view.ts'
import './arranging.css'

const text = words.arranging

/** Chooses the cover of a board among the pictures of its Pins. */
export function CoverForm({ view: given, close }: { view: BoardView; close: () => void }) {
  const boardId = given.board.id
  const { data: view = given } = useQuery(queries.board(boardId))
  const result = useInfiniteQuery(queries.boardPins(boardId, undefined))
  const pins = useItems(result)
  const [problem, setProblem] = useState('')
  const choose = (pinId: string | null) =>
    setCover(boardId, pinId, view.cover_pin_id).then(close, (error: unknown) => setProblem(sayFailure(error)))
  return (
    <div className="grid gap-4">
      <div className="cover-now">
        <Bond covers={view.cover_urls} />
      </div>
      <ul className="cover-choice" aria-label={words.pins} aria-busy={result.isFetching}>
        {pins.map((pin) => (
          <li key={pin.id}>
            <button
              type="button"
              aria-label={text.asCover(pin.title || words.untitled)}
              aria-pressed={pin.id === view.cover_pin_id}
              onClick={() => void choose(pin.id)}
            >
              <img src={smallPicture(pin)} alt="" width={150} height={150} loading="lazy" decoding="async" />
            </button>
          </li>
        ))}
      </ul>
      <Problem said={problem} />
      <div className="actions">
        {result.hasNextPage && (
          <button
            type="button"
            className="btn quiet"
            disabled={result.isFetchingNextPage}
            onClick={() => void result.fetchNextPage()}
          >
            {words.account.more}
          </button>
        )}
        <span className="flex-1" />
        {view.cover_pin_id !== null && (
          <button type="button" className="btn" onClick={() => void choose(null)}>
            {text.newestAsCover}
          </button>
        )}
        <button type="button" className="btn quiet" onClick={close}>
          {words.pinning.cancel}
        </button>
      </div>
    </div>
  )
}

/** Returns the smallest picture of a Pin. */
export function smallPicture({ media }: Pin): string | undefined {
  if (!media) return undefined
  const images = media.media_type === 'multiple_images' ? media.items?.[0] : media
  return images && 'images' in images ? images.images?.['150x150']?.url : undefined
}
