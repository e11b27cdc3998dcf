import type { AccessTier, AppLimits, RestrictedFeature } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { hashSecret, secretMatches } from '../../core/secrets.ts'
import type { AppCaller } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import { rightsOf } from './rights.ts'
import { type AppRow, appStore } from './store.ts'

export interface NewApp {
  id: number
  name: string
  secret: string
  tier: AccessTier
  /** Restricted features of the app. By default all on the standard tier, none on the trial tier. */
  features?: readonly RestrictedFeature[]
  ownerId: number
  redirectUris: readonly string[]
  /** Whether any loopback address is accepted as redirect URI: for development. */
  loopbackRedirects: boolean
}

/** What to change of an app. What is not named stays. */
export interface AppChange {
  tier?: AccessTier
  /** Null: those of its tier. */
  features?: readonly RestrictedFeature[] | null
  /** Null: those of the server. */
  limits?: AppLimits | null
}

/** An app, and what it may do. */
export interface AppWithRights {
  /** The app. */
  row: AppRow
  /** Its tier, its restricted features, and its own limits. */
  rights: ReturnType<typeof rightsOf>
}

/** The apps that may ask for tokens. */
export interface Apps {
  /** Returns the app that a text names by its id. */
  find(id: string): Promise<AppRow | undefined>
  /** Writes a new app. Only a hash of its secret is stored. */
  create(app: NewApp): Promise<void>
  /** Returns up to `count` apps whose ids are larger than `after`, in order. */
  page(after: number, count: number): Promise<AppRow[]>
  /** Returns up to `count` apps whose ids are larger than `after`, in order, with what they may do. */
  pageWithRights(after: number, count: number): Promise<AppWithRights[]>
  /** Changes an app, from the next request to this server on. Throws `appNotFound`. */
  change(id: string, change: AppChange): Promise<AppWithRights>
  /** Replaces an app's secret; the old one stops working. Returns false when there is no such app. */
  setSecret(id: string, secret: string): Promise<boolean>
  /**
   * Returns the app that an `Authorization: Basic` header authenticates. Throws `authenticationFailed`. Wrong secrets
   * are not slowed down: a secret is too long to guess, and anybody who knows an app's id could lock the app out.
   */
  authenticate(header: string | undefined): Promise<AppCaller>
}

export interface AppsOptions {
  db: Database
  clock: Clock
  /** Called when an app was changed. */
  changed: () => void
}

/** Makes the apps of `db`. */
export function appsOf({ db, clock, changed }: AppsOptions): Apps {
  const store = appStore(db)
  const withRights = (row: AppRow): AppWithRights => ({ row, rights: rightsOf(row) })

  async function find(id: string): Promise<AppRow | undefined> {
    const number = parseId(id)
    return number === undefined ? undefined : store.app(number)
  }

  return {
    find,
    page: store.appPage,
    pageWithRights: async (after, count) => (await store.appPage(after, count)).map(withRights),
    async change(id, { tier, features, limits }) {
      const number = parseId(id)
      const asText = (value: object | null) => value && JSON.stringify(value)
      const columns = {
        ...(tier && { tier }),
        ...(features !== undefined && { features: asText(features) }),
        ...(limits !== undefined && { limits: asText(limits) }),
      }
      const row = number === undefined ? undefined : await db.write((tx) => store.changeApp(tx, number, columns))
      if (!row) throw new ApiError('appNotFound')
      changed()
      return withRights(row)
    },
    async setSecret(id, secret) {
      const number = parseId(id)
      return number !== undefined && (await db.write((tx) => store.setSecretHash(tx, number, hashSecret(secret))))
    },
    async create({ id, name, secret, tier, features, ownerId, redirectUris, loopbackRedirects }) {
      const row = {
        ...{ id, name, tier, owner_id: ownerId, created_at: clock.now(), secret_hash: hashSecret(secret) },
        redirect_uris: JSON.stringify(redirectUris),
        features: features ? JSON.stringify(features) : null,
        limits: null,
        loopback_redirects: loopbackRedirects ? 1 : 0,
      }
      await db.write((tx) => store.insertApp(tx, row))
    },
    async authenticate(header) {
      const [, encoded = ''] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '') ?? []
      const [, id = '', secret = ''] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
      const app = await find(decode(id))
      if (!app || !secretMatches(decode(secret), app.secret_hash)) throw notProven()
      return { appId: app.id, ...rightsOf(app) }
    },
  }
}

function notProven(): ApiError {
  return new ApiError('authenticationFailed', {
    headers: { 'www-authenticate': 'Basic realm="the id and secret of the app"' },
  })
}

/** Decodes an id or secret. RFC 6749 percent-encodes them inside Basic; most clients send them unencoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
