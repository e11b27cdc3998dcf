import type { Told } from '../webhooks/outbox.ts'
import type { PinRow } from './store.ts'

/** What webhooks tell of a Pin. */
type ToldRow = Pick<
  PinRow,
  'id' | 'owner_id' | 'board_id' | 'section_id' | 'privacy' | 'title' | 'link' | 'creative_type' | 'parent_pin_id'
>

/** Returns the accounts that webhooks tell of a Pin: its own, and the owner of its board. */
export const toldOfPin = (pin: Pick<PinRow, 'owner_id'>, boardOwnerId: number): number[] => [
  ...new Set([pin.owner_id, boardOwnerId]),
]

/** Returns a Pin as webhooks tell of it. */
export const toldPin = (pin: ToldRow, boardOwnerId: number): Told => ({
  accountIds: toldOfPin(pin, boardOwnerId),
  isSecret: pin.privacy === 'SECRET',
  data: {
    id: String(pin.id),
    board_id: String(pin.board_id),
    board_section_id: pin.section_id === null ? null : String(pin.section_id),
    title: pin.title,
    link: pin.link,
    creative_type: pin.creative_type,
    parent_pin_id: pin.parent_pin_id === null ? null : String(pin.parent_pin_id),
    privacy: pin.privacy,
  },
})

/** A Pin that is gone, as webhooks tell of it. */
export const toldGone = (
  pin: Pick<PinRow, 'id' | 'owner_id' | 'board_id' | 'privacy'>,
  boardOwnerId: number,
): Told => ({
  accountIds: toldOfPin(pin, boardOwnerId),
  isSecret: pin.privacy === 'SECRET',
  data: { id: String(pin.id), board_id: String(pin.board_id) },
})

const compared = {
  board_id: 'board_id',
  section_id: 'board_section_id',
  title: 'title',
  description: 'description',
  link: 'link',
  alt_text: 'alt_text',
  ai_disclosures: 'ai_disclosures',
  carousel: 'carousel_slots',
  privacy: 'privacy',
} as const satisfies Partial<Record<keyof PinRow, string>>

/** Returns the names of the fields in which two versions of a Pin differ, as webhooks tell them. */
export const changedOfPin = (before: PinRow, after: PinRow): string[] =>
  (Object.keys(compared) as (keyof typeof compared)[])
    .filter((column) => before[column] !== after[column])
    .map((column) => compared[column])
