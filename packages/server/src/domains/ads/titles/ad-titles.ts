import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../core/clock.ts'
import { invalid } from '../../../core/errors.ts'
import type { Database } from '../../../db/database.ts'
import type { AdAccountRow } from '../../ad-accounts/ad-accounts.ts'
import { reviewAfterMs } from '../ad-reviews.ts'
import { entityIdOf, missing } from '../entities.ts'
import { signedPermits } from '../signed-permits.ts'
import { entityStore } from '../store/entities.ts'
import { titleStore } from '../store/titles.ts'
import { readTitles, type TitleError } from './title-rows.ts'

/** The paths that take and give files of titles; `of`: the permit. */
export const titlePaths = { upload: '/_pinfold/ad-titles/upload', download: '/_pinfold/ad-titles/download' } as const

/** The largest file of titles. */
export const mostTitleBytes = 1_000_000

type Account = Pick<AdAccountRow, 'id'>

/** A file that can be sent. */
export interface OfferedUpload {
  /** What names it when it is processed. */
  requestId: string
  /** What permits to send it. */
  permit: string
  /** The name of the file that is there. */
  existing: string | undefined
}

/** What became of a file. */
export interface ProcessedTitles {
  status: 'SUCCESS' | 'PARTIAL_SUCCESS' | 'FAILURE'
  errors: TitleError[]
}

/** How far the titles of an ad group are. */
export interface TitleStatus {
  generated: number
  reviewed: number
  isReady: boolean
}

/** A file of titles. */
export interface TitleFile {
  name: string
  csv: string
}

/** The titles that products have in the ads of an ad group. All but what takes a permit throws `adEntityNotFound`. */
export interface AdTitles {
  /** Lets a file be sent for an ad group, within an hour. */
  offerUpload(account: Account, adGroup: string): Promise<OfferedUpload>
  /**
   * Returns what takes the bytes of a file, which throws a 400 if these are not text, or if it has taken others before.
   * Undefined: the permit is forged or too old.
   */
  upload(permit: string): ((bytes: Buffer) => Promise<void>) | undefined
  /** Makes the rows of a file that was sent the titles of the ad group, those that are right. */
  process(account: Account, adGroup: string, requestId: string): Promise<ProcessedTitles>
  /** Returns how far the titles are. */
  status(account: Account, adGroup: string): Promise<TitleStatus>
  /** Returns what permits to read the titles, for 5 minutes; undefined if there are none. */
  offerDownload(account: Account, adGroup: string): Promise<string | undefined>
  /** Returns the titles that a permit is for; undefined if it is forged or too old, or if there are none any more. */
  download(permit: string): Promise<TitleFile | undefined>
}

export interface AdTitlesOptions {
  db: Database
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
}

const [uploadTtlMs, downloadTtlMs] = [60 * 60_000, 5 * 60_000]

/** Makes the titles over `db`. */
export function adTitlesOf({ db, clock, key }: AdTitlesOptions): AdTitles {
  type UploadOf = { adAccountId: number; adGroupId: number; requestId: string; expiresAt: number }
  const uploads = signedPermits<UploadOf>({ purpose: 'title uploads', ttlMs: uploadTtlMs, key, clock })
  const downloads = signedPermits<number>({ purpose: 'title downloads', ttlMs: downloadTtlMs, key, clock })
  const store = titleStore(db)
  const adGroups = entityStore(db, 'ad_groups')

  /** Returns the id of an ad group that there is. */
  async function idOf(account: Account, adGroup: string): Promise<number> {
    const row = await adGroups.byId(account.id, entityIdOf(adGroup))
    if (!row) throw missing('ad group', adGroup)
    return row.id
  }

  /** Writes a file. An ad group has one, so that nobody fills the database. */
  function keep({ adAccountId, adGroupId, requestId, expiresAt }: UploadOf, csv: string): Promise<void> {
    return db.write(async (tx) => {
      if (!(await adGroups.lock(tx, adAccountId, adGroupId))) throw missing('ad group', String(adGroupId))
      const before = await store.uploadIn(tx, adGroupId)
      if (before?.request_id !== requestId)
        return store.putUpload(tx, { ad_group_id: adGroupId, request_id: requestId, csv, expires_at: expiresAt })
      // What is sent again since the answer was lost is no other file.
      if (before.csv !== csv) throw invalid('This address has taken another file. Get a new one.')
    })
  }

  return {
    async offerUpload(account, adGroup) {
      const adGroupId = await idOf(account, adGroup)
      const requestId = randomBytes(16).toString('hex')
      const expiresAt = clock.now() + uploadTtlMs
      const permit = uploads.make({ adAccountId: account.id, adGroupId, requestId, expiresAt })
      const existing = (await store.summary(adGroupId)) && nameOf(adGroupId)
      return { requestId, permit, existing }
    },

    upload(permit) {
      const of = uploads.read(permit)
      return of && (async (bytes) => keep(of, textOf(bytes)))
    },

    async process(account, adGroup, requestId) {
      const adGroupId = await idOf(account, adGroup)
      const upload = await store.upload(adGroupId)
      if (upload?.request_id !== requestId || upload.expires_at <= clock.now())
        throw missing('upload', requestId.slice(0, 40))
      const { csv, count, errors } = readTitles(upload.csv)
      if (count === 0 && errors.length > 0) return { status: 'FAILURE', errors }
      await db.write(async (tx) => {
        if (!(await adGroups.lock(tx, account.id, adGroupId))) throw missing('ad group', adGroup)
        await store.put(tx, { ad_group_id: adGroupId, csv, row_count: count, updated_at: clock.now() })
      })
      return { status: errors.length > 0 ? 'PARTIAL_SUCCESS' : 'SUCCESS', errors }
    },

    async status(account, adGroup) {
      const titles = await store.summary(await idOf(account, adGroup))
      const generated = titles?.row_count ?? 0
      const wereReviewed = titles !== undefined && titles.updated_at + reviewAfterMs <= clock.now()
      return { generated, reviewed: wereReviewed ? generated : 0, isReady: wereReviewed && generated > 0 }
    },

    async offerDownload(account, adGroup) {
      const adGroupId = await idOf(account, adGroup)
      return (await store.summary(adGroupId)) && downloads.make(adGroupId)
    },

    async download(permit) {
      const adGroupId = downloads.read(permit)
      if (adGroupId === undefined) return undefined
      const csv = await store.csv(adGroupId)
      return csv === undefined ? undefined : { name: nameOf(adGroupId), csv }
    },
  }
}

const nameOf = (adGroupId: number) => `titles-${adGroupId}.csv`

/** Decodes a file. Throws a 400. */
function textOf(bytes: Buffer): string {
  // PostgreSQL keeps no NUL in texts.
  if (!isUtf8(bytes) || bytes.includes(0)) throw invalid('The file must be text in UTF-8.')
  return bytes.toString().replace(/^\ufeff/, '')
}
