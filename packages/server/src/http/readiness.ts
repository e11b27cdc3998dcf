import type { FastifyInstance } from 'fastify'

/** Whether a server should be sent requests. */
export interface Readiness {
  /** Whether it is about to end. */
  readonly isDraining: boolean
  /** Says that it is about to end. */
  drain(): void
}

/** Something that a server needs: resolves when it is there. */
export type Need = () => Promise<unknown>

/** What does not answer within this is not there. */
const timeoutMs = 2000
/** An answer is good for this long: strangers may ask, and must not wear out what is asked. */
const believedMs = 1000

/** Makes the readiness of a server that takes requests. */
export function readiness(): Readiness {
  let isDraining = false
  return {
    get isDraining() {
      return isDraining
    },
    drain() {
      isDraining = true
    },
  }
}

/** Serves `/_pinfold/ready`, for balancers: 200, or 503 with the names of what is missing. */
export function serveReadiness(app: FastifyInstance, state: Readiness, needs: Readonly<Record<string, Need>>): void {
  let last: { at: number; missing: Promise<string[]> } | undefined
  const missing = (): Promise<string[]> => {
    if (!last || performance.now() - last.at > believedMs) last = { at: performance.now(), missing: missingOf(needs) }
    return last.missing
  }
  app.get('/_pinfold/ready', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (state.isDraining) return reply.code(503).send({ status: 'draining' })
    const names = await missing()
    return names.length === 0 ? { status: 'ready' } : reply.code(503).send({ status: 'unavailable', missing: names })
  })
}

async function missingOf(needs: Readonly<Record<string, Need>>): Promise<string[]> {
  const names = Object.entries(needs).map(async ([name, need]) => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('It takes too long.')), timeoutMs)
    return Promise.race([need(), late.promise])
      .then(
        () => [],
        () => [name],
      )
      .finally(() => clearTimeout(timer))
  })
  return (await Promise.all(names)).flat()
}
