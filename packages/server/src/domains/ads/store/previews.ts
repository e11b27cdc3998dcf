import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareBatch, prepareWrite } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

/** A row of the previews of ad groups. */
export type PreviewRow = Schema['campaign_ad_previews']
type Tx = Transaction<Schema>

/** The SQL of the previews of ad groups. */
export interface PreviewStore {
  /** Writes one, in place of the one before. */
  put(tx: Tx, row: PreviewRow): Promise<void>
  /** Returns those of these ad groups. */
  ofGroups(adAccountId: number, adGroupIds: readonly number[]): Promise<PreviewRow[]>
  /** Deletes the one of an ad group. False: there is none. */
  remove(tx: Tx, adAccountId: number, adGroupId: number): Promise<boolean>
  /** Returns the one with this name. */
  byUuid(uuid: string): Promise<PreviewRow | undefined>
  /** Returns the id of the oldest ad of an ad group that is not archived. */
  firstAd(adGroupId: number): Promise<number | undefined>
}

/** Makes the store over `db`. */
export function previewStore(db: Database): PreviewStore {
  const previews = db.read.selectFrom('campaign_ad_previews')
  const put = prepareWrite(({ ad_group_id, ad_account_id, ad_id, pin_id, account_id, uuid, expires_at }: PreviewRow) =>
    db.read
      .insertInto('campaign_ad_previews')
      .values({ ad_group_id, ad_account_id, ad_id, pin_id, account_id, uuid, expires_at })
      .onConflict((conflict) =>
        conflict.column('ad_group_id').doUpdateSet(({ ref }) => ({
          ad_id: ref('excluded.ad_id'),
          pin_id: ref('excluded.pin_id'),
          account_id: ref('excluded.account_id'),
          uuid: ref('excluded.uuid'),
          expires_at: ref('excluded.expires_at'),
        })),
      ),
  )
  const ofGroups = prepareBatch((rows: readonly { id: number }[], shared: { adAccountId: number }) =>
    previews
      .selectAll()
      .where(
        'ad_group_id',
        'in',
        rows.map(({ id }) => id),
      )
      .where('ad_account_id', '=', shared.adAccountId),
  )
  const remove = prepareWrite(({ adAccountId, adGroupId }: { adAccountId: number; adGroupId: number }) =>
    db.read
      .deleteFrom('campaign_ad_previews')
      .where('ad_group_id', '=', adGroupId)
      .where('ad_account_id', '=', adAccountId)
      .returning('ad_group_id'),
  )
  const byUuid = prepare(db, ({ uuid }: { uuid: string }) => previews.selectAll().where('uuid', '=', uuid))
  const firstAd = prepare(db, ({ adGroupId }: { adGroupId: number }) =>
    db.read
      .selectFrom('ads')
      .select('id')
      .where('parent_id', '=', adGroupId)
      .where('status', 'not in', ['ARCHIVED', 'DELETED_DRAFT'])
      .orderBy('id')
      .limit(1),
  )
  return {
    async put(tx, row) {
      await put(tx, row)
    },
    ofGroups: (adAccountId, adGroupIds) =>
      ofGroups(
        db.run,
        [...new Set(adGroupIds)].map((id) => ({ id })),
        { adAccountId },
      ),
    remove: async (tx, adAccountId, adGroupId) => (await remove(tx, { adAccountId, adGroupId })).length > 0,
    byUuid: (uuid) => byUuid.first({ uuid }),
    firstAd: async (adGroupId) => (await firstAd.first({ adGroupId }))?.id,
  }
}
