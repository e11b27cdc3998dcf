import { hidePins, readAgain } from '../api/cache.ts'
import { type Pin, restorePin, trashPin } from '../api/calls.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { clearSelection } from './selection.ts'
import { writeAll } from './write-all.ts'

const text = words.pinning

/** Moves Pins to the trash: they are gone at once, with a way back. */
export async function deletePins(pins: readonly Pin[]): Promise<void> {
  clearSelection()
  const showAgain = hidePins(new Set(pins.map(({ id }) => id)))
  const deleting = writeAll(pins, ({ id }) => trashPin({ params: { pin_id: id } }))
  const undo = async () => {
    showAgain()
    const { failed } = await deleting
    const gone = pins.filter((pin) => !failed.includes(pin))
    const back = await writeAll(gone, async ({ id }) => {
      await restorePin({ params: { pin_id: id }, body: {} })
    })
    showToast(back.failed.length > 0 ? text.notUndone : text.undone)
    void readAgain()
  }
  showToast(text.deleted(pins.length), () => void undo())
  const { failed } = await deleting
  if (failed.length > 0) showToast(text.deleteFailed(failed.length, pins.length))
  void readAgain()
}
