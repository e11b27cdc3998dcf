import { randomBytes } from 'node:crypto'
import { setImmediate as othersTurn } from 'node:timers/promises'
import type { VerificationMethod } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { IdMaker } from '../../core/ids.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { isOnSites, readWebsite, type SiteName } from './address.ts'
import type { ClaimablePins } from './claimable-pins.ts'
import { type Codes, codesOf } from './codes.ts'
import type { Look } from './look.ts'
import { type WebsiteRow, type WebsiteStore, websiteStore } from './store.ts'

export { newestWebsiteId } from './store.ts'

type Tx = Transaction<Schema>

/** A website that was claimed, now or before. */
export interface ClaimedWebsite {
  /** Its host, with its path if it has one. */
  website: string
  /** When it was verified, in milliseconds since 1970. */
  verifiedAt: number
  /** Whether it had been verified before. */
  wasVerified: boolean
}

/** The websites that accounts have claimed. Pins that link to them are marked as claimed. */
export interface Websites {
  /** Returns the websites of an account, newest first. */
  list(accountId: number, page: PageRequest): Promise<Page<Pick<WebsiteRow, 'website' | 'verified_at'>>>
  /** Returns the code of an account, which is made at first, in all its forms. */
  codes(accountId: number): Promise<Codes>
  /**
   * Looks for the account's code and claims the website; returns when the account's Pins are marked. Throws a 400 for a
   * name that cannot be, `websiteNotVerified` when the code is not there, `forbidden` when the account has too many
   * websites, and `rateLimited` when too many wait.
   */
  claim(accountId: number, website: string, method: VerificationMethod): Promise<ClaimedWebsite>
  /** Claims a website without looking: for seeds. A name that cannot be is passed over. */
  keep(accountId: number, website: string): Promise<void>
  /** Gives up a claim; returns when the account's Pins are marked. Throws `websiteNotFound`. */
  remove(accountId: number, website: string): Promise<void>
  /** Marks the Pins that a server did not get to, until all are or `signal` ends it. */
  finishMarking(signal: AbortSignal): Promise<void>
}

export interface WebsitesOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  pins: ClaimablePins
  look: Look
}

/** How many websites an account may claim. */
const mostWebsites = 50
/** How many Pins are marked in one transaction. */
const batchSize = 200

/** Makes the websites over `db`. */
export function websitesOf(options: WebsitesOptions): Websites {
  const { db, clock, ids, look } = options
  const store = websiteStore(db)
  const marking = markingOf(options, store)

  async function codeOf(accountId: number): Promise<string> {
    const code = await store.code(accountId)
    if (code !== undefined) return code
    await db.write((tx) => store.insertCode(tx, accountId, randomBytes(16).toString('hex')))
    return codeOf(accountId)
  }

  async function add(accountId: number, { website, key }: SiteName): Promise<ClaimedWebsite> {
    await codeOf(accountId)
    const row = { id: ids.next(), account_id: accountId, website, website_key: key, verified_at: clock.now() }
    await marking.change(accountId, async (tx) => {
      await store.insert(tx, row)
      if ((await store.keys(tx, accountId)).length > mostWebsites)
        throw new ApiError('forbidden', { detail: `An account has ${mostWebsites} websites at most.` })
    })
    return { website, verifiedAt: row.verified_at, wasVerified: false }
  }

  return {
    async list(accountId, { before, size }) {
      return toPage(await store.of({ accountId, before, count: size + 1 }), size, (row) => row)
    },

    codes: async (accountId) => codesOf(await codeOf(accountId)),

    async claim(accountId, text, method) {
      const site = readWebsite(text)
      const there = await store.find(accountId, site.key)
      if (there) return { website: there.website, verifiedAt: there.verified_at, wasVerified: true }
      await look.find(accountId, method, site.website, codesOf(await codeOf(accountId)))
      return add(accountId, site)
    },

    async keep(accountId, text) {
      if (URL.canParse(text)) await add(accountId, readWebsite(URL.parse(text)?.hostname ?? ''))
    },

    async remove(accountId, text) {
      const { key } = readWebsite(text)
      await marking.change(accountId, async (tx) => {
        if (!(await store.delete(tx, accountId, key))) throw new ApiError('websiteNotFound')
      })
    },

    finishMarking: marking.finish,
  }
}

/** Keeps what Pins say of themselves in step with the websites of their owners. */
function markingOf({ db, accounts, pins }: WebsitesOptions, store: WebsiteStore) {
  /** Marks some of an account's Pins; false when there are no more. */
  const markSome = (accountId: number): Promise<boolean> =>
    db.write(async (tx) => {
      const before = await store.lock(tx, accountId)
      if (before === null) return false
      const sites = await accounts.claimedSites(tx, accountId)
      const batch = { ownerId: accountId, before, count: batchSize }
      const last = await pins.mark(tx, batch, (link) => isOnSites(link, sites))
      await store.setMarkBefore(tx, accountId, last ?? null)
      return last !== undefined
    })

  /** Others get their turns; what is done stays done when it is cut off. */
  async function mark(accountId: number, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await markSome(accountId))) await othersTurn()
  }

  return {
    /** Carries out a change of an account's websites, and marks its Pins. */
    async change(accountId: number, work: (tx: Tx) => Promise<void>): Promise<void> {
      await db.write(async (tx) => {
        await store.lock(tx, accountId)
        await work(tx)
        await accounts.setClaimedSites(tx, accountId, await store.keys(tx, accountId))
        await store.setMarkBefore(tx, accountId, Number.MAX_SAFE_INTEGER)
      })
      await mark(accountId)
    },

    async finish(signal: AbortSignal): Promise<void> {
      for (let left = await store.unmarked(1); left.length > 0 && !signal.aborted; left = await store.unmarked(1))
        for (const accountId of left) await mark(accountId, signal)
    },
  }
}
