import type { Transaction } from 'kysely'
import type { Placed, PlacedList } from '../../../core/places.ts'
import type { Database } from '../../../db/database.ts'
import { placedIn, placeOf } from '../../../db/placed.ts'
import { prepare } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { ListedPin } from '../store.ts'

type Tx = Transaction<Schema>

/** A Pin of a list in the order of its board. */
export type PlacedPin = ListedPin & Placed

/** Pins in the order of their board: at most `count`, behind a position. */
export interface PlacedRange {
  afterPlace: number
  afterId: number
  count: number
}

/** The SQL of the order that people give to the Pins on a board, and in its sections: it is the same order. */
export interface PinOrderStore {
  /** Returns Pins on a board, in its order. */
  onBoard(range: PlacedRange & { boardId: number }): Promise<PlacedPin[]>
  /** Returns Pins in a section, in the order of its board. */
  inSection(range: PlacedRange & { sectionId: number }): Promise<PlacedPin[]>
  /** Returns the places of those of the Pins that are on a board. */
  placesOf(tx: Tx, boardId: number, ids: readonly number[]): Promise<Placed[]>
  /** Returns the order of a board that the transaction holds, or of a section of it. */
  orderOf(tx: Tx, column: 'board_id' | 'section_id', id: number): PlacedList
}

/** Makes the store over `db`. */
export function pinOrderStore(db: Database): PinOrderStore {
  const listed = ({ afterPlace, afterId, count }: PlacedRange) =>
    db.read
      .selectFrom('pins')
      .select(['id', 'owner_id', 'has_product_tags', 'rendered', placeOf.as('place')])
      .where(placeOf, '<=', afterPlace)
      .where((e) => e.or([e(placeOf, '<', afterPlace), e('id', '<', afterId)]))
      .orderBy(placeOf, 'desc')
      .orderBy('id', 'desc')
      .limit(count)
  const onBoard = prepare(db, (range: PlacedRange & { boardId: number }) =>
    listed(range).where('board_id', '=', range.boardId),
  )
  const inSection = prepare(db, (range: PlacedRange & { sectionId: number }) =>
    listed(range).where('section_id', '=', range.sectionId),
  )
  return {
    onBoard: onBoard.all,
    inSection: inSection.all,
    placesOf: (tx, boardId, ids) =>
      tx
        .selectFrom('pins')
        .select(['id', placeOf.as('place')])
        .where('board_id', '=', boardId)
        .where('id', 'in', ids)
        .execute(),
    orderOf: (tx, column, value) => placedIn(tx, 'pins', { column, value }),
  }
}
