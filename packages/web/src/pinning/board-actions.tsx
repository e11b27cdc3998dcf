import type { Board, SectionView } from '../api/calls.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { words } from '../words/index.ts'
import { type Ask, ask } from './ask.ts'

const text = words.pinning

/** What can be done with a board of one's own, or with the section of it that is shown. */
export function BoardActions({ board, section }: { board: Board; section: SectionView | undefined }) {
  const boardId = board.id
  const rows: { name: string; icon: 'pencil' | 'plus' | 'trash'; request: Ask }[] = section
    ? [
        { name: text.renameSection, icon: 'pencil', request: { to: 'rename section', boardId, section } },
        { name: text.deleteSection, icon: 'trash', request: { to: 'delete section', boardId, section } },
      ]
    : [
        { name: text.editBoard, icon: 'pencil', request: { to: 'edit board', board } },
        { name: text.newSection, icon: 'plus', request: { to: 'make section', boardId } },
        { name: text.deleteBoard, icon: 'trash', request: { to: 'delete board', board } },
      ]
  return (
    <Menu label={text.more} buttonClass="btn icon" button={<Icon name="more" />}>
      {rows.map(({ name, icon, request }) => (
        <button
          key={name}
          type="button"
          className="row"
          onClick={(event) => {
            event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
            ask(request)
          }}
        >
          <Icon name={icon} />
          {name}
        </button>
      ))}
    </Menu>
  )
}
