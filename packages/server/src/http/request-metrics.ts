import type { FastifyReply, FastifyRequest } from 'fastify'

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
      '# HELP pinfold_requests_total Requests that were answered.',
      '# TYPE pinfold_requests_total counter',
      ...[...byRoute.values()].flatMap(({ name, byStatus }) =>
        [...byStatus].map(
          ([status, count]) => `pinfold_requests_total{operation="${name}",status="${status}"} ${count}`,
        ),
      ),
      '# HELP pinfold_request_seconds How long answers took.',
      '# TYPE pinfold_request_seconds histogram',
      ...[...byRoute.values()].flatMap(histogram),
    ],
  }
}

function histogram({ name, within, sumMs }: Counted): string[] {
  let sum = 0
  const buckets = within.map((count, at) => {
    sum += count
    const bound = bounds[at]
    return `pinfold_request_seconds_bucket{operation="${name}",le="${bound === undefined ? '+Inf' : bound / 1000}"} ${sum}`
  })
  const labels = `{operation="${name}"}`
  return [
    ...buckets,
    `pinfold_request_seconds_sum${labels} ${sumMs / 1000}`,
    `pinfold_request_seconds_count${labels} ${sum}`,
  ]
}
