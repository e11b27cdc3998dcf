import type { Viewer } from '../../core/viewer.ts'
import type { Accounts } from '../../domains/accounts/accounts.ts'
import { avatarPath } from '../../domains/accounts/avatar.ts'
import { type BoardRow, type Boards, coverKeys } from '../../domains/boards/boards.ts'
import { pinText } from '../../domains/pins/kept-text.ts'
import type { Pins } from '../../domains/pins/pins.ts'

/** A picture, as other programs show it. */
export interface CardPicture {
  url: string
  /** In pixels; undefined if it is not known. */
  width?: number
  height?: number
  alt?: string
}

/** What other programs are told of a public page. */
export interface Card {
  /** Empty for the first page, which has the name of all. */
  title: string
  description: string
  /** What Open Graph calls it. */
  type: 'website' | 'article' | 'profile'
  /** The page's address. */
  url: string
  picture?: CardPicture
  /** Whose it is. */
  author?: { name: string; url: string }
  /** The address of its RSS feed. */
  feed?: string
  /** The address of its description for programs that embed it. */
  oembed?: string
}

export interface CardOptions {
  accounts: Pick<Accounts, 'byId' | 'byUsername'>
  boards: Pick<Boards, 'view' | 'findSection'>
  pins: Pick<Pins, 'view'>
  publicUrl: () => string
  mediaUrl: () => string
}

/** The cards of pages. Each throws the catalogue's error if the viewer does not see the thing. */
export interface Cards {
  /** Returns the card of a Pin. */
  pin(viewer: Viewer, id: string): Promise<Card>
  /** Returns the card of a board. */
  board(viewer: Viewer, id: string): Promise<Card>
  /** Returns the card of a section of a board. */
  section(viewer: Viewer, boardId: string, id: string): Promise<Card>
  /** Returns the card of a profile; undefined if nobody has this name. */
  profile(username: string): Promise<Card | undefined>
  /** Returns the card of the first page. */
  home(): Card
}

/** Makes the cards of pages. */
export function cardsOf({ accounts, boards, pins, publicUrl, mediaUrl }: CardOptions): Cards {
  const addresses = (path: string) => {
    const url = `${publicUrl()}${path}`
    return { url, oembed: `${publicUrl()}/oembed?${new URLSearchParams({ url, format: 'json' })}` }
  }
  const authorOf = async (id: number) => {
    const { username, business_name: name } = await accounts.byId(id)
    return { name: name ?? username, url: `${publicUrl()}/u/${username}` }
  }
  const boardCard = async (row: BoardRow): Promise<Card> => {
    const [key] = coverKeys(row)
    return {
      title: row.name,
      description: row.description,
      type: 'website',
      ...addresses(`/board/${row.id}`),
      ...(key && { picture: { url: `${mediaUrl()}/media/1200x/${key}.jpg` } }),
      author: await authorOf(row.owner_id),
      feed: `${publicUrl()}/board/${row.id}/feed.xml`,
    }
  }
  return {
    async pin(viewer, id) {
      const row = await pins.view(viewer, id)
      const { title, description, alt_text: alt, media } = readPin(row.rendered, mediaUrl())
      const picture = media.images?.['1200x'] ?? media.items?.[0]?.images?.['1200x']
      return {
        title: title || 'Pin',
        description: description ?? '',
        type: 'article',
        ...addresses(`/pin/${row.id}`),
        ...(picture && { picture: { ...picture, ...(alt && { alt }) } }),
        author: await authorOf(row.owner_id),
      }
    },

    board: async (viewer, id) => boardCard(await boards.view(viewer, id)),

    async section(viewer, boardId, id) {
      const row = await boards.view(viewer, boardId)
      const { id: sectionId, name } = await boards.findSection(row, id)
      const { oembed: _, ...card } = await boardCard(row)
      return { ...card, title: `${name} · ${row.name}`, url: `${card.url}/section/${sectionId}` }
    },

    async profile(username) {
      const account = await accounts.byUsername(username)
      if (!account) return undefined
      return {
        title: account.business_name ?? account.username,
        description: account.about,
        type: 'profile',
        ...addresses(`/u/${account.username}`),
        picture: { url: mediaUrl() + avatarPath(account, 600) },
        author: await authorOf(account.id),
      }
    },

    home: () => ({ title: '', description: '', type: 'website', url: `${publicUrl()}/` }),
  }
}

interface Images {
  '1200x'?: { url: string; width: number; height: number }
}

/** What cards and feeds read of a Pin. */
export interface ShownPin {
  id: string
  title: string | null
  description: string | null
  alt_text: string | null
  created_at: string
  media: { images?: Images; items?: { images?: Images }[] }
}

/** Reads the kept text of a Pin. */
export const readPin = (rendered: string, mediaUrl: string): ShownPin =>
  JSON.parse(pinText(rendered, { isOwner: false, publicUrl: mediaUrl }))
