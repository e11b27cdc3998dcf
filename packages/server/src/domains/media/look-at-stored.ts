import { buffer } from 'node:stream/consumers'
import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { PictureLook } from '../looks/picture-look.ts'
import { pictureLimits } from './limits.ts'
import { lookApart } from './picture-maker.ts'
import { extensionOf } from './renditions.ts'
import type { PictureRow, PictureStore } from './store.ts'

/** Looks at pictures that were stored before their looks were kept. */
export interface StoredLooks {
  /**
   * Returns pictures by their keys, each with what it looks like: of one that nobody has looked at yet, it is found out
   * now and kept. Those that are gone are left out. Throws when the process of pictures ends, or the storage fails.
   */
  withLooks(keys: readonly string[]): Promise<Map<string, PictureRow>>
}

interface StoredLooksOptions {
  db: Database
  store: PictureStore
  storage: MediaStorage
}

/** Of a picture whose file is missing or broken. */
const unknown: PictureLook = { colours: [], hash: null }

/** Makes the looker of one server. */
export function storedLooks({ db, store, storage }: StoredLooksOptions): StoredLooks {
  async function lookOf({ key, format }: PictureRow): Promise<PictureLook> {
    const opened = await storage.open(key, `600x.${extensionOf('600x', format)}`)
    if (!opened) return unknown
    return lookApart(await buffer(opened.stream), pictureLimits.cost).catch((error) => {
      if (error instanceof ApiError && error.entry === 'imageInvalid') return unknown
      throw error
    })
  }

  return {
    async withLooks(keys) {
      const rows = new Map<string, PictureRow>()
      // One at a time: it has all the time there is.
      for (const key of new Set(keys)) {
        const row = await store.byKey(key)
        if (!row) continue
        const look = row.look ?? JSON.stringify(await lookOf(row))
        if (row.look === null) await db.write((tx) => store.setLook(tx, key, look))
        rows.set(key, { ...row, look })
      }
      return rows
    },
  }
}
