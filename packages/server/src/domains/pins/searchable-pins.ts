import type { Database } from '../../db/database.ts'
import type { SearchablePins } from '../search/searchable-pins.ts'
import { pinStore } from './store.ts'

/** Makes what search and trends need of Pins. It is separate from `Pins`, which depend on the index. */
export function searchablePins(db: Database): SearchablePins {
  const { searchable, publicAmong, findable, looked, newestPublic } = pinStore(db)
  return { searchable, publicAmong, findable, looked, newestPublic }
}
