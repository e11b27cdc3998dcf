import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import type { Throttles } from '../../http/throttle.ts'
import { serveToolsEndpoint, type ToolsEndpointOptions } from './endpoint.ts'
import { serveMetadata } from './metadata.ts'
import { serveRegistration } from './register.ts'
import { serveTokenEndpoint, type TokenEndpointOptions } from './token.ts'

export type AgentsOptions = TokenEndpointOptions & ToolsEndpointOptions & { clock: Clock; throttles: Throttles }

/** Serves everything for agents: the tools at `/mcp`, and how a program gets a token for them without being known. */
export function serveAgents(app: FastifyInstance, options: AgentsOptions): void {
  serveMetadata(app, options.addresses)
  serveRegistration(app, options)
  serveTokenEndpoint(app, options)
  serveToolsEndpoint(app, options)
}
