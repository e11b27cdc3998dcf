import type { BoardView, SectionView } from '../api/calls.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { words } from '../words/index.ts'
import { type Ask, ask } from './ask.ts'

const text = words.pinning

interface Row {
  name: string
  icon: IconName
  /** The dialog that it opens; undefined: puts the board away, or takes it out again. */
  request?: Ask
}

export interface BoardActionsProps {
  view: BoardView
  /** The section that is shown. */
  section: SectionView | undefined
  /** How many sections the board has. */
  sectionCount: number
}

/** What can be done with a board of one's own, or with the section of it that is shown. */
export function BoardActions({ view, section, sectionCount }: BoardActionsProps) {
  const { board, is_archived: isArchived } = view
  const boardId = board.id
  const order: Row[] =
    sectionCount > 1
      ? [{ name: words.arranging.arrangeSections, icon: 'arrange', request: { to: 'arrange sections', boardId } }]
      : []
  const forSection: Row[] | undefined = section && [
    { name: text.renameSection, icon: 'pencil', request: { to: 'rename section', boardId, section } },
    ...order,
    { name: text.deleteSection, icon: 'trash', request: { to: 'delete section', boardId, section } },
  ]
  const forBoard: Row[] = [
    { name: text.editBoard, icon: 'pencil', request: { to: 'edit board', board } },
    { name: words.arranging.chooseCover, icon: 'pictures', request: { to: 'choose cover', view } },
    { name: text.newSection, icon: 'plus', request: { to: 'make section', boardId } },
    ...order,
    { name: words.arranging.mergeBoard, icon: 'merge', request: { to: 'merge', board } },
    { name: isArchived ? words.arranging.unarchive : words.arranging.archive, icon: 'archive' },
    { name: text.deleteBoard, icon: 'trash', request: { to: 'delete board', board } },
  ]
  const archive = async () => (await import('../arranging/board-view.ts')).setArchived(board, !isArchived)
  return (
    <Menu label={text.more} buttonClass="btn icon" button={<Icon name="more" />}>
      {(forSection ?? forBoard).map(({ name, icon, request }) => (
        <button
          key={name}
          type="button"
          className="row"
          onClick={(event) => {
            event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
            if (request) ask(request)
            else void archive()
          }}
        >
          <Icon name={icon} />
          {name}
        </button>
      ))}
    </Menu>
  )
}
