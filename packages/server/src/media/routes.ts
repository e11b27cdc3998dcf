import type { FastifyInstance } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Accounts } from '../accounts/accounts.ts'
import { drawAvatar } from '../accounts/avatar.ts'
import { ApiError } from '../http/errors.ts'
import { parseId } from '../ids.ts'
import type { Pictures } from './pictures.ts'
import { type RenditionName, renditionNames } from './renditions.ts'

const contentTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** What is at an address never changes; no picture may run as a page. */
const headers = {
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}

/** Pictures at `/media/{rendition}/{key}.{extension}`, and avatars at `/media/avatars/{account id}.png`. */
export function servePictures(
  app: FastifyInstance,
  { pictures, accounts }: { pictures: Pictures; accounts: Accounts },
) {
  const avatars = new LRUCache<number, Buffer>({ max: 500 })

  // HEAD is named because the one that Fastify adds would read the file, and says 0 bytes where there is no body.
  app.route<{ Params: { rendition: string; file: string } }>({
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url: '/media/:rendition/:file',
    handler: async (request, reply) => {
      const { rendition, file } = request.params
      const [, key, extension = ''] = /^([0-9a-f]{32})\.([a-z]{3,4})$/.exec(file) ?? []
      const type = contentTypes[extension]
      if (!key || !type || !isRendition(rendition)) throw notFound()
      const etag = `"${key}-${rendition}"`
      reply.headers({ ...headers, etag })
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
      const stored = await pictures.open(key, `${rendition}.${extension}`)
      if (!stored) {
        for (const name of [...Object.keys(headers), 'etag']) reply.removeHeader(name)
        throw notFound()
      }
      reply.type(type).header('content-length', stored.size)
      if (request.method !== 'HEAD') return reply.send(stored.stream)
      stored.stream.destroy()
      return reply.send()
    },
  })

  app.get<{ Params: { file: string } }>('/media/avatars/:file', async (request, reply) => {
    const [, digits = ''] = /^(\d{1,16})\.png$/.exec(request.params.file) ?? []
    const id = parseId(digits)
    if (id === undefined) throw notFound()
    await accounts.byId(id)
    const picture = avatars.get(id) ?? (await drawAvatar(id))
    avatars.set(id, picture)
    return reply
      .headers({ ...headers, etag: `"avatar-${id}"` })
      .type('image/png')
      .send(picture)
  })
}

/** Whether `If-None-Match` names the tag: a list of tags, weak or strong, or `*` (RFC 9110, 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

function isRendition(name: string): name is RenditionName {
  return (renditionNames as readonly string[]).includes(name)
}

const notFound = () => new ApiError('routeNotFound', { detail: 'There is no such picture.' })
