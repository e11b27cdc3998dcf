import type { OperationOutput, resources } from '@pinfold/contract'
import { wireTime, wireTimeMicros } from '../../core/clock.ts'
import type { BoardRow, SectionRow } from '../../domains/boards/boards.ts'

type Board = OperationOutput<typeof resources.boards.get>
type Section = OperationOutput<typeof resources.boardSections.create>

/** Returns a board as it is sent. `publicUrl`: the server's public address. */
export function renderBoard(row: BoardRow, ownerUsername: string, publicUrl: string): Board {
  const covers: string[] = JSON.parse(row.covers)
  const [cover] = covers
  // As Pinterest does: in seconds until a Pin is added, then in microseconds.
  const hadPins = row.pin_count > 0 || row.pins_modified_at !== row.created_at
  const picture = (rendition: string, key: string) => `${publicUrl}/media/${rendition}/${key}.jpg`
  return {
    id: String(row.id),
    name: row.name,
    description: row.description,
    owner: { username: ownerUsername },
    privacy: row.privacy,
    is_ads_only: row.is_ads_only === 1,
    pin_count: row.pin_count,
    follower_count: row.follower_count,
    collaborator_count: row.collaborator_count,
    created_at: wireTime(row.created_at),
    board_pins_modified_at: hadPins ? wireTimeMicros(row.pins_modified_at) : wireTime(row.pins_modified_at),
    media: {
      image_cover_url: cover === undefined ? null : picture('400x300', cover),
      pin_thumbnail_urls: covers.filter((key) => key !== cover).map((key) => picture('150x150', key)),
    },
  }
}

/** Returns a section as it is sent. */
export function renderSection({ id, name }: SectionRow): Section {
  return { id: String(id), name }
}
