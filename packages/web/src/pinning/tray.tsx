import type { Pin } from '../api/calls.ts'
import { useSession } from '../shell/session.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { ask } from './ask.ts'
import { useLastBoards } from './last-boards.ts'
import { savePins } from './save.ts'
import { useSavedTo } from './saved.ts'

const text = words.pinning

/** Saves a Pin: to the board that was pinned to last with one click, or to another with two. */
export function SaveButtons({ pin, className }: { pin: Pin; className: string }) {
  const [last] = useLastBoards()
  const savedTo = useSavedTo(pin.id)
  if (!useSession()?.person) return null
  const choose = () => ask({ to: 'save', pins: [pin] })
  if (savedTo !== undefined)
    return (
      <div className={className}>
        <button type="button" className="saved" aria-label={text.savedTo(savedTo)} onClick={choose}>
          <Icon name="check" size={16} />
          <span className="truncate" dir="auto">
            {savedTo}
          </span>
        </button>
      </div>
    )
  return (
    <div className={className} role="group" aria-label={words.pinning.saveToBoard}>
      {last && (
        <button type="button" className="to" aria-label={text.chooseBoardNow(last.name)} onClick={choose}>
          <span className="truncate" dir="auto">
            {last.name}
          </span>
          <Icon name="down" size={16} />
        </button>
      )}
      <button
        type="button"
        className="save"
        aria-label={last ? text.saveTo(last.name) : text.saveToBoard}
        onClick={() => (last ? void savePins([pin], last) : choose())}
      >
        {text.save}
      </button>
    </div>
  )
}
