import { useState } from 'react'
import { hidePins, readAgain } from '../api/cache.ts'
import { deletePin, discardPin, emptyTrash, type Pin, restorePin } from '../api/calls.ts'
import { useLeave } from '../pages/pin-keys.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import { BoardChoice, Problem } from './board-choice.tsx'
import { Form } from './form.tsx'

const text = words.pinning

/** Puts a Pin of the trash on a board, since its own is gone. */
export function RestoreTo({ pin, close }: { pin: Pin; close: () => void }) {
  const [problem, setProblem] = useState('')
  return (
    <>
      <BoardChoice
        onChoose={async ({ id }) => {
          try {
            await restorePin({ params: { pin_id: pin.id }, body: { board_id: id } })
            close()
            showToast(text.restored)
            void readAgain()
          } catch (error) {
            setProblem(sayFailure(error))
          }
        }}
      />
      <Problem said={problem} />
    </>
  )
}

/** Asks whether to delete a Pin of the trash. */
export function Discard({ pin, close }: { pin: Pin; close: () => void }) {
  async function send(): Promise<void> {
    await discardPin({ params: { pin_id: pin.id } })
    showToast(text.discarded)
    void readAgain()
  }
  return (
    <Form verb={text.deleteForGood} send={send} close={close} isDangerous>
      <p>{text.discards(pin.title || words.untitled)}</p>
    </Form>
  )
}

/** Asks whether to delete somebody else's Pin from a board of one's own: the trash is for one's own. */
export function Remove({ pin, close }: { pin: Pin; close: () => void }) {
  const leave = useLeave()
  async function send(): Promise<void> {
    await deletePin({ params: { pin_id: pin.id } })
    hidePins(new Set([pin.id]))
    leave(pin)
    showToast(text.discarded)
    void readAgain()
  }
  return (
    <Form verb={text.deleteForGood} send={send} close={close} isDangerous>
      <p>{text.discards(pin.title || words.untitled)}</p>
    </Form>
  )
}

/** Asks whether to delete what is in the trash. */
export function EmptyTrash({ close }: { close: () => void }) {
  async function send(): Promise<void> {
    await emptyTrash({})
    showToast(text.emptied)
    void readAgain()
  }
  return (
    <Form verb={text.emptyTrash} send={send} close={close} isDangerous>
      <p>{text.emptiesTrash}</p>
    </Form>
  )
}
