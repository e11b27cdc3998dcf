import { readAgain } from '../api/cache.ts'
import { type Board, updateBoardView } from '../api/calls.ts'
import { forgetBoard } from '../pinning/last-boards.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'

const text = words.arranging

type Change = Parameters<typeof updateBoardView>[0]['body']

async function write(id: string, change: Change): Promise<void> {
  await updateBoardView({ params: { board_id: id }, body: change })
  if (change.is_archived) forgetBoard(id)
  void readAgain()
}

/** Changes how a board is shown, and says so with a way back. */
async function change(id: string, { to, back, said }: { to: Change; back: Change; said: string }): Promise<void> {
  await write(id, to)
  showToast(
    said,
    () =>
      void write(id, back).then(
        () => showToast(words.pinning.undone),
        () => showToast(words.pinning.notUndone),
      ),
  )
}

/** Puts a board away, or takes it out again. */
export async function setArchived({ id, name }: Pick<Board, 'id' | 'name'>, isArchived: boolean): Promise<void> {
  const said = isArchived ? text.archivedBoard(name) : text.unarchivedBoard(name)
  await change(id, { to: { is_archived: isArchived }, back: { is_archived: !isArchived }, said }).catch(() =>
    showToast(text.notChanged),
  )
}

/**
 * Chooses the Pin whose picture is the cover of a board; null: the newest. `before`: what it was. Throws what the server
 * answers.
 */
export const setCover = (id: string, pinId: string | null, before: string | null): Promise<void> =>
  change(id, { to: { cover_pin_id: pinId }, back: { cover_pin_id: before }, said: text.coverChanged })
