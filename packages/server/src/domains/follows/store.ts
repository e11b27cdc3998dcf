import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { insertNew } from '../../db/insert-new.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type FollowRow = Schema['follows']
type Kind = FollowRow['kind']
type Tx = Transaction<Schema>

/** Follows by one account: at most `count`, with ids below `before`. */
export interface FollowsBy {
  followerId: number
  before: number
  count: number
}

/** Follows of one account, board or interest: at most `count`, with ids below `before`. */
export interface FollowsOf {
  kind: Kind
  targetId: number
  before: number
  count: number
}

/** The SQL of follows. Lists are newest first. */
export interface FollowStore {
  /** Writes a new follow; false if it is there already. */
  insert(tx: Tx, row: FollowRow): Promise<boolean>
  /** Deletes a follow; false if there is none. */
  delete(tx: Tx, row: Pick<FollowRow, 'follower_id' | 'kind' | 'target_id'>): Promise<boolean>
  /** Returns whether an account follows something. */
  has(row: Pick<FollowRow, 'follower_id' | 'kind' | 'target_id'>): Promise<boolean>
  /** Deletes every follow of a board. */
  deleteOfBoard(tx: Tx, boardId: number): Promise<void>
  /** Returns the follows of a target. */
  of(range: FollowsOf): Promise<FollowRow[]>
  /** Returns the follows of one kind that an account made. */
  by(range: FollowsBy & { kind: Kind }): Promise<FollowRow[]>
  /** Returns those of them that are the follower's newest follow of the account that is followed, or whose board is. */
  newestByAccount(range: FollowsBy & { kind: Kind }): Promise<FollowRow[]>
}

/** Makes the store over `db`. */
export function followStore(db: Database): FollowStore {
  const of = prepare(db, ({ kind, targetId, before, count }: FollowsOf) =>
    db.read
      .selectFrom('follows')
      .selectAll()
      .where('kind', '=', kind)
      .where('target_id', '=', targetId)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count),
  )
  const madeBy = ({ kind, followerId, before, count }: FollowsBy & { kind: Kind }) =>
    db.read
      .selectFrom('follows')
      .selectAll()
      .where('follower_id', '=', followerId)
      .where('kind', '=', kind)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count)
  const by = prepare(db, madeBy)
  const newestByAccount = prepare(db, (range: FollowsBy & { kind: Kind }) =>
    madeBy(range).where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('follows as later')
            .select('later.id')
            .where('later.follower_id', '=', range.followerId)
            .whereRef('later.account_id', '=', 'follows.account_id')
            .whereRef('later.id', '>', 'follows.id'),
        ),
      ),
    ),
  )
  const has = prepare(db, (row: Pick<FollowRow, 'follower_id' | 'kind' | 'target_id'>) =>
    db.read
      .selectFrom('follows')
      .select('id')
      .where('follower_id', '=', row.follower_id)
      .where('kind', '=', row.kind)
      .where('target_id', '=', row.target_id),
  )
  return {
    ...writes,
    has: async (row) => (await has.first(row)) !== undefined,
    of: of.all,
    by: by.all,
    newestByAccount: newestByAccount.all,
  }
}

const writes: Pick<FollowStore, 'insert' | 'delete' | 'deleteOfBoard'> = {
  async delete(tx, { follower_id, kind, target_id }) {
    const query = tx.deleteFrom('follows').where('follower_id', '=', follower_id).where('kind', '=', kind)
    return (await query.where('target_id', '=', target_id).executeTakeFirst()).numDeletedRows > 0n
  },

  insert: (tx, row) => insertNew(tx.insertInto('follows').values(row), ['follower_id', 'kind', 'target_id']),

  async deleteOfBoard(tx, boardId) {
    await tx.deleteFrom('follows').where('kind', '=', 'board').where('target_id', '=', boardId).execute()
  },
}

/** Returns the newest id of a follow, or 0 when there is none. */
export async function newestFollowId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('follows')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
