import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../core/errors.ts'
import { etagOf } from '../../core/json-text.ts'
import { type Viewer, visitor } from '../../core/viewer.ts'
import { type Accounts, sessionCookie } from '../../domains/accounts/accounts.ts'
import type { Boards } from '../../domains/boards/boards.ts'
import type { Pins } from '../../domains/pins/pins.ts'
import { compressFor } from '../../http/compress.ts'
import { isKnownEtag } from '../../http/etag.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { serveAssets } from './assets.ts'
import { builtFiles } from './built-files.ts'
import { type Card, cardsOf } from './cards.ts'
import { documents } from './document.ts'
import { serveFeeds } from './feed.ts'
import { firstReads } from './first-reads.ts'
import { serveOembed } from './oembed.ts'
import { readsOf } from './reads-of.ts'

export interface AppOptions {
  accounts: Pick<Accounts, 'byId' | 'byUsername' | 'bySession'>
  boards: Pick<Boards, 'view' | 'findSection'>
  pins: Pick<Pins, 'view' | 'onBoard'>
  storage: Pick<MediaStorage, 'addressOf'>
  publicUrl: () => string
  mediaUrl: () => string
}

/** What a page of the app shows: its card if anybody may see it, and otherwise whether its visitor may. */
interface Found {
  card?: Card | undefined
  isThere: boolean
}

/** Finds what is at an address of the app. Throws the catalogue's error if the viewer does not see it. */
type Find = (viewer: Viewer, params: Record<string, string>) => Promise<Card | undefined> | Card | undefined

/** Serves the web app: its page at every address that it has, its files, and what other programs read. Needs cookies. */
export function serveApp(server: FastifyInstance, options: AppOptions): void {
  const files = builtFiles()
  const cards = cardsOf(options)
  const makeDocument = documents({ files, mediaOrigins: () => mediaOrigins(options) })
  const readFirst = firstReads(server)
  serveAssets(server, files)
  serveFeeds(server, { ...options, cards })
  serveOembed(server, { ...options, cards })

  const pages: Record<string, Find> = {
    '/': () => cards.home(),
    '/following': () => undefined,
    '/for-you': () => undefined,
    '/create': () => undefined,
    '/trash': () => undefined,
    '/settings': () => undefined,
    '/settings/security': () => undefined,
    '/settings/apps': () => undefined,
    '/developer': () => undefined,
    '/developer/requests': () => undefined,
    '/developer/apps': () => undefined,
    '/developer/tokens': () => undefined,
    '/developer/webhooks': () => undefined,
    '/developer/review': () => undefined,
    '/developer/control': () => undefined,
    '/search': () => undefined,
    '/search/boards': () => undefined,
    '/search/people': () => undefined,
    '/pin/:id': (viewer, { id = '' }) => cards.pin(viewer, id),
    '/board/:id': (viewer, { id = '' }) => cards.board(viewer, id),
    '/board/:id/section/:section': (viewer, { id = '', section = '' }) => cards.section(viewer, id, section),
    '/u/:username': (_viewer, { username = '' }) => profile(username),
    '/u/:username/archived': (_viewer, { username = '' }) => profile(username),
    '/u/:username/pins': (_viewer, { username = '' }) => profile(username),
    '/u/:username/followers': (_viewer, { username = '' }) => profile(username),
    '/u/:username/following': (_viewer, { username = '' }) => profile(username),
  }
  const profile = async (username: string) => {
    const card = await cards.profile(username)
    if (!card) throw new ApiError('userNotFound')
    return card
  }

  for (const [path, find] of Object.entries(pages))
    server.get<{ Params: Record<string, string> }>(path, async (request, reply) => {
      const { card, isThere } = await look(find, request)
      const answers = await readFirst(request, isThere ? readsOf(path, request.params) : readsOf('', {}))
      const { text, headers } = await makeDocument(request, { card, answers })
      return send(request, reply.code(isThere ? 200 : 404), text, headers)
    })

  /** Looks for what anybody may see, and if there is nothing for what the visitor may. */
  async function look(find: Find, request: FastifyRequest<{ Params: Record<string, string> }>): Promise<Found> {
    const { params } = request
    try {
      return { card: await find(visitor, params), isThere: true }
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    const token = request.cookies[sessionCookie]
    const account = token ? await options.accounts.bySession(token) : undefined
    if (!account) return { isThere: false }
    try {
      await find({ accountId: account.id, username: account.username, secret: 'write' }, params)
      return { isThere: true }
    } catch (error) {
      if (!isNotFound(error)) throw error
      return { isThere: false }
    }
  }
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  headers: Record<string, string>,
): Promise<FastifyReply> {
  const { body, headers: encoded, tag } = await compressFor(request, text)
  const etag = etagOf(text + headers['content-security-policy'] + tag)
  reply.headers({ ...headers, ...encoded, vary: `${headers.vary}, ${encoded.vary}`, etag })
  if (reply.statusCode === 200 && isKnownEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.send(body)
}

const notFound: readonly string[] = ['pinNotFound', 'boardNotFound', 'sectionNotFound', 'userNotFound']
const isNotFound = (error: unknown): boolean => error instanceof ApiError && notFound.includes(error.entry)

/** Returns the origins that pictures come from: of their addresses, and of those that these redirect to. */
async function mediaOrigins({ storage, mediaUrl }: Pick<AppOptions, 'storage' | 'mediaUrl'>): Promise<string[]> {
  const stored = await storage.addressOf?.('0'.repeat(32), '600x.jpg')
  return [mediaUrl(), stored].flatMap((address) => (address ? [new URL(address).origin] : []))
}
