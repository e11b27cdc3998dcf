import type { CountedPin, PinMove } from '../counted-pins.ts'
import type { Tx } from '../store.ts'
import { addTally } from './add.ts'
import { expirySteps } from './expire.ts'
import { forgetPins, movePins } from './move.ts'
import type { CountingParts } from './parts.ts'
import type { Tally } from './tally.ts'

/**
 * Keeps the rollups: what a Pin has on each day and in each block of days, what its owner's account has on each day,
 * and in which order to look for top Pins. All of them always agree: what an account has is the sum over its Pins.
 */
export interface Counting {
  /** Adds a tally, which may take away as well. `pins` has every Pin of it, held until `tx` ends. */
  add(tx: Tx, tally: Tally, pins: ReadonlyMap<number, CountedPin>): Promise<void>
  /** Takes the numbers of Pins that are removed along, out of their owners' too. */
  forget(tx: Tx, pins: readonly CountedPin[]): Promise<void>
  /** Moves the numbers of Pins to the slices that they are in now. */
  move(tx: Tx, moves: readonly PinMove[]): Promise<void>
  /** Sums up some of what is too old to be kept by day. Returns false when there is no more. */
  expireSome(tx: Tx): Promise<boolean>
}

/** Makes the keeper of the rollups. */
export function countingIn(parts: CountingParts): Counting {
  const expireSome = expirySteps(parts)
  return {
    add: (tx, tally, pins) => addTally(parts, tx, tally, pins),
    forget: (tx, pins) => forgetPins(parts, tx, pins),
    move: (tx, moves) => movePins(parts, tx, moves),
    expireSome,
  }
}
