import type { FastifyInstance } from 'fastify'
import { LRUCache } from 'lru-cache'
import { ApiError } from '../core/errors.ts'
import { parseId } from '../core/ids.ts'
import type { Accounts } from '../domains/accounts/accounts.ts'
import { drawAvatar } from '../domains/accounts/avatar.ts'
import { type RenditionName, renditionNames } from '../domains/media/renditions.ts'
import { keptFileHeaders, sendKeptFile } from '../http/kept-file.ts'
import type { MediaStorage } from '../storage/storage.ts'

/** Serves pictures at `/media/{rendition}/{key}.{extension}`, and avatars at `/media/avatars/{account id}.png`. */
export function servePictures(
  app: FastifyInstance,
  { storage, accounts }: { storage: MediaStorage; accounts: Accounts },
) {
  const avatars = new LRUCache<number, Buffer>({ max: 500 })

  // HEAD is named since the one that Fastify adds would read the file, and report 0 bytes without a body.
  app.route<{ Params: { rendition: string; file: string } }>({
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url: '/media/:rendition/:file',
    handler: async (request, reply) => {
      const { rendition, file } = request.params
      const [, key, extension] = /^([0-9a-f]{32})\.([a-z]{3,4})$/.exec(file) ?? []
      if (!key || !isRendition(rendition)) throw notFound()
      return sendKeptFile(request, reply, storage, { key, name: `${rendition}.${extension}` })
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
      .headers({ ...keptFileHeaders, etag: `"avatar-${id}"` })
      .type('image/png')
      .send(picture)
  })
}

function isRendition(name: string): name is RenditionName {
  return (renditionNames as readonly string[]).includes(name)
}

const notFound = () => new ApiError('routeNotFound', { detail: 'There is no such picture.' })
