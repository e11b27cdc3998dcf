import type { Pin } from '../api/calls.ts'
import { changePins } from '../pinning/change.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'

/** Moves Pins of a board into a section of it, or out of all of them. */
export async function moveIntoSection(
  pins: readonly Pin[],
  section: { id: string; name: string } | undefined,
): Promise<void> {
  const said = section ? words.pinning.moved(pins.length, section.name) : words.arranging.movedOut(pins.length)
  await changePins(pins, { board_section_id: section?.id ?? null }, said).catch(() =>
    showToast(words.pinning.changeFailed(pins.length, pins.length)),
  )
}
