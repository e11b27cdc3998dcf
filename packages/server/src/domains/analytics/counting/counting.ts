import type { CountedPin, PinMove } from '../counted-pins.ts'
import type { Tx } from '../store.ts'
import { addTally } from './add.ts'
import { expirySteps } from './expire.ts'
import { forgetPins, movePins } from './move.ts'
import type { CountingParts } from './parts.ts'
import type { Tally } from './tally.ts'

/**
 * Maintains the rollups: a Pin's numbers by day and by block of days, its owner's account's by day, and the order in
 * which to look for top Pins. They always agree: an account's numbers are the sum over its Pins.
 */
export interface Counting {
  /** Adds a tally, whose counts may be negative. `pins` contains each of its Pins, locked until `tx` ends. */
  add(tx: Tx, tally: Tally, pins: ReadonlyMap<number, CountedPin>): Promise<void>
  /** Removes the numbers of deleted Pins, from their owners' numbers too. */
  forget(tx: Tx, pins: readonly CountedPin[]): Promise<void>
  /** Moves the numbers of Pins to their current slices. */
  move(tx: Tx, moves: readonly PinMove[]): Promise<void>
  /** Sums up some days that are too old to be stored separately. Returns false when none is left. */
  expireSome(tx: Tx): Promise<boolean>
}

/** Makes the counting. */
export function countingIn(parts: CountingParts): Counting {
  const expireSome = expirySteps(parts)
  return {
    add: (tx, tally, pins) => addTally(parts, tx, tally, pins),
    forget: (tx, pins) => forgetPins(parts, tx, pins),
    move: (tx, moves) => movePins(parts, tx, moves),
    expireSome,
  }
}
