import { hidePins, readAgain } from '../api/cache.ts'
import { ApiFailure } from '../api/call.ts'
import { deletePin, listDuplicates, type Pin, savePin } from '../api/calls.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { forgetBoard, type LastBoard, rememberBoard } from './last-boards.ts'
import { noteSaved } from './saved.ts'
import { clearSelection } from './selection.ts'
import { patiently } from './write-all.ts'

const text = words.pinning

/** Saves Pins to a board: says so at once, with a way back, and what failed afterwards. */
export async function savePins(pins: readonly Pin[], board: LastBoard): Promise<void> {
  const ids = pins.map(({ id }) => id)
  rememberBoard(board)
  clearSelection()
  noteSaved(ids, board.name)
  let isUndone = false
  const made: string[] = []
  const undo = async () => {
    isUndone = true
    noteSaved(ids, undefined)
    hidePins(new Set(made))
    await Promise.all(made.map((pin_id) => deletePin({ params: { pin_id } }).catch(() => undefined)))
    void readAgain()
  }
  showToast(text.saved(pins.length, board.name), () => void undo())
  let failed = 0
  for (const { id } of pins) {
    if (isUndone) break
    try {
      const saving = () => savePin({ params: { pin_id: id }, body: { board_id: board.id } })
      const { id: savedId } = await patiently(saving)
      made.push(savedId)
    } catch (error) {
      failed++
      noteSaved([id], undefined)
      if (error instanceof ApiFailure && [403, 404].includes(error.status)) forgetBoard(board.id)
    }
  }
  if (isUndone) await undo()
  else if (failed > 0) showToast(text.saveFailed(failed, pins.length))
  void readAgain()
  if (failed === 0 && (await wasThere(made, board)) && !isUndone)
    showToast(text.savedAgain(board.name), () => void undo())
}

/** Returns whether the one Pin that was saved to a board shows what another Pin of one's own there shows. */
async function wasThere([pinId, ...more]: readonly string[], board: LastBoard): Promise<boolean> {
  if (pinId === undefined || more.length > 0) return false
  const { same } = await listDuplicates({ params: { pin_id: pinId } }).catch(() => ({ same: [] }))
  return same.some((duplicate) => duplicate.board?.id === board.id)
}
