import { type BusinessAccessRole, businessAccessRoles, type Country, type Currency } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { AccountRow, Accounts } from '../accounts/accounts.ts'
import { type ActingForOwners, actingForOwners, noAccess } from './acting.ts'
import { currencyOf } from './countries.ts'
import { type AdAccountRow, type AdAccountStore, adAccountStore } from './store.ts'

export { type AdAccountCountry, adAccountCountries } from './countries.ts'
export { type AdAccountRow, newestAdAccountId } from './store.ts'

/** The most businesses that `businesses` gives. */
const maxBusinesses = 250

/** An ad account to make. */
export interface NewAdAccount {
  /** What people call it, at most 256 characters; as the business if not given. */
  name?: string
  /** Where the advertiser is; the US if not given. */
  country?: Country
  /** What its advertising is paid in; what is paid with in the country if not given, or `UNK`. */
  currency?: Currency
  /** Its time zone, by its name in the IANA database. */
  time_zone?: string
  /** The id of the future owner: the caller's. */
  owner_user_id?: string
}

/** An ad account as somebody with a role in it sees it. */
export interface AdAccount {
  /** Its row. */
  row: AdAccountRow
  /** The owner. */
  owner: Pick<AccountRow, 'id' | 'username'>
  /** The roles that they have in it. */
  roles: BusinessAccessRole[]
}

/** The account that has a role, and the ad account. */
export interface RoleOf {
  adAccountId: number
  accountId: number
}

/** Ad accounts: what advertising belongs to, and what others have roles in. */
export interface AdAccounts extends ActingForOwners {
  /** Lists the ad accounts that an account has a role in, or owns (`shared: false`), newest first. */
  list(viewer: Viewer, options: { shared: boolean }, page: PageRequest): Promise<Page<AdAccount>>
  /** Returns one that an account has a role in. Throws `forbidden`, the same when there is none. */
  find(viewer: Viewer, id: string): Promise<AdAccount>
  /**
   * Makes one. Throws a 400 when something about it cannot be, `forbidden` when the account is not of a business, has
   * as many as it may, or when another is to own it.
   */
  create(viewer: Viewer, given: NewAdAccount, written?: Written<AdAccount>): Promise<AdAccount>
  /** Returns the accounts that gave an account a role in one of theirs, by username, 250 at most. */
  businesses(viewer: Viewer): Promise<AccountRow[]>

  /** Returns an ad account, whatever the viewer. */
  byId(id: string): Promise<AdAccountRow | undefined>
  /** Returns up to `count` ad accounts whose ids are larger than `after`, oldest first. */
  page(after: number, count: number): Promise<AdAccountRow[]>
  /** Returns who has which roles in an ad account. */
  rolesIn(id: number): Promise<{ accountId: number; role: BusinessAccessRole }[]>
  /** Adds a role of an account. Throws a 400 for OWNER, and for a role of the owner. */
  giveRole(of: RoleOf, role: BusinessAccessRole): Promise<void>
  /** Takes a role from an account, or all that it has. Returns how many it had. Throws a 400 for the owner's. */
  takeRoles(of: RoleOf, role?: BusinessAccessRole): Promise<number>
}

export interface AdAccountsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Pick<Accounts, 'byId' | 'byIds'>
}

/** Makes the ad accounts over `db`. */
export function adAccountsOf({ db, clock, ids, accounts }: AdAccountsOptions): AdAccounts {
  const store = adAccountStore(db)
  return {
    ...actingForOwners(store, accounts),
    ...readersOf(store, accounts),
    ...rolesOf(db, store),

    async create({ accountId }, given, written) {
      const owner = await accounts.byId(accountId)
      checkOwner(owner, given)
      const row = newAdAccount(given, owner, { id: ids.next(), now: clock.now() })
      return db.write(async (tx) => {
        if ((await store.countOwned(tx, accountId)) >= limits.adAccountsPerAccount)
          throw new ApiError('forbidden', {
            detail: `A business has ${limits.adAccountsPerAccount} ad accounts at most.`,
          })
        await store.insert(tx, row)
        const made: AdAccount = { row, owner, roles: ['OWNER'] }
        await written?.(tx, made)
        return made
      })
    },
  }
}

/**
 * Returns what gives an account that becomes a business the ad account that each has, in the transaction that makes it
 * one.
 */
export function firstAdAccount(db: Database, ids: IdMaker) {
  const store = adAccountStore(db)
  return async (tx: Transaction<Schema>, account: AccountRow): Promise<void> => {
    if (account.account_type !== 'BUSINESS') return
    // It may have been a business before.
    if ((await store.countOwned(tx, account.id)) > 0) return
    await store.insert(tx, newAdAccount({}, account, { id: ids.next(), now: account.created_at }))
  }
}

function checkOwner({ id, account_type: type }: AccountRow, { owner_user_id: wanted }: NewAdAccount): void {
  if (wanted !== undefined && parseId(wanted) !== id)
    throw new ApiError('forbidden', { detail: 'Ad accounts are made for oneself: leave owner_user_id out.' })
  if (type !== 'BUSINESS')
    throw new ApiError('forbidden', { detail: 'Only the account of a business has ad accounts.' })
}

function newAdAccount(
  { name, country = 'US', currency = 'UNK', time_zone: timeZone }: NewAdAccount,
  owner: AccountRow,
  { id, now }: { id: number; now: number },
): AdAccountRow {
  if (name !== undefined && !/\S/.test(name)) throw invalid(`'name' must not be blank.`)
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw invalid(`'time_zone' must be a name of the IANA database, such as Europe/Berlin.`)
  return {
    ...{ id, owner_id: owner.id, name: name ?? owner.business_name ?? owner.username },
    ...{ country, currency: currency === 'UNK' ? currencyOf(country) : currency, time_zone: timeZone ?? null },
    ...{ created_at: now, updated_at: now },
  }
}

function isTimeZone(name: string): boolean {
  // Offsets such as +01:00 are zones to Intl, but have no days in summer of another length.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function readersOf(
  store: AdAccountStore,
  accounts: AdAccountsOptions['accounts'],
): Pick<AdAccounts, 'list' | 'find' | 'businesses' | 'byId' | 'page'> {
  return {
    async list({ accountId }, { shared }, { before, size }) {
      const range = { accountId, before, count: size + 1 }
      const rows = byAdAccount(await (shared ? store.accessible(range) : store.owned(range)))
      const owners = await accounts.byIds(rows.map(({ owner_id: id }) => id))
      return toPage(rows, size, ({ roles, ...row }): AdAccount => {
        const owner = owners.get(row.owner_id)
        if (!owner) throw new ApiError('userNotFound')
        return { row, owner, roles }
      })
    },

    async find({ accountId }, text) {
      const id = parseId(text)
      const [found] = byAdAccount(id === undefined ? [] : await store.access(id, accountId))
      if (!found) throw noAccess(text)
      const { roles, ...row } = found
      return { row, owner: await accounts.byId(row.owner_id), roles }
    },

    async businesses({ accountId }) {
      const owners = await accounts.byIds(await store.ownersFor(accountId, maxBusinesses))
      return [...owners.values()].sort((a, b) => (a.username_key < b.username_key ? -1 : 1))
    },

    async byId(text) {
      const id = parseId(text)
      return id === undefined ? undefined : store.byId(id)
    },
    page: store.page,
  }
}

/** One for each ad account out of one for each role in it, in the same order. */
function byAdAccount(
  rows: readonly (AdAccountRow & { role: BusinessAccessRole })[],
): (AdAccountRow & { roles: BusinessAccessRole[] })[] {
  const found = new Map<number, AdAccountRow & { roles: BusinessAccessRole[] }>()
  for (const { role, ...row } of rows) {
    const known = found.get(row.id) ?? { ...row, roles: [] }
    known.roles.push(role)
    found.set(row.id, known)
  }
  for (const { roles } of found.values())
    roles.sort((a, b) => businessAccessRoles.indexOf(a) - businessAccessRoles.indexOf(b))
  return [...found.values()]
}

function rolesOf(db: Database, store: AdAccountStore): Pick<AdAccounts, 'rolesIn' | 'giveRole' | 'takeRoles'> {
  /** The owner is the owner, and nothing else. */
  async function checkNotOwner({ adAccountId, accountId }: RoleOf): Promise<void> {
    if ((await store.byId(adAccountId))?.owner_id === accountId)
      throw invalid('The owner of an ad account is its OWNER, which is neither given nor taken.')
  }

  return {
    async rolesIn(id) {
      return (await store.roles(id)).map(({ account_id: accountId, role }) => ({ accountId, role }))
    },

    async giveRole(of, role) {
      if (role === 'OWNER') throw invalid('An ad account has one OWNER. Give another role, such as ADMIN.')
      await checkNotOwner(of)
      const { adAccountId: ad_account_id, accountId: account_id } = of
      await db.write((tx) => store.insertRole(tx, { ad_account_id, account_id, role }))
    },

    async takeRoles(of, role) {
      await checkNotOwner(of)
      const row = { ad_account_id: of.adAccountId, account_id: of.accountId, ...(role && { role }) }
      return db.write((tx) => store.deleteRoles(tx, row))
    },
  }
}
