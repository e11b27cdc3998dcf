import { type AccessTier, mostOwnApps, type RestrictedFeature, restrictedFeatures } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import type { PageRequest } from '../../core/page.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { Database } from '../../db/database.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { redirectUriProblem } from './redirect-uri.ts'
import { ownAppStore } from './store/own-apps.ts'
import type { AppRow } from './store.ts'
import { tellRevoked } from './told.ts'

/** What the owner of an app decides about it. */
export interface AppSettings {
  /** What the consent page calls it. */
  name: string
  redirectUris: readonly string[]
  /** Whether any loopback address is accepted as redirect URI. */
  loopbackRedirects: boolean
  tier: AccessTier
  /** Its restricted features; null: those of its tier. */
  features: readonly RestrictedFeature[] | null
}

/** An app, as its owner sees it. */
export interface OwnApp extends AppSettings {
  /** The `client_id` of OAuth. */
  id: number
  /** When it was made, in milliseconds. */
  createdAt: number
  /** How many accounts it has valid tokens of; 1,000 if there are more. */
  connectedAccounts: number
}

/** The apps that accounts make for themselves. Those of others do not exist for an account. */
export interface OwnApps {
  /** Returns a page of the apps of an account, newest first. */
  page(ownerId: number, page: PageRequest): Promise<{ items: OwnApp[]; next: number | undefined }>
  /** Returns an app of an account. Throws `appNotFound`. */
  find(ownerId: number, id: string): Promise<OwnApp>
  /** Makes an app, and returns it with its secret. Throws a 400, also when the account has too many. */
  create(ownerId: number, settings: AppSettings): Promise<{ app: OwnApp; secret: string }>
  /** Changes an app, from the next request to this server on. Throws `appNotFound`, and a 400. */
  change(ownerId: number, id: string, settings: Partial<AppSettings>): Promise<OwnApp>
  /** Replaces an app's secret; the old one stops working. Throws `appNotFound`. */
  rotateSecret(ownerId: number, id: string): Promise<{ app: OwnApp; secret: string }>
  /** Deletes an app with all its tokens and codes. Throws `appNotFound`. */
  remove(ownerId: number, id: string): Promise<void>
}

export interface OwnAppsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  /** Called when an app was changed or deleted. */
  changed: () => void
  outbox: Outbox
}

/** So many connected accounts are counted. */
const mostCounted = 1000

/** Makes the apps of the accounts of `db`. */
export function ownAppsOf({ db, clock, ids, changed, outbox }: OwnAppsOptions): OwnApps {
  const store = ownAppStore(db)
  const shown = async (row: AppRow): Promise<OwnApp> => ({
    ...{ id: row.id, name: row.name, createdAt: row.created_at, tier: row.tier },
    redirectUris: JSON.parse(row.redirect_uris),
    loopbackRedirects: row.loopback_redirects === 1,
    features: row.features === null ? null : known(JSON.parse(row.features)),
    connectedAccounts: await store.connectedAccounts(row.id, clock.now(), mostCounted),
  })
  const change = async (ownerId: number, text: string, columns: Partial<AppRow>): Promise<AppRow> => {
    const id = parseId(text)
    const row = id === undefined ? undefined : await db.write((tx) => store.change(tx, { ownerId, id }, columns))
    if (!row) throw new ApiError('appNotFound')
    changed()
    return row
  }
  return {
    async page(ownerId, { before, size }) {
      const rows = await store.page(ownerId, before, size + 1)
      const items = await Promise.all(rows.slice(0, size).map(shown))
      return { items, next: rows.length > size ? items.at(-1)?.id : undefined }
    },
    async find(ownerId, text) {
      const id = parseId(text)
      const row = id === undefined ? undefined : await store.one({ ownerId, id })
      if (!row) throw new ApiError('appNotFound')
      return shown(row)
    },
    async create(ownerId, settings) {
      const secret = newSecret()
      const row: AppRow = {
        ...{
          id: ids.next(),
          owner_id: ownerId,
          created_at: clock.now(),
          secret_hash: hashSecret(secret),
          limits: null,
        },
        ...allColumns(settings),
      }
      await db.write(async (tx) => {
        if ((await store.lockAll(tx, ownerId)) >= mostOwnApps)
          throw invalid(`You have ${mostOwnApps} apps already. Delete one that is not needed any more.`)
        await store.insert(tx, row)
      })
      return { app: await shown(row), secret }
    },
    async change(ownerId, id, settings) {
      return shown(await change(ownerId, id, columnsOf(settings)))
    },
    async rotateSecret(ownerId, id) {
      const secret = newSecret()
      return { app: await shown(await change(ownerId, id, { secret_hash: hashSecret(secret) })), secret }
    },
    async remove(ownerId, text) {
      const id = parseId(text)
      await db.write(async (tx) => {
        if (id === undefined || !(await store.lock(tx, { ownerId, id }))) throw new ApiError('appNotFound')
        const accounts = await store.accountsOf(tx, id)
        if (await outbox.mayListen(tx, accounts))
          for (const accountId of accounts) {
            await tellRevoked(outbox, tx, { accountId, appId: id }, 'all')
            await outbox.disconnect(tx, { accountId, appId: id })
          }
        await store.remove(tx, id)
      })
      changed()
    },
  }
}

const known = (names: readonly string[]): RestrictedFeature[] =>
  restrictedFeatures.filter((name) => names.includes(name))

type Columns = Pick<AppRow, 'name' | 'redirect_uris' | 'loopback_redirects' | 'tier' | 'features'>

const allColumns = ({ name, redirectUris, loopbackRedirects, tier, features }: AppSettings): Columns => ({
  ...{ name: name.trim(), tier, redirect_uris: asUris(redirectUris), loopback_redirects: loopbackRedirects ? 1 : 0 },
  features: features && JSON.stringify(features),
})

/** Returns the columns of what is named. */
const columnsOf = (settings: Partial<AppSettings>): Partial<Columns> => ({
  ...(settings.name !== undefined && { name: settings.name.trim() }),
  ...(settings.redirectUris !== undefined && { redirect_uris: asUris(settings.redirectUris) }),
  ...(settings.loopbackRedirects !== undefined && { loopback_redirects: settings.loopbackRedirects ? 1 : 0 }),
  ...(settings.tier !== undefined && { tier: settings.tier }),
  ...(settings.features !== undefined && { features: settings.features && JSON.stringify(settings.features) }),
})

/** Throws a 400 for an address that people cannot be sent back to. */
function asUris(uris: readonly string[]): string {
  for (const uri of uris) {
    const problem = redirectUriProblem(uri)
    if (problem !== undefined) throw invalid(`redirect_uris: ${uri.slice(0, 200)} cannot be used: ${problem}.`)
  }
  return JSON.stringify([...new Set(uris)])
}
