import type { Database } from '../../db/database.ts'
import type { SearchablePins } from '../search/searchable-pins.ts'
import { pinStore } from './store.ts'

/** Makes what search and trends ask of Pins. It is apart from `Pins`, which need the index themselves. */
export function searchablePins(db: Database): SearchablePins {
  const { searchable, publicAmong, newestPublic } = pinStore(db)
  return { searchable, publicAmong, newestPublic }
}
