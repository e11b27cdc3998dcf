import type { BoardPrivacy } from '@pinfold/contract'

/** What advertising needs of a Pin. */
export interface AdvertisedPin {
  /** Its id. */
  id: number
  /** Whose it is. */
  owner_id: number
  /** The privacy of its board. */
  privacy: BoardPrivacy
  /** What kind of Pin it is. */
  creative_type: string
  /** What it is called. */
  title: string | null
  /** What it says of itself. */
  description: string | null
  /** Where it leads. */
  link: string | null
  /** The path of its picture, below that of media. */
  picture: string
}

/** What advertising asks of Pins. */
export interface AdvertisedPins {
  /** Returns those of these Pins that exist, by id. */
  byIds(ids: readonly number[]): Promise<ReadonlyMap<number, AdvertisedPin>>
  /** Returns which of these Pins exist. */
  existing(ids: readonly number[]): Promise<ReadonlySet<number>>
}

/** Returns whether a Pin may be advertised by an account: its own, and not secret. Nobody is told which of both it is not. */
export const mayBeAdvertised = (pin: AdvertisedPin | undefined, ownerId: number): pin is AdvertisedPin =>
  pin !== undefined && pin.owner_id === ownerId && pin.privacy !== 'SECRET'
