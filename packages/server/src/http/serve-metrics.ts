import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ConnectionsUse } from '../db/connection-use.ts'
import { connectionMetrics } from './connection-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import type { RequestMetrics } from './request-metrics.ts'

export interface MetricsRoutes {
  requests: RequestMetrics
  /** How the connections to the database are used. Undefined: it has none. */
  connections: (() => ConnectionsUse) | undefined
  /** Lets a request pass, or throws. */
  guardControl: (request: FastifyRequest) => void | Promise<void>
}

/** Serves `/_pinfold/metrics`, for Prometheus, to who may control the server. */
export function serveMetrics(app: FastifyInstance, { requests, connections, guardControl }: MetricsRoutes): void {
  const onRequest = async (request: FastifyRequest) => guardControl(request)
  app.get('/_pinfold/metrics', { onRequest }, async (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8').header('cache-control', 'no-store')
    return `${[...requests.lines(), ...connectionMetrics(connections?.()), ...processMetrics()].join('\n')}\n`
  })
}
