import type { Database } from '../../db/database.ts'
import type { BoardFollowers } from '../boards/board-followers.ts'
import { followStore } from './store.ts'

/** Makes what boards need of follows. It is separate from `Follows`, which depend on boards. */
export function boardFollowers(db: Database): BoardFollowers {
  return { forget: followStore(db).deleteOfBoard }
}
