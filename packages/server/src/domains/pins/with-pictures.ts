import type { Transaction } from 'kysely'
import { releaseBuffer } from '../../core/release-buffer.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { PictureGone, type PictureRow, type Pictures, type PreparedPicture } from '../media/pictures.ts'

/** How often a Pin is tried again when its picture was removed by another request at the same moment. */
const maxAttempts = 3

/**
 * Prepares pictures of the viewer's and runs `write` in the transaction that assigns them to a Pin: again if another
 * request removed one of them in between. Frees `bytes` in the end. Throws `imageInvalid`, a 429 when too many wait,
 * and what `write` throws.
 */
export async function withPictures<T>(
  viewer: Viewer,
  { db, pictures }: { db: Database; pictures: Pictures },
  bytes: readonly Buffer[],
  write: (tx: Transaction<Schema>, rows: PictureRow[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepareAll(viewer, pictures, bytes)
    try {
      const { result, used } = await db.write(async (tx) => {
        const used: PictureRow[] = []
        for (const each of prepared) used.push(await pictures.use(tx, each))
        return { result: await write(tx, used), used }
      })
      bytes.forEach(releaseBuffer)
      await pictures.sweep(prepared.filter(({ row }, i) => row.key !== used[i]?.key).map(({ row }) => row.key))
      return result
    } catch (error) {
      await pictures.sweep(newKeys(prepared))
      if (!(error instanceof PictureGone) || attempt === maxAttempts) throw error
    }
  }
}

/** Prepares all of them or none: when one cannot be made, removes the others. */
async function prepareAll(viewer: Viewer, pictures: Pictures, bytes: readonly Buffer[]): Promise<PreparedPicture[]> {
  const outcomes = await Promise.allSettled(bytes.map((each) => pictures.prepare(viewer, each)))
  const prepared = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (!failed) return prepared
  await pictures.sweep(newKeys(prepared))
  throw failed.reason
}

const newKeys = (prepared: readonly PreparedPicture[]): string[] =>
  prepared.filter(({ isNew }) => isNew).map(({ row }) => row.key)
