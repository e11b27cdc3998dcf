import type { Artwork } from './art/artwork.ts'
import { ceramics } from './art/ceramics.ts'
import { landscapes } from './art/landscapes.ts'
import { rooms } from './art/rooms.ts'
import { studio } from './art/studio.ts'

export type { Artwork } from './art/artwork.ts'

/** The pictures of the demo, board by board. They are drawn at seeding time, so that none has to be shipped. */
export const artworks: readonly Artwork[] = [...ceramics, ...rooms, ...landscapes, ...studio]
