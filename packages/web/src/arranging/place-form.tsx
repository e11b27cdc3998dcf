import { useInfiniteQuery } from '@tanstack/react-query'
import type { Pin } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { useItems } from '../pages/list.tsx'
import { clearSelection } from '../pinning/selection.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { movePinsTo } from './arrange.ts'
import { moveIntoSection } from './into-section.ts'
import { oneStep, type Spot } from './order.ts'
import type { Place } from './place.ts'
import './arranging.css'

const text = words.arranging

export interface PlaceFormProps {
  pins: readonly Pin[]
  place: Place
  close: () => void
}

/** Moves Pins within their board: what dragging does, by buttons. */
export function PlaceForm({ pins, place, close }: PlaceFormProps) {
  const listed = useItems(useInfiniteQuery(queries.boardPins(place.boardId, place.sectionId)))
  const sections = useItems(useInfiniteQuery(queries.sections(place.boardId)))
  // In the order that they stand in, whatever the order in which they were selected.
  const chosen = listed.filter(({ id }) => pins.some((pin) => pin.id === id))
  const ids = chosen.map(({ id }) => id)
  const [earlier, later] = [oneStep(listed, ids, 'earlier'), oneStep(listed, ids, 'later')]
  const spots: { name: string; icon: IconName; turns: string; spot: Spot | undefined }[] = [
    { name: text.first, icon: 'toEnd', turns: 'rotate-180', spot: earlier && { to: 'first' } },
    { name: text.earlier, icon: 'down', turns: 'rotate-180', spot: earlier },
    { name: text.later, icon: 'down', turns: '', spot: later },
    { name: text.last, icon: 'toEnd', turns: '', spot: later && { to: 'last' } },
  ]
  return (
    <div className="grid gap-4">
      <div className="place-choice" role="group" aria-label={text.among}>
        {spots.map(({ name, icon, turns, spot }) => (
          <button
            key={name}
            type="button"
            className="btn"
            aria-disabled={!spot}
            onClick={() => spot && void movePinsTo(place, ids, spot)}
          >
            <span className={turns}>
              <Icon name={icon} />
            </span>
            {name}
          </button>
        ))}
      </div>
      {sections.length > 0 && chosen.every((pin) => pin.is_owner) && (
        <ul className="order-list" aria-label={words.sections}>
          {[undefined, ...sections].map((section) => {
            const isHere = chosen.every((pin) => (pin.board_section_id ?? undefined) === section?.id)
            return (
              <li key={section?.id ?? ''}>
                <button
                  type="button"
                  className="pick"
                  aria-pressed={isHere}
                  onClick={() => {
                    close()
                    if (!isHere) void moveIntoSection(chosen, section)
                  }}
                >
                  <span className="truncate flex-1" dir="auto">
                    {section ? text.intoSection(section.name) : text.outOfSections}
                  </span>
                  {isHere && <Icon name="check" />}
                </button>
              </li>
            )
          })}
        </ul>
      )}
      <div className="actions">
        <button
          type="button"
          className="btn primary"
          onClick={() => {
            clearSelection()
            close()
          }}
        >
          {text.done}
        </button>
      </div>
    </div>
  )
}
