import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepareBatch } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

type Tx = Transaction<Schema>
/** A label on something. */
export type LabelEntity = Schema['ad_label_entities']

/** The SQL of what labels are on. */
export interface LabelEntityStore {
  /** Returns the labels on these. */
  labelsOn(entityIds: readonly number[]): Promise<Pick<LabelEntity, 'entity_id' | 'label_id'>[]>
  /** Returns what is on one thing. */
  on(tx: Tx, entityId: number): Promise<LabelEntity[]>
  /** Puts a label on something. */
  add(tx: Tx, row: LabelEntity): Promise<void>
  /** Takes a label off something. */
  remove(tx: Tx, row: Pick<LabelEntity, 'entity_id' | 'label_id'>): Promise<void>
}

/** Makes the store over `db`. */
export function labelEntityStore(db: Database): LabelEntityStore {
  const labelsOn = prepareBatch((rows: readonly { id: number }[]) =>
    db.read
      .selectFrom('ad_label_entities')
      .select(['entity_id', 'label_id'])
      .where(
        'entity_id',
        'in',
        rows.map(({ id }) => id),
      ),
  )
  return {
    labelsOn(entityIds) {
      const wanted = [...new Set(entityIds)].map((id) => ({ id }))
      return labelsOn(db.run, wanted)
    },

    on: (tx, entityId) => tx.selectFrom('ad_label_entities').selectAll().where('entity_id', '=', entityId).execute(),

    async add(tx, row) {
      await tx.insertInto('ad_label_entities').values(row).execute()
    },

    async remove(tx, { entity_id, label_id }) {
      await tx
        .deleteFrom('ad_label_entities')
        .where('entity_id', '=', entity_id)
        .where('label_id', '=', label_id)
        .execute()
    },
  }
}
