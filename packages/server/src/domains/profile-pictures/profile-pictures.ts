import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { AccountRow, Accounts } from '../accounts/accounts.ts'
import type { Crop, Pictures } from '../media/pictures.ts'
import { withPictures } from '../pins/with-pictures.ts'

/** The pictures that people choose for their accounts. */
export interface ProfilePictures {
  /**
   * Makes a square of a picture the account's, 600 pixels wide at most and without metadata; in place of the one
   * before. `crop`: the part of it; by default its middle. Returns the account. Throws `imageInvalid`, `rateLimited`.
   */
  set(viewer: Viewer, bytes: Buffer, crop: Crop | undefined): Promise<AccountRow>
  /** Removes the picture of an account, if it has one: then one is drawn again. Returns the account. */
  remove(viewer: Viewer): Promise<AccountRow>
}

export interface ProfilePicturesOptions {
  db: Database
  accounts: Pick<Accounts, 'byId' | 'setPicture'>
  pictures: Pictures
}

const side = 600

/** Makes the pictures of accounts. */
export function profilePicturesOf({ db, accounts, pictures }: ProfilePicturesOptions): ProfilePictures {
  return {
    async set(viewer, bytes, crop = undefined) {
      const { accountId } = viewer
      const { data } = await pictures.makeSmall(accountId, bytes, { side, crop: crop ?? 'square' })
      // Everybody sees it: it is none of what only its owner may see.
      const open: Viewer = { ...viewer, secret: 'none' }
      const before = await withPictures(open, { db, pictures }, [data], async (tx, [picture]) => {
        const old = await accounts.setPicture(tx, accountId, picture?.key ?? null)
        if (old !== null) await pictures.release(tx, old)
        return old
      })
      if (before !== null) await pictures.sweep([before])
      return accounts.byId(accountId)
    },

    async remove({ accountId }) {
      const before = await db.write(async (tx) => {
        const old = await accounts.setPicture(tx, accountId, null)
        if (old !== null) await pictures.release(tx, old)
        return old
      })
      if (before !== null) await pictures.sweep([before])
      return accounts.byId(accountId)
    },
  }
}
