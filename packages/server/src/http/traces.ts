import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Tells a collector of OpenTelemetry of requests. */
export interface Traces {
  /** Notes a request that was answered. */
  note(request: FastifyRequest, reply: FastifyReply): void
  /** Sends what waits, and ends. */
  close(): Promise<void>
}

interface TracesLog {
  info(message: string): void
  warn(message: string): void
}

/** A collector that does not answer holds up the end no longer than this. */
const closeMs = 1000

/**
 * Makes the traces that the variables of OpenTelemetry ask for (https://opentelemetry.io/docs/specs/otel/configuration/);
 * undefined if they ask for none, or its package is not installed, which the log then says. The package is large, and few
 * need it: it is an optional one.
 */
export async function openTraces(env: NodeJS.ProcessEnv, log: TracesLog): Promise<Traces | undefined> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!endpoint || env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return undefined
  const found = await import('@opentelemetry/sdk-node').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  })
  if (!found) {
    log.warn('No traces are sent: OTEL_EXPORTER_OTLP_ENDPOINT needs a package (npm install @opentelemetry/sdk-node).')
    return undefined
  }
  const { NodeSDK, api, resources } = found
  // What else could be found out of a process includes its arguments, which may have passwords.
  const sdk = new NodeSDK({
    serviceName: env.OTEL_SERVICE_NAME ?? 'pinfold',
    resourceDetectors: [resources.envDetector],
  })
  sdk.start()
  const tracer = api.trace.getTracer('pinfold')
  const { SpanKind, SpanStatusCode, ROOT_CONTEXT, propagation } = api
  log.info('Traces are sent as the variables of OpenTelemetry say.')

  return {
    note(request, reply) {
      const { config, url: route } = request.routeOptions
      const { statusCode: status, elapsedTime } = reply
      const end = Date.now()
      // The route and not the address, which may have tokens.
      const attributes = {
        'http.request.method': request.method,
        ...(route !== undefined && { 'http.route': route }),
        'http.response.status_code': status,
        ...(config.operation && { 'pinfold.operation': config.operation.id }),
        'pinfold.request_id': String(reply.getHeader('x-pinterest-rid') ?? ''),
      }
      const name = route === undefined ? request.method : `${request.method} ${route}`
      const options = { kind: SpanKind.SERVER, startTime: end - elapsedTime, attributes }
      const span = tracer.startSpan(name, options, propagation.extract(ROOT_CONTEXT, request.headers))
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(end)
    },

    close: async () => {
      await Promise.race([sdk.shutdown().catch(() => {}), delay(closeMs, undefined, { ref: false })])
    },
  }
}
