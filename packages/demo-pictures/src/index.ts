import type { Artwork } from './artwork.ts'
import { ceramics } from './ceramics.ts'
import { landscapes } from './landscapes.ts'
import { rooms } from './rooms.ts'
import { studio } from './studio.ts'

export type { Artwork } from './artwork.ts'

/** The pictures of the demo, board by board. They are drawn at seeding time, so that none needs to be shipped. */
export const artworks: readonly Artwork[] = [...ceramics, ...rooms, ...landscapes, ...studio]
