import type { MediaStorage } from '../../storage/storage.ts'
import { extensionOf, madeNames } from './renditions.ts'
import type { PictureStore } from './store.ts'

/** Stores the files of equal pictures once, whatever their accounts. */
export interface FileSharer {
  /**
   * Replaces files of recently made pictures by links to equal files of other pictures. Nobody waits for it, so that no
   * timing reveals whether there were any. A storage without links stores each of them.
   */
  shareEqualFiles(): Promise<void>
}

/** At most this many pictures are remembered between two runs. */
const mostRemembered = 10_000

/** Makes the sharer of one server; `note` adds a picture that was made. */
export function fileSharer(store: PictureStore, { shareFile }: MediaStorage): FileSharer & { note(key: string): void } {
  const made: string[] = []

  async function shareFilesOf(key: string): Promise<void> {
    const row = await store.byKey(key)
    const equal = row && (await store.withSameSource(row))
    if (!equal || !shareFile || equal.format !== row.format) return
    for (const rendition of madeNames)
      await shareFile(`${rendition}.${extensionOf(rendition, row.format)}`, key, equal.key)
  }

  return {
    note(key) {
      if (shareFile && made.length < mostRemembered) made.push(key)
    },

    async shareEqualFiles() {
      for (const key of made.splice(0)) await shareFilesOf(key)
    },
  }
}
