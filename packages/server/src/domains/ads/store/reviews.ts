import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareWrite } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

type AdRow = Schema['ads']
type Tx = Transaction<Schema>

/** The place of an ad among those to review. */
export interface ReviewPlace {
  review_at: number
  id: number
}

/** The SQL of ads that are to be reviewed. */
export interface ReviewStore {
  /** Returns the first of them after a place, in the order of their times: at most `count`. */
  next(after: ReviewPlace, count: number): Promise<ReviewPlace[]>
  /** Returns an ad, and locks it until `tx` ends. */
  lock(tx: Tx, id: number): Promise<AdRow | undefined>
  /** Writes what the review says. */
  decide(tx: Tx, decided: Pick<AdRow, 'id' | 'review_status' | 'data'>): Promise<void>
  /** Returns an ad of any ad account. */
  byId(id: number): Promise<AdRow | undefined>
}

/** Makes the store over `db`. */
export function reviewStore(db: Database): ReviewStore {
  const first = prepare(db, ({ at, id, count }: { at: number; id: number; count: number }) =>
    db.read
      .selectFrom('ads')
      .select(['id', 'review_at'])
      .where('review_at', '=', at)
      .where('id', '>', id)
      .orderBy('id')
      .limit(count),
  )
  const later = prepare(db, ({ at, count }: { at: number; count: number }) =>
    db.read
      .selectFrom('ads')
      .select(['id', 'review_at'])
      .where('review_at', '>', at)
      .orderBy('review_at')
      .orderBy('id')
      .limit(count),
  )
  const byId = prepare(db, ({ id }: { id: number }) => db.read.selectFrom('ads').selectAll().where('id', '=', id))
  const decide = prepareWrite(({ id, review_status, data }: Pick<AdRow, 'id' | 'review_status' | 'data'>) =>
    db.read.updateTable('ads').set({ review_status, data, review_at: null }).where('id', '=', id),
  )
  return {
    async next({ review_at: at, id }, count) {
      const same = await first.all({ at, id, count })
      const rest = same.length < count ? await later.all({ at, count: count - same.length }) : []
      return [...same, ...rest].map((row) => ({ id: row.id, review_at: row.review_at ?? 0 }))
    },
    byId: (id) => byId.first({ id }),
    async lock(tx, id) {
      const query = tx.selectFrom('ads').selectAll().where('id', '=', id)
      return (db.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
    },
    async decide(tx, decided) {
      await decide(tx, decided)
    },
  }
}
