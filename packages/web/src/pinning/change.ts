import { readAgain, showChanged } from '../api/cache.ts'
import { type Pin, type PinChange, updatePin } from '../api/calls.ts'
import { isConnected } from '../api/connection.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { type LastBoard, rememberBoard } from './last-boards.ts'
import { clearSelection } from './selection.ts'
import { writeAll } from './write-all.ts'

const text = words.pinning

/** Returns what of a Pin a change changes, as it was. */
function asItWas(pin: Pin, change: PinChange): PinChange {
  const before: PinChange = {}
  if (change.title !== undefined) before.title = pin.title ?? null
  if (change.description !== undefined) before.description = pin.description ?? null
  if (change.link !== undefined) before.link = pin.link ?? null
  if (change.alt_text !== undefined) before.alt_text = pin.alt_text ?? null
  if (change.board_id !== undefined && pin.board_id !== undefined) before.board_id = pin.board_id
  if (change.board_id !== undefined || change.board_section_id !== undefined)
    before.board_section_id = pin.board_section_id ?? null
  return before
}

/** Returns a Pin with the words of a change. */
const withWords = (pin: Pin, { title, description, link, alt_text: alt }: PinChange): Pin => ({
  ...pin,
  ...(title !== undefined && { title }),
  ...(description !== undefined && { description }),
  ...(link !== undefined && { link }),
  ...(alt !== undefined && { alt_text: alt }),
})

/** Changes Pins, and says so with a way back. Throws what the server answers if it changed none of them. */
export async function changePins(pins: readonly Pin[], change: PinChange, said: string): Promise<void> {
  // At once, as far as it is known: without a connection the answer comes late.
  const isLate = !isConnected()
  if (isLate) for (const pin of pins) showChanged(withWords(pin, change))
  const { failed, error } = await writeAll(pins, async (pin) => {
    showChanged(await updatePin({ params: { pin_id: pin.id }, body: change }))
  })
  if (isLate) for (const pin of failed) showChanged(pin)
  if (failed.length === pins.length && error) throw error
  clearSelection()
  const changed = pins.filter((pin) => !failed.includes(pin))
  const undo = async () => {
    const back = await writeAll(changed, async (pin) => {
      showChanged(await updatePin({ params: { pin_id: pin.id }, body: asItWas(pin, change) }))
    })
    showToast(back.failed.length > 0 ? text.notUndone : text.undone)
    await readAgain()
  }
  showToast(failed.length > 0 ? text.changeFailed(failed.length, pins.length) : said, () => void undo())
  void readAgain()
}

/** Moves Pins to a board. */
export async function movePins(pins: readonly Pin[], board: LastBoard): Promise<void> {
  rememberBoard(board)
  await changePins(pins, { board_id: board.id }, text.moved(pins.length, board.name)).catch(() =>
    showToast(text.changeFailed(pins.length, pins.length)),
  )
}
