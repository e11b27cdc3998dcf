import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareWrite } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

/** A row of the files of titles that were sent. */
export type TitleUploadRow = Schema['ad_group_title_uploads']
/** A row of the titles of ad groups. */
export type TitlesRow = Schema['ad_group_titles']
type Tx = Transaction<Schema>

/** The SQL of the titles of ad groups. */
export interface TitleStore {
  /** Returns the file that was sent last for an ad group. */
  upload(adGroupId: number): Promise<TitleUploadRow | undefined>
  /** The same, in a transaction that has locked the ad group. */
  uploadIn(tx: Tx, adGroupId: number): Promise<TitleUploadRow | undefined>
  /** Writes a file that was sent, in place of the one before. */
  putUpload(tx: Tx, row: TitleUploadRow): Promise<void>
  /** Writes the titles of an ad group, in place of those before. */
  put(tx: Tx, row: TitlesRow): Promise<void>
  /** Returns how many titles an ad group has, and since when. */
  summary(adGroupId: number): Promise<Omit<TitlesRow, 'csv'> | undefined>
  /** Returns the titles of an ad group as CSV. */
  csv(adGroupId: number): Promise<string | undefined>
}

/** Makes the store over `db`. */
export function titleStore(db: Database): TitleStore {
  type Of = { adGroupId: number }
  const uploads = ({ adGroupId }: Of) =>
    db.read.selectFrom('ad_group_title_uploads').selectAll().where('ad_group_id', '=', adGroupId)
  const titles = ({ adGroupId }: Of) => db.read.selectFrom('ad_group_titles').where('ad_group_id', '=', adGroupId)
  const upload = prepare(db, uploads)
  const uploadIn = prepareWrite(uploads)
  const summary = prepare(db, (of: Of) => titles(of).select(['ad_group_id', 'row_count', 'updated_at']))
  const csv = prepare(db, (of: Of) => titles(of).select('csv'))
  const putUpload = prepareWrite(({ ad_group_id, request_id, csv, expires_at }: TitleUploadRow) =>
    db.read
      .insertInto('ad_group_title_uploads')
      .values({ ad_group_id, request_id, csv, expires_at })
      .onConflict((conflict) =>
        conflict.column('ad_group_id').doUpdateSet(({ ref }) => ({
          request_id: ref('excluded.request_id'),
          csv: ref('excluded.csv'),
          expires_at: ref('excluded.expires_at'),
        })),
      ),
  )
  const put = prepareWrite(({ ad_group_id, csv, row_count, updated_at }: TitlesRow) =>
    db.read
      .insertInto('ad_group_titles')
      .values({ ad_group_id, csv, row_count, updated_at })
      .onConflict((conflict) =>
        conflict.column('ad_group_id').doUpdateSet(({ ref }) => ({
          csv: ref('excluded.csv'),
          row_count: ref('excluded.row_count'),
          updated_at: ref('excluded.updated_at'),
        })),
      ),
  )
  return {
    upload: (adGroupId) => upload.first({ adGroupId }),
    uploadIn: async (tx, adGroupId) => (await uploadIn(tx, { adGroupId }))[0],
    async putUpload(tx, row) {
      await putUpload(tx, row)
    },
    async put(tx, row) {
      await put(tx, row)
    },
    summary: (adGroupId) => summary.first({ adGroupId }),
    csv: async (adGroupId) => (await csv.first({ adGroupId }))?.csv,
  }
}
