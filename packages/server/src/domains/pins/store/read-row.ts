import type { Schema } from '../../../db/schema.ts'

type PinRow = Schema['pins']

/** The columns of a Pin that reading it and lists need. */
export const readColumns = ['id', 'owner_id', 'has_product_tags', 'rendered', 'privacy'] as const

/** What a list needs of a Pin. */
export type ListedPin = Pick<PinRow, 'id' | 'owner_id' | 'has_product_tags' | 'rendered'> & {
  /** The bytes of its text as its owner is sent it, once they were made: they stay with a row that is cached. */
  finished?: { publicUrl: string; bytes: Buffer }
}
/** What reading one Pin needs of it. */
export type ReadPin = ListedPin & Pick<PinRow, 'privacy'>
/** An item of a list, as it is read: its id, and the rest where that is not cached by id. */
export type ListItem = Pick<PinRow, 'id'> & Partial<ListedPin>
