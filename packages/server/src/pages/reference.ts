import { allScopes } from '@pinfold/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { serveDescription } from './description.ts'

/**
 * The description of the API at `/openapi.json`, and a page to read and try it at `/docs`. The page's script comes
 * from this server, and asks nothing of any other. `addressOf`: where the asker reaches this server.
 */
export function serveDocs(app: FastifyInstance, addressOf: (host: string | undefined) => string): void {
  serveDescription(app, addressOf)

  let pages: Promise<FastifyInstance> | undefined
  const show = async (request: FastifyRequest, reply: FastifyReply) => {
    // The page names its script relative to itself, so its address must end in a slash.
    if (/^\/docs(?=$|\?)/.test(request.url)) return reply.redirect('/docs/', 302)
    pages ??= referencePages()
    const answer = await (await pages).inject({ url: request.url })
    const { 'content-type': type = 'text/html' } = answer.headers
    return reply.code(answer.statusCode).headers(docsHeaders).type(String(type)).send(answer.rawPayload)
  }
  app.get('/docs', show)
  app.get('/docs/*', show)
}

const docsHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** Scalar's pages, loaded when somebody first looks: their script is five megabytes that a server need not hold. */
async function referencePages(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const pages = Fastify({ routerOptions: { ignoreTrailingSlash: true } })
  await pages.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Pinfold API',
      theme: 'default',
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
      showDeveloperTools: 'never',
      persistAuth: true,
      authentication: {
        preferredSecurityScheme: 'bearer',
        securitySchemes: {
          pinterest_oauth2: { flows: { authorizationCode: { selectedScopes: allScopes } } },
        },
      },
      defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
    },
  })
  await pages.ready()
  return pages
}
