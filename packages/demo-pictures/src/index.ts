import type { Artwork } from './artwork.ts'
import { ceramics } from './ceramics.ts'
import { landscapes } from './landscapes.ts'
import { rooms } from './rooms.ts'
import { studio } from './studio.ts'

export type { Artwork } from './artwork.ts'
export { drawnFolder, madeFolder } from './drawn.ts'

/** The pictures of the demo, board by board. */
export const artworks: readonly Artwork[] = [...ceramics, ...rooms, ...landscapes, ...studio]
