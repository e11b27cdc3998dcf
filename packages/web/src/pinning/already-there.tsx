import { Link } from 'wouter'
import { readAgain } from '../api/cache.ts'
import { restorePin, trashPin } from '../api/calls.ts'
import { Icon } from '../ui/icon.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { type Item, keepBoth, leaveOut } from './queue.ts'

const text = words.pinning

/** Says in the row of a Pin to make what somebody has already, and asks what to do: certain, or a hint that is softer. */
export function AlreadyThere({ item, name }: { item: Item; name: string }) {
  const { id, already, state } = item
  if (!already || (state !== 'ready' && state !== 'failed' && state !== 'made')) return null
  const { board, isCertain, pinId } = already
  const certain = board === undefined ? text.already : text.alreadyOn(board)
  const likely = board === undefined ? text.looksLike : text.looksLikeOn(board)
  return (
    <div className="already" role="status">
      <span className={isCertain ? 'certain' : 'text-soft'}>
        <Icon name={isCertain ? 'alert' : 'pictures'} size={16} />
        <span dir="auto">{isCertain ? certain : likely}</span>
        <Link className="link" href={`/pin/${pinId}`} aria-label={text.showOf(name)}>
          {text.show}
        </Link>
      </span>
      <span className="flex gap-1">
        <button type="button" className="btn small" aria-label={text.keepBothOf(name)} onClick={() => keepBoth(id)}>
          {text.keepBoth}
        </button>
        <button
          type="button"
          className="btn small quiet"
          aria-label={text.leaveOutOf(name)}
          onClick={() => void leaveOutOne(item)}
        >
          {text.leaveOutOne}
        </button>
      </span>
    </div>
  )
}

/** Takes a Pin out again: out of the list, or to the trash if it was made meanwhile. */
async function leaveOutOne({ id, pinId }: Item): Promise<void> {
  leaveOut((each) => each.id === id)
  if (pinId === undefined) return
  const bin = { params: { pin_id: pinId } }
  try {
    await trashPin(bin)
    showToast(text.leftOut, () => void restorePin({ ...bin, body: {} }).then(readAgain))
  } catch {
    showToast(text.deleteFailed(1, 1))
  }
  void readAgain()
}
