import { useState } from 'react'
import { useLocation } from 'wouter'
import { readAgain } from '../api/cache.ts'
import { type Board, mergeBoard } from '../api/calls.ts'
import { queries, queryClient } from '../api/queries.ts'
import { BoardChoice } from '../pinning/board-choice.tsx'
import { Form } from '../pinning/form.tsx'
import { forgetBoard } from '../pinning/last-boards.ts'
import { Icon } from '../ui/icon.tsx'
import { Segment } from '../ui/segment.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'

const text = words.arranging
const places = ['among', 'section'] as const

/** Moves all of a board to another one. */
export function MergeForm({ board, close }: { board: Board; close: () => void }) {
  const [into, setInto] = useState<Board>()
  const [problem, setProblem] = useState('')
  if (!into)
    return (
      <>
        <p className="text-soft mb-3">{text.mergeChoose}</p>
        {problem !== '' && <p role="alert">{problem}</p>}
        <BoardChoice
          but={board.id}
          onChoose={({ id }) =>
            void queryClient.fetchQuery(queries.board(id)).then(
              (view) => (view.is_yours ? setInto(view.board) : setProblem(text.mergeOwn)),
              () => setProblem(words.failed.title),
            )
          }
        />
      </>
    )
  return <Merge board={board} into={into} close={close} back={() => setInto(undefined)} />
}

interface MergeProps {
  board: Board
  into: Board
  close: () => void
  back: () => void
}

function Merge({ board, into, close, back }: MergeProps) {
  const [place, setPlace] = useState<(typeof places)[number]>('among')
  const [, navigate] = useLocation()
  const shows = board.privacy === 'SECRET' && into.privacy !== 'SECRET'
  const hides = board.privacy !== 'SECRET' && into.privacy === 'SECRET'

  async function send(): Promise<void> {
    const body = { into_board_id: into.id, as_section: place === 'section' }
    await mergeBoard({ params: { board_id: board.id }, body })
    forgetBoard(board.id)
    queryClient.removeQueries({ queryKey: ['board', board.id] })
    navigate(`/board/${into.id}`, { replace: true })
    showToast(text.merged(board.name, into.name))
    void readAgain()
  }

  return (
    <Form verb={text.merge} send={send} close={close} isDangerous>
      <p>{text.merges(board.name, board.pin_count ?? 0, into.name)}</p>
      <div className="field">
        <span>{text.mergePlace}</span>
        <Segment
          label={text.mergePlace}
          value={place}
          onChange={setPlace}
          options={places.map((value) => ({ value, name: text.mergePlaces[value](board.name) }))}
        />
      </div>
      {shows && <Warning said={text.mergeShows(into.name)} />}
      {hides && <Warning said={text.mergeHides(into.name)} />}
      {(board.collaborator_count ?? 0) > 0 && <Warning said={text.mergeLeaves} />}
      <button type="button" className="link justify-self-start" onClick={back}>
        {text.otherBoard}
      </button>
    </Form>
  )
}

function Warning({ said }: { said: string }) {
  return (
    <p className="flex items-start gap-2" role="note">
      <Icon name="alert" />
      <span>{said}</span>
    </p>
  )
}
