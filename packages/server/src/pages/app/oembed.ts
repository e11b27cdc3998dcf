import type { FastifyInstance } from 'fastify'
import { ApiError, invalid } from '../../core/errors.ts'
import { visitor } from '../../core/viewer.ts'
import type { Card, Cards } from './cards.ts'

export interface OembedOptions {
  cards: Cards
  publicUrl: () => string
}

/** Serves what programs that embed a public page want to know of it (https://oembed.com), as JSON. */
export function serveOembed(app: FastifyInstance, { cards, publicUrl }: OembedOptions): void {
  app.get('/oembed', async (request, reply) => {
    const { url, format = 'json' } = request.query as Record<string, unknown>
    if (typeof url !== 'string') throw invalid(`The query lacks 'url': the address of a Pin, a board or a profile.`)
    if (format !== 'json') throw invalid(`'format' must be json.`)
    const address = URL.parse(url)
    const isOurs =
      address !== null && (address.origin === new URL(publicUrl()).origin || address.host === request.headers.host)
    const card = isOurs ? await cardAt(cards, address.pathname) : undefined
    if (!card) throw new ApiError('routeNotFound', { detail: 'At this address there is nothing to embed.' })
    return reply
      .headers({ 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' })
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(descriptionOf(card)))
  })
}

async function cardAt(cards: Cards, path: string): Promise<Card | undefined> {
  const [, kind, name = ''] = /^\/(pin|board|u)\/([^/]+)\/?$/.exec(path) ?? []
  if (kind === 'pin') return cards.pin(visitor, name)
  if (kind === 'board') return cards.board(visitor, name)
  return kind === 'u' ? cards.profile(name) : undefined
}

function descriptionOf({ title, url, author, picture, type }: Card): object {
  const isPhoto = type === 'article' && picture?.width !== undefined
  return {
    version: '1.0',
    type: isPhoto ? 'photo' : 'link',
    title,
    ...(author && { author_name: author.name, author_url: author.url }),
    provider_name: 'Pinfold',
    provider_url: new URL('/', url).href,
    ...(isPhoto && { url: picture.url, width: picture.width, height: picture.height }),
    ...(picture && !isPhoto && { thumbnail_url: picture.url }),
  }
}
