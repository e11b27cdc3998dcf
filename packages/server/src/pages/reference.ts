import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'
import { serveDescription } from './description.ts'
import { type ReferenceCredentials, referencePage } from './reference-html.ts'

export interface DocsOptions {
  /** Returns the address at which the sender of a request reaches this server. */
  addressOf: (request: FastifyRequest) => string
  /** The credentials that the page fills in; undefined for none. */
  demo: ReferenceCredentials | undefined
}

/**
 * Serves the description of the API at `/openapi.json`, and a page to read and try it at `/docs`. The page's script
 * comes from this server, and requests nothing from any other.
 */
export function serveDocs(app: FastifyInstance, { addressOf, demo }: DocsOptions): void {
  serveDescription(app, addressOf)

  const page = referencePage(demo)
  // The page names its script relative to itself, so its address must end in a slash.
  app.get('/docs', (request, reply) =>
    /^\/docs(?=$|\?)/.test(request.url) ? reply.redirect('/docs/', 302) : reply.headers(page.headers).send(page.text),
  )
  let script: Promise<Buffer> | undefined
  app.get('/docs/js/scalar.js', async (_request, reply) => {
    script ??= loadScript().catch((error: unknown) => {
      script = undefined // The next visitor triggers another try.
      throw new ApiError('unavailable', { detail: 'The page cannot be loaded.', cause: error })
    })
    return reply.headers(scriptHeaders).send(await script)
  })
}

const scriptHeaders = { 'content-type': 'text/javascript; charset=utf-8', 'x-content-type-options': 'nosniff' }

/** Loads Scalar's script on demand: it has five megabytes that a server need not hold. */
async function loadScript(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const pages = Fastify()
  await pages.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } })
  const answer = await pages.inject({ url: '/docs/js/scalar.js' })
  await pages.close()
  return answer.rawPayload
}
