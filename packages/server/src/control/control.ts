import type { Clock } from '../core/clock.ts'
import type { ControlledData } from './data.ts'
import { type Faults, faultsOf } from './faults.ts'
import { MovableClock } from './movable-clock.ts'

/** What those who test do with the server itself. Clock and faults are in memory: a new start knows nothing of them. */
export interface Control {
  /** The server's clock. */
  clock: MovableClock
  /** What goes wrong on purpose. */
  faults: Faults
  /** All data, exchanged at once. */
  data: ControlledData
}

/** Returns the clock and the faults of a server whose clock follows `clock` at first. */
export function controlOf(clock: Clock): Pick<Control, 'clock' | 'faults'> {
  return { clock: new MovableClock(clock), faults: faultsOf() }
}
