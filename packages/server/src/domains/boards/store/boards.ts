import type { BoardPrivacy } from '@pinfold/contract'
import { sql, type Transaction } from 'kysely'
import type { Soon } from '../../../core/soon.ts'
import type { Database } from '../../../db/database.ts'
import { insertion } from '../../../db/insert-new.ts'
import { bytewise, endOf } from '../../../db/prefix.ts'
import { prepare, prepareBatch, prepareWrite, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import { UntilCommit } from '../../../db/until-commit.ts'

/** A board that is not being removed. */
export type BoardRow = Schema['boards'] & {
  /** Who may see it. */
  privacy: BoardPrivacy
}
/** What finding a board by its name needs of it. */
export type NamedBoard = Pick<BoardRow, 'id' | 'name' | 'privacy'>
export type RemovalRow = Schema['removals']
type Tx = Transaction<Schema>

/** Which boards a list has: all, or those that were put away, or the others. */
export type ArchivedFilter = 'with' | 'only' | 'without'

/** Boards of one account: at most `count` behind a position, with the name given as `boardKey` makes it. */
export interface AccountBoards {
  accountId: number
  privacies: readonly BoardPrivacy[]
  archived: ArchivedFilter
  afterName: string
  afterId: number
  count: number
}

/** Public boards whose keys begin with a text: at most `count` behind a position. */
export interface NamedBoards {
  beginning: string
  afterName: string
  afterId: number
  count: number
}

/** The SQL of boards. It does not find a board that is being removed. */
export interface BoardStore {
  /** Returns a board. */
  byId(id: number): Soon<BoardRow | undefined>
  /** Returns the names of every board that an account is on, in no order. */
  namesOf(accountId: number): Promise<NamedBoard[]>
  /** Returns the boards that an account owns or is a collaborator of, by name and id. */
  ofAccount(range: AccountBoards): Promise<BoardRow[]>
  /** Returns public boards whose keys begin with a text, by key and id: at most `count` behind a position. */
  publicNamed(range: NamedBoards): Promise<BoardRow[]>
  /** Returns the first of the owner's boards with these keys, given as `boardKey` makes them, in the order of the keys. */
  byKeys(ownerId: number, keys: readonly string[]): Promise<BoardRow | undefined>
  /** Returns up to `count` boards that have collaborators, with ids larger than `after`, oldest first. */
  groupBoards(after: number, count: number): Promise<BoardRow[]>
  /** Returns how many secret boards an account owns. */
  secretCount(ownerId: number): Promise<number>
  /** Returns how many boards of a privacy an account owns that were put away. */
  archivedCount(ownerId: number, privacy: BoardPrivacy): Promise<number>
  /** Returns how many public boards an account owns. */
  publicCount(ownerId: number): Promise<number>
  /** Returns the ids of the owner's boards with these keys, given as `boardKey` makes them, in the order of the keys. */
  idsByKeys(tx: Tx, ownerId: number, keys: readonly string[]): Promise<number[]>
  /** Writes a new board; false if its owner has one of that name. */
  insert(tx: Tx, row: BoardRow): Promise<boolean>
  /** Changes a board. Returns the new one, or undefined if it was removed. */
  update(tx: Tx, id: number, change: Partial<BoardRow>): Promise<BoardRow | undefined>
  /** Adds to the number of Pins and sets the time; locks the board until `tx` ends. */
  countPins(tx: Tx, id: number, count: number, now: number): Promise<BoardRow | undefined>
  /** Locks a board until `tx` ends. Returns its name and privacy, or undefined if it was removed. */
  lock(tx: Tx, id: number): Promise<Pick<BoardRow, 'name' | 'name_key' | 'privacy'> | undefined>
  /** Adds to the followers of a public board and holds it until `tx` ends; false if there is no such public board. */
  countFollower(tx: Tx, id: number, count: 1 | -1): Promise<boolean>
  /** Adds to the number of collaborators, and locks the board until `tx` ends. Returns the new one. */
  countCollaborators(tx: Tx, id: number, count: 1 | -1): Promise<BoardRow | undefined>
  /** Returns those of these boards that are public. */
  publicByIds(ids: readonly number[]): Promise<BoardRow[]>
  /** Makes a board invisible and frees its name; false if that was done before. */
  hide(tx: Tx, id: number): Promise<boolean>
  /** Returns the owner of a board, also of a hidden one. */
  ownerOf(tx: Tx, id: number): Promise<number | undefined>
  /** Deletes a board that is hidden. */
  delete(tx: Tx, id: number): Promise<void>
  /** Returns the Pin that was chosen as a board's cover. */
  chosenCover(tx: Tx, id: number): Promise<number | null>
  /** Records that a board or section is being removed. */
  noteRemoval(tx: Tx, row: RemovalRow): Promise<void>
  /** Deletes the record: the removal is done. */
  removalDone(tx: Tx, id: number): Promise<void>
  /** Returns unfinished removals, also of earlier processes: at most 1,000. */
  removals(): Promise<RemovalRow[]>
}

/** Makes the store over `db`. */
export function boardStore(db: Database): BoardStore {
  return {
    ...boardReads(db),
    ...boardWrites,
    insert: boardInsertion(db),
    idsByKeys: boardIdsByKeys(db),
    ...removalNotes(db),
  }
}

type BoardReads = Pick<
  BoardStore,
  | 'byId'
  | 'byKeys'
  | 'publicNamed'
  | 'groupBoards'
  | 'publicByIds'
  | 'ofAccount'
  | 'namesOf'
  | 'secretCount'
  | 'archivedCount'
  | 'publicCount'
>

/** What may be kept of boards that were read, until the next commit. */
const keptBytes = 512 * 1024

function boardReads(db: Database): BoardReads {
  const kept = new UntilCommit<number, BoardRow | undefined>(
    db,
    keptBytes,
    (row) => 800 + 2 * (row?.description.length ?? 0),
  )
  const byId = prepare(db, ({ id }: { id: number }) =>
    db.read
      .selectFrom('boards')
      .selectAll()
      .where('id', '=', id)
      .where('privacy', '<>', sql.lit('REMOVED'))
      .$narrowType<BoardRow>(),
  )
  const count = prepare(db, ({ ownerId, privacy }: { ownerId: number; privacy: BoardPrivacy }) =>
    db.read
      .selectFrom('boards')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('owner_id', '=', ownerId)
      .where('privacy', '=', privacy),
  )
  const countOf = async (ownerId: number, privacy: BoardPrivacy): Promise<number> =>
    Number((await count.first({ ownerId, privacy }))?.count ?? 0)
  const archived = prepare(db, ({ ownerId, privacy }: { ownerId: number; privacy: BoardPrivacy }) =>
    db.read
      .selectFrom('boards')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('owner_id', '=', ownerId)
      .where('privacy', '=', privacy)
      .where('archived_at', 'is not', null),
  )
  const lists = {
    with: listsOfAccounts(db, 'with'),
    only: listsOfAccounts(db, 'only'),
    without: listsOfAccounts(db, 'without'),
  }
  const key = bytewise(db)('name_key')
  const named = prepare(
    db,
    ({ from, to, afterId, count }: { from: string; to: string } & Pick<NamedBoards, 'afterId' | 'count'>) =>
      db.read
        .selectFrom('boards')
        .selectAll()
        .$narrowType<BoardRow>()
        // A literal, so that the index of public boards is taken.
        .where('privacy', '=', sql.lit('PUBLIC' as const))
        // SQLite takes no pair with a collation as the beginning of a range.
        .where(key, '>=', from)
        .where((e) => e(sql`(${key}, id)`, '>', e.tuple(from, afterId)))
        .where(key, '<', to)
        .orderBy(key)
        .orderBy('id')
        .limit(count),
  )
  const names = prepare(db, ({ accountId }: { accountId: number }) =>
    db.read
      .selectFrom('boards')
      .select(['id', 'name', 'privacy'])
      .where('owner_id', '=', accountId)
      .where('privacy', '<>', 'REMOVED')
      .unionAll(
        db.read
          .selectFrom('board_collaborators as c')
          .innerJoin('boards as b', 'b.id', 'c.board_id')
          .select(['b.id', 'b.name', 'b.privacy'])
          .where('c.account_id', '=', accountId)
          .where('b.privacy', '<>', 'REMOVED'),
      )
      .$narrowType<NamedBoard>(),
  )
  const whole = db.read.selectFrom('boards').selectAll().where('privacy', '<>', 'REMOVED').$narrowType<BoardRow>()
  return {
    byId: (id) => kept.get(id, () => byId.firstSoon({ id })),
    byKeys: (ownerId, keys) =>
      whole.where('owner_id', '=', ownerId).where('name_key', 'in', keys).orderBy('name_key').executeTakeFirst(),
    groupBoards: (after, count) =>
      whole
        .where('id', 'in', (e) =>
          e
            .selectFrom('board_collaborators')
            .select('board_id')
            .distinct()
            .where('board_id', '>', after)
            .orderBy('board_id')
            .limit(count),
        )
        .orderBy('id')
        .execute(),
    publicNamed: ({ beginning, afterName, afterId, count }) =>
      named.all({ from: afterName || beginning, to: endOf(beginning), afterId, count }),
    secretCount: (ownerId) => countOf(ownerId, 'SECRET'),
    publicCount: (ownerId) => countOf(ownerId, 'PUBLIC'),
    async publicByIds(ids) {
      if (ids.length === 0) return []
      const query = db.read.selectFrom('boards').selectAll().$narrowType<BoardRow>().where('id', 'in', ids)
      return query.where('privacy', '=', 'PUBLIC').execute()
    },
    archivedCount: async (ownerId, privacy) => Number((await archived.first({ ownerId, privacy }))?.count ?? 0),
    ofAccount: ({ archived: filter, ...range }) => lists[filter](range),
    namesOf: (accountId) => names.all({ accountId }),
  }
}

/**
 * Returns the reader of the boards of an account: its own and those that it joined are each read off an index, and put
 * together by the database, which knows its own order of names. Most accounts have joined none, and that takes half the
 * time.
 */
function listsOfAccounts(
  db: Database,
  archived: ArchivedFilter,
): (range: Omit<AccountBoards, 'archived'>) => Promise<BoardRow[]> {
  // There are three privacies, and each parameter takes one of the requested ones, possibly repeated.
  type Places = Omit<AccountBoards, 'privacies' | 'archived'> & Record<'first' | 'second' | 'third', BoardPrivacy>
  const ownBoards = ({ accountId, first, second, third, afterName, afterId, count }: Places) =>
    db.read
      .selectFrom('boards')
      .selectAll()
      .$narrowType<BoardRow>()
      .where('owner_id', '=', accountId)
      .where((e) => e(e.refTuple('name_key', 'id'), '>', e.tuple(afterName, afterId)))
      .where('privacy', 'in', [first, second, third])
      .$if(archived !== 'with', (query) => query.where('archived_at', archived === 'only' ? 'is not' : 'is', null))
      // Among those of one owner a name is unique.
      .orderBy('name_key')
      .limit(count)
  const joinedBoards = ({ accountId, first, second, third, afterName, afterId, count }: Places) =>
    db.read
      .selectFrom('board_collaborators as c')
      .innerJoin('boards as b', 'b.id', 'c.board_id')
      .selectAll('b')
      .$narrowType<BoardRow>()
      .where('c.account_id', '=', accountId)
      .where((e) => e(e.refTuple('c.board_name_key', 'c.board_id'), '>', e.tuple(afterName, afterId)))
      .where('b.privacy', 'in', [first, second, third])
      .$if(archived !== 'with', (query) => query.where('b.archived_at', archived === 'only' ? 'is not' : 'is', null))
      .orderBy('c.board_name_key')
      .orderBy('c.board_id')
      .limit(count)
  const own = prepare(db, ownBoards)
  const ownAndJoined = prepare(db, (places: Places) =>
    db.read
      .selectFrom(ownBoards(places).as('own'))
      .selectAll()
      .unionAll(db.read.selectFrom(joinedBoards(places).as('joined')).selectAll())
      .orderBy('name_key')
      .orderBy('id')
      .limit(places.count),
  )
  const joined = prepare(db, ({ accountId }: { accountId: number }) =>
    db.read.selectFrom('board_collaborators').select('board_id').where('account_id', '=', accountId).limit(sql.lit(1)),
  )
  return async ({ privacies: [first, second = first, third = second], ...range }) => {
    if (first === undefined || second === undefined || third === undefined) return []
    const list = (await joined.first(range)) ? ownAndJoined : own
    return list.all({ ...range, first, second, third })
  }
}

type BoardWrites = Omit<BoardStore, keyof BoardReads | keyof ReturnType<typeof removalNotes>>

const boardColumns: Record<keyof Schema['boards'], true> = {
  id: true,
  owner_id: true,
  name: true,
  name_key: true,
  description: true,
  privacy: true,
  is_ads_only: true,
  pin_count: true,
  follower_count: true,
  collaborator_count: true,
  covers: true,
  cover_pin_id: true,
  cover_key: true,
  archived_at: true,
  pins_modified_at: true,
  created_at: true,
}

/** Returns the writing of new boards. */
function boardInsertion(db: Database): BoardStore['insert'] {
  const names = Object.keys(boardColumns) as (keyof Schema['boards'])[]
  const insert = prepareWrite((row: BoardRow) => {
    const values = Object.fromEntries(names.map((name) => [name, row[name]])) as BoardRow
    return insertion(db.read.insertInto('boards').values(values), ['owner_id', 'name_key'])
  })
  return async (tx, row) => (await insert(tx, row)).length > 0
}

/** Returns the lookup of an account's boards by the keys of their names. */
function boardIdsByKeys(db: Database): BoardStore['idsByKeys'] {
  const idsByKeys = prepareBatch((rows: readonly { key: string }[], { ownerId }: { ownerId: number }) =>
    db.read
      .selectFrom('boards')
      .select('id')
      .where('owner_id', '=', ownerId)
      .where(
        'name_key',
        'in',
        rows.map(({ key }) => key),
      ),
  )
  return async (tx, ownerId, keys) => {
    const inOrder = keys.toSorted().map((key) => ({ key }))
    return (await idsByKeys(within(tx), inOrder, { ownerId })).map(({ id }) => id)
  }
}

const boardWrites: Omit<BoardWrites, 'idsByKeys' | 'insert'> = {
  update: (tx, id, change) =>
    tx
      .updateTable('boards')
      .set(change)
      .where('id', '=', id)
      .where('privacy', '<>', 'REMOVED')
      .returningAll()
      .$narrowType<BoardRow>()
      .executeTakeFirst(),

  countPins: (tx, id, count, now) =>
    tx
      .updateTable('boards')
      .set((e) => ({ pin_count: e('pin_count', '+', count), pins_modified_at: now }))
      .where('id', '=', id)
      .where('privacy', '<>', 'REMOVED')
      .returningAll()
      .$narrowType<BoardRow>()
      .executeTakeFirst(),

  async lock(tx, id) {
    const query = tx.updateTable('boards').set((e) => ({ pin_count: e.ref('pin_count') }))
    const held = query.where('id', '=', id).where('privacy', '<>', 'REMOVED').returning(['name', 'name_key', 'privacy'])
    return held.$narrowType<{ privacy: BoardPrivacy }>().executeTakeFirst()
  },

  async countFollower(tx, id, count) {
    const query = tx.updateTable('boards').set((e) => ({ follower_count: e('follower_count', '+', count) }))
    const { numUpdatedRows } = await query.where('id', '=', id).where('privacy', '=', 'PUBLIC').executeTakeFirst()
    return numUpdatedRows > 0n
  },

  countCollaborators: (tx, id, count) =>
    tx
      .updateTable('boards')
      .set((e) => ({ collaborator_count: e('collaborator_count', '+', count) }))
      .where('id', '=', id)
      .where('privacy', '<>', 'REMOVED')
      .returningAll()
      .$narrowType<BoardRow>()
      .executeTakeFirst(),

  async hide(tx, id) {
    const hidden = { privacy: 'REMOVED', name_key: null, follower_count: 0, collaborator_count: 0 } as const
    const query = tx.updateTable('boards').set(hidden).where('id', '=', id).where('privacy', '<>', 'REMOVED')
    const { numUpdatedRows } = await query.executeTakeFirst()
    return numUpdatedRows > 0n
  },

  async chosenCover(tx, id) {
    const row = await tx.selectFrom('boards').select('cover_pin_id').where('id', '=', id).executeTakeFirst()
    return row?.cover_pin_id ?? null
  },

  async ownerOf(tx, id) {
    return (await tx.selectFrom('boards').select('owner_id').where('id', '=', id).executeTakeFirst())?.owner_id
  },

  async delete(tx, id) {
    await tx.deleteFrom('boards').where('id', '=', id).execute()
  },
}

function removalNotes(db: Database): Pick<BoardStore, 'noteRemoval' | 'removalDone' | 'removals'> {
  return {
    async noteRemoval(tx, row) {
      await tx.insertInto('removals').values(row).execute()
    },
    async removalDone(tx, id) {
      await tx.deleteFrom('removals').where('id', '=', id).execute()
    },
    removals: () => db.read.selectFrom('removals').selectAll().limit(1000).execute(),
  }
}

/** Returns the newest id of a board, or 0 when there is none. */
export async function newestBoardId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('boards')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
