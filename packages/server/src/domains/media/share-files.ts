import type { MediaStorage } from '../../storage/storage.ts'
import { extensionOf, renditionNames } from './renditions.ts'
import type { PictureStore } from './store.ts'

/** Keeps the files of equal pictures once, whichever accounts they belong to. */
export interface FileSharer {
  /**
   * Lets the files of pictures that were made lately take no space beside equal ones of other pictures. Nobody waits for
   * it, so that no time tells whether there were any. A storage that cannot do it keeps each of them.
   */
  shareEqualFiles(): Promise<void>
}

/** At most this many pictures are remembered until it is done. */
const mostRemembered = 10_000

/** Makes the sharer of one server; `note` tells it of a picture that was made. */
export function fileSharer(store: PictureStore, { shareFile }: MediaStorage): FileSharer & { note(key: string): void } {
  const made: string[] = []

  async function shareFilesOf(key: string): Promise<void> {
    const row = await store.byKey(key)
    const equal = row && (await store.withSameSource(row))
    if (!equal || !shareFile || equal.format !== row.format) return
    for (const rendition of renditionNames)
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
