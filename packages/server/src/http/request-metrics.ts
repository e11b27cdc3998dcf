import type { FastifyReply, FastifyRequest } from 'fastify'
import { heading, sample } from './metric-text.ts'

/** Counts requests, by operation and status, and how long they took. */
export interface RequestMetrics {
  /** Counts a request that was answered. */
  note(request: FastifyRequest, reply: FastifyReply): void
  /** Returns what was counted, in the text format of Prometheus. */
  lines(): string[]
}

/** The bounds of the histogram, in milliseconds. */
const bounds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000] as const

interface Counted {
  name: string
  byStatus: Map<number, number>
  /** How many took longer than the bound before and not longer than this one; the last: than all. */
  within: number[]
  sumMs: number
}

/** Makes the counts of a process, which begin with it. They are of routes, so that their number is bounded. */
export function requestMetrics(): RequestMetrics {
  const byRoute = new Map<string, Counted>()
  /** The same by what is found without a text to be made or hashed. */
  const byConfig = new WeakMap<object, Counted>()

  function begin(request: FastifyRequest): Counted {
    const { config, url } = request.routeOptions
    const name = config.operation?.id ?? url ?? 'none'
    const known = byRoute.get(name)
    const counted = known ?? { name, byStatus: new Map(), within: bounds.map(() => 0).concat(0), sumMs: 0 }
    byRoute.set(name, counted)
    byConfig.set(config, counted)
    return counted
  }

  return {
    note(request, reply) {
      const counted = byConfig.get(request.routeOptions.config) ?? begin(request)
      const { statusCode: status, elapsedTime: ms } = reply
      counted.byStatus.set(status, (counted.byStatus.get(status) ?? 0) + 1)
      counted.sumMs += ms
      let at = 0
      while (at < bounds.length && ms > (bounds[at] as number)) at++
      counted.within[at] = (counted.within[at] as number) + 1
    },

    lines: () => [
      ...heading('pinfold_requests_total', 'counter', 'Requests that were answered.'),
      ...[...byRoute.values()].flatMap(({ name: operation, byStatus }) =>
        [...byStatus].map(([status, count]) => sample('pinfold_requests_total', count, { operation, status })),
      ),
      ...heading('pinfold_request_seconds', 'histogram', 'How long answers took.'),
      ...[...byRoute.values()].flatMap(histogram),
    ],
  }
}

function histogram({ name: operation, within, sumMs }: Counted): string[] {
  let sum = 0
  const buckets = within.map((count, at) => {
    sum += count
    const bound = bounds[at]
    const le = bound === undefined ? '+Inf' : bound / 1000
    return sample('pinfold_request_seconds_bucket', sum, { operation, le })
  })
  return [
    ...buckets,
    sample('pinfold_request_seconds_sum', sumMs / 1000, { operation }),
    sample('pinfold_request_seconds_count', sum, { operation }),
  ]
}
