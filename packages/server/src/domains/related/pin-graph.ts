import type { Viewer } from '../../core/viewer.ts'
import type { Schema } from '../../db/schema.ts'

type PinRow = Schema['pins']

/** Where a Pin is, and what it was saved from. */
export type PlacedPin = Pick<PinRow, 'id' | 'board_id' | 'parent_pin_id' | 'privacy'>

/** What tells who may see a Pin. */
export type VisiblePin = Pick<PinRow, 'id' | 'owner_id' | 'board_id' | 'privacy'>

/** What Pins are compared by, and who may see them. */
export type ComparedPin = VisiblePin & Pick<PinRow, 'title' | 'dominant_color' | 'picture_key'>

/** What a list shows of a Pin. */
export type ShownPin = VisiblePin & Pick<PinRow, 'has_product_tags' | 'rendered'>

/**
 * The graph of Pins and boards: a Pin is on its board, and beside it on those of its saves and of the Pin that it was
 * saved from.
 */
export interface PinGraph {
  /**
   * Returns the Pin that a list is asked for: an own one, anybody's on a public board, or one on a board that the viewer
   * is on. Throws `pinNotFound`, or `forbidden` for any other on a protected board.
   */
  find(viewer: Viewer, id: string): Promise<PlacedPin & ComparedPin>
  /** Returns what an account is on boards; those that it is not on are left out. */
  rolesOn(accountId: number, boardIds: readonly number[]): Promise<ReadonlyMap<number, unknown>>
  /** Returns the places of Pins, whatever the viewer. */
  places(ids: readonly number[]): Promise<PlacedPin[]>
  /** Returns the newest public Pins that were saved from each of these, a few of each. */
  publicSaves(ids: readonly number[]): Promise<PlacedPin[]>
  /** Returns the ids of the newest Pins on a board, newest first, at most 200. */
  newestOnBoard(boardId: number): Promise<number[]>
  /** Returns the fields that Pins are compared by, whatever the viewer. */
  compared(ids: readonly number[]): Promise<ComparedPin[]>
  /** Returns Pins to show, whatever the viewer. */
  byIds(ids: readonly number[]): Promise<ShownPin[]>
}
