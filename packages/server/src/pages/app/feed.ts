import type { FastifyInstance } from 'fastify'
import { visitor } from '../../core/viewer.ts'
import type { Boards } from '../../domains/boards/boards.ts'
import type { Pins } from '../../domains/pins/pins.ts'
import { type Html, html } from '../html.ts'
import { type Cards, readPin, type ShownPin } from './cards.ts'

export interface FeedOptions {
  boards: Pick<Boards, 'view'>
  pins: Pick<Pins, 'onBoard'>
  cards: Cards
  publicUrl: () => string
  mediaUrl: () => string
}

const newestPins = 50

/** Serves the RSS 2.0 feed of each public board, with its newest Pins. */
export function serveFeeds(app: FastifyInstance, { boards, pins, cards, publicUrl, mediaUrl }: FeedOptions): void {
  app.get<{ Params: { id: string } }>('/board/:id/feed.xml', async (request, reply) => {
    const board = await boards.view(visitor, request.params.id)
    const page = { before: Number.MAX_SAFE_INTEGER, size: newestPins }
    const { items } = await pins.onBoard(board, undefined, page)
    const card = await cards.board(visitor, request.params.id)
    const entry = (pin: ShownPin) => itemOf(pin, `${publicUrl()}/pin/${pin.id}`)
    const text = html`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>${card.title}</title><link>${card.url}</link><description>${card.description || card.title}</description>
<atom:link href="${card.feed}" rel="self" type="application/rss+xml"/>
${items.map(({ rendered }) => entry(readPin(rendered, mediaUrl())))}
</channel></rss>
`.text
    return reply
      .headers({ 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' })
      .type('application/rss+xml; charset=utf-8')
      .send(withoutControls(text))
  })
}

function itemOf({ title, description, alt_text: alt, created_at: time, media }: ShownPin, url: string): Html {
  const picture = media.images?.['1200x'] ?? media.items?.[0]?.images?.['1200x']
  // Readers show a description as HTML: it is escaped once for that, and once more for XML.
  const shown = html`${picture && html`<p><img src="${picture.url}" alt="${alt ?? ''}"></p>`}<p>${description ?? ''}</p>`
  return html`<item><title>${title || 'Pin'}</title><link>${url}</link><guid>${url}</guid>
<pubDate>${new Date(`${time}Z`).toUTCString()}</pubDate><description>${shown.text}</description>
${picture && html`<media:content url="${picture.url}" medium="image" width="${picture.width}" height="${picture.height}"/>`}</item>`
}

/** Takes out the characters that XML cannot have (XML 1.0, 2.2). */
const withoutControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
