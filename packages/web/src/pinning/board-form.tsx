import { useState } from 'react'
import { useLocation } from 'wouter'
import { readAgain } from '../api/cache.ts'
import { type Board, createBoard, deleteBoard, updateBoard } from '../api/calls.ts'
import { useSession } from '../shell/session.ts'
import { Segment } from '../ui/segment.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { Form } from './form.tsx'
import { forgetBoard } from './last-boards.ts'
import { TextField } from './text-field.tsx'

const text = words.pinning
const privacies = ['PUBLIC', 'SECRET'] as const

/** Makes a board, or changes one. */
export function BoardForm({ board, close }: { board?: Board; close: () => void }) {
  const [name, setName] = useState(board?.name ?? '')
  const [description, setDescription] = useState(board?.description ?? '')
  const [privacy, setPrivacy] = useState(board?.privacy ?? 'PUBLIC')
  const [, navigate] = useLocation()

  async function send(): Promise<void> {
    const given = { name: name.trim(), description: description || null }
    if (board) {
      const isChanged = privacy !== board.privacy && privacy !== 'PROTECTED'
      await updateBoard({ params: { board_id: board.id }, body: { ...given, ...(isChanged && { privacy }) } })
      showToast(text.changedBoard)
    } else {
      const { id } = await createBoard({ body: { ...given, privacy } })
      showToast(text.madeBoard(given.name))
      navigate(`/board/${id}`)
    }
    void readAgain()
  }

  return (
    <Form verb={board ? text.saveChanges : text.makeBoard} send={send} close={close} isOff={name.trim() === ''}>
      <TextField label={text.boardName} value={name} onChange={setName} maxLength={180} isRequired />
      <TextField label={text.description} value={description} onChange={setDescription} maxLength={500} isLong />
      <div className="field">
        <span>{text.whoSees}</span>
        <Segment
          label={text.whoSees}
          value={privacy}
          onChange={setPrivacy}
          options={[...privacies, ...(board?.privacy === 'PROTECTED' ? (['PROTECTED'] as const) : [])].map((value) => ({
            value,
            name: words.privacy[value],
          }))}
        />
      </div>
    </Form>
  )
}

/** Asks whether to delete a board: its Pins go for good. */
export function DeleteBoard({ board, close }: { board: Board; close: () => void }) {
  const [, navigate] = useLocation()
  const username = useSession()?.person?.username
  async function send(): Promise<void> {
    await deleteBoard({ params: { board_id: board.id } })
    forgetBoard(board.id)
    navigate(username ? `/u/${username}` : '/', { replace: true })
    showToast(text.deletedBoard(board.name))
    void readAgain()
  }
  return (
    <Form verb={text.deleteBoard} send={send} close={close} isDangerous>
      <p>{text.deletesBoard(board.name, board.pin_count ?? 0)}</p>
    </Form>
  )
}
