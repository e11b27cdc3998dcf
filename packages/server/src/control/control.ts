import type { Clock } from '../core/clock.ts'
import type { ControlledData } from './data.ts'
import { type Faults, faultsOf } from './faults.ts'
import { MovableClock } from './movable-clock.ts'
import { type RequestLog, requestLogOf } from './request-log.ts'

/** What those who test do with the server itself. Clock and faults are in memory: a new start knows nothing of them. */
export interface Control {
  /** The server's clock. */
  clock: MovableClock
  /** What goes wrong on purpose. */
  faults: Faults
  /** What programs sent; undefined if it is not kept. A reset leaves it. */
  requestLog: RequestLog | undefined
  /** All data, exchanged at once. */
  data: ControlledData
}

/**
 * Returns the clock, the faults and the request log of a server whose clock follows `clock` at first; `keepsRequests`:
 * whether there is a log.
 */
export function controlOf(clock: Clock, { keepsRequests }: { keepsRequests: boolean }): Omit<Control, 'data'> {
  return { clock: new MovableClock(clock), faults: faultsOf(), requestLog: keepsRequests ? requestLogOf() : undefined }
}
