import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { cellsOf } from './colour-cells.ts'
import { marksOf } from './likeness.ts'
import { mergedNewest } from './merged-newest.ts'
import { readPinLook } from './pin-look.ts'
import { lookStore } from './store.ts'

type Tx = Transaction<Schema>

/** What the index knows of a Pin. */
export type LookedPin = Pick<Schema['pins'], 'id' | 'owner_id' | 'look'>

/**
 * Finds Pins by what they look like. It is written in the transaction that writes the Pin, and does not know who may see
 * one. A Pin that nobody has looked at yet is not in it.
 */
export interface LookIndex {
  /** Adds Pins; ignores what is in it. */
  add(tx: Tx, pins: readonly LookedPin[]): Promise<void>
  /** Removes Pins, as they were added. */
  remove(tx: Tx, pins: readonly LookedPin[]): Promise<void>
  /** Returns the ids of the newest Pins with a colour in one of the cells, newest first, of those with ids below `before`. */
  newestIn(cells: readonly number[], range: { before: number; count: number }): Promise<number[]>
  /** Returns the ids of the newest Pins of an account with each of the marks, a few of each, in no order. */
  marked(ownerId: number, marks: readonly number[]): Promise<number[]>
}

/** Makes the index of the Pins of `db`. */
export function lookIndexOf(db: Database): LookIndex {
  const store = lookStore(db)
  return {
    async add(tx, pins) {
      await store.insert(tx, pins.flatMap(cellRows), pins.flatMap(markRows))
    },
    async remove(tx, pins) {
      await store.delete(tx, pins.flatMap(cellRows), pins.flatMap(markRows))
    },
    newestIn: (cells, range) => mergedNewest(cells, range, store.newestInEach),
    marked: store.marked,
  }
}

const cellRows = ({ id, look }: LookedPin) =>
  cellsOf(readPinLook(look)?.colours ?? []).map((cell) => ({ cell, pin_id: id }))

function markRows({ id, owner_id, look }: LookedPin) {
  const read = readPinLook(look)
  return read ? marksOf(read).map((mark) => ({ owner_id, mark, pin_id: id })) : []
}
