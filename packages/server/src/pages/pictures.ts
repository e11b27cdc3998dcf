import type { FastifyInstance, FastifyReply } from 'fastify'
import { LRUCache } from 'lru-cache'
import { ApiError } from '../core/errors.ts'
import { parseId } from '../core/ids.ts'
import type { Accounts } from '../domains/accounts/accounts.ts'
import { drawAvatar } from '../domains/accounts/avatar.ts'
import type { Pictures } from '../domains/media/pictures.ts'
import { columnFile, type MadeName, madeNames } from '../domains/media/renditions.ts'
import { keptFileHeaders, sendKeptFile } from '../http/kept-file.ts'
import type { MediaStorage } from '../storage/storage.ts'

export interface PicturesOptions {
  storage: MediaStorage
  accounts: Pick<Accounts, 'byId'>
  pictures: Pick<Pictures, 'hasColumnRendition' | 'addColumnRendition'>
}

/** Serves pictures at `/media/{rendition}/{key}.{extension}`, and avatars at `/media/avatars/{account id}.png`. */
export function servePictures(app: FastifyInstance, { storage, accounts, pictures }: PicturesOptions): void {
  const avatars = new LRUCache<number, Buffer>({ max: 500 })

  // HEAD is named since the one that Fastify adds would read the file, and report 0 bytes without a body.
  app.route<{ Params: { rendition: string; file: string } }>({
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url: '/media/:rendition/:file',
    handler: async (request, reply) => {
      const { rendition, file: fileName } = request.params
      const [, key, extension] = /^([0-9a-f]{32})\.([a-z]{3,4})$/.exec(fileName) ?? []
      if (!key || !isRendition(rendition)) throw notFound()
      const file = { key, name: `${rendition}.${extension}` }
      if (file.name !== columnFile) return sendKeptFile(request, reply, storage, file)
      // Where files have addresses elsewhere, only the database tells which there are.
      if (!storage.addressOf || (await pictures.hasColumnRendition(key)))
        try {
          return await sendKeptFile(request, reply, storage, file)
        } catch (error) {
          if (!(error instanceof ApiError) || error.entry !== 'routeNotFound') throw error
        }
      return sendNextLarger(reply, key)
    },
  })

  /** Leads to the next larger rendition while a picture of before lacks the one for columns, which is made now. */
  async function sendNextLarger(reply: FastifyReply, key: string): Promise<FastifyReply> {
    if ((await storage.sizeOf(key, '600x.jpg')) === undefined) throw notFound()
    pictures.addColumnRendition(key)
    return reply.header('cache-control', `public, max-age=${insteadSeconds}`).redirect(`../600x/${key}.jpg`, 302)
  }

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

/** How long a browser may go on taking another rendition in place of one that is missing. */
const insteadSeconds = 300

function isRendition(name: string): name is MadeName {
  return (madeNames as readonly string[]).includes(name)
}

const notFound = () => new ApiError('routeNotFound', { detail: 'There is no such picture.' })
