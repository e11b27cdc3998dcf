import { sql } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareBatch } from '../../../db/prepared.ts'
import type { Newest, ReadPin } from '../store.ts'

/** The SQL of Pins that anybody may see. Lists are newest first. */
export interface OpenPinStore {
  /** Returns public Pins that were not saved from another. */
  newest(range: Newest): Promise<ReadPin[]>
  /** Returns the ids of public Pins of these accounts, as many of each as asked for at most, in no order. */
  idsOfOwners(ownerIds: readonly number[], range: Newest): Promise<number[]>
  /** Returns the ids of public Pins on these boards, as many of each as asked for at most, in no order. */
  idsOnBoards(boardIds: readonly number[], range: Newest): Promise<number[]>
  /** Returns the owners of the newest public saves of a Pin, a row for each save. */
  savers(id: number, count: number): Promise<number[]>
  /** Returns how many public Pins an account has, counting `most` at most. */
  count(ownerId: number, most: number): Promise<number>
  /** Returns the key of the newest picture in each of these sections, by the section. */
  newestPictures(sectionIds: readonly number[]): Promise<Map<number, string>>
  /** Returns how many Pins are in each of these sections, by the section. */
  countsInSections(sectionIds: readonly number[]): Promise<Map<number, number>>
}

/** Makes the store over `db`. */
export function openPinStore(db: Database): OpenPinStore {
  const pins = db.read.selectFrom('pins')
  const newest = prepare(db, ({ before, count }: Newest) =>
    pins
      .select(['id', 'owner_id', 'has_product_tags', 'rendered', 'privacy'])
      // Literals, so that the index of such Pins is taken.
      .where('privacy', '=', sql.lit('PUBLIC' as const))
      .where('is_repin', '=', sql.lit(0))
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count),
  )
  const publicIds = ({ before, count }: Newest) =>
    pins.select('id').where('privacy', '=', 'PUBLIC').where('id', '<', before).orderBy('id', 'desc').limit(count)
  const ofOwners = prepareBatch((rows: readonly { ownerId: number; isRepin: number }[], range: Newest) =>
    rows
      .map(({ ownerId, isRepin }) => publicIds(range).where('owner_id', '=', ownerId).where('is_repin', '=', isRepin))
      .map((query) => db.read.selectFrom(query.as('part')).selectAll())
      .reduce((all, each) => all.unionAll(each)),
  )
  const onBoards = prepareBatch((rows: readonly { boardId: number }[], range: Newest) =>
    rows
      .map(({ boardId }) => db.read.selectFrom(publicIds(range).where('board_id', '=', boardId).as('part')).selectAll())
      .reduce((all, each) => all.unionAll(each)),
  )
  const savers = prepare(db, ({ id, count }: { id: number; count: number }) =>
    pins
      .select('owner_id')
      .where('parent_pin_id', '=', id)
      .where('privacy', '=', 'PUBLIC')
      .orderBy('id', 'desc')
      .limit(count),
  )
  const counted = prepare(db, ({ ownerId, most }: { ownerId: number; most: number }) =>
    db.read
      .selectFrom(
        pins.select('id').where('owner_id', '=', ownerId).where('privacy', '=', 'PUBLIC').limit(most).as('some'),
      )
      .select((e) => e.fn.countAll<number>().as('count')),
  )
  const inSections = prepareBatch((rows: readonly { sectionId: number }[]) =>
    rows
      .map(({ sectionId }) => pins.select(['section_id', 'picture_key']).where('section_id', '=', sectionId))
      .map((query) => db.read.selectFrom(query.orderBy('id', 'desc').limit(sql.lit(1)).as('part')).selectAll())
      .reduce((all, each) => all.unionAll(each)),
  )
  const countInSections = prepareBatch((rows: readonly { sectionId: number }[]) =>
    pins
      .select(['section_id', (e) => e.fn.countAll<number>().as('count')])
      .where(
        'section_id',
        'in',
        rows.map(({ sectionId }) => sectionId),
      )
      .groupBy('section_id'),
  )
  const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)
  return {
    newest: newest.all,
    idsOfOwners: async (ownerIds, range) => {
      const rows = ownerIds.flatMap((ownerId) => [0, 1].map((isRepin) => ({ ownerId, isRepin })))
      return idsOf(await ofOwners(db.run, rows, range))
    },
    idsOnBoards: async (boardIds, range) =>
      idsOf(
        await onBoards(
          db.run,
          boardIds.map((boardId) => ({ boardId })),
          range,
        ),
      ),
    savers: async (id, count) => (await savers.all({ id, count })).map((row) => row.owner_id),
    count: async (ownerId, most) => Number((await counted.first({ ownerId, most }))?.count ?? 0),
    newestPictures: async (sectionIds) => {
      const rows = await inSections(
        db.run,
        sectionIds.map((sectionId) => ({ sectionId })),
      )
      return new Map(rows.map(({ section_id, picture_key }) => [section_id ?? 0, picture_key]))
    },
    countsInSections: async (sectionIds) => {
      const rows = await countInSections(
        db.run,
        sectionIds.map((sectionId) => ({ sectionId })),
      )
      return new Map(rows.map(({ section_id, count }) => [section_id ?? 0, Number(count)]))
    },
  }
}
