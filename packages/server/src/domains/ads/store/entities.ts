import type { Transaction } from 'kysely'
import { mergeSorted, type OrderedPageRequest, type Page, toOrderedPage } from '../../../core/page.ts'
import type { Database } from '../../../db/database.ts'
import { type PreparedRead, prepare, prepareBatch, prepareWrite } from '../../../db/prepared.ts'
import type { AdEntityColumns, Schema } from '../../../db/schema.ts'

/** The tables of what is in ad accounts: columns that lists need, and the rest as JSON. */
export type EntityTable = {
  [Table in keyof Schema]: Schema[Table] extends AdEntityColumns ? Table : never
}[keyof Schema]
type Tx = Transaction<Schema>

/** What ids narrow a list by. `campaign_id`: of ads alone. */
export type NarrowedBy = 'id' | 'parent_id' | 'campaign_id'

/** Which things of an ad account a list has. */
export interface EntityFilter {
  adAccountId: number
  statuses: readonly string[]
  /** Only those with one of these ids in a column. */
  among?: { column: NarrowedBy; ids: readonly number[] } | undefined
}

/** The SQL of one kind of thing in ad accounts. */
export interface EntityStore<Row extends AdEntityColumns> {
  /** Returns one of an ad account. */
  byId(adAccountId: number, id: number): Promise<Row | undefined>
  /** Returns those of these that an ad account has, by id. */
  byIds(adAccountId: number, ids: readonly number[]): Promise<Map<number, Row>>
  /** Returns a page, by id. */
  list(filter: EntityFilter, page: OrderedPageRequest<readonly [number]>): Promise<Page<Row, readonly [number]>>
  /** Returns one of an ad account, and locks it until `tx` ends. */
  lock(tx: Tx, adAccountId: number, id: number): Promise<Row | undefined>
  /** Returns what is directly in these, whatever its status: for what is bounded by them. */
  inParents(parentIds: readonly number[]): Promise<Row[]>
  /** Returns what is directly in something, and locks it until `tx` ends. */
  lockIn(tx: Tx, parentId: number): Promise<Row[]>
  /** Writes a new row. */
  insert(tx: Tx, row: Row): Promise<void>
  /** Writes a changed row. */
  update(tx: Tx, row: Row): Promise<void>
  /** Deletes a row. */
  remove(tx: Tx, id: number): Promise<void>
}

/** As many statuses go into one statement: a list of fewer has some of them twice. */
const mostStatuses = 6

/** Values of a statement that has a status in each of its places. */
type InStatuses = { [Index in 0 | 1 | 2 | 3 | 4 | 5 as `status${Index}`]: string }
type ByStatus = { adAccountId: number; status: string; after: number; count: number }
type ByColumn = { adAccountId: number; value: number; after: number; count: number } & InStatuses

/** Makes the store of a table. */
export function entityStore<Table extends EntityTable>(db: Database, table: Table): EntityStore<Schema[Table]> {
  type Row = Schema[Table]
  // All of these tables have the columns of this one; the types of a table that is not known yet say less.
  const from = (kysely: Tx | Database['read']) => kysely.selectFrom(table as 'campaigns').selectAll()
  const mine = (rows: readonly AdEntityColumns[]) => rows as unknown as Row[]
  const locked = <Query extends { forUpdate(): Query }>(query: Query): Query =>
    db.dialect === 'postgres' ? query.forUpdate() : query

  const byIds = prepareBatch((rows: readonly { id: number }[], shared: { adAccountId: number }) =>
    from(db.read)
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .where('ad_account_id', '=', shared.adAccountId),
  )
  const inParents = prepareBatch((rows: readonly { id: number }[]) =>
    from(db.read).where(
      'parent_id',
      'in',
      rows.map(({ id }) => id),
    ),
  )
  const insert = insertion(db, table)

  /** Reads the rows with a status, in one direction. */
  const byStatus = inBothDirections((sign, direction) =>
    prepare(db, ({ adAccountId, status, after, count }: ByStatus) =>
      from(db.read)
        .where('ad_account_id', '=', adAccountId)
        .where('status', '=', status)
        .where('id', sign, after)
        .orderBy('id', direction)
        .limit(count),
    ),
  )
  const byColumn = (column: Exclude<NarrowedBy, 'id'>) =>
    inBothDirections((sign, direction) =>
      // The values are placeholders, which are read by name alone: a rest of them would be empty.
      prepare(
        db,
        ({ adAccountId, value, after, count, status0, status1, status2, status3, status4, status5 }: ByColumn) =>
          from(db.read)
            .where(column as 'parent_id', '=', value)
            .where('ad_account_id', '=', adAccountId)
            .where('status', 'in', [status0, status1, status2, status3, status4, status5])
            .where('id', sign, after)
            .orderBy('id', direction)
            .limit(count),
      ),
    )
  const columns = { parent_id: byColumn('parent_id'), campaign_id: byColumn('campaign_id') }

  async function rowsByIds(adAccountId: number, ids: readonly number[]): Promise<Row[]> {
    const wanted = [...new Set(ids)].map((id) => ({ id }))
    return mine(await byIds(db.run, wanted, { adAccountId }))
  }

  return {
    byId: async (adAccountId, id) => (await rowsByIds(adAccountId, [id]))[0],

    byIds: async (adAccountId, ids) => new Map((await rowsByIds(adAccountId, ids)).map((row) => [row.id, row])),

    async list({ adAccountId, statuses, among }, { after: position, order, size }) {
      const isAscending = order === 'ASCENDING'
      const compare = (a: { id: number }, b: { id: number }) => (isAscending ? a.id - b.id : b.id - a.id)
      const after = position?.[0] ?? (isAscending ? 0 : Number.MAX_SAFE_INTEGER)
      const count = size + 1
      const distinct = [...new Set(statuses)]
      const page = (rows: Row[]) =>
        toOrderedPage(
          rows,
          size,
          (row) => row,
          ({ id }) => [id] as const,
        )
      if (distinct.length === 0) return page([])
      if (!among) {
        const lists = distinct.map((status) => byStatus[order].allSoon({ adAccountId, status, after, count }))
        return page(mine(await mergeSorted(lists, count, compare)))
      }
      if (among.column === 'id') {
        const isBehind = ({ id }: { id: number }) => (isAscending ? id > after : id < after)
        const rows = (await rowsByIds(adAccountId, among.ids)).filter(
          (row) => distinct.includes(row.status) && isBehind(row),
        )
        return page(rows.sort(compare).slice(0, count))
      }
      const inStatuses = statusValues(distinct)
      const read = columns[among.column][order]
      const lists = [...new Set(among.ids)].map((value) =>
        read.allSoon({ adAccountId, value, after, count, ...inStatuses }),
      )
      return page(mine(await mergeSorted(lists, count, compare)))
    },

    async lock(tx, adAccountId, id) {
      const rows = await locked(from(tx).where('id', '=', id).where('ad_account_id', '=', adAccountId)).execute()
      return mine(rows)[0]
    },

    inParents: async (parentIds) =>
      mine(
        await inParents(
          db.run,
          parentIds.map((id) => ({ id })),
        ),
      ),

    lockIn: async (tx, parentId) =>
      mine(await locked(from(tx).where('parent_id', '=', parentId).orderBy('id')).execute()),

    insert: (tx, row) => insert(tx, row),

    async update(tx, row) {
      const { id, ...change } = row as AdEntityColumns
      await tx
        .updateTable(table as 'campaigns')
        .set(change)
        .where('id', '=', id)
        .execute()
    },

    async remove(tx, id) {
      await tx
        .deleteFrom(table as 'campaigns')
        .where('id', '=', id)
        .execute()
    },
  }
}

/** Returns the insertion of a row. Its text is compiled once, for the columns of the first. */
function insertion(db: Database, table: EntityTable) {
  let write: ReturnType<typeof prepareWrite<AdEntityColumns, unknown>> | undefined
  return async (tx: Tx, row: AdEntityColumns): Promise<void> => {
    const names = Object.keys(row) as (keyof AdEntityColumns)[]
    write ??= prepareWrite((values) => {
      const columns = Object.fromEntries(names.map((name) => [name, values[name]])) as unknown as AdEntityColumns
      return db.read.insertInto(table as 'campaigns').values(columns)
    })
    await write(tx, row)
  }
}

function inBothDirections<Values, Row>(
  make: (sign: '>' | '<', direction: 'asc' | 'desc') => PreparedRead<Values, Row>,
): Record<'ASCENDING' | 'DESCENDING', PreparedRead<Values, Row>> {
  return { ASCENDING: make('>', 'asc'), DESCENDING: make('<', 'desc') }
}

function statusValues(statuses: readonly string[]): InStatuses {
  const values = Array.from({ length: mostStatuses }, (_, i) => [`status${i}`, statuses[i] ?? statuses[0]])
  return Object.fromEntries(values)
}

const tables: readonly EntityTable[] = [
  ...(['campaigns', 'ad_groups', 'ads', 'keywords', 'ad_labels', 'targeting_templates', 'promotions'] as const),
  ...(['ad_schedules', 'order_lines'] as const),
]

/** Returns the newest id of everything in ad accounts; 0 if there is nothing. */
export async function newestEntityId({ read }: Database): Promise<number> {
  const newest = await Promise.all(
    tables.map((table) =>
      read
        .selectFrom(table as 'campaigns')
        .select(({ fn }) => fn.max<number | null>('id').as('id'))
        .executeTakeFirst(),
    ),
  )
  return Math.max(0, ...newest.map((row) => row?.id ?? 0))
}
