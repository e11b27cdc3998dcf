import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type AccessTier,
  type AccountType,
  allScopes,
  isScope,
  type RestrictedFeature,
  restrictedFeatures,
  type Scope,
} from '@pinfold/contract'
import { type Clock, systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { newSecret } from '../core/secrets.ts'
import type { Database } from '../db/database.ts'
import { isLatest } from '../db/migrate.ts'
import type { AccountRow } from '../domains/accounts/accounts.ts'
import { readInstallation } from '../domains/installation/installation.ts'
import { redirectUriProblem } from '../domains/oauth/redirect-uri.ts'
import { makePeople, type People } from './domains.ts'
import { currentFolder } from './generations.ts'
import { makeIds } from './make-ids.ts'
import { databaseFile, openDatabase } from './open-data.ts'
import { type AdAccountOperator, adAccountsBy } from './operator-ad-accounts.ts'
import { type CollaboratorOperator, collaboratorsBy } from './operator-collaborators.ts'
import { accountNamed, asConfigError, every, NotThere } from './operator-people.ts'

/** The data to work on. */
export interface OperatorConfig {
  /** The data folder of the server, which may be running. */
  dataDir: string
  /** The PostgreSQL database, if it is not the embedded one. */
  databaseUrl?: string
  /** The clock. Default: the machine's. */
  clock?: Clock
  /** An open database to use instead of opening one; it stays open. */
  database?: Database
}

/** An account, as operators see it. */
export interface UserRecord {
  /** The account's id. */
  id: string
  /** The account's username. */
  username: string
  /** Whether it is a business account. */
  type: AccountType
  /** The number of its boards. */
  boards: number
  /** The number of its Pins. */
  pins: number
  /** When it was made, in milliseconds since 1970. */
  createdAt: number
}

/** An app, as operators see it. */
export interface AppRecord {
  /** The app's id: the `client_id` of OAuth. */
  id: string
  /** Its name, which the consent page shows. */
  name: string
  /** The username of the account that owns it. */
  owner: string
  /** The tier, which decides what it may do. */
  tier: AccessTier
  /** Where the consent page may send people back to. */
  redirectUris: string[]
  /** Whether it may also redirect to any loopback address. */
  loopbackRedirects: boolean
  /** When it was made, in milliseconds since 1970. */
  createdAt: number
}

/** An app to make. */
export interface NewApp extends Omit<AppRecord, 'id' | 'createdAt'> {
  /** Restricted features that it has. If not given: all on the standard tier, none on the trial tier. */
  features?: readonly string[]
}

/** A token that was just made. */
export interface TokenRecord {
  /** The id of the app that uses it. */
  app: string
  /** The username of the account that it acts as. */
  username: string
  /** What the token allows. */
  scopes: readonly Scope[]
  /** The token. Only a hash of it is stored. */
  accessToken: string
  /** How long it is valid, in seconds. */
  expiresIn: number
}

/** Changes by an operator. New secrets are returned once: only their hashes are stored. */
export interface Operator extends AdAccountOperator, CollaboratorOperator, AsyncDisposable {
  /** Yields every account, oldest first. */
  users(): AsyncGenerator<UserRecord>
  /** Makes an account. Throws `ConfigError` when the name or the password is invalid. */
  createUser(user: { username: string; password: string; type: AccountType }): Promise<UserRecord>
  /** Sets an account's password, and ends its sessions in browsers. Throws `NotThere`, or `ConfigError`. */
  setPassword(username: string, password: string): Promise<UserRecord>
  /** Yields every app, by id. */
  apps(): AsyncGenerator<AppRecord>
  /** Makes an app. Throws `NotThere` when there is no such owner, `ConfigError` when the app is invalid. */
  createApp(app: NewApp): Promise<AppRecord & { secret: string }>
  /** Replaces an app's secret; the old one stops working. Throws `NotThere`. */
  rotateSecret(appId: string): Promise<AppRecord & { secret: string }>
  /** Makes an access token, with all scopes if none are named. Throws `NotThere`, or `ConfigError`. */
  createToken(token: { app: string; username: string; scopes?: readonly string[] }): Promise<TokenRecord>
  /** Revokes a token, a refresh token with the access tokens of its grant. Throws `NotThere`. */
  revokeToken(token: string): Promise<void>
  /** Closes the database. */
  close(): Promise<void>
}

export { NotThere } from './operator-people.ts'

/** How long tokens made by hand are valid: a year, since they are written down somewhere and should go on working. */
const tokenTtlSeconds = 365 * 24 * 60 * 60

/**
 * Opens the data of a server for an operator's changes; the server may be running. Throws `ConfigError` when there is
 * none, when it is of another version, or still being seeded.
 */
export async function openOperator(config: OperatorConfig): Promise<Operator> {
  const folder = currentFolder(resolve(config.dataDir))
  if (config.databaseUrl === undefined && !config.database && !existsSync(databaseFile(folder)))
    throw new ConfigError(
      `There are no data in ${resolve(config.dataDir)}. Name the server's --data folder, or start pinfold serve first.`,
    )
  const clock = config.clock ?? systemClock
  const db = config.database ?? (await openDatabase(config, folder))
  const close = async () => {
    if (!config.database) await db.close()
  }
  try {
    await checkData(db)
    const people = makePeople({
      ...{
        db,
        clock,
        ids: await makeIds(db, clock, { node: config.databaseUrl === undefined ? randomInt(1, 32) : 0 }),
      },
      isShared: config.databaseUrl !== undefined,
    })
    return {
      ...{ ...usersOf(people), ...appsBy(people), ...tokensBy(people) },
      ...{ ...adAccountsBy(people), ...collaboratorsBy(people) },
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function checkData(db: Database): Promise<void> {
  if (!(await isLatest(db)))
    throw new ConfigError('The data are of another version of Pinfold. Start the server of this version on them first.')
  const { seed, seedUnfinished } = await readInstallation(db)
  if (seed === undefined || seedUnfinished)
    throw new ConfigError('The data are not filled yet. Wait until the server on them is ready.')
}

const toUser = (row: AccountRow): UserRecord => ({
  ...{ id: String(row.id), username: row.username, type: row.account_type },
  ...{ boards: row.board_count, pins: row.pin_count, createdAt: row.created_at },
})

function usersOf(people: People): Pick<Operator, 'users' | 'createUser' | 'setPassword'> {
  const { accounts } = people
  return {
    async *users() {
      for await (const row of every(accounts.page)) yield toUser(row)
    },
    async createUser({ username, password, type }) {
      return toUser(await asConfigError(accounts.create({ username, password, accountType: type })))
    },
    async setPassword(username, password) {
      const account = await accountNamed(people, username)
      await asConfigError(accounts.setPassword(account.id, password))
      return toUser(account)
    },
  }
}

function appsBy(people: People): Pick<Operator, 'apps' | 'createApp' | 'rotateSecret'> {
  const { accounts, apps, ids } = people
  type AppRow = NonNullable<Awaited<ReturnType<typeof apps.find>>>
  const toApp = async (row: AppRow): Promise<AppRecord> => ({
    ...{ id: String(row.id), name: row.name, owner: (await accounts.byId(row.owner_id)).username, tier: row.tier },
    redirectUris: JSON.parse(row.redirect_uris),
    ...{ loopbackRedirects: row.loopback_redirects === 1, createdAt: row.created_at },
  })
  const find = async (id: string): Promise<AppRow> => {
    const row = await apps.find(id)
    if (!row) throw new NotThere(`There is no app '${id}'.`)
    return row
  }
  return {
    async *apps() {
      for await (const row of every(apps.page)) yield toApp(row)
    },
    async createApp({ owner, features, ...app }) {
      checkApp(app)
      const given = features && { features: checkedFeatures(features) }
      const [id, secret] = [ids.next(), newSecret()]
      await apps.create({ ...app, ...given, id, secret, ownerId: (await accountNamed(people, owner)).id })
      return { ...(await toApp(await find(String(id)))), secret }
    },
    async rotateSecret(id) {
      const app = await toApp(await find(id))
      const secret = newSecret()
      await apps.setSecret(id, secret)
      return { ...app, secret }
    },
  }
}

function checkApp({ name, redirectUris }: Pick<AppRecord, 'name' | 'redirectUris'>): void {
  if (!/\S/.test(name) || name.length > 100) throw new ConfigError('The name of an app has 1 to 100 characters.')
  for (const uri of redirectUris) {
    const problem = redirectUriProblem(uri)
    if (problem !== undefined) throw new ConfigError(`The redirect URI ${uri} cannot be used: ${problem}.`)
  }
}

function checkedFeatures(names: readonly string[]): RestrictedFeature[] {
  const known = new Set<string>(restrictedFeatures)
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new ConfigError(`There is no feature ${unknown.join(', ')}; there are ${restrictedFeatures.join(', ')}.`)
  return restrictedFeatures.filter((name) => names.includes(name))
}

function tokensBy(people: People): Pick<Operator, 'createToken' | 'revokeToken'> {
  const { db, ids, apps, tokens } = people
  return {
    async createToken({ app: appId, username, scopes: names = allScopes }) {
      const unknown = names.filter((name) => !isScope(name))
      if (unknown.length > 0) throw new ConfigError(`There is no scope ${unknown.join(', ')}.`)
      const scopes = names.filter(isScope)
      if (scopes.length === 0) throw new ConfigError('A token has one scope at least.')
      const app = await apps.find(appId)
      if (!app) throw new NotThere(`There is no app '${appId}'.`)
      const account = await accountNamed(people, username)
      const accessToken = newSecret('pina_')
      const grant = { app_id: app.id, account_id: account.id, grant_id: ids.next(), scopes: scopes.join(' ') }
      const token = { kind: 'access' as const, grantType: 'authorization_code' as const, ttlSeconds: tokenTtlSeconds }
      await db.write((tx) => tokens.keep(tx, { text: accessToken, ...token }, grant))
      return { app: appId, username: account.username, scopes, accessToken, expiresIn: tokenTtlSeconds }
    },
    async revokeToken(token) {
      if (!(await tokens.revokeAny(token))) throw new NotThere('There is no such token, or it has expired.')
    },
  }
}
