import { useInfiniteQuery } from '@tanstack/react-query'
import { readAgain } from '../api/cache.ts'
import { ApiFailure } from '../api/call.ts'
import { type Pin, restorePin, type TrashedPin } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { useItems } from '../pages/list.tsx'
import { useTitle } from '../shell/title.ts'
import { Icon } from '../ui/icon.tsx'
import { Failure, State } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { tileOf } from '../wall/tile.ts'
import { words } from '../words/index.ts'
import { ask } from './ask.ts'

const text = words.pinning
const dayMs = 24 * 60 * 60 * 1000

/** The Pins that were deleted in the last 30 days. */
export function TrashPage() {
  useTitle(text.trash)
  const result = useInfiniteQuery(queries.trash())
  const items = useItems(result)
  const { error, isLoading, hasNextPage, isFetching, fetchNextPage, refetch } = result
  if (error && items.length === 0) return <Failure error={error} retry={() => void refetch()} />
  return (
    <>
      <header className="mb-5 flex flex-wrap items-center gap-3">
        <div className="flex-1">
          <h1 className="text-28">{text.trash}</h1>
          <p className="text-soft">{text.trashHint}</p>
        </div>
        {items.length > 0 && (
          <button type="button" className="btn quiet danger-text" onClick={() => ask({ to: 'empty trash' })}>
            <Icon name="trash" />
            {text.emptyTrash}
          </button>
        )}
      </header>
      {items.length === 0 && !isLoading && <State said={text.emptyOfPins} />}
      <ul className="trash" aria-label={text.trash} aria-busy={isLoading}>
        {items.map((item) => (
          <Trashed key={item.pin.id} item={item} />
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" className="btn mx-auto mt-6" disabled={isFetching} onClick={() => void fetchNextPage()}>
          {text.more}
        </button>
      )}
    </>
  )
}

function Trashed({ item: { pin, gone_at: goneAt } }: { item: TrashedPin }) {
  const { picture, title, color, alt } = tileOf(pin)
  const days = Math.max(1, Math.ceil((Date.parse(`${goneAt}Z`) - Date.now()) / dayMs))
  const name = title || words.untitled
  return (
    <li>
      <img src={picture.sources[0]?.url} alt={alt || words.untitled} loading="lazy" style={{ background: color }} />
      <p className="truncate font-medium" dir="auto">
        {name}
      </p>
      <p className="text-13 text-soft">{text.daysLeft(days)}</p>
      <div className="flex gap-1">
        <button
          type="button"
          className="btn small flex-1"
          aria-label={text.restorePin(name)}
          onClick={() => void restore(pin)}
        >
          {text.restore}
        </button>
        <button
          type="button"
          className="btn small quiet"
          aria-label={text.discardPin(name)}
          title={text.deleteForGood}
          onClick={() => ask({ to: 'discard', pin })}
        >
          <Icon name="close" size={16} />
        </button>
      </div>
    </li>
  )
}

/** Puts a Pin back where it was, or asks where if that is gone. */
async function restore(pin: Pin): Promise<void> {
  try {
    await restorePin({ params: { pin_id: pin.id }, body: {} })
    showToast(text.restored)
    void readAgain()
  } catch (error) {
    const isPlaceGone = error instanceof ApiFailure && [403, 404].includes(error.status)
    if (isPlaceGone) ask({ to: 'restore', pin })
    else showToast(text.restoreFailed)
  }
}
