import type { Database } from '../../db/database.ts'
import type { BoardFollowers } from '../boards/board-followers.ts'
import { followStore } from './store.ts'

/** Makes what boards ask of follows. It is apart from `Follows`, which need boards themselves. */
export function boardFollowers(db: Database): BoardFollowers {
  return { forget: followStore(db).deleteOfBoard }
}
