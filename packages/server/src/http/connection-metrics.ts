import type { ConnectionsUse, ConnectionUse } from '../db/connection-use.ts'
import { heading, metric, sample } from './metric-text.ts'

/** Returns how the connections to the database server are used, in the text format of Prometheus; nothing without one. */
export function connectionMetrics(use: ConnectionsUse | undefined): string[] {
  if (!use) return []
  const all = Object.entries(use) as [string, ConnectionUse][]
  const gauge = (name: string, help: string, value: (each: ConnectionUse) => number) =>
    metric(
      name,
      'gauge',
      help,
      all.map(([purpose, each]) => sample(name, value(each), { purpose })),
    )
  const waits = 'pinfold_database_wait_seconds'
  return [
    ...gauge('pinfold_database_connections_max', 'The most connections to the database.', ({ most }) => most),
    ...gauge('pinfold_database_connections_open', 'Connections to the database.', ({ open }) => open),
    ...gauge('pinfold_database_connections_in_use', 'Those that are used now.', ({ inUse }) => inUse),
    ...gauge(
      'pinfold_database_waiting',
      'Transactions without a connection, reads without an answer.',
      (each) => each.waiting,
    ),
    ...heading(waits, 'summary', 'How long transactions waited for a connection, and reads for their answer.'),
    ...all.flatMap(([purpose, each]) => [
      sample(`${waits}_sum`, each.waits.sumMs / 1000, { purpose }),
      sample(`${waits}_count`, each.waits.count, { purpose }),
    ]),
  ]
}
