import { monitorEventLoopDelay } from 'node:perf_hooks'
import { allLoads } from '../core/loads.ts'
import { metric, sample } from './metric-text.ts'

type Delays = ReturnType<typeof monitorEventLoopDelay>
let known: Delays | undefined
const startedAt = Date.now() / 1000 - process.uptime()

/**
 * Returns what is known of this process, in the text format of Prometheus. The lag of the event loop is measured from the first
 * time on, and each time since the last.
 */
export function processMetrics(): string[] {
  const { rss, heapUsed, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const loads = [...allLoads()]
  const isFirst = known === undefined
  const delays = known ?? monitorEventLoopDelay({ resolution: 20 })
  if (isFirst) delays.enable()
  known = delays
  const lag = (quantile: number) => Math.max(0, delays.percentile(quantile * 100) / 1e9 - 0.02)
  const lags = isFirst
    ? []
    : [0.5, 0.99, 1].map((q) => sample('pinfold_event_loop_lag_seconds', lag(q), { quantile: q }))
  delays.reset()
  return [
    ...metric('process_cpu_seconds_total', 'counter', 'CPU time.', [
      sample('process_cpu_seconds_total', (user + system) / 1e6),
    ]),
    ...metric('process_start_time_seconds', 'gauge', 'When the process started.', [
      sample('process_start_time_seconds', startedAt),
    ]),
    ...metric('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [
      sample('process_resident_memory_bytes', rss),
    ]),
    ...metric('pinfold_heap_bytes', 'gauge', 'Memory of JavaScript, and what it holds outside of its heap.', [
      sample('pinfold_heap_bytes', heapUsed, { of: 'heap' }),
      sample('pinfold_heap_bytes', external, { of: 'external' }),
    ]),
    ...metric('pinfold_event_loop_lag_seconds', 'gauge', 'How late timers were since the last look.', lags),
    ...metric('pinfold_work_running', 'gauge', 'Pieces of work that run now.', [
      ...loads.map(([work, { running }]) => sample('pinfold_work_running', running, { work })),
    ]),
    ...metric('pinfold_work_waiting', 'gauge', 'Pieces of work that wait for their turn.', [
      ...loads.map(([work, { waiting }]) => sample('pinfold_work_waiting', waiting, { work })),
    ]),
  ]
}
