import type { FastifyInstance } from 'fastify'
import type { Sandbox } from '../../control/sandboxes.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { sizeOf } from './size.ts'

/** How long a measurement counts, in milliseconds. */
const measuredMs = 1000

export interface LimitSizeOptions {
  /** The sandbox, where its size is noted. */
  about: Sandbox
  /** The folder of its data. */
  folder: string
  mostBytes: number
  /** The machine's clock. */
  clock: Clock
}

/**
 * Refuses what would be written to a sandbox whose data have grown too large. It can still be read and controlled, and
 * what is in it be deleted. Its size is measured after writes, at most once a second.
 */
export function limitSize(app: FastifyInstance, { about, folder, mostBytes, clock }: LimitSizeOptions): void {
  let measuring: Promise<void> | undefined
  let measuredAt = Number.NEGATIVE_INFINITY
  const measure = () => {
    if (measuring || clock.now() - measuredAt < measuredMs) return
    measuredAt = clock.now()
    measuring = note().finally(() => {
      measuring = undefined
    })
  }
  const note = async () => {
    try {
      about.bytes = await sizeOf(folder)
    } catch (error) {
      app.log.error({ err: error }, 'could not measure a sandbox')
    }
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const isControl = request.routeOptions.config.operation?.auth.by === 'control'
    if (about.bytes <= mostBytes || !writes.has(request.method) || isControl) return done()
    done(
      new ApiError('unavailable', {
        detail: `The data of this sandbox have more than ${mostBytes / 1e6} MB. Delete some, or reset it.`,
      }),
    )
  })
  app.addHook('onResponse', (request, _reply, done) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') measure()
    done()
  })
  app.addHook('onClose', async () => measuring)
}

const writes = new Set(['POST', 'PUT', 'PATCH'])
