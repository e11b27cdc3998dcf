import type { AccountType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { ApiError, invalid } from '../../core/errors.ts'
import { nameKey } from '../../core/name-key.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { AccountRow, AccountStore, ProfileRow } from './store.ts'

/** What is to change about a profile; what is left out stays. */
export interface ProfileChange {
  /** A person, or a business. */
  accountType?: AccountType | undefined
  /** The name of a business; the username if empty. */
  name?: string | undefined
  /** The text of the profile. */
  about?: string | undefined
  /** A web address, or empty. */
  websiteUrl?: string | undefined
}

/** Profiles, as people change them. */
export interface Profiles {
  /**
   * Changes the profile of an account, and returns the account. One that becomes a business gets what a new one begins
   * with. Throws a 400 for a website that is no web address, and for the name of a person.
   */
  changeProfile(id: number, change: ProfileChange): Promise<AccountRow>
}

interface ProfileParts {
  db: Database
  store: AccountStore
  /** As in `AccountsOptions`. */
  equip: (tx: Transaction<Schema>, account: AccountRow) => Promise<void>
}

/** Makes the changes of profiles. */
export function profilesOf({ db, store, equip }: ProfileParts): Profiles {
  return {
    changeProfile: (id, change) =>
      db.write(async (tx) => {
        const account = await store.lock(tx, id)
        if (!account) throw new ApiError('userNotFound')
        const { accountType = account.account_type, about = account.about } = change
        const name = businessNameOf(account, accountType, change)
        const profile: ProfileRow = {
          account_type: accountType,
          business_name: name,
          business_name_key: name && nameKey(name),
          about,
          website_url: websiteOf(account, change),
        }
        await store.updateProfile(tx, id, profile)
        const changed = { ...account, ...profile }
        if (account.account_type !== accountType) await equip(tx, changed)
        return changed
      }),
  }
}

/** Returns the name that a changed account has; null for a person. Throws a 400 for the name of a person. */
function businessNameOf(account: AccountRow, type: AccountType, { name }: ProfileChange): string | null {
  const given = name?.trim()
  if (type === 'BUSINESS')
    return given === undefined ? (account.business_name ?? account.username) : given || account.username
  if (given) throw invalid(`'name' is for a business: a person goes by the username.`)
  return null
}

/** Returns the website that a changed account has. Throws a 400. */
function websiteOf(account: AccountRow, { websiteUrl = account.website_url }: ProfileChange): string {
  const given = websiteUrl.trim()
  if (given === '' || given === account.website_url) return given
  const url = URL.parse(given.includes('://') ? given : `https://${given}`)
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname.includes('.'))
    throw invalid(`'website_url' must be a web address, such as https://example.com.`)
  return url.href.replace(/\/$/, '')
}
