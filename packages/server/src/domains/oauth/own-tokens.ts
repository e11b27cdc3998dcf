import { isScope, mostOwnTokens, type Scope } from '@pinfold/contract'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import type { PageRequest } from '../../core/page.ts'
import { hashSecret, newSecret } from '../../core/secrets.ts'
import type { Database } from '../../db/database.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { ownAppStore } from './store/own-apps.ts'
import { ownTokenStore } from './store/own-tokens.ts'
import { tokenStore } from './store.ts'
import { tellRevoked } from './told.ts'

/** A token that somebody made for themselves, without its text. */
export interface OwnToken {
  /** Its number, which says nothing of its text. */
  id: number
  /** What it is for. */
  name: string
  /** The app that it is of. */
  app: { id: number; name: string }
  /** What it may do. */
  scopes: Scope[]
  /** The last characters of its text. */
  ending: string
  /** When it was made, in milliseconds. */
  createdAt: number
  /** Until when it is valid, in milliseconds. */
  expiresAt: number
}

/** A token to be made. */
export interface OwnTokenDraft {
  /** The app, one of the account's own. */
  appId: string
  /** What it is for. */
  name: string
  /** What it may do, one at least. */
  scopes: readonly Scope[]
  /** How long it is valid, in days. */
  days: number
}

/** The tokens with which people act for themselves, through their own apps. Only hashes of them are stored. */
export interface OwnTokens {
  /** Returns a page of the valid tokens of an account, newest first. */
  page(accountId: number, page: PageRequest): Promise<{ items: OwnToken[]; next: number | undefined }>
  /** Makes a token, and returns it with its text. Throws `appNotFound`, and a 400 when the app has too many. */
  create(accountId: number, draft: OwnTokenDraft): Promise<{ token: OwnToken; text: string }>
  /** Revokes a token; does nothing if the account has no such one. */
  remove(accountId: number, id: string): Promise<void>
}

export interface OwnTokensOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  /** Called when a token was revoked. */
  changed: () => void
  outbox: Outbox
  /** What the texts of new tokens have after `pina_`, before their secret part. Default: nothing. */
  mark?: string | undefined
}

const dayMs = 24 * 60 * 60 * 1000

/** Makes the own tokens of the accounts of `db`. */
export function ownTokensOf({ db, clock, ids, changed, outbox, mark = '' }: OwnTokensOptions): OwnTokens {
  const [named, apps, tokens] = [ownTokenStore(db), ownAppStore(db), tokenStore(db)]
  return {
    async page(accountId, { before, size }) {
      const rows = await named.page(accountId, { before, count: size + 1, now: clock.now() })
      const items = rows.slice(0, size).map((row) => ({
        ...{ id: row.grant_id, name: row.name ?? '', ending: row.ending ?? '' },
        app: { id: row.app_id, name: row.app_name },
        scopes: row.scopes.split(' ').filter(isScope),
        ...{ createdAt: Number(row.created_at), expiresAt: Number(row.expires_at) },
      }))
      return { items, next: rows.length > size ? items.at(-1)?.id : undefined }
    },
    async create(accountId, { appId, name, scopes, days }) {
      const id = parseId(appId)
      const text = newSecret(`pina_${mark}`)
      const [now, grantId, ending] = [clock.now(), ids.next(), text.slice(-4)]
      const expiresAt = now + days * dayMs
      const app = await db.write(async (tx) => {
        const owned = id === undefined ? undefined : await apps.lock(tx, { ownerId: accountId, id })
        if (!owned) throw new ApiError('appNotFound')
        if ((await named.count(tx, { accountId, appId: owned.id, now })) >= mostOwnTokens)
          throw invalid(`The app has ${mostOwnTokens} tokens of yours already. Remove one that is not needed any more.`)
        await tokens.insertToken(tx, {
          ...{ token_hash: hashSecret(text), kind: 'access', grant_type: 'authorization_code', grant_id: grantId },
          ...{ app_id: owned.id, account_id: accountId, scopes: scopes.join(' '), name: name.trim(), ending },
          ...{ expires_at: expiresAt, created_at: now },
        })
        return owned
      })
      const token = { id: grantId, name: name.trim(), app: { id: app.id, name: app.name }, scopes: [...scopes] }
      return { token: { ...token, ending, createdAt: now, expiresAt }, text }
    },
    async remove(accountId, id) {
      const grantId = parseId(id)
      if (grantId === undefined) return
      await db.write(async (tx) => {
        const appId = await named.remove(tx, { accountId, grantId })
        if (appId !== undefined) await tellRevoked(outbox, tx, { accountId, appId }, 'access')
      })
      changed()
    },
  }
}
