import type { DatabaseSync } from 'node:sqlite'
import { timeOfId } from '../../packages/server/src/core/ids.ts'
import { pinLookText } from '../../packages/server/src/domains/looks/pin-look.ts'
import type { PictureRow } from '../../packages/server/src/domains/media/pictures.ts'
import { keptText } from '../../packages/server/src/domains/pins/kept-text.ts'
import type { PinRow } from '../../packages/server/src/domains/pins/store.ts'
import { isOnSites } from '../../packages/server/src/domains/websites/address.ts'
import type { Texts } from './texts.ts'
import { earlyId, type World } from './world.ts'

/** What rows are made of: a world, its words, and what the demo has already. */
export interface Given {
  world: World
  texts: Texts
  /** The demo's account. */
  demo: { id: number; username: string; sites: readonly string[] }
  /** The pictures that all Pins share. */
  pictures: readonly PictureRow[]
}

export const accountId = ({ demo }: Given, account: number): number => (account === 0 ? demo.id : earlyId(account))
export const usernameOf = ({ demo }: Given, account: number): string =>
  account === 0 ? demo.username : `person_${account}`

/** The pictures of the demo that somebody has looked at. */
export function sharedPictures(db: DatabaseSync): PictureRow[] {
  const rows = db.prepare('SELECT * FROM pictures WHERE look IS NOT NULL ORDER BY created_at, key').all()
  return rows.slice(0, 250) as unknown as PictureRow[]
}

/** Returns what makes the row of a Pin, as the server would write it. */
export function pinRows(given: Given): (pin: number) => PinRow {
  const { world, texts, demo, pictures } = given
  const shown = new Map(pictures.map((picture) => [picture.key, picture]))
  const looks = pictures.map(pinLookText)
  return (pin) => {
    const [account, board, parent] = [world.owner[pin] ?? 0, world.board[pin] ?? 0, world.parent[pin] ?? -1]
    const section = world.section[pin] ?? -1
    const place = world.picture[pin] ?? 0
    const picture = pictures[place]
    if (!picture) throw new Error('The demo has no pictures.')
    const id = world.pinId(pin)
    const { link, host } = texts.link(pin, account === 0)
    const row = {
      id,
      owner_id: accountId(given, account),
      board_id: earlyId(board),
      section_id: section === -1 ? null : earlyId(section),
      place: null,
      parent_pin_id: parent === -1 ? null : world.pinId(parent),
      is_repin: parent === -1 ? 0 : 1,
      privacy: world.isSecret[board] === 1 ? ('SECRET' as const) : ('PUBLIC' as const),
      creative_type: 'REGULAR' as const,
      title: texts.title(pin),
      description: texts.description(pin),
      link,
      link_host: host,
      alt_text: texts.altText(pin),
      dominant_color: picture.dominant_color,
      ai_disclosures: null,
      is_standard: 1,
      is_claimed: account === 0 && isOnSites(link, demo.sites) ? 1 : 0,
      has_product_tags: 0,
      picture_key: picture.key,
      video_id: null,
      carousel: null,
      created_at: timeOfId(id),
      look: looks[place] ?? null,
    }
    return { ...row, rendered: keptText(row, { pictures: shown, video: undefined }, usernameOf(given, account)) }
  }
}
