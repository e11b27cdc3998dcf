import type { ReactNode } from 'react'
import { CoverForm } from '../arranging/cover-form.tsx'
import { MergeForm } from '../arranging/merge-form.tsx'
import { PlaceForm } from '../arranging/place-form.tsx'
import { SectionsForm } from '../arranging/sections-form.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { words } from '../words/index.ts'
import type { Ask } from './ask.ts'
import { BoardChoice } from './board-choice.tsx'
import { BoardForm, DeleteBoard } from './board-form.tsx'
import { movePins } from './change.ts'
import { ManyForm, PinForm } from './pin-form.tsx'
import { Discard, EmptyTrash, Remove, RestoreTo } from './restore-form.tsx'
import { savePins } from './save.ts'
import { DeleteSection, SectionForm } from './section-form.tsx'

const text = words.pinning

export interface DialogsProps {
  ask: Ask
  isOpen: boolean
  close: () => void
}

/** The dialog for what was asked. */
export default function Dialogs({ ask, isOpen, close }: DialogsProps) {
  const { title, content } = contentOf(ask, close)
  return (
    <Dialog isOpen={isOpen} onClose={close} label={title}>
      <h2 className="text-18 mb-4">{title}</h2>
      {content}
    </Dialog>
  )
}

function contentOf(ask: Ask, close: () => void): { title: string; content: ReactNode } {
  switch (ask.to) {
    case 'save':
      return { title: text.saveToBoard, content: <Choose ask={ask} close={close} choose={savePins} /> }
    case 'move':
      return { title: text.moveTo(ask.pins.length), content: <Choose ask={ask} close={close} choose={movePins} /> }
    case 'edit':
      return { title: text.editPin, content: <PinForm pin={ask.pin} close={close} /> }
    case 'edit many':
      return { title: text.editPins(ask.pins.length), content: <ManyForm pins={ask.pins} close={close} /> }
    case 'restore':
      return { title: text.restoreTo, content: <RestoreTo pin={ask.pin} close={close} /> }
    case 'discard':
      return { title: text.deleteForGood, content: <Discard pin={ask.pin} close={close} /> }
    case 'remove':
      return { title: text.deleteForGood, content: <Remove pin={ask.pin} close={close} /> }
    case 'empty trash':
      return { title: text.emptyTrash, content: <EmptyTrash close={close} /> }
    case 'make board':
      return { title: text.newBoard, content: <BoardForm close={close} /> }
    case 'edit board':
      return { title: text.editBoard, content: <BoardForm board={ask.board} close={close} /> }
    case 'delete board':
      return { title: text.deleteBoard, content: <DeleteBoard board={ask.board} close={close} /> }
    case 'merge':
      return {
        title: words.arranging.mergeTitle(ask.board.name),
        content: <MergeForm board={ask.board} close={close} />,
      }
    case 'choose cover':
      return { title: words.arranging.chooseCover, content: <CoverForm view={ask.view} close={close} /> }
    case 'arrange':
      return {
        title: words.arranging.arrangePins(ask.pins.length),
        content: <PlaceForm pins={ask.pins} place={ask.place} close={close} />,
      }
    case 'arrange sections':
      return {
        title: words.arranging.arrangeSections,
        content: <SectionsForm boardId={ask.boardId} close={close} />,
      }
    case 'make section':
      return { title: text.newSection, content: <SectionForm boardId={ask.boardId} close={close} /> }
    case 'rename section':
      return {
        title: text.renameSection,
        content: <SectionForm boardId={ask.boardId} section={ask.section} close={close} />,
      }
    case 'delete section':
      return {
        title: text.deleteSection,
        content: <DeleteSection boardId={ask.boardId} section={ask.section} close={close} />,
      }
  }
}

interface ChooseProps {
  ask: Extract<Ask, { to: 'save' | 'move' | 'edit many' }>
  close: () => void
  choose: typeof savePins
}

function Choose({ ask: { to, pins }, close, choose }: ChooseProps) {
  const [only] = pins
  return (
    <BoardChoice
      chosen={to === 'move' && pins.length === 1 ? only?.board_id : undefined}
      onChoose={(board) => {
        close()
        void choose(pins, { id: board.id, name: board.name })
      }}
    />
  )
}
