import { type BusinessAccessRole, businessAccessRoles, countries, currencies } from '@pinfold/contract'
import { ConfigError } from '../core/errors.ts'
import type { NewAdAccount } from '../domains/ad-accounts/ad-accounts.ts'
import type { People } from './domains.ts'
import { accountNamed, asConfigError, every, NotThere } from './operator-people.ts'

/** An ad account, for operators. */
export interface AdAccountRecord {
  /** Its id. */
  id: string
  /** Its name. */
  name: string
  /** The username of the account that owns it. */
  owner: string
  /** The country that it is in, as two letters. */
  country: string
  /** What its advertising is paid in, by ISO 4217. */
  currency: string
  /** Its time zone, by its name in the IANA database; null if none was named. */
  timeZone: string | null
  /** Who has which roles in it, by username; the owner among them. */
  roles: { username: string; role: BusinessAccessRole }[]
  /** When it was made, in milliseconds since 1970. */
  createdAt: number
}

/** An ad account to make. */
export interface NewAdAccountRecord {
  /** The username of the business that will own it. */
  owner: string
  /** Its name; as the business if not given. */
  name?: string
  /** The country that it is in, as two letters; the US if not given. */
  country?: string
  /** What its advertising is paid in; what is paid with in the country if not given. */
  currency?: string
  /** Its time zone, by its name in the IANA database. */
  timeZone?: string
}

/** Changes of ad accounts by an operator. */
export interface AdAccountOperator {
  /** Yields every ad account, oldest first. */
  adAccounts(): AsyncGenerator<AdAccountRecord>
  /** Makes an ad account. Throws `NotThere` when there is no such owner, `ConfigError` when it cannot be. */
  createAdAccount(given: NewAdAccountRecord): Promise<AdAccountRecord>
  /**
   * Adds a role of an account in an ad account. Throws `NotThere`, or `ConfigError` for a role that cannot be assigned.
   */
  shareAdAccount(id: string, username: string, role: string): Promise<AdAccountRecord>
  /**
   * Takes a role in an ad account from an account, or all that it has. Throws `NotThere`, also when it has none, or
   * `ConfigError`.
   */
  unshareAdAccount(id: string, username: string, role?: string): Promise<AdAccountRecord>
}

/** Makes the changes over `people`. */
export function adAccountsBy(people: People): AdAccountOperator {
  const { accounts, adAccounts } = people
  type Row = NonNullable<Awaited<ReturnType<typeof adAccounts.byId>>>
  const find = async (id: string): Promise<Row> => {
    const row = await adAccounts.byId(id)
    if (!row) throw new NotThere(`There is no ad account '${id}'.`)
    return row
  }
  const toRecord = async (row: Row): Promise<AdAccountRecord> => {
    const roles = await adAccounts.rolesIn(row.id)
    const known = await accounts.byIds([row.owner_id, ...roles.map(({ accountId }) => accountId)])
    const nameOf = (id: number) => known.get(id)?.username ?? String(id)
    return {
      ...{ id: String(row.id), name: row.name, owner: nameOf(row.owner_id) },
      ...{ country: row.country, currency: row.currency, timeZone: row.time_zone },
      roles: roles.map(({ accountId, role }) => ({ username: nameOf(accountId), role })),
      createdAt: row.created_at,
    }
  }
  return {
    async *adAccounts() {
      for await (const row of every(adAccounts.page)) yield toRecord(row)
    },
    async createAdAccount({ owner, ...given }) {
      const { id: accountId, username } = await accountNamed(people, owner)
      const viewer = { accountId, username, secret: 'none' } as const
      return toRecord((await asConfigError(adAccounts.create(viewer, toNew(given)))).row)
    },
    async shareAdAccount(id, username, role) {
      const row = await find(id)
      const { id: accountId } = await accountNamed(people, username)
      await asConfigError(
        adAccounts.giveRole({ adAccountId: row.id, accountId }, oneOf(businessAccessRoles, 'role', role)),
      )
      return toRecord(row)
    },
    async unshareAdAccount(id, username, role) {
      const row = await find(id)
      const { id: accountId } = await accountNamed(people, username)
      const one = role === undefined ? undefined : oneOf(businessAccessRoles, 'role', role)
      const taken = await asConfigError(adAccounts.takeRoles({ adAccountId: row.id, accountId }, one))
      if (taken === 0) throw new NotThere(`'${username}' has no ${role ?? 'role'} in ad account ${id}.`)
      return toRecord(row)
    },
  }
}

function toNew({ name, country, currency, timeZone }: Omit<NewAdAccountRecord, 'owner'>): NewAdAccount {
  if (name !== undefined && name.length > 256)
    throw new ConfigError('The name of an ad account has 256 characters at most.')
  return {
    ...(name !== undefined && { name }),
    ...(country !== undefined && { country: oneOf(countries, 'country', country) }),
    ...(currency !== undefined && { currency: oneOf(currencies, 'currency', currency) }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
  }
}

function oneOf<const T extends string>(values: readonly T[], what: string, text: string): T {
  const found = values.find((value) => value === text)
  if (found === undefined) throw new ConfigError(`There is no ${what} ${text}.`)
  return found
}
