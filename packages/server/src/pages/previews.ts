import type { FastifyInstance } from 'fastify'
import { ApiError } from '../core/errors.ts'
import type { PagePictures } from '../domains/page-pictures/page-pictures.ts'
import type { sessionCaller } from './session-caller.ts'

/** The path of previews; `of`: the permit. */
export const previewPath = '/_pinfold/web/previews'

export interface PreviewOptions {
  pagePictures: Pick<PagePictures, 'preview'>
  /** Finds who asks; see `sessionCaller`. */
  caller: ReturnType<typeof sessionCaller>
}

/**
 * Serves small pictures of what somebody may pin from the web: to the app alone, for whoever looked at the page, for an
 * hour. So no page of another origin can have this server fetch anything, and it is nobody's proxy.
 */
export function servePreviews(server: FastifyInstance, { pagePictures, caller }: PreviewOptions): void {
  server.get<{ Querystring: { of?: unknown } }>(previewPath, async (request, reply) => {
    const person = await caller(request)
    if (!person) throw new ApiError('authenticationFailed')
    const { of } = request.query
    const small = typeof of === 'string' ? await pagePictures.preview(person.accountId, of) : undefined
    if (!small) throw new ApiError('routeNotFound', { detail: 'There is no such preview.' })
    const [width, height] = small.source
    return reply
      .headers({
        'cache-control': 'private, max-age=3600',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-pinfold-size': `${width}x${height}`,
      })
      .type('image/jpeg')
      .send(small.data)
  })
}
