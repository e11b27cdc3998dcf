import type { Told } from '../webhooks/outbox.ts'
import type { BoardRow } from './store/boards.ts'

type ToldRow = Pick<BoardRow, 'id' | 'owner_id' | 'name' | 'description' | 'privacy'>

/** Returns a board as webhooks tell of it: to its owner. */
export const toldBoard = ({ id, owner_id, name, description, privacy }: ToldRow): Told => ({
  accountIds: [owner_id],
  isSecret: privacy === 'SECRET',
  data: { id: String(id), name, description, privacy },
})

const compared = {
  name: 'name',
  description: 'description',
  privacy: 'privacy',
  archived_at: 'is_archived',
  cover_pin_id: 'cover_pin_id',
} as const satisfies Partial<Record<keyof BoardRow, string>>

/** Returns the names of the fields in which two versions of a board differ, as webhooks tell them. */
export const changedOfBoard = (before: BoardRow, after: BoardRow): string[] =>
  (Object.keys(compared) as (keyof typeof compared)[])
    .filter((column) => before[column] !== after[column])
    .map((column) => compared[column])
