import { idSetIn } from './id-set.ts'
import { readLines } from './manifest.ts'
import type { WritablePlace } from './place.ts'

/**
 * Removes all backups in a place but the newest, and what only they have. Returns the names of those that were removed.
 * Throws `BackupError`, and removes nothing, when one that is to stay cannot be read.
 */
export async function removeAllBut(keep: number, place: WritablePlace): Promise<string[]> {
  const names = place.names()
  const removed = names.slice(0, -keep)
  if (removed.length === 0) return []
  using wanted = idSetIn(place.fileAside('wanted'))
  for (const name of names.slice(-keep))
    for await (const line of readLines(place, name)) {
      if ('piece' in line) wanted.add(line.piece)
      if ('key' in line) for (const [, , , id] of line.files) if (id !== null) wanted.add(id)
    }
  // First the lists: a backup whose contents are partly removed must not be taken for one.
  await place.removeBackups(removed)
  await place.removeContents(wanted.has)
  return removed
}
