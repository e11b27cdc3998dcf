import { readAgain } from '../api/cache.ts'
import { type Board, updateBoardView } from '../api/calls.ts'
import { forgetBoard } from '../pinning/last-boards.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'

const text = words.arranging

/** Puts a board away, or takes it out again, with a way back. */
export async function setArchived({ id, name }: Pick<Board, 'id' | 'name'>, isArchived: boolean): Promise<void> {
  const write = async (is_archived: boolean) => {
    await updateBoardView({ params: { board_id: id }, body: { is_archived } })
    if (is_archived) forgetBoard(id)
    void readAgain()
  }
  const undo = () =>
    write(!isArchived).then(
      () => showToast(words.pinning.undone),
      () => showToast(words.pinning.notUndone),
    )
  await write(isArchived).then(
    () => showToast(isArchived ? text.archivedBoard(name) : text.unarchivedBoard(name), () => void undo()),
    () => showToast(text.notChanged),
  )
}

/** Chooses the Pin whose picture is the cover of a board; null: the newest. `before`: what it was. */
export async function setCover(id: string, pinId: string | null, before: string | null): Promise<void> {
  const write = async (cover_pin_id: string | null) => {
    await updateBoardView({ params: { board_id: id }, body: { cover_pin_id } })
    void readAgain()
  }
  const undo = () =>
    write(before).then(
      () => showToast(words.pinning.undone),
      () => showToast(words.pinning.notUndone),
    )
  await write(pinId)
  showToast(text.coverChanged, () => void undo())
}
