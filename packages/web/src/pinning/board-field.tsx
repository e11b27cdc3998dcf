import { useInfiniteQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { queries } from '../api/queries.ts'
import { useItems } from '../pages/list.tsx'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { BoardChoice } from './board-choice.tsx'
import type { LastBoard } from './last-boards.ts'

const text = words.pinning

export interface BoardFieldProps {
  board: LastBoard | undefined
  /** The section of the board; empty: none. */
  section: string
  onChange: (board: LastBoard, section: string) => void
}

/** The board that something is put on, and its section if the board has some. */
export function BoardField({ board, section, onChange }: BoardFieldProps) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <div className="field">
        <span id={id}>{text.board}</span>
        <button
          type="button"
          className="in"
          aria-labelledby={`${id} ${id}-chosen`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <span id={`${id}-chosen`} className="truncate flex-1 text-start" dir="auto">
            {board?.name ?? text.chooseBoard}
          </span>
          <span className="rotate-90">
            <Icon name="next" size={16} />
          </span>
        </button>
        {isOpen && (
          <div className="unfolded">
            <BoardChoice
              chosen={board?.id}
              onChoose={(chosen) => {
                setOpen(false)
                onChange({ id: chosen.id, name: chosen.name }, '')
              }}
            />
          </div>
        )}
      </div>
      {board && <SectionField key={board.id} board={board} section={section} onChange={onChange} />}
    </>
  )
}

function SectionField({ board, section, onChange }: BoardFieldProps & { board: LastBoard }) {
  const id = useId()
  const sections = useItems(useInfiniteQuery(queries.sections(board.id)))
  if (sections.length === 0) return null
  return (
    <label className="field" htmlFor={id}>
      <span>{words.section}</span>
      <select id={id} className="in" value={section} onChange={(event) => onChange(board, event.target.value)}>
        <option value="">{text.noSection}</option>
        {sections.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  )
}
