import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Placed, PlacedList } from '../core/places.ts'
import type { Schema } from './schema.ts'

/** The place of a row: as the indexes over it have it. */
export const placeOf: RawBuilder<number> = sql<number>`coalesce(place, id)`

/** At most this many places go into one statement. */
const batchSize = 100

/** Returns the order of those rows of a table that have a value in a column, which must begin an index over places. */
export function placedIn(
  tx: Transaction<Schema>,
  table: 'pins' | 'sections',
  { column, value }: { column: 'board_id' | 'section_id'; value: number },
): PlacedList {
  const among = sql`select id, ${placeOf} as place from ${sql.table(table)} where ${sql.ref(column)} = ${value}`
  const read = async (query: RawBuilder<Placed>) => (await query.execute(tx)).rows
  return {
    before: (at, count) => {
      const range = at && sql`and ${placeOf} >= ${at.place} and (${placeOf} > ${at.place} or id > ${at.id})`
      return read(sql<Placed>`${among} ${range ?? sql``} order by ${placeOf}, id limit ${count}`)
    },
    after: (at, count) => {
      const range = at && sql`and ${placeOf} <= ${at.place} and (${placeOf} < ${at.place} or id < ${at.id})`
      return read(sql<Placed>`${among} ${range ?? sql``} order by ${placeOf} desc, id desc limit ${count}`)
    },
    async set(places) {
      for (let from = 0; from < places.length; from += batchSize) {
        const some = places.slice(from, from + batchSize)
        const cases = some.map(({ id, place }) => sql`when ${id} then cast(${place} as bigint)`)
        const ids = sql.join(some.map(({ id }) => id))
        await sql`update ${sql.table(table)} set place = case id ${sql.join(cases, sql` `)} end where id in (${ids})`.execute(
          tx,
        )
      }
    },
  }
}
