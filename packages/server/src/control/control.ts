import type { Clock } from '../core/clock.ts'
import { type Faults, faultsOf } from './faults.ts'
import { MovableClock } from './movable-clock.ts'

/** What those who test do with the server itself. It is in memory: a new start knows nothing of it. */
export interface Control {
  /** The server's clock. */
  clock: MovableClock
  /** What goes wrong on purpose. */
  faults: Faults
}

/** Returns the control of a server whose clock follows `clock` at first. */
export function controlOf(clock: Clock): Control {
  return { clock: new MovableClock(clock), faults: faultsOf() }
}
