import { useInfiniteQuery } from '@tanstack/react-query'
import { queries } from '../api/queries.ts'
import { useItems } from '../pages/list.tsx'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { moveSectionTo } from './arrange.ts'
import { oneStep } from './order.ts'
import './arranging.css'

const text = words.arranging

/** The sections of a board in their order, each with buttons that move it. */
export function SectionsForm({ boardId, close }: { boardId: string; close: () => void }) {
  const sections = useItems(useInfiniteQuery(queries.sections(boardId)))
  return (
    <div className="grid gap-4">
      <ol className="order-list" aria-label={words.sections}>
        {sections.map(({ id, name }) => (
          <li key={id}>
            <span className="truncate flex-1" dir="auto">
              {name}
            </span>
            {(['earlier', 'later'] as const).map((way) => {
              const spot = oneStep(sections, [id], way)
              return (
                <button
                  key={way}
                  type="button"
                  className="btn quiet icon"
                  aria-label={way === 'earlier' ? text.moveUp(name) : text.moveDown(name)}
                  aria-disabled={!spot}
                  onClick={() => spot && void moveSectionTo(boardId, id, spot)}
                >
                  <span className={way === 'earlier' ? 'rotate-180' : ''}>
                    <Icon name="down" />
                  </span>
                </button>
              )
            })}
          </li>
        ))}
      </ol>
      <div className="actions">
        <button type="button" className="btn primary" onClick={close}>
          {text.done}
        </button>
      </div>
    </div>
  )
}
