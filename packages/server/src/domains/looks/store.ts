import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepareBatch, within } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'
import type { ReadLists } from './merged-newest.ts'

type Tx = Transaction<Schema>
type CellRow = Schema['pin_colours']
type MarkRow = Schema['pin_likenesses']

/** The SQL of what Pins look like. */
export interface LookStore {
  insert(tx: Tx, cells: readonly CellRow[], marks: readonly MarkRow[]): Promise<void>
  delete(tx: Tx, cells: readonly CellRow[], marks: readonly MarkRow[]): Promise<void>
  /** Reads the ids of Pins in cells. */
  newestInEach: ReadLists
  /** Returns the ids of the newest Pins of an account with each of the marks, a few of each, in no order. */
  marked(ownerId: number, marks: readonly number[]): Promise<number[]>
}

/** At most this many Pins with a mark are returned. */
const mostMarked = 20

/** Makes the store over `db`. */
export function lookStore(db: Database): LookStore {
  return { ...lookReads(db), ...lookWrites(db) }
}

function lookReads(db: Database): Pick<LookStore, 'newestInEach' | 'marked'> {
  const inEach = prepareBatch((ranges: readonly { list: number; before: number }[], { count }: { count: number }) =>
    ranges
      .map(({ list, before }) =>
        db.read
          .selectFrom(
            db.read
              .selectFrom('pin_colours')
              .select(['cell as list', 'pin_id as id'])
              .where('cell', '=', list)
              .where('pin_id', '<', before)
              .orderBy('pin_id', 'desc')
              .limit(count)
              .as('newest'),
          )
          .selectAll(),
      )
      .reduce((all, each) => all.unionAll(each)),
  )
  const withMarks = prepareBatch((rows: readonly { mark: number }[], { ownerId }: { ownerId: number }) =>
    rows
      .map(({ mark }) =>
        db.read
          .selectFrom(
            db.read
              .selectFrom('pin_likenesses')
              .select('pin_id')
              .where('owner_id', '=', ownerId)
              .where('mark', '=', mark)
              .orderBy('pin_id', 'desc')
              .limit(sql.lit(mostMarked))
              .as('newest'),
          )
          .selectAll(),
      )
      .reduce((all, each) => all.unionAll(each)),
  )
  return {
    newestInEach: (ranges, count) => inEach(db.run, ranges, { count }),
    async marked(ownerId, marks) {
      const rows = await withMarks(
        db.run,
        marks.map((mark) => ({ mark })),
        { ownerId },
      )
      return [...new Set(rows.map(({ pin_id }) => pin_id))]
    },
  }
}

function lookWrites(db: Database): Pick<LookStore, 'insert' | 'delete'> {
  const insertCells = prepareBatch((rows: readonly CellRow[]) =>
    db.read
      .insertInto('pin_colours')
      .values(rows.map(({ cell, pin_id }) => ({ cell, pin_id })))
      .onConflict((c) => c.doNothing()),
  )
  const insertMarks = prepareBatch((rows: readonly MarkRow[]) =>
    db.read
      .insertInto('pin_likenesses')
      .values(rows.map(({ owner_id, mark, pin_id }) => ({ owner_id, mark, pin_id })))
      .onConflict((c) => c.doNothing()),
  )
  const deleteCells = prepareBatch((rows: readonly CellRow[]) =>
    db.read
      .deleteFrom('pin_colours')
      .where((e) => e.or(rows.map(({ cell, pin_id }) => e.and([e('cell', '=', cell), e('pin_id', '=', pin_id)])))),
  )
  const deleteMarks = prepareBatch((rows: readonly MarkRow[]) =>
    db.read
      .deleteFrom('pin_likenesses')
      .where((e) =>
        e.or(
          rows.map(({ owner_id, mark, pin_id }) =>
            e.and([e('owner_id', '=', owner_id), e('mark', '=', mark), e('pin_id', '=', pin_id)]),
          ),
        ),
      ),
  )
  return {
    async insert(tx, cells, marks) {
      await insertCells(within(tx), cells)
      await insertMarks(within(tx), marks)
    },
    async delete(tx, cells, marks) {
      await deleteCells(within(tx), cells)
      await deleteMarks(within(tx), marks)
    },
  }
}
