import type { Clock } from '../core/clock.ts'
import type { OthersOptions } from '../core/others.ts'
import type { ControlledData } from './data.ts'
import { type Faults, faultsOf } from './faults.ts'
import { MovableClock } from './movable-clock.ts'
import { type LogLimits, type RequestLog, requestLogOf } from './request-log.ts'
import type { Sandboxes } from './sandboxes.ts'
import type { SharedCalls } from './shared-calls.ts'
import { type SharedControl, sharedControl } from './shared-control.ts'
import { type Transitions, transitionsOf } from './transitions.ts'

/** What those who test do with the server itself. Clock and faults are in memory: a new start knows nothing of them. */
export interface Control {
  /** The server's clock. */
  clock: MovableClock
  /** What goes wrong on purpose. */
  faults: Faults
  /** How what somebody has begun goes on. */
  transitions: Transitions
  /** The three as they hold at all servers that share the data. */
  shared: SharedControl
  /** What programs sent; undefined if it is not kept. A reset leaves it. */
  requestLog: RequestLog | undefined
  /** The same as it may be told, with that of the servers that share the data. */
  calls: SharedCalls | undefined
  /** All data, exchanged at once. */
  data: ControlledData
  /** Servers inside the server. */
  sandboxes: Sandboxes
}

/**
 * Returns the clock, the faults, the transitions and the request log of a server whose clock follows `clock` at first; `logLimits`: what the
 * log may hold, undefined for none.
 */
export function controlOf(
  clock: Clock,
  { logLimits, warnings }: { logLimits: LogLimits | undefined; warnings: OthersOptions['log'] },
): Omit<Control, 'data' | 'sandboxes' | 'calls'> {
  const movable = new MovableClock(clock)
  const own = { clock: movable, faults: faultsOf(), transitions: transitionsOf(movable) }
  return { ...own, shared: sharedControl(own, warnings), requestLog: logLimits && requestLogOf(logLimits) }
}
